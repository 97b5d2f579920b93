// Generated from abi/include by abi/generate; do not edit.
// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.
using System;
using System.Runtime.InteropServices;

namespace Libclv {
  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_column {
    public byte* name;
    public IntPtr data;
    public byte* validity;
    public long* offsets;
    public byte* unit;
    public long stride;
    public uint type;
    public uint spare_word;
    public IntPtr spare;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_batch {
    public uint struct_size;
    public uint n_columns;
    public long n_rows;
    public clv_column* columns;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_diag_entry {
    public uint struct_size;
    public int status;
    public int level;
    public uint spare;
    public long row;
    public byte* column;
    public byte* message;
    public byte* hint;
    public byte* plugin_id;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_column_info {
    public uint struct_size;
    public uint type;
    public byte* name;
    public byte* unit;
    public long absent;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_read_options {
    public uint struct_size;
    public int column;
    public long first;
    public long count;
    public uint as_type;
    public uint spare;
    public IntPtr values;
    public long stride;
    public byte* validity;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_run_options {
    public uint struct_size;
    public uint flags;
    public clv_answer* answer;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_progress {
    public uint struct_size;
    public uint phase_count;
    public uint phase;
    public uint spare;
    public double fraction;
    public byte* phase_name;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_csv_options {
    public uint struct_size;
    public uint flags;
    public byte* path;
    public IntPtr text;
    public long size;
    public byte* schema;
    public byte* map;
    public byte* currency;
    public byte* time_zone;
    public long now_us;
    public long max_rejects;
    public byte* extra;
    public long memory_limit;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_summarize_options {
    public uint struct_size;
    public uint flags;
    public byte* unit;
    public byte* time_zone;
    public byte* currency;
    public long as_of_us;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_fit_options {
    public uint struct_size;
    public uint threads;
    public byte* model;
    public double tolerance;
    public int max_iterations;
    public uint flags;
    public byte* unit;
    public byte* time_zone;
    public byte* currency;
    public long as_of_us;
    public byte* transaction_covariates;
    public byte* life_covariates;
    public byte* equal_covariates;
    public byte* priors;
    public byte* @fixed;
    public double l2_transaction;
    public double l2_life;
    public double periods_per_year;
    public long now_us;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_score_options {
    public uint struct_size;
    public uint threads;
    public double horizon;
    public double annual_discount;
    public double margin;
    public byte* quantities;
    public uint flags;
    public uint spare;
    public byte* model;
    public long as_of_us;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_history {
    public uint struct_size;
    public uint flags;
    public long purchases;
    public long first_day;
    public long last_day;
    public long spend_days;
    public long spend_minor;
    public long last_day_minor;
    public long first_day_minor;
    public long refund_minor;
    public double litt_days;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_score {
    public uint struct_size;
    public int score_status;
    public double x;
    public double t_x;
    public double T;
    public double mean_spend;
    public double log_likelihood;
    public double p_alive;
    public double expected_purchases;
    public double no_purchase;
    public double expected_spend;
    public double clv;
    public double clv_p10;
    public double clv_p50;
    public double clv_p90;
    public double clv_mu;
    public double clv_sigma;
    public double clv_skew;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_segment_options {
    public uint struct_size;
    public uint flags;
    public byte* scheme;
    public byte* options_json;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_simulate_options {
    public uint struct_size;
    public uint flags;
    public long customers;
    public ulong seed;
    public long start_us;
    public double acquisition_days;
    public double observed_days;
    public double refund_share;
    public byte* currency;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_named_batch {
    public byte* name;
    public clv_batch* batch;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_report_options {
    public uint struct_size;
    public int n_inputs;
    public byte* report;
    public byte* options_json;
    public clv_named_batch* inputs;
    public IntPtr model;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_plugin_options {
    public uint struct_size;
    public uint flags;
    public byte* config_json;
    public byte* grant;
    public ulong seed;
    public long now_us;
    public uint abi_cap;
    public uint spare;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_decide_options {
    public uint struct_size;
    public uint flags;
    public long budget_minor;
    public double z;
    public double holdout_share;
    public byte* holdout_salt;
    public double margin;
    public long now_us;
    public byte* policy_json;
    public clv_named_batch* facts;
    public int n_facts;
    public uint spare;
    public byte* previous_hash;
    public clv_batch* proposals;
    public byte* model;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_engine_options {
    public uint struct_size;
    public uint threads;
    public byte* path;
    public uint flags;
    public uint spare;
    public IntPtr storage;
    public long memory_limit;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_ingest_options {
    public uint struct_size;
    public uint flags;
    public byte* source;
    public byte* currency;
    public long now_us;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_source {
    public uint struct_size;
    public uint spare;
    public IntPtr ctx;
    public IntPtr next;
    public IntPtr last_error;
    public IntPtr release;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_table_options {
    public uint struct_size;
    public uint flags;
    public byte* table;
    public long first;
    public long count;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_keyed_batch {
    public uint struct_size;
    public uint flags;
    public byte* table;
    public byte* source;
    public byte* currency;
    public long now_us;
    public byte* key;
    public long sequence;
    public clv_batch* rows;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_answer {
    public uint struct_size;
    public uint flags;
    public byte* key;
    public byte* body_hash;
    public IntPtr bytes;
    public long n_bytes;
    public long now_us;
    public long made;
  }

  [StructLayout(LayoutKind.Sequential)]
  public unsafe struct clv_alias_options {
    public uint struct_size;
    public uint flags;
    public byte* alias;
    public byte* model;
    public long etag;
    public long now_us;
    public long max_age_us;
    public clv_answer* answer;
  }

  public static unsafe class Native {
    private const string Library = "libclv.so.1";
    public const int CLV_VERSION_MAJOR = 0;
    public const int CLV_VERSION_MINOR = 1;
    public const int CLV_VERSION_PATCH = 0;
    public const int CLV_ABI_MAJOR = 1;
    public const int CLV_ABI_MINOR = 0;
    public const int CLV_OK = 0;
    public const int CLV_MORE = 1;
    public const int CLV_END = 2;
    public const int CLV_E_INVALID = -1;
    public const int CLV_E_UNSUPPORTED = -2;
    public const int CLV_E_ABI = -3;
    public const int CLV_E_NO_MEMORY = -4;
    public const int CLV_E_STATE = -5;
    public const int CLV_E_NOT_FOUND = -6;
    public const int CLV_E_DATA = -7;
    public const int CLV_E_NUMERIC = -8;
    public const int CLV_E_IO = -9;
    public const int CLV_E_BUSY = -10;
    public const int CLV_E_CANCELLED = -11;
    public const int CLV_E_PLUGIN = -12;
    public const int CLV_E_PERMISSION = -13;
    public const int CLV_E_INTERNAL = -14;
    public const int CLV_E_EXISTS = -15;
    public const int CLV_E_CONFLICT = -16;
    public const int CLV_E_LIMIT = -17;
    public const int CLV_E_CORRUPT = -18;
    public const int CLV_E_FULL = -19;
    public const int CLV_LOG_DEBUG = 0;
    public const int CLV_LOG_INFO = 1;
    public const int CLV_LOG_WARN = 2;
    public const int CLV_LOG_ERROR = 3;
    public const int CLV_T_I32 = 1;
    public const int CLV_T_I64 = 2;
    public const int CLV_T_F64 = 3;
    public const int CLV_T_TIME = 4;
    public const int CLV_T_MONEY = 5;
    public const int CLV_T_UTF8 = 6;
    public const int CLV_SUMMARIZE_DROP_ZERO = 1;
    public const int CLV_SCORE_PROCESS_ONLY = 1;
    public const int CLV_SCORE_SUMMARIZE = 2;
    public const int CLV_SCORED_OK = 0;
    public const int CLV_SCORED_PRIOR_ONLY = 1;
    public const int CLV_SCORED_INSUFFICIENT = 2;
    public const int CLV_SCORED_NOT_CONVERGED = 3;
    public const int CLV_DECIDE_HAS_BUDGET = 1;
    public const int CLV_DECIDE_NO_HOLDOUT = 2;
    public const int CLV_DECIDE_WHAT_IF = 4;
    public const int CLV_OPEN_READ_ONLY = 1;
    public const int CLV_OPEN_ANY_AGE = 2;
    public const int CLV_BATCH_PARTIAL = 1;
    public const int CLV_BATCH_VALIDATE_ONLY = 2;
    public const int CLV_ANSWER_FORGOTTEN = 1;
    public const int CLV_ALIAS_ROLLBACK = 1;
    public const int CLV_ALIAS_UNCHECKED = 2;
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern uint clv_abi();
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_version();
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_build_info_json();
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_status_name(int status);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_catalogue(byte* what, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern IntPtr clv_diag_new();
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_diag_free(IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_diag_clear(IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern long clv_diag_count(IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_diag_get(IntPtr diag, long i, clv_diag_entry* @out);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_diag_text(IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern long clv_result_rows(IntPtr result);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_columns(IntPtr result);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_find(IntPtr result, byte* name);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_column(IntPtr result, int column, clv_column_info* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_read(IntPtr result, clv_read_options* options, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_result_text(IntPtr result, int column, long row, long* length);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern double clv_result_number(IntPtr result, int column, long row);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_batch(IntPtr result, clv_batch* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern byte* clv_result_fingerprint(IntPtr result);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_write_csv(IntPtr result, byte* path, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_result_free(IntPtr result);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_job_step(IntPtr job, uint budget_ms, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_job_progress(IntPtr job, clv_progress* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_job_cancel(IntPtr job);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_job_take_result(IntPtr job, byte* name, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_job_take_model(IntPtr job, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_job_free(IntPtr job);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_csv_begin(clv_csv_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_summarize_begin(clv_summarize_options* options, clv_batch* transactions, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_fit_begin(clv_fit_options* options, clv_batch* summary, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_score_begin(clv_score_options* options, IntPtr model, clv_batch* summary, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_scorer_new(clv_score_options* options, IntPtr model, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_scorer_free(IntPtr scorer);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_history_add(clv_history* history, long day, long amount_minor, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_scorer_history(IntPtr scorer, clv_history* history, long as_of_day, clv_score* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_scorer_row(IntPtr scorer, clv_score* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_segment_begin(clv_segment_options* options, clv_batch* scores, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_simulate_begin(clv_simulate_options* options, IntPtr model, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_report_begin(clv_report_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_model_save(IntPtr model, IntPtr buffer, long cap, long* needed, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_model_load(IntPtr json, long size, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_model_table(IntPtr model, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_model_free(IntPtr model);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_new(IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_load(IntPtr plugins, clv_plugin_options* options, byte* absolute_path, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugin_describe(clv_run_options* options, byte* absolute_path, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_list(IntPtr plugins, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_renew(IntPtr plugins, long now_us, ulong seed, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_take_log(IntPtr plugins, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_plugins_free(IntPtr plugins);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_propose_begin(IntPtr plugins, clv_run_options* options, clv_batch* scores, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_features_begin(IntPtr plugins, clv_run_options* options, clv_batch* scores, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_plugins_segment_begin(IntPtr plugins, clv_run_options* options, byte* plugin_id, clv_batch* scores, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_decide_begin(clv_decide_options* options, IntPtr model, clv_batch* scores, clv_batch* proposals, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_replay_begin(clv_run_options* options, clv_batch* decisions, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_open(clv_engine_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_engine_free(IntPtr engine);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_ingest_begin(IntPtr engine, clv_ingest_options* options, clv_batch* transactions, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_ingest_source_begin(IntPtr engine, clv_ingest_options* options, clv_source* source, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_fit_begin(IntPtr engine, clv_summarize_options* summarize, clv_fit_options* fit, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_score_begin(IntPtr engine, clv_score_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_segment_begin(IntPtr engine, clv_segment_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_plugin_segment_begin(IntPtr engine, IntPtr plugins, clv_run_options* options, byte* plugin_id, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_features_begin(IntPtr engine, IntPtr plugins, clv_run_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_propose_begin(IntPtr engine, IntPtr plugins, clv_run_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_decide_begin(IntPtr engine, IntPtr plugins, clv_decide_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_record_begin(IntPtr engine, clv_ingest_options* options, byte* table, clv_batch* rows, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_report_begin(IntPtr engine, clv_report_options* report, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_apply_begin(IntPtr engine, clv_report_options* report, clv_ingest_options* ingest, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_replay_begin(IntPtr engine, clv_run_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_export_begin(IntPtr engine, clv_run_options* options, byte* customer, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_forget_begin(IntPtr engine, clv_run_options* options, byte* customer, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_read_begin(IntPtr engine, clv_table_options* options, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_model(IntPtr engine, byte* name, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_group_begin(IntPtr engine, clv_run_options* options, clv_keyed_batch** batches, int n_batches, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_sequence(IntPtr engine, byte* key, long* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_answer(IntPtr engine, byte* key, clv_answer* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_adopt_begin(IntPtr engine, clv_run_options* options, IntPtr done, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_summarize_begin(IntPtr engine, clv_summarize_options* options, byte** customers, int n_customers, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_add_model(IntPtr engine, clv_run_options* options, IntPtr model, long now_us, byte** name, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_set_alias(IntPtr engine, clv_alias_options* options, long* etag, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_retire_model(IntPtr engine, clv_run_options* options, byte* model, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_backup_begin(IntPtr engine, clv_run_options* options, byte* path, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_store_restore_begin(clv_run_options* options, byte* backup, byte* path, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_store_check_begin(clv_run_options* options, byte* path, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_store_migrate_begin(clv_run_options* options, byte* path, byte* copy, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_engine_prune_begin(IntPtr engine, clv_run_options* options, byte* table, long before_us, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_arrow_import(IntPtr stream, IntPtr* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_arrow_batch(IntPtr table, clv_batch* @out, IntPtr diag);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern void clv_arrow_free(IntPtr table);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    public static extern int clv_result_export(IntPtr result, IntPtr @out, IntPtr diag);
  }
}
