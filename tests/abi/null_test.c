/* Every exported function survives NULL for every pointer, says so with a status, and leaves its
 * out-parameters alone. library_test.py checks that none is missing here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clv.h"
#include "clv_arrow.h"
#include "clv_service.h"

static int failures = 0;

static void expect(int good, const char* what) {
  if (good) return;
  ++failures;
  printf("FAIL %s\n", what);
}
#define EXPECT(condition) expect((condition), #condition)

/* The call fails with INVALID and one sentence that names an argument. */
static void invalid(clv_status status, clv_diag* diag, const char* what) {
  expect(status == CLV_E_INVALID, what);
  expect(clv_diag_count(diag) == 1, what);
  expect(strstr(clv_diag_text(diag), "NULL") != NULL, what);
  clv_diag_clear(diag);
}
#define INVALID(call) invalid((call), diag, #call)

static void library_functions(clv_diag* diag) {
  clv_result* result = NULL;
  EXPECT(clv_abi() == CLV_ABI_PACK(1, 0));
  EXPECT(strcmp(clv_version(), "0.1.0") == 0);
  EXPECT(strncmp(clv_build_info_json(), "{\"version\":\"0.1.0\",\"abi\":\"1.0\",", 31) == 0);
  EXPECT(strcmp(clv_status_name(CLV_E_DATA), "CLV_E_DATA") == 0);
  EXPECT(strcmp(clv_status_name(CLV_OK), "CLV_OK") == 0);
  EXPECT(strcmp(clv_status_name(CLV_E_CORRUPT), "CLV_E_CORRUPT") == 0);
  EXPECT(strcmp(clv_status_name(3), "unknown") == 0);
  EXPECT(strcmp(clv_status_name(CLV_E_FULL), "CLV_E_FULL") == 0);
  EXPECT(strcmp(clv_status_name(-20), "unknown") == 0);
  INVALID(clv_catalogue(NULL, &result, diag));
  INVALID(clv_catalogue("models", NULL, diag));
  EXPECT(result == NULL);
}

static void diag_functions(void) {
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  clv_diag* diag = clv_diag_new();
  EXPECT(diag != NULL);
  EXPECT(clv_diag_get(NULL, 0, &entry) == CLV_E_INVALID);
  EXPECT(clv_diag_get(diag, 0, &entry) == CLV_E_INVALID);
  EXPECT(clv_diag_get(diag, 0, NULL) == CLV_E_INVALID);
  EXPECT(clv_diag_count(NULL) == 0);
  EXPECT(strcmp(clv_diag_text(NULL), "") == 0);
  clv_diag_clear(NULL);
  clv_diag_free(NULL);
  clv_diag_free(diag);
}

static void result_functions(clv_diag* diag) {
  clv_result* result = NULL;
  clv_column_info info = CLV_SIZED(clv_column_info);
  clv_read_options what = CLV_SIZED(clv_read_options);
  clv_batch batch = CLV_SIZED(clv_batch);
  int64_t length = 7;
  EXPECT(clv_catalogue("models", &result, NULL) == CLV_OK);
  EXPECT(clv_result_rows(NULL) == 0);
  EXPECT(clv_result_columns(NULL) == 0);
  EXPECT(clv_result_find(NULL, "name") == -1);
  EXPECT(clv_result_find(result, NULL) == -1);
  INVALID(clv_result_column(NULL, 0, &info, diag));
  INVALID(clv_result_column(result, 0, NULL, diag));
  INVALID(clv_result_read(NULL, &what, diag));
  INVALID(clv_result_read(result, NULL, diag));
  EXPECT(clv_result_text(NULL, 0, 0, &length) == NULL);
  EXPECT(length == 7);
  EXPECT(clv_result_text(result, 0, 0, NULL) != NULL);
  EXPECT(isnan(clv_result_number(NULL, 0, 0)));
  EXPECT(clv_result_batch(NULL, &batch, NULL) == CLV_E_INVALID);
  EXPECT(clv_result_batch(result, NULL, NULL) == CLV_E_INVALID);
  EXPECT(strcmp(clv_result_fingerprint(NULL), "") == 0);
  INVALID(clv_result_write_csv(NULL, "-", diag));
  INVALID(clv_result_write_csv(result, NULL, diag));
  clv_result_free(NULL);
  clv_result_free(result);
}

