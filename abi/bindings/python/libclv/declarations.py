"""Generated from abi/include by abi/generate; do not edit.

What each is for, and who owns what: clv.h, or abi/REFERENCE.md.
"""
# ruff: noqa: N801
from ctypes import POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint32
from ctypes import c_uint64, c_void_p

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

__all__ = [
    "CLV_VERSION_MAJOR",
    "CLV_VERSION_MINOR",
    "CLV_VERSION_PATCH",
    "CLV_ABI_MAJOR",
    "CLV_ABI_MINOR",
    "CLV_OK",
    "CLV_MORE",
    "CLV_END",
    "CLV_E_INVALID",
    "CLV_E_UNSUPPORTED",
    "CLV_E_ABI",
    "CLV_E_NO_MEMORY",
    "CLV_E_STATE",
    "CLV_E_NOT_FOUND",
    "CLV_E_DATA",
    "CLV_E_NUMERIC",
    "CLV_E_IO",
    "CLV_E_BUSY",
    "CLV_E_CANCELLED",
    "CLV_E_PLUGIN",
    "CLV_E_PERMISSION",
    "CLV_E_INTERNAL",
    "CLV_E_EXISTS",
    "CLV_E_CONFLICT",
    "CLV_E_LIMIT",
    "CLV_E_CORRUPT",
    "CLV_E_FULL",
    "CLV_LOG_DEBUG",
    "CLV_LOG_INFO",
    "CLV_LOG_WARN",
    "CLV_LOG_ERROR",
    "CLV_T_I32",
    "CLV_T_I64",
    "CLV_T_F64",
    "CLV_T_TIME",
    "CLV_T_MONEY",
    "CLV_T_UTF8",
    "CLV_SUMMARIZE_DROP_ZERO",
    "CLV_SCORE_PROCESS_ONLY",
    "CLV_SCORE_SUMMARIZE",
    "CLV_SCORED_OK",
    "CLV_SCORED_PRIOR_ONLY",
    "CLV_SCORED_INSUFFICIENT",
    "CLV_SCORED_NOT_CONVERGED",
    "CLV_DECIDE_HAS_BUDGET",
    "CLV_DECIDE_NO_HOLDOUT",
    "CLV_DECIDE_WHAT_IF",
    "CLV_OPEN_READ_ONLY",
    "CLV_OPEN_ANY_AGE",
    "CLV_BATCH_PARTIAL",
    "CLV_BATCH_VALIDATE_ONLY",
    "CLV_ANSWER_FORGOTTEN",
    "CLV_ALIAS_ROLLBACK",
    "CLV_ALIAS_UNCHECKED",
]


class clv_column(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("data", c_void_p),
        ("validity", POINTER(c_uint8)),
        ("offsets", POINTER(c_int64)),
        ("unit", c_char_p),
        ("stride", c_int64),
        ("type", c_uint32),
        ("spare_word", c_uint32),
        ("spare", c_void_p),
    ]


class clv_batch(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("n_columns", c_uint32),
        ("n_rows", c_int64),
        ("columns", POINTER(clv_column)),
    ]


class clv_diag_entry(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("status", c_int32),
        ("level", c_int32),
        ("spare", c_uint32),
        ("row", c_int64),
        ("column", c_char_p),
        ("message", c_char_p),
        ("hint", c_char_p),
        ("plugin_id", c_char_p),
    ]


class clv_column_info(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("type", c_uint32),
        ("name", c_char_p),
        ("unit", c_char_p),
        ("absent", c_int64),
    ]


class clv_read_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("column", c_int32),
        ("first", c_int64),
        ("count", c_int64),
        ("as_type", c_uint32),
        ("spare", c_uint32),
        ("values", c_void_p),
        ("stride", c_int64),
        ("validity", POINTER(c_uint8)),
    ]


class clv_answer(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("key", c_char_p),
        ("body_hash", c_char_p),
        ("bytes", c_void_p),
        ("n_bytes", c_int64),
        ("now_us", c_int64),
        ("made", c_int64),
    ]


class clv_run_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("answer", POINTER(clv_answer)),
    ]


class clv_progress(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("phase_count", c_uint32),
        ("phase", c_uint32),
        ("spare", c_uint32),
        ("fraction", c_double),
        ("phase_name", c_char_p),
    ]


