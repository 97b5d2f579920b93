#define FFI_SCOPE "CLV"
#define FFI_LIB "libclv.so.1"
/* clang-format off */
/* Generated from abi/include by abi/generate; do not edit. */
typedef int32_t clv_status;
typedef int32_t clv_log_level;
typedef uint32_t clv_type;
typedef struct clv_diag clv_diag;
typedef struct clv_result clv_result;
typedef struct clv_model clv_model;
typedef struct clv_job clv_job;
typedef struct clv_scorer clv_scorer;
typedef struct clv_plugins clv_plugins;
typedef struct clv_engine clv_engine;
typedef struct clv_arrow clv_arrow;
typedef struct clv_column clv_column;
typedef struct clv_batch clv_batch;
typedef struct clv_diag_entry clv_diag_entry;
typedef struct clv_column_info clv_column_info;
typedef struct clv_read_options clv_read_options;
typedef struct clv_run_options clv_run_options;
typedef struct clv_progress clv_progress;
typedef struct clv_csv_options clv_csv_options;
typedef struct clv_summarize_options clv_summarize_options;
typedef struct clv_fit_options clv_fit_options;
typedef struct clv_score_options clv_score_options;
typedef struct clv_history clv_history;
typedef struct clv_score clv_score;
typedef struct clv_segment_options clv_segment_options;
typedef struct clv_simulate_options clv_simulate_options;
typedef struct clv_named_batch clv_named_batch;
typedef struct clv_report_options clv_report_options;
typedef struct clv_plugin_options clv_plugin_options;
typedef struct clv_decide_options clv_decide_options;
typedef struct clv_engine_options clv_engine_options;
typedef struct clv_ingest_options clv_ingest_options;
typedef struct clv_source clv_source;
typedef struct clv_table_options clv_table_options;
typedef struct clv_keyed_batch clv_keyed_batch;
typedef struct clv_answer clv_answer;
typedef struct clv_alias_options clv_alias_options;
typedef struct clv_storage clv_storage;
typedef struct ArrowArrayStream ArrowArrayStream;

struct clv_column {
  const char* name;
  const void* data;
  const uint8_t* validity;
  const int64_t* offsets;
  const char* unit;
  int64_t stride;
  clv_type type;
  uint32_t spare_word;
  const void* spare;
};

struct clv_batch {
  uint32_t struct_size;
  uint32_t n_columns;
  int64_t n_rows;
  const clv_column* columns;
};

struct clv_diag_entry {
  uint32_t struct_size;
  clv_status status;
  clv_log_level level;
  uint32_t spare;
  int64_t row;
  const char* column;
  const char* message;
  const char* hint;
  const char* plugin_id;
};

struct clv_column_info {
  uint32_t struct_size;
  clv_type type;
  const char* name;
  const char* unit;
  int64_t absent;
};

struct clv_read_options {
  uint32_t struct_size;
  int32_t column;
  int64_t first;
  int64_t count;
  clv_type as_type;
  uint32_t spare;
  void* values;
  int64_t stride;
  uint8_t* validity;
};

struct clv_run_options {
  uint32_t struct_size;
  uint32_t flags;
  const clv_answer* answer;
};

struct clv_progress {
  uint32_t struct_size;
  uint32_t phase_count;
  uint32_t phase;
  uint32_t spare;
  double fraction;
  const char* phase_name;
};

struct clv_csv_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* path;
  const void* text;
  int64_t size;
  const char* schema;
  const char* map;
  const char* currency;
  const char* time_zone;
  int64_t now_us;
  int64_t max_rejects;
  const char* extra;
  int64_t memory_limit;
};

struct clv_summarize_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* unit;
  const char* time_zone;
  const char* currency;
  int64_t as_of_us;
};

struct clv_fit_options {
  uint32_t struct_size;
  uint32_t threads;
  const char* model;
  double tolerance;
  int32_t max_iterations;
  uint32_t flags;
  const char* unit;
  const char* time_zone;
  const char* currency;
  int64_t as_of_us;
  const char* transaction_covariates;
  const char* life_covariates;
  const char* equal_covariates;
  const char* priors;
  const char* fixed;
  double l2_transaction;
  double l2_life;
  double periods_per_year;
  int64_t now_us;
};

