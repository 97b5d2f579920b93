// Generated from abi/include by abi/generate; do not edit.
// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.
package org.libclv;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The C functions under their own names; unsigned integers keep their bits. */
public interface Native extends Library {
  int CLV_VERSION_MAJOR = 0;
  int CLV_VERSION_MINOR = 1;
  int CLV_VERSION_PATCH = 0;
  int CLV_ABI_MAJOR = 1;
  int CLV_ABI_MINOR = 0;
  int CLV_OK = 0;
  int CLV_MORE = 1;
  int CLV_END = 2;
  int CLV_E_INVALID = -1;
  int CLV_E_UNSUPPORTED = -2;
  int CLV_E_ABI = -3;
  int CLV_E_NO_MEMORY = -4;
  int CLV_E_STATE = -5;
  int CLV_E_NOT_FOUND = -6;
  int CLV_E_DATA = -7;
  int CLV_E_NUMERIC = -8;
  int CLV_E_IO = -9;
  int CLV_E_BUSY = -10;
  int CLV_E_CANCELLED = -11;
  int CLV_E_PLUGIN = -12;
  int CLV_E_PERMISSION = -13;
  int CLV_E_INTERNAL = -14;
  int CLV_E_EXISTS = -15;
  int CLV_E_CONFLICT = -16;
  int CLV_E_LIMIT = -17;
  int CLV_E_CORRUPT = -18;
  int CLV_E_FULL = -19;
  int CLV_LOG_DEBUG = 0;
  int CLV_LOG_INFO = 1;
  int CLV_LOG_WARN = 2;
  int CLV_LOG_ERROR = 3;
  int CLV_T_I32 = 1;
  int CLV_T_I64 = 2;
  int CLV_T_F64 = 3;
  int CLV_T_TIME = 4;
  int CLV_T_MONEY = 5;
  int CLV_T_UTF8 = 6;
  int CLV_SUMMARIZE_DROP_ZERO = 1;
  int CLV_SCORE_PROCESS_ONLY = 1;
  int CLV_SCORE_SUMMARIZE = 2;
  int CLV_SCORED_OK = 0;
  int CLV_SCORED_PRIOR_ONLY = 1;
  int CLV_SCORED_INSUFFICIENT = 2;
  int CLV_SCORED_NOT_CONVERGED = 3;
  int CLV_DECIDE_HAS_BUDGET = 1;
  int CLV_DECIDE_NO_HOLDOUT = 2;
  int CLV_DECIDE_WHAT_IF = 4;
  int CLV_OPEN_READ_ONLY = 1;
  int CLV_OPEN_ANY_AGE = 2;
  int CLV_BATCH_PARTIAL = 1;
  int CLV_BATCH_VALIDATE_ONLY = 2;
  int CLV_ANSWER_FORGOTTEN = 1;
  int CLV_ALIAS_ROLLBACK = 1;
  int CLV_ALIAS_UNCHECKED = 2;

  @Structure.FieldOrder({"name", "data", "validity", "offsets", "unit", "stride", "type", "spare_word", "spare"})
  class Column extends Structure {
    public Pointer name;
    public Pointer data;
    public Pointer validity;
    public Pointer offsets;
    public Pointer unit;
    public long stride;
    public int type;
    public int spare_word;
    public Pointer spare;
  }

  @Structure.FieldOrder({"struct_size", "n_columns", "n_rows", "columns"})
  class Batch extends Structure {
    public int struct_size;
    public int n_columns;
    public long n_rows;
    public Pointer columns;

