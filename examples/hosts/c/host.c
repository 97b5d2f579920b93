/* The host job of ../README.md in C: host LIBRARY PLUGIN ORDERS. LIBRARY is linked already. */
#include <stdlib.h>

#include "clv_run.h"

#define NOW_US INT64_C(1735689600000000) /* 2025-01-01T00:00:00Z */
#define WEEK_US INT64_C(604800000000)
#define RUN(table, begin, ...) taken(begin(__VA_ARGS__, &job, diag), table)

static clv_diag* diag;
static clv_job* job;

/* A real host tells its user instead, and goes on. */
static void check(clv_status status) {
  if (status >= 0) return;
  fprintf(stderr, "%s: %s\n", clv_status_name(status), clv_diag_text(diag));
  exit(1);
}

static clv_result* taken(clv_status begun, const char* table) {
  clv_result* result = NULL;
  check(clv_run(begun, &job, table, &result, diag));
  return result;
}

static void show(clv_result* r, const char* label, const char* unless, const char* const* columns) {
  check(clv_run_print(stdout, r, label, columns, unless, diag));
  clv_result_free(r);
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  diag = clv_diag_new();
  printf("abi %u.%u\n", clv_abi() >> 16, clv_abi() & 0xffff);
  clv_csv_options* file = CLV_OPTIONS(clv_csv_options, .path = argv[3], .currency = "EUR");
  clv_result* r = RUN(NULL, clv_csv_begin, file);
  printf("read %.0f transactions\n", (double)clv_result_rows(r));
  clv_engine* engine = NULL;
  clv_batch* log = CLV_OPTIONS(clv_batch, .n_rows = 0);
  check(clv_result_batch(r, log, diag));
  check(clv_engine_open(NULL, &engine, diag)); /* NULL: in memory */
  clv_ingest_options* shop = CLV_OPTIONS(clv_ingest_options, .source = "shop", .currency = "EUR");
  clv_result* in = RUN(NULL, clv_engine_ingest_begin, engine, shop, log);
  printf("ingested %.0f accepted ", clv_run_number(in, "accepted", 0));
  printf("%.0f duplicates\n", clv_run_number(in, "duplicates", 0));
  clv_result_free(in);
  clv_result_free(r);
  clv_fit_options* fit = CLV_OPTIONS(clv_fit_options, .model = "bg_nbd+gamma_gamma");
  clv_score_options* value = CLV_OPTIONS(clv_score_options, .margin = .3, .annual_discount = .1);
  clv_segment_options* tiers = CLV_OPTIONS(clv_segment_options, .scheme = "value_tier");
  r = RUN(NULL, clv_engine_fit_begin, engine, NULL, fit);
  show(r, "parameter", NULL, CLV_NAMES("model", "parameter", "value"));
  r = RUN(NULL, clv_engine_score_begin, engine, value);
  double sum = 0;
  for (int64_t i = 0; i < clv_result_rows(r); ++i) sum += clv_run_number(r, "clv", i);
  printf("scores %.0f %s\n", (double)clv_result_rows(r), clv_result_fingerprint(r));
  printf("value %.6f\n", sum);
  clv_result_free(r);
  r = RUN("profile", clv_engine_segment_begin, engine, tiers);
  show(r, "segment", NULL, CLV_NAMES("segment", "customers"));
  /* The plugin proposes, libclv decides within 5 cents. */
  clv_plugins* plugins = NULL;
  check(clv_plugins_new(&plugins, diag));
  clv_plugin_options* clock = CLV_OPTIONS(clv_plugin_options, .now_us = NOW_US, .seed = 7);
  check(clv_plugins_load(plugins, clock, argv[2], diag));
  clv_decide_options* spend = CLV_OPTIONS(clv_decide_options, .budget_minor = 5, .margin = .3);
  spend->flags = CLV_DECIDE_HAS_BUDGET | CLV_DECIDE_NO_HOLDOUT;
  spend->now_us = NOW_US;
  r = RUN(NULL, clv_engine_decide_begin, engine, plugins, spend);
  show(r, "decision", "action", CLV_NAMES("customer", "action", "net"));
  clv_model* model = NULL;
  clv_scorer* scorer = NULL;
  clv_score* one = CLV_OPTIONS(clv_score, .x = 3, .t_x = 20, .T = 30, .mean_spend = 25);
  check(clv_engine_model(engine, NULL, &model, diag));
  check(clv_scorer_new(value, model, &scorer, diag));
  check(clv_scorer_row(scorer, one, diag));
  printf("customer %.6f %.6f\n", one->p_alive, one->clv);
  /* The host's own arrays, without an engine; then the second of them has no name. */
  const int64_t times[] = {NOW_US, NOW_US + WEEK_US, NOW_US + 2 * WEEK_US};
  int64_t cents[] = {1999, 500, 2450}, ends[] = {0, 4, 10, 14};
  clv_column columns[] = {
      {.name = "customer", .type = CLV_T_UTF8, .data = "annabj\xc3\xb6rnanna", .offsets = ends},
      {.name = "time", .type = CLV_T_TIME, .data = times},
      {.name = "amount", .type = CLV_T_MONEY, .data = cents, .unit = "EUR"}};
  log = CLV_OPTIONS(clv_batch, .n_columns = 3, .n_rows = 3, .columns = columns);
  r = RUN(NULL, clv_summarize_begin, NULL, log);
  show(r, "summary", NULL, CLV_NAMES("customer", "x", "t_x", "T", "mean_spend", "revenue"));
  ends[2] = ends[1];
  clv_run(clv_summarize_begin(NULL, log, &job, diag), &job, NULL, &r, diag);
  clv_diag_entry why = CLV_SIZED(clv_diag_entry);
  check(clv_diag_get(diag, clv_diag_count(diag) - 1, &why));
  printf("refused %.0f %s ", (double)why.row, why.column);
  printf("%s %s\n", clv_status_name(why.status), why.message);
  clv_scorer_free(scorer);
  clv_model_free(model);
  clv_plugins_free(plugins);
  clv_engine_free(engine);
  clv_diag_free(diag);
}
