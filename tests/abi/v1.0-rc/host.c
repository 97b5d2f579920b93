/* host.c PLUGIN... - a host program of ABI 1.0: every stage of both tiers, and what each answered.
 * It is compiled against the headers kept beside it and run with later libraries; never edited
 * after the release. Prints one line per answer, the same for every library that keeps its
 * promises. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clv.h"

static clv_diag* diag;
static clv_job* job;
static clv_job** const begun = &job;

static const char model_json[] =
    "{\"format\":\"clv.model/1\",\"unit\":\"week\",\"currency\":\"EUR\","
    "\"purchase\":{\"model\":\"bg_nbd\",\"parameters\":{\"r\":0.25,\"alpha\":4.5,\"a\":0.8,\"b\":2."
    "5}},"
    "\"spend\":{\"model\":\"gamma_gamma\",\"parameters\":{\"p\":6.25,\"q\":3.75,\"gamma\":15.5}}}";

static void check(clv_status status) {
  if (status >= 0) return;
  printf("FAILED %s: %s\n", clv_status_name(status), clv_diag_text(diag));
  exit(1);
}

/* Steps the job that `begun` received, and tells of its table. */
static clv_result* done(clv_status status, const char* what) {
  clv_result* table = NULL;
  check(status);
  do check(status = clv_job_step(job, 50, diag));
  while (status == CLV_MORE);
  check(clv_job_take_result(job, NULL, &table, diag));
  clv_job_free(job);
  printf("%s: %lld rows, %d columns, %s\n",
         what,
         (long long)clv_result_rows(table),
         clv_result_columns(table),
         clv_result_fingerprint(table));
  return table;
}

static clv_batch batch_of(const clv_result* table) {
  clv_batch batch = CLV_SIZED(clv_batch);
  check(clv_result_batch(table, &batch, NULL));
  return batch;
}

static clv_result* simulated_log(const clv_model* model) {
  clv_simulate_options o = CLV_SIZED(clv_simulate_options);
  o.customers = 300;
  o.seed = 7;
  return done(clv_simulate_begin(&o, model, begun, diag), "simulated");
}

static void without_engine(const clv_model* model, const clv_batch* log) {
  clv_score_options how = CLV_SIZED(clv_score_options);
  how.horizon = 26;
  how.annual_discount = .1;
  clv_result* summary = done(clv_summarize_begin(NULL, log, begun, diag), "summary");
  const clv_batch customers = batch_of(summary);
  clv_result* scores = done(clv_score_begin(&how, model, &customers, begun, diag), "scores");
  const clv_batch scored = batch_of(scores);
  clv_result_free(done(clv_segment_begin(NULL, &scored, begun, diag), "segments"));

  clv_scorer* scorer = NULL;
  clv_history history = CLV_SIZED(clv_history);
  clv_score score = CLV_SIZED(clv_score);
  check(clv_scorer_new(&how, model, &scorer, diag));
  check(clv_history_add(&history, 20000, 1999, diag));
  check(clv_history_add(&history, 20030, 2499, diag));
  check(clv_scorer_history(scorer, &history, 20100, &score, diag));
  printf("one customer: %.17g %.17g\n", score.p_alive, score.clv);
  clv_scorer_free(scorer);
  clv_result_free(scores);
  clv_result_free(summary);
}

static clv_plugins* load(int count, char** paths) {
  clv_plugins* plugins = NULL;
  clv_plugin_options o = CLV_SIZED(clv_plugin_options);
  o.seed = 3;
  o.now_us = INT64_C(1700000000000000);
  check(clv_plugins_new(&plugins, diag));
  for (int i = 0; i < count; ++i) check(clv_plugins_load(plugins, &o, paths[i], diag));
  return plugins;
}

static void with_engine(const clv_batch* log, clv_plugins* plugins) {
  clv_engine* engine = NULL;
  clv_engine_options in_memory = CLV_SIZED(clv_engine_options);
  clv_ingest_options from = CLV_SIZED(clv_ingest_options);
  clv_fit_options fit = CLV_SIZED(clv_fit_options);
  clv_decide_options decide = CLV_SIZED(clv_decide_options);
  clv_report_options report = CLV_SIZED(clv_report_options);
  in_memory.threads = 2;
  from.source = "shop";
  fit.model = "bg_nbd+gamma_gamma";
  fit.tolerance = 1e-7;
  decide.flags = CLV_DECIDE_HAS_BUDGET;
  decide.budget_minor = 100000;
  report.report = "equity";
  check(clv_engine_open(&in_memory, &engine, diag));
  clv_result_free(done(clv_engine_ingest_begin(engine, &from, log, begun, diag), "ingest"));
  clv_result_free(done(clv_engine_fit_begin(engine, NULL, &fit, begun, diag), "fit"));
  clv_result_free(done(clv_engine_score_begin(engine, NULL, begun, diag), "engine scores"));
  clv_result_free(done(clv_engine_segment_begin(engine, NULL, begun, diag), "engine segments"));
  clv_result_free(done(clv_engine_propose_begin(engine, plugins, NULL, begun, diag), "proposals"));
  clv_result_free(
      done(clv_engine_decide_begin(engine, plugins, &decide, begun, diag), "decisions"));
  clv_result_free(done(clv_engine_replay_begin(engine, NULL, begun, diag), "replay"));
  clv_result_free(done(clv_engine_report_begin(engine, &report, begun, diag), "equity"));
  clv_engine_free(engine);
}

int main(int argc, char** argv) {
  clv_model* model = NULL;
  diag = clv_diag_new();
  if (clv_abi() >> 16 != CLV_ABI_MAJOR) return 1;
  check(clv_model_load(model_json, (int64_t)strlen(model_json), &model, diag));
  clv_result* simulated = simulated_log(model);
  const clv_batch log = batch_of(simulated);
  clv_plugins* plugins = load(argc - 1, argv + 1);
  without_engine(model, &log);
  with_engine(&log, plugins);
  clv_plugins_free(plugins);
  clv_result_free(simulated);
  clv_model_free(model);
  clv_diag_free(diag);
  return 0;
}