static int released = 0;
static void count_release(struct ArrowArrayStream* stream) {
  ++released;
  stream->release = NULL;
}

static void arrow_functions(clv_diag* diag) {
  clv_result* result = NULL;
  clv_arrow* table = NULL;
  clv_batch batch = CLV_SIZED(clv_batch);
  struct ArrowArrayStream stream;
  memset(&stream, 0, sizeof stream);
  EXPECT(clv_catalogue("models", &result, NULL) == CLV_OK);
  INVALID(clv_result_export(NULL, &stream, diag));
  INVALID(clv_result_export(result, NULL, diag));
  EXPECT(stream.release == NULL);
  INVALID(clv_arrow_import(NULL, &table, diag));
  stream.release = count_release;
  INVALID(clv_arrow_import(&stream, NULL, diag));
  EXPECT(released == 1 && stream.release == NULL);
  INVALID(clv_arrow_batch(NULL, &batch, diag));
  EXPECT(table == NULL && batch.columns == NULL);
  EXPECT(clv_result_export(result, &stream, diag) == CLV_OK);
  EXPECT(clv_arrow_import(&stream, &table, diag) == CLV_OK);
  INVALID(clv_arrow_batch(table, NULL, diag));
  clv_arrow_free(NULL);
  clv_arrow_free(table);
  clv_result_free(result);
}

static void job_functions(clv_diag* diag) {
  clv_result* result = NULL;
  clv_model* model = NULL;
  clv_progress progress = CLV_SIZED(clv_progress);
  INVALID(clv_job_step(NULL, 0, diag));
  EXPECT(clv_job_progress(NULL, &progress, NULL) == CLV_E_INVALID);
  clv_job_cancel(NULL);
  INVALID(clv_job_take_result(NULL, NULL, &result, diag));
  INVALID(clv_job_take_model(NULL, &model, diag));
  clv_job_free(NULL);
}

static void verb_functions(clv_diag* diag) {
  clv_job* job = NULL;
  const clv_batch empty = CLV_SIZED(clv_batch);
  clv_csv_options csv = CLV_SIZED(clv_csv_options);
  INVALID(clv_csv_begin(NULL, &job, diag));
  INVALID(clv_csv_begin(&csv, &job, diag));
  INVALID(clv_csv_begin(&csv, NULL, diag));
  INVALID(clv_summarize_begin(NULL, NULL, &job, diag));
  INVALID(clv_summarize_begin(NULL, &empty, NULL, diag));
  INVALID(clv_fit_begin(NULL, NULL, &job, diag));
  INVALID(clv_score_begin(NULL, NULL, &empty, &job, diag));
  INVALID(clv_segment_begin(NULL, NULL, &job, diag));
  INVALID(clv_simulate_begin(NULL, NULL, &job, diag));
  INVALID(clv_propose_begin(NULL, NULL, &empty, &job, diag));
  INVALID(clv_features_begin(NULL, NULL, &empty, &job, diag));
  INVALID(clv_plugins_segment_begin(NULL, NULL, "id", &empty, &job, diag));
  INVALID(clv_decide_begin(NULL, NULL, &empty, &empty, &job, diag));
  INVALID(clv_replay_begin(NULL, NULL, &job, diag));
  INVALID(clv_replay_begin(NULL, &empty, NULL, diag));
  clv_report_options report = CLV_SIZED(clv_report_options);
  INVALID(clv_report_begin(NULL, &job, diag));
  INVALID(clv_report_begin(&report, &job, diag));
  report.report = "likelihood_ratio";
  INVALID(clv_report_begin(&report, NULL, diag));
  report.n_inputs = 2;
  INVALID(clv_report_begin(&report, &job, diag));
  EXPECT(job == NULL);
}

