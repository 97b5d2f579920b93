/* embed - a transaction log in, the value of each customer out, through libclv's C ABI.
 *   embed transactions.csv > scores.csv */
#include <stdio.h>
#include <stdlib.h>

#include "clv.h"

static clv_diag* diag;

static void check(clv_status status) {
  if (status >= 0) return;
  fprintf(stderr, "%s: %s\n", clv_status_name(status), clv_diag_text(diag));
  exit(1);
}

/* Steps a job to its end, half a second at a time: a host would redraw its window in between. */
static clv_result* finish(clv_job* job) {
  clv_result* result = NULL;
  clv_status status = CLV_MORE;
  while (status == CLV_MORE) check(status = clv_job_step(job, 500, diag));
  check(clv_job_take_result(job, NULL, &result, diag));
  clv_job_free(job);
  return result;
}

int main(int argc, char** argv) {
  clv_csv_options csv = CLV_SIZED(clv_csv_options);
  clv_batch log = CLV_SIZED(clv_batch);
  clv_engine* engine = NULL;
  clv_job* job = NULL;
  csv.path = argc > 1 ? argv[1] : "transactions.csv";
  diag = clv_diag_new();

  check(clv_csv_begin(&csv, &job, diag));
  clv_result* transactions = finish(job);
  check(clv_result_batch(transactions, &log));
  check(clv_engine_open(NULL, &engine, diag)); /* NULL: in memory; a path keeps the store */
  check(clv_engine_ingest_begin(engine, NULL, &log, &job, diag));
  clv_result_free(finish(job));
  check(clv_engine_fit_begin(engine, NULL, NULL, &job, diag));
  clv_result_free(finish(job));
  check(clv_engine_score_begin(engine, NULL, &job, diag));
  clv_result* scores = finish(job);
  check(clv_result_write_csv(scores, "-", diag));

  clv_result_free(scores);
  clv_result_free(transactions);
  clv_engine_free(engine);
  clv_diag_free(diag);
  return 0;
}
