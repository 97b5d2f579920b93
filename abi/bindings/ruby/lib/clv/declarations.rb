# frozen_string_literal: true

# Generated from abi/include by abi/generate; do not edit.
# What each is for, and who owns what: clv.h, or abi/REFERENCE.md.
require 'fiddle/import'

module Clv
  # The C functions under their own names, and the C structs without their prefix.
  module Native
    extend Fiddle::Importer
    dlload Clv.path

    CLV_VERSION_MAJOR = 0
    CLV_VERSION_MINOR = 1
    CLV_VERSION_PATCH = 0
    CLV_ABI_MAJOR = 1
    CLV_ABI_MINOR = 0
    CLV_OK = 0
    CLV_MORE = 1
    CLV_END = 2
    CLV_E_INVALID = -1
    CLV_E_UNSUPPORTED = -2
    CLV_E_ABI = -3
    CLV_E_NO_MEMORY = -4
    CLV_E_STATE = -5
    CLV_E_NOT_FOUND = -6
    CLV_E_DATA = -7
    CLV_E_NUMERIC = -8
    CLV_E_IO = -9
    CLV_E_BUSY = -10
    CLV_E_CANCELLED = -11
    CLV_E_PLUGIN = -12
    CLV_E_PERMISSION = -13
    CLV_E_INTERNAL = -14
    CLV_E_EXISTS = -15
    CLV_E_CONFLICT = -16
    CLV_E_LIMIT = -17
    CLV_E_CORRUPT = -18
    CLV_E_FULL = -19
    CLV_LOG_DEBUG = 0
    CLV_LOG_INFO = 1
    CLV_LOG_WARN = 2
    CLV_LOG_ERROR = 3
    CLV_T_I32 = 1
    CLV_T_I64 = 2
    CLV_T_F64 = 3
    CLV_T_TIME = 4
    CLV_T_MONEY = 5
    CLV_T_UTF8 = 6
    CLV_SUMMARIZE_DROP_ZERO = 1
    CLV_SCORE_PROCESS_ONLY = 1
    CLV_SCORE_SUMMARIZE = 2
    CLV_SCORED_OK = 0
    CLV_SCORED_PRIOR_ONLY = 1
    CLV_SCORED_INSUFFICIENT = 2
    CLV_SCORED_NOT_CONVERGED = 3
    CLV_DECIDE_HAS_BUDGET = 1
    CLV_DECIDE_NO_HOLDOUT = 2
    CLV_DECIDE_WHAT_IF = 4
    CLV_OPEN_READ_ONLY = 1
    CLV_OPEN_ANY_AGE = 2
    CLV_BATCH_PARTIAL = 1
    CLV_BATCH_VALIDATE_ONLY = 2
    CLV_ANSWER_FORGOTTEN = 1
    CLV_ALIAS_ROLLBACK = 1
    CLV_ALIAS_UNCHECKED = 2

    Column = struct [
      'char* name',
      'void* data',
      'void* validity',
      'void* offsets',
      'char* unit',
      'long long stride',
      'unsigned int type',
      'unsigned int spare_word',
      'void* spare',
    ]

    Batch = struct [
      'unsigned int struct_size',
      'unsigned int n_columns',
      'long long n_rows',
      'void* columns',
    ]

    DiagEntry = struct [
      'unsigned int struct_size',
      'int status',
      'int level',
      'unsigned int spare',
      'long long row',
      'char* column',
      'char* message',
      'char* hint',
      'char* plugin_id',
    ]

    ColumnInfo = struct [
      'unsigned int struct_size',
      'unsigned int type',
      'char* name',
      'char* unit',
      'long long absent',
    ]

    ReadOptions = struct [
      'unsigned int struct_size',
      'int column',
      'long long first',
      'long long count',
      'unsigned int as_type',
      'unsigned int spare',
      'void* values',
      'long long stride',
      'void* validity',
    ]

    RunOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'void* answer',
    ]

    Progress = struct [
      'unsigned int struct_size',
      'unsigned int phase_count',
      'unsigned int phase',
      'unsigned int spare',
      'double fraction',
      'char* phase_name',
    ]

    CsvOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* path',
      'void* text',
      'long long size',
      'char* schema',
      'char* map',
      'char* currency',
      'char* time_zone',
      'long long now_us',
      'long long max_rejects',
      'char* extra',
      'long long memory_limit',
    ]

    SummarizeOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* unit',
      'char* time_zone',
      'char* currency',
      'long long as_of_us',
    ]

    FitOptions = struct [
      'unsigned int struct_size',
      'unsigned int threads',
      'char* model',
      'double tolerance',
      'int max_iterations',
      'unsigned int flags',
      'char* unit',
      'char* time_zone',
      'char* currency',
      'long long as_of_us',
      'char* transaction_covariates',
      'char* life_covariates',
      'char* equal_covariates',
      'char* priors',
      'char* fixed',
      'double l2_transaction',
      'double l2_life',
      'double periods_per_year',
      'long long now_us',
    ]

    ScoreOptions = struct [
      'unsigned int struct_size',
      'unsigned int threads',
      'double horizon',
      'double annual_discount',
      'double margin',
      'char* quantities',
      'unsigned int flags',
      'unsigned int spare',
      'char* model',
      'long long as_of_us',
    ]

    History = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'long long purchases',
      'long long first_day',
      'long long last_day',
      'long long spend_days',
      'long long spend_minor',
      'long long last_day_minor',
      'long long first_day_minor',
      'long long refund_minor',
      'double litt_days',
    ]

    Score = struct [
      'unsigned int struct_size',
      'int score_status',
      'double x',
      'double t_x',
      'double T',
      'double mean_spend',
      'double log_likelihood',
      'double p_alive',
      'double expected_purchases',
      'double no_purchase',
      'double expected_spend',
      'double clv',
      'double clv_p10',
      'double clv_p50',
      'double clv_p90',
      'double clv_mu',
      'double clv_sigma',
      'double clv_skew',
    ]

    SegmentOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* scheme',
      'char* options_json',
    ]

    SimulateOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'long long customers',
      'unsigned long long seed',
      'long long start_us',
      'double acquisition_days',
      'double observed_days',
      'double refund_share',
      'char* currency',
    ]

    NamedBatch = struct [
      'char* name',
      'void* batch',
    ]

    ReportOptions = struct [
      'unsigned int struct_size',
      'int n_inputs',
      'char* report',
      'char* options_json',
      'void* inputs',
      'void* model',
    ]

    PluginOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* config_json',
      'char* grant',
      'unsigned long long seed',
      'long long now_us',
      'unsigned int abi_cap',
      'unsigned int spare',
    ]

    DecideOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'long long budget_minor',
      'double z',
      'double holdout_share',
      'char* holdout_salt',
      'double margin',
      'long long now_us',
      'char* policy_json',
      'void* facts',
      'int n_facts',
      'unsigned int spare',
      'char* previous_hash',
      'void* proposals',
      'char* model',
    ]

    EngineOptions = struct [
      'unsigned int struct_size',
      'unsigned int threads',
      'char* path',
      'unsigned int flags',
      'unsigned int spare',
      'void* storage',
      'long long memory_limit',
    ]

    IngestOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* source',
      'char* currency',
      'long long now_us',
    ]

    Source = struct [
      'unsigned int struct_size',
      'unsigned int spare',
      'void* ctx',
      'void* next',
      'void* last_error',
      'void* release',
    ]

    TableOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* table',
      'long long first',
      'long long count',
    ]

    KeyedBatch = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* table',
      'char* source',
      'char* currency',
      'long long now_us',
      'char* key',
      'long long sequence',
      'void* rows',
    ]

    Answer = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* key',
      'char* body_hash',
      'void* bytes',
      'long long n_bytes',
      'long long now_us',
      'long long made',
    ]

    AliasOptions = struct [
      'unsigned int struct_size',
      'unsigned int flags',
      'char* alias',
      'char* model',
      'long long etag',
      'long long now_us',
      'long long max_age_us',
      'void* answer',
    ]

    extern 'unsigned int clv_abi()'
    extern 'char* clv_version()'
    extern 'char* clv_build_info_json()'
    extern 'char* clv_status_name(int)'
    extern 'int clv_catalogue(char*, void*, void*)'
    extern 'void* clv_diag_new()'
    extern 'void clv_diag_free(void*)'
    extern 'void clv_diag_clear(void*)'
    extern 'long long clv_diag_count(void*)'
    extern 'int clv_diag_get(void*, long long, void*)'
    extern 'char* clv_diag_text(void*)'
    extern 'long long clv_result_rows(void*)'
    extern 'int clv_result_columns(void*)'
    extern 'int clv_result_find(void*, char*)'
    extern 'int clv_result_column(void*, int, void*, void*)'
    extern 'int clv_result_read(void*, void*, void*)'
    extern 'char* clv_result_text(void*, int, long long, void*)'
    extern 'double clv_result_number(void*, int, long long)'
    extern 'int clv_result_batch(void*, void*, void*)'
    extern 'char* clv_result_fingerprint(void*)'
    extern 'int clv_result_write_csv(void*, char*, void*)'
    extern 'void clv_result_free(void*)'
    extern 'int clv_job_step(void*, unsigned int, void*)'
    extern 'int clv_job_progress(void*, void*, void*)'
    extern 'void clv_job_cancel(void*)'
    extern 'int clv_job_take_result(void*, char*, void*, void*)'
    extern 'int clv_job_take_model(void*, void*, void*)'
    extern 'void clv_job_free(void*)'
    extern 'int clv_csv_begin(void*, void*, void*)'
    extern 'int clv_summarize_begin(void*, void*, void*, void*)'
    extern 'int clv_fit_begin(void*, void*, void*, void*)'
    extern 'int clv_score_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_scorer_new(void*, void*, void*, void*)'
    extern 'void clv_scorer_free(void*)'
    extern 'int clv_history_add(void*, long long, long long, void*)'
    extern 'int clv_scorer_history(void*, void*, long long, void*, void*)'
    extern 'int clv_scorer_row(void*, void*, void*)'
    extern 'int clv_segment_begin(void*, void*, void*, void*)'
    extern 'int clv_simulate_begin(void*, void*, void*, void*)'
    extern 'int clv_report_begin(void*, void*, void*)'
    extern 'int clv_model_save(void*, void*, long long, void*, void*)'
    extern 'int clv_model_load(void*, long long, void*, void*)'
    extern 'int clv_model_table(void*, void*, void*)'
    extern 'void clv_model_free(void*)'
    extern 'int clv_plugins_new(void*, void*)'
    extern 'int clv_plugins_load(void*, void*, char*, void*)'
    extern 'int clv_plugin_describe(void*, char*, void*, void*)'
    extern 'int clv_plugins_list(void*, void*, void*)'
    extern 'int clv_plugins_renew(void*, long long, unsigned long long, void*)'
    extern 'int clv_plugins_take_log(void*, void*, void*)'
    extern 'void clv_plugins_free(void*)'
    extern 'int clv_propose_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_features_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_plugins_segment_begin(void*, void*, char*, void*, void*, void*)'
    extern 'int clv_decide_begin(void*, void*, void*, void*, void*, void*)'
    extern 'int clv_replay_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_open(void*, void*, void*)'
    extern 'void clv_engine_free(void*)'
    extern 'int clv_engine_ingest_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_ingest_source_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_fit_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_score_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_segment_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_plugin_segment_begin(void*, void*, void*, char*, void*, void*)'
    extern 'int clv_engine_features_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_propose_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_decide_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_record_begin(void*, void*, char*, void*, void*, void*)'
    extern 'int clv_engine_report_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_apply_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_replay_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_export_begin(void*, void*, char*, void*, void*)'
    extern 'int clv_engine_forget_begin(void*, void*, char*, void*, void*)'
    extern 'int clv_engine_read_begin(void*, void*, void*, void*)'
    extern 'int clv_engine_model(void*, char*, void*, void*)'
    extern 'int clv_engine_group_begin(void*, void*, void*, int, void*, void*)'
    extern 'int clv_engine_sequence(void*, char*, void*, void*)'
    extern 'int clv_engine_answer(void*, char*, void*, void*)'
    extern 'int clv_engine_adopt_begin(void*, void*, void*, void*, void*)'
    extern 'int clv_engine_summarize_begin(void*, void*, void*, int, void*, void*)'
    extern 'int clv_engine_add_model(void*, void*, void*, long long, void*, void*)'
    extern 'int clv_engine_set_alias(void*, void*, void*, void*)'
    extern 'int clv_engine_retire_model(void*, void*, char*, void*)'
    extern 'int clv_engine_backup_begin(void*, void*, char*, void*, void*)'
    extern 'int clv_store_restore_begin(void*, char*, char*, void*, void*)'
    extern 'int clv_store_check_begin(void*, char*, void*, void*)'
    extern 'int clv_store_migrate_begin(void*, char*, char*, void*, void*)'
    extern 'int clv_engine_prune_begin(void*, void*, char*, long long, void*, void*)'
    extern 'int clv_arrow_import(void*, void*, void*)'
    extern 'int clv_arrow_batch(void*, void*, void*)'
    extern 'void clv_arrow_free(void*)'
    extern 'int clv_result_export(void*, void*, void*)'
  end
end