static void scorer_functions(clv_diag* diag) {
  clv_scorer* scorer = NULL;
  clv_history state = CLV_SIZED(clv_history);
  clv_score score = CLV_SIZED(clv_score);
  INVALID(clv_scorer_new(NULL, NULL, &scorer, diag));
  INVALID(clv_scorer_history(NULL, &state, 0, &score, diag));
  INVALID(clv_scorer_row(NULL, &score, diag));
  INVALID(clv_history_add(NULL, 0, 0, diag));
  clv_scorer_free(NULL);
  EXPECT(scorer == NULL && state.purchases == 0 && score.x == 0);
}

static void model_functions(clv_diag* diag) {
  clv_model* model = NULL;
  clv_result* result = NULL;
  int64_t needed = -5;
  INVALID(clv_model_save(NULL, NULL, 0, &needed, diag));
  INVALID(clv_model_load(NULL, 10, &model, diag));
  INVALID(clv_model_load("{}", 2, NULL, diag));
  INVALID(clv_model_table(NULL, &result, diag));
  clv_model_free(NULL);
  EXPECT(needed == -5 && model == NULL && result == NULL);
}

static void plugin_functions(clv_diag* diag) {
  clv_plugins* plugins = NULL;
  clv_result* result = NULL;
  INVALID(clv_plugins_new(NULL, diag));
  EXPECT(clv_plugins_new(&plugins, diag) == CLV_OK);
  INVALID(clv_plugins_load(NULL, NULL, "/x", diag));
  INVALID(clv_plugins_load(plugins, NULL, NULL, diag));
  clv_job* job = NULL;
  INVALID(clv_features_begin(plugins, NULL, NULL, &job, diag));
  INVALID(clv_plugins_segment_begin(plugins, NULL, NULL, NULL, &job, diag));
  EXPECT(job == NULL);
  INVALID(clv_plugins_list(NULL, &result, diag));
  INVALID(clv_plugins_list(plugins, NULL, diag));
  INVALID(clv_plugins_take_log(NULL, &result, diag));
  INVALID(clv_plugins_take_log(plugins, NULL, diag));
  INVALID(clv_plugins_renew(NULL, 0, 0, diag));
  clv_plugins_free(NULL);
  clv_plugins_free(plugins);
}

static void engine_service_functions(clv_engine* engine, clv_diag* diag) {
  clv_job* job = NULL;
  INVALID(clv_engine_adopt_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_adopt_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_adopt_begin(engine, NULL, NULL, NULL, diag));
  EXPECT(job == NULL);
  clv_answer answer = CLV_SIZED(clv_answer);
  INVALID(clv_engine_answer(NULL, "k", &answer, diag));
  INVALID(clv_engine_answer(engine, NULL, &answer, diag));
  INVALID(clv_engine_answer(engine, "k", NULL, diag));
  EXPECT(answer.key == NULL);
}

static void engine_group_functions(clv_engine* engine, clv_diag* diag) {
  clv_job* job = NULL;
  int64_t sequence = -5;
  clv_keyed_batch batch = CLV_SIZED(clv_keyed_batch);
  const clv_keyed_batch* none[1] = {NULL};
  const clv_keyed_batch* empty[1];
  empty[0] = &batch;
  INVALID(clv_engine_group_begin(NULL, NULL, NULL, 0, &job, diag));
  INVALID(clv_engine_group_begin(engine, NULL, NULL, 1, &job, diag));
  INVALID(clv_engine_group_begin(engine, NULL, none, 1, &job, diag));
  INVALID(clv_engine_group_begin(engine, NULL, empty, 1, &job, diag));
  INVALID(clv_engine_group_begin(engine, NULL, NULL, 0, NULL, diag));
  INVALID(clv_engine_summarize_begin(NULL, NULL, NULL, 0, &job, diag));
  INVALID(clv_engine_summarize_begin(engine, NULL, NULL, 1, &job, diag));
  INVALID(clv_engine_summarize_begin(engine, NULL, NULL, 0, NULL, diag));
  INVALID(clv_engine_sequence(NULL, "k", &sequence, diag));
  INVALID(clv_engine_sequence(engine, NULL, &sequence, diag));
  INVALID(clv_engine_sequence(engine, "k", NULL, diag));
  EXPECT(job == NULL && sequence == -5);
}