    public Batch() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "status", "level", "spare", "row", "column", "message", "hint", "plugin_id"})
  class DiagEntry extends Structure {
    public int struct_size;
    public int status;
    public int level;
    public int spare;
    public long row;
    public Pointer column;
    public Pointer message;
    public Pointer hint;
    public Pointer plugin_id;

    public DiagEntry() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "type", "name", "unit", "absent"})
  class ColumnInfo extends Structure {
    public int struct_size;
    public int type;
    public Pointer name;
    public Pointer unit;
    public long absent;

    public ColumnInfo() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "column", "first", "count", "as_type", "spare", "values", "stride", "validity"})
  class ReadOptions extends Structure {
    public int struct_size;
    public int column;
    public long first;
    public long count;
    public int as_type;
    public int spare;
    public Pointer values;
    public long stride;
    public Pointer validity;

    public ReadOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "answer"})
  class RunOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer answer;

    public RunOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "phase_count", "phase", "spare", "fraction", "phase_name"})
  class Progress extends Structure {
    public int struct_size;
    public int phase_count;
    public int phase;
    public int spare;
    public double fraction;
    public Pointer phase_name;

    public Progress() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "path", "text", "size", "schema", "map", "currency", "time_zone", "now_us", "max_rejects", "extra", "memory_limit"})
  class CsvOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer path;
    public Pointer text;
    public long size;
    public Pointer schema;
    public Pointer map;
    public Pointer currency;
    public Pointer time_zone;
    public long now_us;
    public long max_rejects;
    public Pointer extra;
    public long memory_limit;

    public CsvOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "unit", "time_zone", "currency", "as_of_us"})
  class SummarizeOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer unit;
    public Pointer time_zone;
    public Pointer currency;
    public long as_of_us;

    public SummarizeOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "threads", "model", "tolerance", "max_iterations", "flags", "unit", "time_zone", "currency", "as_of_us", "transaction_covariates", "life_covariates", "equal_covariates", "priors", "fixed", "l2_transaction", "l2_life", "periods_per_year", "now_us"})
  class FitOptions extends Structure {
    public int struct_size;
    public int threads;
    public Pointer model;
    public double tolerance;
    public int max_iterations;
    public int flags;
    public Pointer unit;
    public Pointer time_zone;
    public Pointer currency;
    public long as_of_us;
    public Pointer transaction_covariates;
    public Pointer life_covariates;
    public Pointer equal_covariates;
    public Pointer priors;
    public Pointer fixed;
    public double l2_transaction;
    public double l2_life;
    public double periods_per_year;
    public long now_us;

    public FitOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "threads", "horizon", "annual_discount", "margin", "quantities", "flags", "spare", "model", "as_of_us"})
  class ScoreOptions extends Structure {
    public int struct_size;
    public int threads;
    public double horizon;
    public double annual_discount;
    public double margin;
    public Pointer quantities;
    public int flags;
    public int spare;
    public Pointer model;
    public long as_of_us;

    public ScoreOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "purchases", "first_day", "last_day", "spend_days", "spend_minor", "last_day_minor", "first_day_minor", "refund_minor", "litt_days"})
  class History extends Structure {
    public int struct_size;
    public int flags;
    public long purchases;
    public long first_day;
    public long last_day;
    public long spend_days;
    public long spend_minor;
    public long last_day_minor;
    public long first_day_minor;
    public long refund_minor;
    public double litt_days;

    public History() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "score_status", "x", "t_x", "T", "mean_spend", "log_likelihood", "p_alive", "expected_purchases", "no_purchase", "expected_spend", "clv", "clv_p10", "clv_p50", "clv_p90", "clv_mu", "clv_sigma", "clv_skew"})
  class Score extends Structure {
    public int struct_size;
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

    public Score() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "scheme", "options_json"})
  class SegmentOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer scheme;
    public Pointer options_json;

    public SegmentOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "customers", "seed", "start_us", "acquisition_days", "observed_days", "refund_share", "currency"})
  class SimulateOptions extends Structure {
    public int struct_size;
    public int flags;
    public long customers;
    public long seed;
    public long start_us;
    public double acquisition_days;
    public double observed_days;
    public double refund_share;
    public Pointer currency;

    public SimulateOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"name", "batch"})
  class NamedBatch extends Structure {
    public Pointer name;
    public Pointer batch;
  }

  @Structure.FieldOrder({"struct_size", "n_inputs", "report", "options_json", "inputs", "model"})
  class ReportOptions extends Structure {
    public int struct_size;
    public int n_inputs;
    public Pointer report;
    public Pointer options_json;
    public Pointer inputs;
    public Pointer model;

    public ReportOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "config_json", "grant", "seed", "now_us", "abi_cap", "spare"})
  class PluginOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer config_json;
    public Pointer grant;
    public long seed;
    public long now_us;
    public int abi_cap;
    public int spare;

    public PluginOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "budget_minor", "z", "holdout_share", "holdout_salt", "margin", "now_us", "policy_json", "facts", "n_facts", "spare", "previous_hash", "proposals", "model"})
  class DecideOptions extends Structure {
    public int struct_size;
    public int flags;
    public long budget_minor;
    public double z;
    public double holdout_share;
    public Pointer holdout_salt;
    public double margin;
    public long now_us;
    public Pointer policy_json;
    public Pointer facts;
    public int n_facts;
    public int spare;
    public Pointer previous_hash;
    public Pointer proposals;
    public Pointer model;

    public DecideOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "threads", "path", "flags", "spare", "storage", "memory_limit"})
  class EngineOptions extends Structure {
    public int struct_size;
    public int threads;
    public Pointer path;
    public int flags;
    public int spare;
    public Pointer storage;
    public long memory_limit;

    public EngineOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "source", "currency", "now_us"})
  class IngestOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer source;
    public Pointer currency;
    public long now_us;

    public IngestOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "spare", "ctx", "next", "last_error", "release"})
  class Source extends Structure {
    public int struct_size;
    public int spare;
    public Pointer ctx;
    public Pointer next;
    public Pointer last_error;
    public Pointer release;

    public Source() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "table", "first", "count"})
  class TableOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer table;
    public long first;
    public long count;

    public TableOptions() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "table", "source", "currency", "now_us", "key", "sequence", "rows"})
  class KeyedBatch extends Structure {
    public int struct_size;
    public int flags;
    public Pointer table;
    public Pointer source;
    public Pointer currency;
    public long now_us;
    public Pointer key;
    public long sequence;
    public Pointer rows;

    public KeyedBatch() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "key", "body_hash", "bytes", "n_bytes", "now_us", "made"})
  class Answer extends Structure {
    public int struct_size;
    public int flags;
    public Pointer key;
    public Pointer body_hash;
    public Pointer bytes;
    public long n_bytes;
    public long now_us;
    public long made;

    public Answer() {
      struct_size = size();
    }
  }

  @Structure.FieldOrder({"struct_size", "flags", "alias", "model", "etag", "now_us", "max_age_us", "answer"})
  class AliasOptions extends Structure {
    public int struct_size;
    public int flags;
    public Pointer alias;
    public Pointer model;
    public long etag;
    public long now_us;
    public long max_age_us;
    public Pointer answer;

    public AliasOptions() {
      struct_size = size();
    }
  }

  int clv_abi();
  String clv_version();
  String clv_build_info_json();
  String clv_status_name(int status);
  int clv_catalogue(String what, PointerByReference out, Pointer diag);
  Pointer clv_diag_new();
  void clv_diag_free(Pointer diag);
  void clv_diag_clear(Pointer diag);
  long clv_diag_count(Pointer diag);
  int clv_diag_get(Pointer diag, long i, DiagEntry out);
  String clv_diag_text(Pointer diag);
  long clv_result_rows(Pointer result);
  int clv_result_columns(Pointer result);
  int clv_result_find(Pointer result, String name);
  int clv_result_column(Pointer result, int column, ColumnInfo out, Pointer diag);
  int clv_result_read(Pointer result, ReadOptions options, Pointer diag);
  String clv_result_text(Pointer result, int column, long row, LongByReference length);
  double clv_result_number(Pointer result, int column, long row);
  int clv_result_batch(Pointer result, Batch out, Pointer diag);
  String clv_result_fingerprint(Pointer result);
  int clv_result_write_csv(Pointer result, String path, Pointer diag);
  void clv_result_free(Pointer result);
  int clv_job_step(Pointer job, int budget_ms, Pointer diag);
  int clv_job_progress(Pointer job, Progress out, Pointer diag);
  void clv_job_cancel(Pointer job);
  int clv_job_take_result(Pointer job, String name, PointerByReference out, Pointer diag);
  int clv_job_take_model(Pointer job, PointerByReference out, Pointer diag);
  void clv_job_free(Pointer job);
  int clv_csv_begin(CsvOptions options, PointerByReference out, Pointer diag);
  int clv_summarize_begin(SummarizeOptions options, Batch transactions, PointerByReference out, Pointer diag);
  int clv_fit_begin(FitOptions options, Batch summary, PointerByReference out, Pointer diag);
  int clv_score_begin(ScoreOptions options, Pointer model, Batch summary, PointerByReference out, Pointer diag);
  int clv_scorer_new(ScoreOptions options, Pointer model, PointerByReference out, Pointer diag);
  void clv_scorer_free(Pointer scorer);
  int clv_history_add(History history, long day, long amount_minor, Pointer diag);
  int clv_scorer_history(Pointer scorer, History history, long as_of_day, Score out, Pointer diag);
  int clv_scorer_row(Pointer scorer, Score out, Pointer diag);
  int clv_segment_begin(SegmentOptions options, Batch scores, PointerByReference out, Pointer diag);
  int clv_simulate_begin(SimulateOptions options, Pointer model, PointerByReference out, Pointer diag);
  int clv_report_begin(ReportOptions options, PointerByReference out, Pointer diag);
  int clv_model_save(Pointer model, Pointer buffer, long cap, LongByReference needed, Pointer diag);
  int clv_model_load(Pointer json, long size, PointerByReference out, Pointer diag);
  int clv_model_table(Pointer model, PointerByReference out, Pointer diag);
  void clv_model_free(Pointer model);
  int clv_plugins_new(PointerByReference out, Pointer diag);
  int clv_plugins_load(Pointer plugins, PluginOptions options, String absolute_path, Pointer diag);
  int clv_plugin_describe(RunOptions options, String absolute_path, PointerByReference out, Pointer diag);
  int clv_plugins_list(Pointer plugins, PointerByReference out, Pointer diag);
  int clv_plugins_renew(Pointer plugins, long now_us, long seed, Pointer diag);
  int clv_plugins_take_log(Pointer plugins, PointerByReference out, Pointer diag);
  void clv_plugins_free(Pointer plugins);
  int clv_propose_begin(Pointer plugins, RunOptions options, Batch scores, PointerByReference out, Pointer diag);
  int clv_features_begin(Pointer plugins, RunOptions options, Batch scores, PointerByReference out, Pointer diag);
  int clv_plugins_segment_begin(Pointer plugins, RunOptions options, String plugin_id, Batch scores, PointerByReference out, Pointer diag);
  int clv_decide_begin(DecideOptions options, Pointer model, Batch scores, Batch proposals, PointerByReference out, Pointer diag);
  int clv_replay_begin(RunOptions options, Batch decisions, PointerByReference out, Pointer diag);
  int clv_engine_open(EngineOptions options, PointerByReference out, Pointer diag);
  void clv_engine_free(Pointer engine);
  int clv_engine_ingest_begin(Pointer engine, IngestOptions options, Batch transactions, PointerByReference out, Pointer diag);
  int clv_engine_ingest_source_begin(Pointer engine, IngestOptions options, Source source, PointerByReference out, Pointer diag);
  int clv_engine_fit_begin(Pointer engine, SummarizeOptions summarize, FitOptions fit, PointerByReference out, Pointer diag);
  int clv_engine_score_begin(Pointer engine, ScoreOptions options, PointerByReference out, Pointer diag);
  int clv_engine_segment_begin(Pointer engine, SegmentOptions options, PointerByReference out, Pointer diag);
  int clv_engine_plugin_segment_begin(Pointer engine, Pointer plugins, RunOptions options, String plugin_id, PointerByReference out, Pointer diag);
  int clv_engine_features_begin(Pointer engine, Pointer plugins, RunOptions options, PointerByReference out, Pointer diag);
  int clv_engine_propose_begin(Pointer engine, Pointer plugins, RunOptions options, PointerByReference out, Pointer diag);
  int clv_engine_decide_begin(Pointer engine, Pointer plugins, DecideOptions options, PointerByReference out, Pointer diag);
  int clv_engine_record_begin(Pointer engine, IngestOptions options, String table, Batch rows, PointerByReference out, Pointer diag);
  int clv_engine_report_begin(Pointer engine, ReportOptions report, PointerByReference out, Pointer diag);
  int clv_engine_apply_begin(Pointer engine, ReportOptions report, IngestOptions ingest, PointerByReference out, Pointer diag);
  int clv_engine_replay_begin(Pointer engine, RunOptions options, PointerByReference out, Pointer diag);
  int clv_engine_export_begin(Pointer engine, RunOptions options, String customer, PointerByReference out, Pointer diag);
  int clv_engine_forget_begin(Pointer engine, RunOptions options, String customer, PointerByReference out, Pointer diag);
  int clv_engine_read_begin(Pointer engine, TableOptions options, PointerByReference out, Pointer diag);
  int clv_engine_model(Pointer engine, String name, PointerByReference out, Pointer diag);
  int clv_engine_group_begin(Pointer engine, RunOptions options, Pointer batches, int n_batches, PointerByReference out, Pointer diag);
  int clv_engine_sequence(Pointer engine, String key, LongByReference out, Pointer diag);
  int clv_engine_answer(Pointer engine, String key, Answer out, Pointer diag);
  int clv_engine_adopt_begin(Pointer engine, RunOptions options, Pointer done, PointerByReference out, Pointer diag);
  int clv_engine_summarize_begin(Pointer engine, SummarizeOptions options, Pointer customers, int n_customers, PointerByReference out, Pointer diag);
  int clv_engine_add_model(Pointer engine, RunOptions options, Pointer model, long now_us, PointerByReference name, Pointer diag);
  int clv_engine_set_alias(Pointer engine, AliasOptions options, LongByReference etag, Pointer diag);
  int clv_engine_retire_model(Pointer engine, RunOptions options, String model, Pointer diag);
  int clv_engine_backup_begin(Pointer engine, RunOptions options, String path, PointerByReference out, Pointer diag);
  int clv_store_restore_begin(RunOptions options, String backup, String path, PointerByReference out, Pointer diag);
  int clv_store_check_begin(RunOptions options, String path, PointerByReference out, Pointer diag);
  int clv_store_migrate_begin(RunOptions options, String path, String copy, PointerByReference out, Pointer diag);
  int clv_engine_prune_begin(Pointer engine, RunOptions options, String table, long before_us, PointerByReference out, Pointer diag);
  int clv_arrow_import(Pointer stream, PointerByReference out, Pointer diag);
  int clv_arrow_batch(Pointer table, Batch out, Pointer diag);
  void clv_arrow_free(Pointer table);
  int clv_result_export(Pointer result, Pointer out, Pointer diag);
}