struct clv_score_options {
  uint32_t struct_size;
  uint32_t threads;
  double horizon;
  double annual_discount;
  double margin;
  const char* quantities;
  uint32_t flags;
  uint32_t spare;
  const char* model;
  int64_t as_of_us;
};

struct clv_history {
  uint32_t struct_size;
  uint32_t flags;
  int64_t purchases;
  int64_t first_day;
  int64_t last_day;
  int64_t spend_days;
  int64_t spend_minor;
  int64_t last_day_minor;
  int64_t first_day_minor;
  int64_t refund_minor;
  double litt_days;
};

struct clv_score {
  uint32_t struct_size;
  int32_t score_status;
  double x;
  double t_x;
  double T;
  double mean_spend;
  double log_likelihood;
  double p_alive;
  double expected_purchases;
  double no_purchase;
  double expected_spend;
  double clv;
  double clv_p10;
  double clv_p50;
  double clv_p90;
  double clv_mu;
  double clv_sigma;
  double clv_skew;
};

struct clv_segment_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* scheme;
  const char* options_json;
};

struct clv_simulate_options {
  uint32_t struct_size;
  uint32_t flags;
  int64_t customers;
  uint64_t seed;
  int64_t start_us;
  double acquisition_days;
  double observed_days;
  double refund_share;
  const char* currency;
};

struct clv_named_batch {
  const char* name;
  const clv_batch* batch;
};

struct clv_report_options {
  uint32_t struct_size;
  int32_t n_inputs;
  const char* report;
  const char* options_json;
  const clv_named_batch* inputs;
  const clv_model* model;
};

struct clv_plugin_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* config_json;
  const char* grant;
  uint64_t seed;
  int64_t now_us;
  uint32_t abi_cap;
  uint32_t spare;
};

struct clv_decide_options {
  uint32_t struct_size;
  uint32_t flags;
  int64_t budget_minor;
  double z;
  double holdout_share;
  const char* holdout_salt;
  double margin;
  int64_t now_us;
  const char* policy_json;
  const clv_named_batch* facts;
  int32_t n_facts;
  uint32_t spare;
  const char* previous_hash;
  const clv_batch* proposals;
  const char* model;
};

struct clv_engine_options {
  uint32_t struct_size;
  uint32_t threads;
  const char* path;
  uint32_t flags;
  uint32_t spare;
  const clv_storage* storage;
  int64_t memory_limit;
};

struct clv_ingest_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* source;
  const char* currency;
  int64_t now_us;
};

struct clv_source {
  uint32_t struct_size;
  uint32_t spare;
  void* ctx;
  void* next;
  void* last_error;
  void* release;
};

struct clv_table_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* table;
  int64_t first;
  int64_t count;
};

struct clv_keyed_batch {
  uint32_t struct_size;
  uint32_t flags;
  const char* table;
  const char* source;
  const char* currency;
  int64_t now_us;
  const char* key;
  int64_t sequence;
  const clv_batch* rows;
};

struct clv_answer {
  uint32_t struct_size;
  uint32_t flags;
  const char* key;
  const char* body_hash;
  const void* bytes;
  int64_t n_bytes;
  int64_t now_us;
  int64_t made;
};

struct clv_alias_options {
  uint32_t struct_size;
  uint32_t flags;
  const char* alias;
  const char* model;
  int64_t etag;
  int64_t now_us;
  int64_t max_age_us;
  const clv_answer* answer;
};

