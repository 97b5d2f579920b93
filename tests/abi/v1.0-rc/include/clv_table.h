/* clv_table.h - what every call of libclv has in common: which library it is, what went wrong,
 * tables of answers, and jobs that the caller steps. The rules of clv.h hold. */
#ifndef CLV_TABLE_H
#define CLV_TABLE_H
#include "clv_base.h"
CLV_BEGIN_C

typedef struct clv_diag clv_diag;     /* what went wrong, row by row */
typedef struct clv_result clv_result; /* an immutable table of columns, [any] */
typedef struct clv_model clv_model;   /* fitted, immutable, shareable, [any] */
typedef struct clv_job clv_job;       /* one long operation, stepped */

/* ---- Library -------------------------------------------------------------------------------- */
/* CLV_ABI_PACK of this library's ABI: check the major before anything else. [any] */
CLV_API uint32_t CLV_CALL clv_abi(void) CLV_NOEXCEPT;
/* The release, "0.1.0": for reports. What is compatible is said by clv_abi(). [any] */
CLV_API const char* CLV_CALL clv_version(void) CLV_NOEXCEPT;
/* What this build is made of, as a JSON object (its words: abi/README.md): for reports. [any] */
CLV_API const char* CLV_CALL clv_build_info_json(void) CLV_NOEXCEPT;
/* "CLV_E_DATA" for -7; "unknown" for others. [any] */
CLV_API const char* CLV_CALL clv_status_name(clv_status status) CLV_NOEXCEPT;
/* What can be asked for by name. "models": name, kind, parameters, source; "segmentations": name,
 * summary; "schemas": schema, column, type, required, unit, aliases; "reports": name, summary,
 * needs_model; "report_inputs": report, table, schema, columns, required; "report_options": report,
 * option, fallback, meaning; "report_outputs": report, table, columns, records. Fails: NOT_FOUND.
 * [any] */