class clv_csv_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("path", c_char_p),
        ("text", c_void_p),
        ("size", c_int64),
        ("schema", c_char_p),
        ("map", c_char_p),
        ("currency", c_char_p),
        ("time_zone", c_char_p),
        ("now_us", c_int64),
        ("max_rejects", c_int64),
        ("extra", c_char_p),
        ("memory_limit", c_int64),
    ]


class clv_summarize_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("unit", c_char_p),
        ("time_zone", c_char_p),
        ("currency", c_char_p),
        ("as_of_us", c_int64),
    ]


class clv_fit_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("threads", c_uint32),
        ("model", c_char_p),
        ("tolerance", c_double),
        ("max_iterations", c_int32),
        ("flags", c_uint32),
        ("unit", c_char_p),
        ("time_zone", c_char_p),
        ("currency", c_char_p),
        ("as_of_us", c_int64),
        ("transaction_covariates", c_char_p),
        ("life_covariates", c_char_p),
        ("equal_covariates", c_char_p),
        ("priors", c_char_p),
        ("fixed", c_char_p),
        ("l2_transaction", c_double),
        ("l2_life", c_double),
        ("periods_per_year", c_double),
        ("now_us", c_int64),
    ]


class clv_score_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("threads", c_uint32),
        ("horizon", c_double),
        ("annual_discount", c_double),
        ("margin", c_double),
        ("quantities", c_char_p),
        ("flags", c_uint32),
        ("spare", c_uint32),
        ("model", c_char_p),
        ("as_of_us", c_int64),
    ]


class clv_history(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("purchases", c_int64),
        ("first_day", c_int64),
        ("last_day", c_int64),
        ("spend_days", c_int64),
        ("spend_minor", c_int64),
        ("last_day_minor", c_int64),
        ("first_day_minor", c_int64),
        ("refund_minor", c_int64),
        ("litt_days", c_double),
    ]


class clv_score(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("score_status", c_int32),
        ("x", c_double),
        ("t_x", c_double),
        ("T", c_double),
        ("mean_spend", c_double),
        ("log_likelihood", c_double),
        ("p_alive", c_double),
        ("expected_purchases", c_double),
        ("no_purchase", c_double),
        ("expected_spend", c_double),
        ("clv", c_double),
        ("clv_p10", c_double),
        ("clv_p50", c_double),
        ("clv_p90", c_double),
        ("clv_mu", c_double),
        ("clv_sigma", c_double),
        ("clv_skew", c_double),
    ]


class clv_segment_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("scheme", c_char_p),
        ("options_json", c_char_p),
    ]


class clv_simulate_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("customers", c_int64),
        ("seed", c_uint64),
        ("start_us", c_int64),
        ("acquisition_days", c_double),
        ("observed_days", c_double),
        ("refund_share", c_double),
        ("currency", c_char_p),
    ]


class clv_named_batch(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("batch", POINTER(clv_batch)),
    ]


class clv_report_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("n_inputs", c_int32),
        ("report", c_char_p),
        ("options_json", c_char_p),
        ("inputs", POINTER(clv_named_batch)),
        ("model", c_void_p),
    ]


class clv_plugin_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("config_json", c_char_p),
        ("grant", c_char_p),
        ("seed", c_uint64),
        ("now_us", c_int64),
        ("abi_cap", c_uint32),
        ("spare", c_uint32),
    ]


class clv_decide_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("budget_minor", c_int64),
        ("z", c_double),
        ("holdout_share", c_double),
        ("holdout_salt", c_char_p),
        ("margin", c_double),
        ("now_us", c_int64),
        ("policy_json", c_char_p),
        ("facts", POINTER(clv_named_batch)),
        ("n_facts", c_int32),
        ("spare", c_uint32),
        ("previous_hash", c_char_p),
        ("proposals", POINTER(clv_batch)),
        ("model", c_char_p),
    ]


class clv_engine_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("threads", c_uint32),
        ("path", c_char_p),
        ("flags", c_uint32),
        ("spare", c_uint32),
        ("storage", c_void_p),
        ("memory_limit", c_int64),
    ]


class clv_ingest_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("source", c_char_p),
        ("currency", c_char_p),
        ("now_us", c_int64),
    ]


class clv_source(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("spare", c_uint32),
        ("ctx", c_void_p),
        ("next", c_void_p),
        ("last_error", c_void_p),
        ("release", c_void_p),
    ]