uint32_t clv_abi(void);
const char* clv_version(void);
const char* clv_build_info_json(void);
const char* clv_status_name(clv_status status);
clv_status clv_catalogue(const char* what, clv_result** out, clv_diag* diag);
clv_diag* clv_diag_new(void);
void clv_diag_free(clv_diag* diag);
void clv_diag_clear(clv_diag* diag);
int64_t clv_diag_count(const clv_diag* diag);
clv_status clv_diag_get(const clv_diag* diag, int64_t i, clv_diag_entry* out);
const char* clv_diag_text(const clv_diag* diag);
int64_t clv_result_rows(const clv_result* result);
int32_t clv_result_columns(const clv_result* result);
int32_t clv_result_find(const clv_result* result, const char* name);
clv_status clv_result_column(const clv_result* result, int32_t column, clv_column_info* out, clv_diag* diag);
clv_status clv_result_read(const clv_result* result, const clv_read_options* options, clv_diag* diag);
const char* clv_result_text(const clv_result* result, int32_t column, int64_t row, int64_t* length);
double clv_result_number(const clv_result* result, int32_t column, int64_t row);
clv_status clv_result_batch(const clv_result* result, clv_batch* out, clv_diag* diag);
const char* clv_result_fingerprint(const clv_result* result);
clv_status clv_result_write_csv(const clv_result* result, const char* path, clv_diag* diag);
void clv_result_free(clv_result* result);
clv_status clv_job_step(clv_job* job, uint32_t budget_ms, clv_diag* diag);
clv_status clv_job_progress(const clv_job* job, clv_progress* out, clv_diag* diag);
void clv_job_cancel(clv_job* job);
clv_status clv_job_take_result(clv_job* job, const char* name, clv_result** out, clv_diag* diag);
clv_status clv_job_take_model(clv_job* job, clv_model** out, clv_diag* diag);
void clv_job_free(clv_job* job);
clv_status clv_csv_begin(const clv_csv_options* options, clv_job** out, clv_diag* diag);
clv_status clv_summarize_begin(const clv_summarize_options* options, const clv_batch* transactions, clv_job** out, clv_diag* diag);
clv_status clv_fit_begin(const clv_fit_options* options, const clv_batch* summary, clv_job** out, clv_diag* diag);
clv_status clv_score_begin(const clv_score_options* options, const clv_model* model, const clv_batch* summary, clv_job** out, clv_diag* diag);
clv_status clv_scorer_new(const clv_score_options* options, const clv_model* model, clv_scorer** out, clv_diag* diag);
void clv_scorer_free(clv_scorer* scorer);
clv_status clv_history_add(clv_history* history, int64_t day, int64_t amount_minor, clv_diag* diag);
clv_status clv_scorer_history(const clv_scorer* scorer, const clv_history* history, int64_t as_of_day, clv_score* out, clv_diag* diag);
clv_status clv_scorer_row(const clv_scorer* scorer, clv_score* out, clv_diag* diag);
clv_status clv_segment_begin(const clv_segment_options* options, const clv_batch* scores, clv_job** out, clv_diag* diag);
clv_status clv_simulate_begin(const clv_simulate_options* options, const clv_model* model, clv_job** out, clv_diag* diag);
clv_status clv_report_begin(const clv_report_options* options, clv_job** out, clv_diag* diag);
clv_status clv_model_save(const clv_model* model, void* buffer, int64_t cap, int64_t* needed, clv_diag* diag);
clv_status clv_model_load(const void* json, int64_t size, clv_model** out, clv_diag* diag);
clv_status clv_model_table(const clv_model* model, clv_result** out, clv_diag* diag);
void clv_model_free(clv_model* model);
clv_status clv_plugins_new(clv_plugins** out, clv_diag* diag);
clv_status clv_plugins_load(clv_plugins* plugins, const clv_plugin_options* options, const char* absolute_path, clv_diag* diag);
clv_status clv_plugin_describe(const clv_run_options* options, const char* absolute_path, clv_result** out, clv_diag* diag);
clv_status clv_plugins_list(const clv_plugins* plugins, clv_result** out, clv_diag* diag);
clv_status clv_plugins_renew(clv_plugins* plugins, int64_t now_us, uint64_t seed, clv_diag* diag);
clv_status clv_plugins_take_log(clv_plugins* plugins, clv_result** out, clv_diag* diag);
void clv_plugins_free(clv_plugins* plugins);
clv_status clv_propose_begin(clv_plugins* plugins, const clv_run_options* options, const clv_batch* scores, clv_job** out, clv_diag* diag);
clv_status clv_features_begin(clv_plugins* plugins, const clv_run_options* options, const clv_batch* scores, clv_job** out, clv_diag* diag);
clv_status clv_plugins_segment_begin(clv_plugins* plugins, const clv_run_options* options, const char* plugin_id, const clv_batch* scores, clv_job** out, clv_diag* diag);
clv_status clv_decide_begin(const clv_decide_options* options, const clv_model* model, const clv_batch* scores, const clv_batch* proposals, clv_job** out, clv_diag* diag);
clv_status clv_replay_begin(const clv_run_options* options, const clv_batch* decisions, clv_job** out, clv_diag* diag);
clv_status clv_engine_open(const clv_engine_options* options, clv_engine** out, clv_diag* diag);
void clv_engine_free(clv_engine* engine);
clv_status clv_engine_ingest_begin(clv_engine* engine, const clv_ingest_options* options, const clv_batch* transactions, clv_job** out, clv_diag* diag);
clv_status clv_engine_ingest_source_begin(clv_engine* engine, const clv_ingest_options* options, const clv_source* source, clv_job** out, clv_diag* diag);
clv_status clv_engine_fit_begin(clv_engine* engine, const clv_summarize_options* summarize, const clv_fit_options* fit, clv_job** out, clv_diag* diag);
clv_status clv_engine_score_begin(clv_engine* engine, const clv_score_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_segment_begin(clv_engine* engine, const clv_segment_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_plugin_segment_begin(clv_engine* engine, clv_plugins* plugins, const clv_run_options* options, const char* plugin_id, clv_job** out, clv_diag* diag);
clv_status clv_engine_features_begin(clv_engine* engine, clv_plugins* plugins, const clv_run_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_propose_begin(clv_engine* engine, clv_plugins* plugins, const clv_run_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_decide_begin(clv_engine* engine, clv_plugins* plugins, const clv_decide_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_record_begin(clv_engine* engine, const clv_ingest_options* options, const char* table, const clv_batch* rows, clv_job** out, clv_diag* diag);
clv_status clv_engine_report_begin(clv_engine* engine, const clv_report_options* report, clv_job** out, clv_diag* diag);
clv_status clv_engine_apply_begin(clv_engine* engine, const clv_report_options* report, const clv_ingest_options* ingest, clv_job** out, clv_diag* diag);
clv_status clv_engine_replay_begin(clv_engine* engine, const clv_run_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_export_begin(clv_engine* engine, const clv_run_options* options, const char* customer, clv_job** out, clv_diag* diag);
clv_status clv_engine_forget_begin(clv_engine* engine, const clv_run_options* options, const char* customer, clv_job** out, clv_diag* diag);
clv_status clv_engine_read_begin(clv_engine* engine, const clv_table_options* options, clv_job** out, clv_diag* diag);
clv_status clv_engine_model(clv_engine* engine, const char* name, clv_model** out, clv_diag* diag);
clv_status clv_engine_group_begin(clv_engine* engine, const clv_run_options* options, const clv_keyed_batch** batches, int32_t n_batches, clv_job** out, clv_diag* diag);
clv_status clv_engine_sequence(clv_engine* engine, const char* key, int64_t* out, clv_diag* diag);
clv_status clv_engine_answer(clv_engine* engine, const char* key, clv_answer* out, clv_diag* diag);
clv_status clv_engine_adopt_begin(clv_engine* engine, const clv_run_options* options, clv_job* done, clv_job** out, clv_diag* diag);
clv_status clv_engine_summarize_begin(clv_engine* engine, const clv_summarize_options* options, const char** customers, int32_t n_customers, clv_job** out, clv_diag* diag);
clv_status clv_engine_add_model(clv_engine* engine, const clv_run_options* options, const clv_model* model, int64_t now_us, const char** name, clv_diag* diag);
clv_status clv_engine_set_alias(clv_engine* engine, const clv_alias_options* options, int64_t* etag, clv_diag* diag);
clv_status clv_engine_retire_model(clv_engine* engine, const clv_run_options* options, const char* model, clv_diag* diag);
clv_status clv_engine_backup_begin(clv_engine* engine, const clv_run_options* options, const char* path, clv_job** out, clv_diag* diag);
clv_status clv_store_restore_begin(const clv_run_options* options, const char* backup, const char* path, clv_job** out, clv_diag* diag);
clv_status clv_store_check_begin(const clv_run_options* options, const char* path, clv_job** out, clv_diag* diag);
clv_status clv_store_migrate_begin(const clv_run_options* options, const char* path, const char* copy, clv_job** out, clv_diag* diag);
clv_status clv_engine_prune_begin(clv_engine* engine, const clv_run_options* options, const char* table, int64_t before_us, clv_job** out, clv_diag* diag);
clv_status clv_arrow_import(ArrowArrayStream* stream, clv_arrow** out, clv_diag* diag);
clv_status clv_arrow_batch(const clv_arrow* table, clv_batch* out, clv_diag* diag);
void clv_arrow_free(clv_arrow* table);
clv_status clv_result_export(const clv_result* result, ArrowArrayStream* out, clv_diag* diag);
