/* clv_run.h - comfort for hosts in C11, written on clv.h: options in one expression, jobs run to
 * their end, cells by name, tables shown. Nothing of it crosses the wall and it is not part of
 * clv.h: a program includes it instead, and copies what it would rather have otherwise.
 *
 *   clv_status value_of_first(clv_engine* shop, double* value, clv_diag* diag) {
 *     clv_job* job = NULL;
 *     clv_result* scores = NULL;
 *     clv_score_options* how = CLV_OPTIONS(clv_score_options, .margin = .3);
 *     clv_status status = clv_engine_score_begin(shop, how, &job, diag);
 *     status = clv_run(status, &job, NULL, &scores, diag);
 *     if (status >= 0) *value = clv_run_number(scores, "clv", 0);
 *     clv_result_free(scores);
 *     return status;
 *   }
 */
#ifndef CLV_RUN_H
#define CLV_RUN_H
#include <stdio.h>

#include "clv.h"

/* In C only: a pointer to options, the others zero, valid until the end of the block. */
#define CLV_OPTIONS(T, ...) (&(T){.struct_size = (uint32_t)sizeof(T), __VA_ARGS__})

/* Column names for clv_run_print. In C only. */
#define CLV_NAMES(...) ((const char* const[]){__VA_ARGS__, NULL})

/* The job of a ..._begin that returned `begun`: to its end, a table of it (NULL: the main one), and
 * freed, however it ends; *job is NULL afterwards. Returns what failed first; on failure *result
 * stays as it was; NULL: no table is wanted. A program with an event loop writes these lines itself, with its other work
 * between the slices. [one] */
static inline clv_status clv_run(
    clv_status begun, clv_job** job, const char* table, clv_result** result, clv_diag* diag) {
  clv_status status = begun;
  if (begun < 0) return begun; /* there is no job */
  do {
    status = clv_job_step(*job, 50, diag);
  } while (status == CLV_MORE);
  if (status >= 0 && result != NULL) status = clv_job_take_result(*job, table, result, diag);
  clv_job_free(*job);
  *job = NULL;
  return status;
}

/* Number of a cell; NaN where it is absent, a text, or there is no such row or column. [any] */
static inline double clv_run_number(const clv_result* result, const char* column, int64_t row) {
  return clv_result_number(result, clv_result_find(result, column), row);
}

/* Text of a cell, valid until the table is freed; NULL where it is absent, a number, or there is no
 * such row or column. [any] */
static inline const char* clv_run_text(const clv_result* result, const char* column, int64_t row) {
  return clv_result_text(result, clv_result_find(result, column), row, NULL);
}

/* Prints one cell, a blank before it: a double with six decimals in the locale of the program,
 * whole numbers and times with none, money in minor units and its currency. [any] */
static inline clv_status clv_run_print_cell(
    FILE* to, const clv_result* result, int32_t column, int64_t row, clv_diag* diag) {
  clv_column_info info = CLV_SIZED(clv_column_info);
  const clv_status status = clv_result_column(result, column, &info, diag);
  if (status < 0) return status;
  if (info.type == CLV_T_UTF8) {
    const char* text = clv_result_text(result, column, row, NULL);
    fprintf(to, " %s", text == NULL ? "" : text);
  } else {
    const double value = clv_result_number(result, column, row);
    fprintf(to, info.type == CLV_T_F64 ? " %.6f" : " %.0f", value);
  }
  if (info.type == CLV_T_MONEY) fprintf(to, " %s", info.unit);
  return status;
}

/* Prints a line per row: `label` and the columns named, up to a NULL. Rows whose column `unless` is
 * an absent text are left out (NULL: none is). Fails: INVALID (no such column), with nothing
 * printed. [any] */
static inline clv_status clv_run_print(FILE* to,
                                       const clv_result* result,
                                       const char* label,
                                       const char* const* columns,
                                       const char* unless,
                                       clv_diag* diag) {
  clv_column_info info = CLV_SIZED(clv_column_info);
  clv_status known = CLV_OK;
  if (unless != NULL)
    known = clv_result_column(result, clv_result_find(result, unless), &info, diag);
  for (const char* const* name = columns; known >= 0 && *name != NULL; ++name)
    known = clv_result_column(result, clv_result_find(result, *name), &info, diag);
  if (known < 0) return known;
  const int64_t rows = clv_result_rows(result);
  for (int64_t row = 0; row < rows; ++row) {
    if (unless != NULL && clv_run_text(result, unless, row) == NULL) continue;
    fprintf(to, "%s", label);
    for (const char* const* name = columns; *name != NULL; ++name) {
      const int32_t column = clv_result_find(result, *name);
      const clv_status status = clv_run_print_cell(to, result, column, row, diag);
      if (status < 0) return status;
    }
    fputs("\n", to);
  }
  return CLV_OK;
}

#endif