CLV_API clv_status CLV_CALL clv_catalogue(const char* what,
                                          clv_result** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

/* ---- Diagnostics ---------------------------------------------------------------------------- */
typedef struct clv_diag_entry {
  uint32_t struct_size;
  clv_status status;
  clv_log_level level;
  uint32_t spare;
  int64_t row;           /* data row from 0; -1 = not about a row */
  const char* column;    /* NULL = not about a column */
  const char* message;   /* a sentence with row, column and value in it */
  const char* hint;      /* what to do about it, or NULL */
  const char* plugin_id; /* NULL = libclv itself */
} clv_diag_entry;
/* NULL only when memory is out. A call that takes a diag appends to it; clear it in between. Its
 * texts are valid until it is cleared or freed, or the next call that takes it. [any] */
CLV_API clv_diag* CLV_CALL clv_diag_new(void) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_diag_free(clv_diag* diag) CLV_NOEXCEPT;           /* [one] */
CLV_API void CLV_CALL clv_diag_clear(clv_diag* diag) CLV_NOEXCEPT;          /* [one] */
CLV_API int64_t CLV_CALL clv_diag_count(const clv_diag* diag) CLV_NOEXCEPT; /* 0 for NULL; [one] */
/* Entry i from 0; set out->struct_size before. Fails: INVALID (i out of range). [one] */
CLV_API clv_status CLV_CALL clv_diag_get(const clv_diag* diag,
                                         int64_t i,
                                         clv_diag_entry* out) CLV_NOEXCEPT;
/* The last error's message, or "". [one] */
CLV_API const char* CLV_CALL clv_diag_text(const clv_diag* diag) CLV_NOEXCEPT;

/* ---- Results: every answer is a table ------------------------------------------------------- */
typedef struct clv_column_info {
  uint32_t struct_size;
  clv_type type;
  const char* name;
  const char* unit; /* currency, "day", "week", or "" */
  int64_t absent;   /* rows without a value */
} clv_column_info;
typedef struct clv_read_options {
  uint32_t struct_size;
  int32_t column;
  int64_t first; /* first row */
  int64_t count; /* rows; 0 = all from `first` */
  /* 0 = the column's own; or CLV_T_F64, CLV_T_I64, which must be exact: money in minor units, times
   * in microseconds. */
  clv_type as_type;
  uint32_t spare;
  void* values;      /* count items, yours */
  int64_t stride;    /* bytes from one item to the next; 0 = packed */
  uint8_t* validity; /* (count + 7) / 8 bytes, or NULL: then absent values read as NaN or 0 */
} clv_read_options;
CLV_API int64_t CLV_CALL clv_result_rows(const clv_result* result) CLV_NOEXCEPT;    /* [any] */
CLV_API int32_t CLV_CALL clv_result_columns(const clv_result* result) CLV_NOEXCEPT; /* [any] */
/* Number of the column of that name, or -1. [any] */
CLV_API int32_t CLV_CALL clv_result_find(const clv_result* result, const char* name) CLV_NOEXCEPT;
/* Name, type, unit and absences of a column from 0; set out->struct_size before. Fails: INVALID (no
 * such column). What `out` points to is valid until the result is freed. [any] */
CLV_API clv_status CLV_CALL clv_result_column(const clv_result* result,
                                              int32_t column,
                                              clv_column_info* out,
                                              clv_diag* diag) CLV_NOEXCEPT;
/* Copies rows of a number, time or money column into the caller's array. Fails: INVALID (range,
 * text column), UNSUPPORTED (a conversion that would lose something). [any] */
CLV_API clv_status CLV_CALL clv_result_read(const clv_result* result,
                                            const clv_read_options* options,
                                            clv_diag* diag) CLV_NOEXCEPT;
/* Text of one row, NUL-terminated, with its length in bytes; NULL when absent, not a text column,
 * or memory is out. Valid until the result is freed. [any] */
CLV_API const char* CLV_CALL clv_result_text(const clv_result* result,
                                             int32_t column,
                                             int64_t row,
                                             int64_t* length) CLV_NOEXCEPT;
/* One number, money in minor units and times in microseconds, rounded beyond 2^53: NaN when absent,
 * out of range or not a number. For small tables and scripts. [any] */
CLV_API double CLV_CALL clv_result_number(const clv_result* result,
                                          int32_t column,
                                          int64_t row) CLV_NOEXCEPT;
/* The whole table as a batch for the next verb; borrows, valid until the result is freed. Where a
 * value is absent (validity) its item is 0. Set out->struct_size before. [any] */
CLV_API clv_status CLV_CALL clv_result_batch(const clv_result* result,
                                             clv_batch* out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* 32 hex digits over input, options and version: equal fingerprints mean equal tables. [any] */
CLV_API const char* CLV_CALL clv_result_fingerprint(const clv_result* result) CLV_NOEXCEPT;
/* RFC 4180, 17 significant digits where needed; path "-" is standard output. Fails: IO. [any] */
CLV_API clv_status CLV_CALL clv_result_write_csv(const clv_result* result,
                                                 const char* path,
                                                 clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_result_free(clv_result* result) CLV_NOEXCEPT; /* [one] */

/* ---- Jobs -------------------------------------------------------------------------------------
 * A job owns what it needs and shares its engine and plugins: freed before it, they end with it. */
struct clv_answer;
/* What a verb can be told that has no settings of its own. NULL: nothing. */
typedef struct clv_run_options {
  uint32_t struct_size;
  uint32_t flags; /* 0 */
  /* Of what writes to a store and can be asked for twice (adopt, forget, prune, add_model,
   * retire_model): what to answer a repeat with, kept by the same commit (clv_service.h). Then also
   * EXISTS, where it was answered before, and nothing is done. Elsewhere it must be NULL. */
  const struct clv_answer* answer;
} clv_run_options;
typedef struct clv_progress {
  uint32_t struct_size;
  uint32_t phase_count;
  uint32_t phase; /* from 0; phase_count when it is done */
  uint32_t spare;
  double fraction; /* of the whole, 0..1, never goes back */
  const char* phase_name;
} clv_progress;
/* Works for about budget_ms (0 = to the end) on the calling thread: CLV_MORE, or CLV_OK when done.
 * After BUSY nothing has happened: step again. Any other failure is the job's end.
 * When it is done or has failed the job lets go of its engine and plugins; after a failure it can
 * only be asked for "rejects" and freed. [one] */
CLV_API clv_status CLV_CALL clv_job_step(clv_job* job,
                                         uint32_t budget_ms,
                                         clv_diag* diag) CLV_NOEXCEPT;
/* Set out->struct_size before; phase_name is valid until the job is freed. [one] */
CLV_API clv_status CLV_CALL clv_job_progress(const clv_job* job,
                                             clv_progress* out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* The next step, or the one that is running unless it finishes first, ends with CLV_E_CANCELLED; of
 * a job that is done nothing comes of it. [any] */
CLV_API void CLV_CALL clv_job_cancel(clv_job* job) CLV_NOEXCEPT;
/* A table of a finished job: NULL or "" is the main one, others as each verb says. The caller frees
 * it. Fails: STATE (not finished), NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_job_take_result(clv_job* job,
                                                const char* name,
                                                clv_result** out,
                                                clv_diag* diag) CLV_NOEXCEPT;
/* The model of a finished fit. The caller frees it. Fails: STATE, NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_job_take_model(clv_job* job,
                                               clv_model** out,
                                               clv_diag* diag) CLV_NOEXCEPT;
/* Abandons it if it has not finished: an engine's file is then as it was before. [one], for its
 * engine too: an unfinished job rolls back on that engine. */
CLV_API void CLV_CALL clv_job_free(clv_job* job) CLV_NOEXCEPT;

CLV_END_C
#endif
