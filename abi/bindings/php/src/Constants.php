<?php
// Generated from abi/include by abi/generate; do not edit.
// What each is for: clv.h, or abi/REFERENCE.md.
declare(strict_types=1);

namespace Clv;

final class Constants
{
    public const CLV_VERSION_MAJOR = 0;
    public const CLV_VERSION_MINOR = 1;
    public const CLV_VERSION_PATCH = 0;
    public const CLV_ABI_MAJOR = 1;
    public const CLV_ABI_MINOR = 0;
    public const CLV_OK = 0;
    public const CLV_MORE = 1;
    public const CLV_END = 2;
    public const CLV_E_INVALID = -1;
    public const CLV_E_UNSUPPORTED = -2;
    public const CLV_E_ABI = -3;
    public const CLV_E_NO_MEMORY = -4;
    public const CLV_E_STATE = -5;
    public const CLV_E_NOT_FOUND = -6;
    public const CLV_E_DATA = -7;
    public const CLV_E_NUMERIC = -8;
    public const CLV_E_IO = -9;
    public const CLV_E_BUSY = -10;
    public const CLV_E_CANCELLED = -11;
    public const CLV_E_PLUGIN = -12;
    public const CLV_E_PERMISSION = -13;
    public const CLV_E_INTERNAL = -14;
    public const CLV_E_EXISTS = -15;
    public const CLV_E_CONFLICT = -16;
    public const CLV_E_LIMIT = -17;
    public const CLV_E_CORRUPT = -18;
    public const CLV_E_FULL = -19;
    public const CLV_LOG_DEBUG = 0;
    public const CLV_LOG_INFO = 1;
    public const CLV_LOG_WARN = 2;
    public const CLV_LOG_ERROR = 3;
    public const CLV_T_I32 = 1;
    public const CLV_T_I64 = 2;
    public const CLV_T_F64 = 3;
    public const CLV_T_TIME = 4;
    public const CLV_T_MONEY = 5;
    public const CLV_T_UTF8 = 6;
    public const CLV_SUMMARIZE_DROP_ZERO = 1;
    public const CLV_SCORE_PROCESS_ONLY = 1;
    public const CLV_SCORE_SUMMARIZE = 2;
    public const CLV_SCORED_OK = 0;
    public const CLV_SCORED_PRIOR_ONLY = 1;
    public const CLV_SCORED_INSUFFICIENT = 2;
    public const CLV_SCORED_NOT_CONVERGED = 3;
    public const CLV_DECIDE_HAS_BUDGET = 1;
    public const CLV_DECIDE_NO_HOLDOUT = 2;
    public const CLV_DECIDE_WHAT_IF = 4;
    public const CLV_OPEN_READ_ONLY = 1;
    public const CLV_OPEN_ANY_AGE = 2;
    public const CLV_BATCH_PARTIAL = 1;
    public const CLV_BATCH_VALIDATE_ONLY = 2;
    public const CLV_ANSWER_FORGOTTEN = 1;
    public const CLV_ALIAS_ROLLBACK = 1;
    public const CLV_ALIAS_UNCHECKED = 2;
}