class clv_table_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("table", c_char_p),
        ("first", c_int64),
        ("count", c_int64),
    ]


class clv_keyed_batch(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("table", c_char_p),
        ("source", c_char_p),
        ("currency", c_char_p),
        ("now_us", c_int64),
        ("key", c_char_p),
        ("sequence", c_int64),
        ("rows", POINTER(clv_batch)),
    ]


class clv_alias_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("alias", c_char_p),
        ("model", c_char_p),
        ("etag", c_int64),
        ("now_us", c_int64),
        ("max_age_us", c_int64),
        ("answer", POINTER(clv_answer)),
    ]


# name: (result, arguments)
FUNCTIONS = {
    "clv_abi": (c_uint32, ()),
    "clv_version": (c_char_p, ()),
    "clv_build_info_json": (c_char_p, ()),
    "clv_status_name": (c_char_p, (c_int32,)),
    "clv_catalogue": (c_int32, (c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_diag_new": (c_void_p, ()),
    "clv_diag_free": (None, (c_void_p,)),
    "clv_diag_clear": (None, (c_void_p,)),
    "clv_diag_count": (c_int64, (c_void_p,)),
    "clv_diag_get": (c_int32, (c_void_p, c_int64, POINTER(clv_diag_entry),)),
    "clv_diag_text": (c_char_p, (c_void_p,)),
    "clv_result_rows": (c_int64, (c_void_p,)),
    "clv_result_columns": (c_int32, (c_void_p,)),
    "clv_result_find": (c_int32, (c_void_p, c_char_p,)),
    "clv_result_column": (c_int32, (c_void_p, c_int32, POINTER(clv_column_info), c_void_p,)),
    "clv_result_read": (c_int32, (c_void_p, POINTER(clv_read_options), c_void_p,)),
    "clv_result_text": (c_char_p, (c_void_p, c_int32, c_int64, POINTER(c_int64),)),
    "clv_result_number": (c_double, (c_void_p, c_int32, c_int64,)),
    "clv_result_batch": (c_int32, (c_void_p, POINTER(clv_batch), c_void_p,)),
    "clv_result_fingerprint": (c_char_p, (c_void_p,)),
    "clv_result_write_csv": (c_int32, (c_void_p, c_char_p, c_void_p,)),
    "clv_result_free": (None, (c_void_p,)),
    "clv_job_step": (c_int32, (c_void_p, c_uint32, c_void_p,)),
    "clv_job_progress": (c_int32, (c_void_p, POINTER(clv_progress), c_void_p,)),
    "clv_job_cancel": (None, (c_void_p,)),
    "clv_job_take_result": (c_int32, (c_void_p, c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_job_take_model": (c_int32, (c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_job_free": (None, (c_void_p,)),
    "clv_csv_begin": (c_int32, (POINTER(clv_csv_options), POINTER(c_void_p), c_void_p,)),
    "clv_summarize_begin": (c_int32, (POINTER(clv_summarize_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_fit_begin": (c_int32, (POINTER(clv_fit_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_score_begin": (c_int32, (POINTER(clv_score_options), c_void_p, POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_scorer_new": (c_int32, (POINTER(clv_score_options), c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_scorer_free": (None, (c_void_p,)),
    "clv_history_add": (c_int32, (POINTER(clv_history), c_int64, c_int64, c_void_p,)),
    "clv_scorer_history": (c_int32, (c_void_p, POINTER(clv_history), c_int64, POINTER(clv_score), c_void_p,)),
    "clv_scorer_row": (c_int32, (c_void_p, POINTER(clv_score), c_void_p,)),
    "clv_segment_begin": (c_int32, (POINTER(clv_segment_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_simulate_begin": (c_int32, (POINTER(clv_simulate_options), c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_report_begin": (c_int32, (POINTER(clv_report_options), POINTER(c_void_p), c_void_p,)),
    "clv_model_save": (c_int32, (c_void_p, c_void_p, c_int64, POINTER(c_int64), c_void_p,)),
    "clv_model_load": (c_int32, (c_void_p, c_int64, POINTER(c_void_p), c_void_p,)),
    "clv_model_table": (c_int32, (c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_model_free": (None, (c_void_p,)),
    "clv_plugins_new": (c_int32, (POINTER(c_void_p), c_void_p,)),
    "clv_plugins_load": (c_int32, (c_void_p, POINTER(clv_plugin_options), c_char_p, c_void_p,)),
    "clv_plugin_describe": (c_int32, (POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_plugins_list": (c_int32, (c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_plugins_renew": (c_int32, (c_void_p, c_int64, c_uint64, c_void_p,)),
    "clv_plugins_take_log": (c_int32, (c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_plugins_free": (None, (c_void_p,)),
    "clv_propose_begin": (c_int32, (c_void_p, POINTER(clv_run_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_features_begin": (c_int32, (c_void_p, POINTER(clv_run_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_plugins_segment_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_decide_begin": (c_int32, (POINTER(clv_decide_options), c_void_p, POINTER(clv_batch), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_replay_begin": (c_int32, (POINTER(clv_run_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_engine_open": (c_int32, (POINTER(clv_engine_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_free": (None, (c_void_p,)),
    "clv_engine_ingest_begin": (c_int32, (c_void_p, POINTER(clv_ingest_options), POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_engine_ingest_source_begin": (c_int32, (c_void_p, POINTER(clv_ingest_options), POINTER(clv_source), POINTER(c_void_p), c_void_p,)),
    "clv_engine_fit_begin": (c_int32, (c_void_p, POINTER(clv_summarize_options), POINTER(clv_fit_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_score_begin": (c_int32, (c_void_p, POINTER(clv_score_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_segment_begin": (c_int32, (c_void_p, POINTER(clv_segment_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_plugin_segment_begin": (c_int32, (c_void_p, c_void_p, POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_features_begin": (c_int32, (c_void_p, c_void_p, POINTER(clv_run_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_propose_begin": (c_int32, (c_void_p, c_void_p, POINTER(clv_run_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_decide_begin": (c_int32, (c_void_p, c_void_p, POINTER(clv_decide_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_record_begin": (c_int32, (c_void_p, POINTER(clv_ingest_options), c_char_p, POINTER(clv_batch), POINTER(c_void_p), c_void_p,)),
    "clv_engine_report_begin": (c_int32, (c_void_p, POINTER(clv_report_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_apply_begin": (c_int32, (c_void_p, POINTER(clv_report_options), POINTER(clv_ingest_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_replay_begin": (c_int32, (c_void_p, POINTER(clv_run_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_export_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_forget_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_read_begin": (c_int32, (c_void_p, POINTER(clv_table_options), POINTER(c_void_p), c_void_p,)),
    "clv_engine_model": (c_int32, (c_void_p, c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_group_begin": (c_int32, (c_void_p, POINTER(clv_run_options), POINTER(POINTER(clv_keyed_batch)), c_int32, POINTER(c_void_p), c_void_p,)),
    "clv_engine_sequence": (c_int32, (c_void_p, c_char_p, POINTER(c_int64), c_void_p,)),
    "clv_engine_answer": (c_int32, (c_void_p, c_char_p, POINTER(clv_answer), c_void_p,)),
    "clv_engine_adopt_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_summarize_begin": (c_int32, (c_void_p, POINTER(clv_summarize_options), POINTER(c_char_p), c_int32, POINTER(c_void_p), c_void_p,)),
    "clv_engine_add_model": (c_int32, (c_void_p, POINTER(clv_run_options), c_void_p, c_int64, POINTER(c_char_p), c_void_p,)),
    "clv_engine_set_alias": (c_int32, (c_void_p, POINTER(clv_alias_options), POINTER(c_int64), c_void_p,)),
    "clv_engine_retire_model": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, c_void_p,)),
    "clv_engine_backup_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_store_restore_begin": (c_int32, (POINTER(clv_run_options), c_char_p, c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_store_check_begin": (c_int32, (POINTER(clv_run_options), c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_store_migrate_begin": (c_int32, (POINTER(clv_run_options), c_char_p, c_char_p, POINTER(c_void_p), c_void_p,)),
    "clv_engine_prune_begin": (c_int32, (c_void_p, POINTER(clv_run_options), c_char_p, c_int64, POINTER(c_void_p), c_void_p,)),
    "clv_arrow_import": (c_int32, (c_void_p, POINTER(c_void_p), c_void_p,)),
    "clv_arrow_batch": (c_int32, (c_void_p, POINTER(clv_batch), c_void_p,)),
    "clv_arrow_free": (None, (c_void_p,)),
    "clv_result_export": (c_int32, (c_void_p, c_void_p, c_void_p,)),
}
