/* clv_base.h - what every libclv header shares: export macros, the ABI version, fixed-width value
 * types, status codes, and the two rules by which the ABI grows.
 *
 * This header declares no function. A plugin may include it (through clv_plugin.h) without linking
 * libclv. */
#ifndef CLV_BASE_H
#define CLV_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define CLV_CALL __cdecl
#if defined(CLV_BUILDING_LIBRARY)
#define CLV_API __declspec(dllexport)
#else
#define CLV_API __declspec(dllimport)
#endif
#define CLV_PLUGIN_EXPORT __declspec(dllexport)
#else
#define CLV_CALL
#define CLV_API __attribute__((visibility("default")))
#define CLV_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

#if defined(__cplusplus)
#define CLV_NOEXCEPT noexcept
#define CLV_BEGIN_C extern "C" {
#define CLV_END_C }
#else
#define CLV_NOEXCEPT
#define CLV_BEGIN_C
#define CLV_END_C
#endif

/* ---- Versions ---------------------------------------------------------------------------------
 * Two numbers that move apart. CLV_ABI_MAJOR.CLV_ABI_MINOR is what binaries share: this text, in
 * the SONAME libclv.so.1 and in clv_abi(). CLV_VERSION_... names the release of the library that
 * the headers came with, as clv_version() does; nothing is ever compared with it.
 * The ABI's MAJOR changes when a binary built earlier can no longer work; its MINOR counts
 * additions. Nothing declared under minor N ever changes shape, meaning or position again. Define
 * CLV_TARGET_MINOR before including to compile against an older surface: a newer name is then a
 * compile error, not a crash at a customer's. */
#define CLV_VERSION_MAJOR 0
#define CLV_VERSION_MINOR 1
#define CLV_VERSION_PATCH 0
#define CLV_ABI_MAJOR 1u
#define CLV_ABI_MINOR 0u
#if !defined(CLV_TARGET_MINOR)
#define CLV_TARGET_MINOR CLV_ABI_MINOR
#endif
#define CLV_ABI_PACK(major, minor) (((uint32_t)(major) << 16) | (uint32_t)(minor))
#define CLV_ABI_TARGET CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_TARGET_MINOR)

/* ---- Growth rule one: structs -----------------------------------------------------------------
 * Every struct that may grow starts with `uint32_t struct_size` and is only appended to.
 *   caller:  clv_fit_options o = CLV_SIZED(clv_fit_options);   in C only where it is declared; to
 *            begin anew: o = (clv_fit_options)CLV_SIZED(clv_fit_options);
 *   reader:  uses the first min(struct_size, its own sizeof) bytes and refuses the struct
 *            (CLV_E_UNSUPPORTED) when a byte it does not know is non-zero: an old library never
 *            silently ignores a setting that a newer caller asked for.
 * A struct_size that no struct can have (0, odd, above 4096) is INVALID. Members of an out struct
 * that the library does not know stay as the caller set them.
 * All-zero bytes after struct_size always mean "the default". Sized structs are never nested by
 * value. Growth rule two: capabilities of plugins, see clv_plugin.h. */
#if defined(__cplusplus)
#define CLV_SIZED(T) ::clv_sized_<T>()
template <typename T>
inline T clv_sized_() CLV_NOEXCEPT {
  T value = T();
  value.struct_size = static_cast<uint32_t>(sizeof(T));
  return value;
}
#else
#define CLV_SIZED(T) \
  { .struct_size = (uint32_t)sizeof(T) }
#endif
/* True when table p, as its provider filled it, has a callable member m. */
#define CLV_HAS(T, p, m) \
  ((p) != NULL && (p)->struct_size >= (uint32_t)(offsetof(T, m) + sizeof((p)->m)) && (p)->m != NULL)

CLV_BEGIN_C

/* ---- Status -----------------------------------------------------------------------------------
 * Negative: it failed and nothing was changed or written but the diagnostics, unless the call says
 * otherwise. Zero or positive: it
 * worked. A fit that did not converge is a result with a status, not an error. */