static void store_file_functions(clv_engine* engine, clv_diag* diag) {
  clv_job* job = NULL;
  INVALID(clv_engine_backup_begin(NULL, NULL, "b", &job, diag));
  INVALID(clv_engine_backup_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_backup_begin(engine, NULL, "b", NULL, diag));
  INVALID(clv_engine_prune_begin(NULL, NULL, "touches", 0, &job, diag));
  INVALID(clv_engine_prune_begin(engine, NULL, NULL, 0, &job, diag));
  INVALID(clv_engine_prune_begin(engine, NULL, "touches", 0, NULL, diag));
  INVALID(clv_store_restore_begin(NULL, NULL, "a", &job, diag));
  INVALID(clv_store_restore_begin(NULL, "b", NULL, &job, diag));
  INVALID(clv_store_restore_begin(NULL, "b", "a", NULL, diag));
  INVALID(clv_store_check_begin(NULL, NULL, &job, diag));
  INVALID(clv_store_check_begin(NULL, "a", NULL, diag));
  INVALID(clv_store_migrate_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_store_migrate_begin(NULL, "a", NULL, NULL, diag));
  EXPECT(job == NULL);
}

static void engine_model_functions(clv_engine* engine, clv_diag* diag) {
  const char json[] =
      "{\"format\":\"clv.model/1\",\"purchase\":{\"model\":\"nbd\",\"parameters\":"
      "{\"r\":1,\"alpha\":1}}}";
  clv_model* model = NULL;
  clv_model* found = NULL;
  const char* name = NULL;
  int64_t etag = -5;
  clv_alias_options alias = CLV_SIZED(clv_alias_options);
  EXPECT(clv_model_load(json, sizeof json - 1, &model, diag) == CLV_OK);
  INVALID(clv_engine_add_model(NULL, NULL, model, 0, &name, diag));
  INVALID(clv_engine_add_model(engine, NULL, NULL, 0, &name, diag));
  INVALID(clv_engine_add_model(engine, NULL, model, 0, NULL, diag));
  INVALID(clv_engine_model(NULL, "1", &found, diag));
  INVALID(clv_engine_model(engine, "1", NULL, diag));
  INVALID(clv_engine_set_alias(NULL, &alias, &etag, diag));
  INVALID(clv_engine_set_alias(engine, NULL, &etag, diag));
  INVALID(clv_engine_set_alias(engine, &alias, &etag, diag));
  alias.alias = "production";
  INVALID(clv_engine_set_alias(engine, &alias, NULL, diag));
  INVALID(clv_engine_retire_model(NULL, NULL, "1", diag));
  INVALID(clv_engine_retire_model(engine, NULL, NULL, diag));
  EXPECT(name == NULL && found == NULL && etag == -5);
  clv_model_free(model);
}

