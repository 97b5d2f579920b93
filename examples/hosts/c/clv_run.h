/* clv_run.h - what a host in C writes once: options in one expression, failures that end the
 * program, jobs that are run to their end, and tables shown. To be copied and changed. */
#ifndef CLV_RUN_H
#define CLV_RUN_H
#include <stdio.h>
#include <stdlib.h>

#include "clv.h"

/* RUN(NULL, clv_engine_score_begin, engine, OPTIONS(clv_score_options, .margin = .3)) */
#define OPTIONS(T, ...) (&(T){.struct_size = sizeof(T), __VA_ARGS__})
#define RUN(table, begin, ...) finish(begin(__VA_ARGS__, &job, diag), table)
#define COLUMNS(...) ((const char* const[]){__VA_ARGS__, NULL})

static clv_diag* diag;
static clv_job* job;

/* A real host tells its user instead, and goes on. */
static clv_status check(clv_status status) {
  if (status >= 0) return status;
  fprintf(stderr, "%s: %s\n", clv_status_name(status), clv_diag_text(diag));
  exit(1);
}

/* Steps `job` to its end, in slices between which a host may do other things; takes a table. */
static clv_result* finish(clv_status begun, const char* table) {
  clv_result* result = NULL;
  check(begun);
  while (check(clv_job_step(job, 50, diag)) == CLV_MORE) continue;
  check(clv_job_take_result(job, table, &result, diag));
  clv_job_free(job);
  return result;
}

/* A line per row, or per row that has an action; frees the table. */
static void show(clv_result* r, const char* label, const char* const* columns) {
  const int32_t action = clv_result_find(r, "action");
  for (int64_t row = 0; row < clv_result_rows(r); ++row) {
    if (action >= 0 && clv_result_text(r, action, row, NULL) == NULL) continue;
    printf("%s", label);
    for (const char* const* c = columns; *c != NULL; ++c) {
      const int32_t at = clv_result_find(r, *c);
      clv_column_info i = CLV_SIZED(clv_column_info);
      check(clv_result_column(r, at, &i, diag));
      if (i.type == CLV_T_UTF8) printf(" %s", clv_result_text(r, at, row, NULL));
      if (i.type == CLV_T_F64) printf(" %.6f", clv_result_number(r, at, row));
      if (i.type == CLV_T_I64) printf(" %.0f", clv_result_number(r, at, row));
      if (i.type == CLV_T_MONEY) printf(" %.0f %s", clv_result_number(r, at, row), i.unit);
    }
    puts("");
  }
  clv_result_free(r);
}

#endif
