/* clv_arrow.h - tables in and out by the Arrow C data and stream interfaces, for hosts that hold
 * their data in Arrow (pyarrow, pandas, polars, DuckDB, Arrow for Ruby, Go, R, Java): no library is
 * needed on either side.
 *
 *   clv_arrow_import -> clv_arrow_batch -> any verb that takes a batch -> clv_arrow_free
 *   any clv_result -> clv_result_export
 *
 * The structs are Arrow's own (arrow.apache.org/docs/format/CDataInterface.html), and left out
 * where another header has declared them. The rules of clv.h hold. */
#ifndef CLV_ARROW_H
#define CLV_ARROW_H
#include "clv_table.h"

#ifdef __cplusplus
extern "C" {
#endif
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
#endif
#ifdef __cplusplus
}
#endif

CLV_BEGIN_C
struct ArrowArrayStream;
typedef struct clv_arrow clv_arrow; /* an imported table: [any] once made */

/* ---- Arrow in and out ----------------------------------------------------------------------- */
/* Reads the stream to its end and releases it, also on failure. Its schema is a struct's; each
 * field becomes a column of its name:
 *   float64, float32                           CLV_T_F64
 *   integers, bool                             CLV_T_I64; CLV_T_MONEY where the field's metadata
 *                                              say clv.type=money, clv.unit=EUR
 *   timestamp (any unit; no zone: UTC), date   CLV_T_TIME
 *   utf8, large_utf8, utf8_view, and a         CLV_T_UTF8
 *   dictionary of these
 *   null                                       CLV_T_F64, every row absent
 * What already lies as libclv reads it is not copied: one batch of float64, int64, timestamp[us]
 * and large_utf8. Fails: INVALID (not a table, a NULL buffer), UNSUPPORTED (another type; names the
 * column), DATA (a value that does not fit, with row and column; the stream's own error). [any] */
CLV_API clv_status CLV_CALL clv_arrow_import(struct ArrowArrayStream* stream,
                                             clv_arrow** out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* Borrows: valid until the import is freed. Set out->struct_size before. [any] */
CLV_API clv_status CLV_CALL clv_arrow_batch(const clv_arrow* table,
                                            clv_batch* out,
                                            clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_arrow_free(clv_arrow* table) CLV_NOEXCEPT; /* [one] */

/* The table as a stream of one batch, without copying it: the stream and the arrays it gives keep
 * the table, also after the result was freed. Times are timestamp[us, UTC], texts large_utf8, money
 * int64 with the metadata above; units are in the metadata as clv.unit. The caller releases *out.
 * [any] */
CLV_API clv_status CLV_CALL clv_result_export(const clv_result* result,
                                              struct ArrowArrayStream* out,
                                              clv_diag* diag) CLV_NOEXCEPT;
CLV_END_C
#endif