static void engine_functions(clv_diag* diag) {
  clv_engine* engine = NULL;
  clv_job* job = NULL;
  clv_model* model = NULL;
  clv_result* result = NULL;
  const clv_batch empty = CLV_SIZED(clv_batch);
  INVALID(clv_engine_open(NULL, NULL, diag));
  EXPECT(clv_engine_open(NULL, &engine, diag) == CLV_OK);
  INVALID(clv_engine_ingest_begin(NULL, NULL, &empty, &job, diag));
  INVALID(clv_engine_ingest_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_ingest_source_begin(engine, NULL, NULL, &job, diag));
  const clv_source no_source = CLV_SIZED(clv_source);
  INVALID(clv_engine_ingest_source_begin(NULL, NULL, &no_source, &job, diag));
  INVALID(clv_engine_ingest_source_begin(engine, NULL, &no_source, &job, diag));
  INVALID(clv_engine_ingest_source_begin(engine, NULL, &no_source, NULL, diag));
  INVALID(clv_engine_fit_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_fit_begin(engine, NULL, NULL, NULL, diag));
  INVALID(clv_engine_score_begin(NULL, NULL, &job, diag));
  INVALID(clv_engine_segment_begin(NULL, NULL, &job, diag));
  INVALID(clv_engine_plugin_segment_begin(NULL, NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_plugin_segment_begin(engine, NULL, NULL, "id", &job, diag));
  INVALID(clv_engine_propose_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_propose_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_decide_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_decide_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_record_begin(NULL, NULL, "consent", &empty, &job, diag));
  INVALID(clv_engine_record_begin(engine, NULL, NULL, &empty, &job, diag));
  INVALID(clv_engine_record_begin(engine, NULL, "consent", NULL, &job, diag));
  clv_report_options report = CLV_SIZED(clv_report_options);
  INVALID(clv_engine_report_begin(engine, NULL, &job, diag));
  INVALID(clv_engine_report_begin(engine, &report, &job, diag));
  INVALID(clv_engine_apply_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_apply_begin(engine, &report, NULL, &job, diag));
  report.report = "desk_due";
  INVALID(clv_engine_report_begin(NULL, &report, &job, diag));
  INVALID(clv_engine_apply_begin(NULL, &report, NULL, &job, diag));
  report.n_inputs = 1;
  INVALID(clv_engine_report_begin(engine, &report, &job, diag));
  INVALID(clv_engine_apply_begin(engine, &report, NULL, &job, diag));
  INVALID(clv_engine_replay_begin(NULL, NULL, &job, diag));
  INVALID(clv_engine_replay_begin(engine, NULL, NULL, diag));
  INVALID(clv_engine_export_begin(NULL, NULL, "ann", &job, diag));
  INVALID(clv_engine_export_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_engine_forget_begin(NULL, NULL, "ann", &job, diag));
  INVALID(clv_engine_forget_begin(engine, NULL, NULL, &job, diag));
  clv_table_options table = CLV_SIZED(clv_table_options);
  INVALID(clv_engine_read_begin(engine, NULL, &job, diag));
  INVALID(clv_engine_read_begin(engine, &table, &job, diag));
  table.table = "scores";
  INVALID(clv_engine_read_begin(NULL, &table, &job, diag));
  INVALID(clv_engine_read_begin(engine, &table, NULL, diag));
  INVALID(clv_engine_features_begin(NULL, NULL, NULL, &job, diag));
  INVALID(clv_engine_features_begin(engine, NULL, NULL, &job, diag));
  INVALID(clv_plugin_describe(NULL, NULL, &result, diag));
  INVALID(clv_plugin_describe(NULL, "/nowhere.so", NULL, diag));
  INVALID(clv_engine_model(NULL, NULL, &model, diag));
  engine_group_functions(engine, diag);
  store_file_functions(engine, diag);
  engine_model_functions(engine, diag);
  engine_service_functions(engine, diag);
  clv_engine_free(NULL);
  clv_engine_free(engine);
  EXPECT(job == NULL && model == NULL && result == NULL);
}

int main(void) {
  clv_diag* diag = clv_diag_new();
  library_functions(diag);
  diag_functions();
  result_functions(diag);
  arrow_functions(diag);
  job_functions(diag);
  verb_functions(diag);
  scorer_functions(diag);
  model_functions(diag);
  plugin_functions(diag);
  engine_functions(diag);
  clv_diag_free(diag);
  if (failures == 0) puts("every function survives NULL");
  return failures != 0;
}