typedef int32_t clv_status;
enum {
  CLV_OK = 0,
  CLV_MORE = 1,           /* a job step used its budget; step again */
  CLV_END = 2,            /* from the host's own tables: clv_source.next, clv_storage.step */
  CLV_E_INVALID = -1,     /* an argument or option broke its documented rule */
  CLV_E_UNSUPPORTED = -2, /* an unknown flag, type or non-zero option byte */
  CLV_E_ABI = -3,         /* the two sides share no ABI version; the text names both and a remedy */
  CLV_E_NO_MEMORY = -4,   /* any call that allocates */
  CLV_E_STATE = -5,       /* right call, wrong moment: no model yet, job not finished, newer file */
  CLV_E_NOT_FOUND = -6,   /* no model, scheme, table, column or file entry of that name */
  CLV_E_DATA = -7,        /* the rows cannot be used: too many rejected, mixed currencies, none */
  CLV_E_NUMERIC = -8,     /* a value outside a function's domain: t_x > T, negative T */
  CLV_E_IO = -9,          /* the operating system said no; the text has its words */
  CLV_E_BUSY = -10,       /* another thread is inside this handle, or another writer has the file */
  CLV_E_CANCELLED = -11,  /* clv_job_cancel was called */
  CLV_E_PLUGIN = -12,     /* a plugin failed; the diagnostics name it */
  CLV_E_PERMISSION = -13, /* a plugin reads a column that the host did not grant */
  CLV_E_INTERNAL = -14,   /* a bug in libclv; never the caller's fault */
  CLV_E_EXISTS = -15,     /* a plugin id, a file, or the key of a request is taken */
  CLV_E_CONFLICT = -16,   /* a job is running on the engine, or somebody else was faster */
  CLV_E_LIMIT = -17,      /* a limit was reached: rows, memory, length of an id */
  CLV_E_CORRUPT = -18,    /* the store is damaged or not a libclv store; it was not touched */
  CLV_E_FULL = -19        /* the disk or a quota is full; nothing was written, reading goes on */
};

typedef int32_t clv_log_level;
enum { CLV_LOG_DEBUG = 0, CLV_LOG_INFO = 1, CLV_LOG_WARN = 2, CLV_LOG_ERROR = 3 };

/* ---- Columns -------------------------------------------------------------------------------- */
typedef uint32_t clv_type;
enum {
  CLV_T_I32 = 1,
  CLV_T_I64 = 2,
  CLV_T_F64 = 3,   /* with a currency as `unit`: major units, 12.5 is EUR 12.50 */
  CLV_T_TIME = 4,  /* int64, microseconds since 1970-01-01T00:00:00Z, years 1678 to 2261 */
  CLV_T_MONEY = 5, /* int64, minor units of the currency named by the column's `unit` */
  CLV_T_UTF8 = 6   /* `offsets`: n_rows + 1 rising positions in `data`, bytes */
};

/* One column of a batch, addressed by its dictionary name (sdk/README.md). Frozen: this struct
 * never grows, so arrays of it keep their stride for ever. 64 bytes where pointers have 8. */
typedef struct clv_column {
  const char* name;        /* "customer", "x", "p_alive", ... */
  const void* data;        /* n_rows items, `stride` apart */
  const uint8_t* validity; /* bit i%8 of byte i/8 set = row i is present; NULL = all are */
  const int64_t* offsets;  /* CLV_T_UTF8 only */
  const char* unit;        /* money: ISO 4217 code, else NULL or the unit's name */
  int64_t stride;          /* bytes from one item to the next; 0 = packed; ignored for UTF8 */
  clv_type type;
  uint32_t spare_word; /* 0 */
  const void* spare;   /* NULL */
} clv_column;

typedef struct clv_batch {
  uint32_t struct_size;
  uint32_t n_columns;
  int64_t n_rows;
  const clv_column* columns;
} clv_batch;

CLV_END_C
#endif
