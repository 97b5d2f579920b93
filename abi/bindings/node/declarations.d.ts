// Generated from abi/include by abi/generate; do not edit.
// What each is for, and who owns what: clv.h, or abi/REFERENCE.md.
import type { Model, Rows, Tables } from './index';

export interface Constants {
  readonly CLV_VERSION_MAJOR: 0;
  readonly CLV_VERSION_MINOR: 1;
  readonly CLV_VERSION_PATCH: 0;
  readonly CLV_ABI_MAJOR: 1;
  readonly CLV_ABI_MINOR: 0;
  readonly CLV_OK: 0;
  readonly CLV_MORE: 1;
  readonly CLV_END: 2;
  readonly CLV_E_INVALID: -1;
  readonly CLV_E_UNSUPPORTED: -2;
  readonly CLV_E_ABI: -3;
  readonly CLV_E_NO_MEMORY: -4;
  readonly CLV_E_STATE: -5;
  readonly CLV_E_NOT_FOUND: -6;
  readonly CLV_E_DATA: -7;
  readonly CLV_E_NUMERIC: -8;
  readonly CLV_E_IO: -9;
  readonly CLV_E_BUSY: -10;
  readonly CLV_E_CANCELLED: -11;
  readonly CLV_E_PLUGIN: -12;
  readonly CLV_E_PERMISSION: -13;
  readonly CLV_E_INTERNAL: -14;
  readonly CLV_E_EXISTS: -15;
  readonly CLV_E_CONFLICT: -16;
  readonly CLV_E_LIMIT: -17;
  readonly CLV_E_CORRUPT: -18;
  readonly CLV_E_FULL: -19;
  readonly CLV_LOG_DEBUG: 0;
  readonly CLV_LOG_INFO: 1;
  readonly CLV_LOG_WARN: 2;
  readonly CLV_LOG_ERROR: 3;
  readonly CLV_T_I32: 1;
  readonly CLV_T_I64: 2;
  readonly CLV_T_F64: 3;
  readonly CLV_T_TIME: 4;
  readonly CLV_T_MONEY: 5;
  readonly CLV_T_UTF8: 6;
  readonly CLV_SUMMARIZE_DROP_ZERO: 1;
  readonly CLV_SCORE_PROCESS_ONLY: 1;
  readonly CLV_SCORE_SUMMARIZE: 2;
  readonly CLV_SCORED_OK: 0;
  readonly CLV_SCORED_PRIOR_ONLY: 1;
  readonly CLV_SCORED_INSUFFICIENT: 2;
  readonly CLV_SCORED_NOT_CONVERGED: 3;
  readonly CLV_DECIDE_HAS_BUDGET: 1;
  readonly CLV_DECIDE_NO_HOLDOUT: 2;
  readonly CLV_DECIDE_WHAT_IF: 4;
  readonly CLV_OPEN_READ_ONLY: 1;
  readonly CLV_OPEN_ANY_AGE: 2;
  readonly CLV_BATCH_PARTIAL: 1;
  readonly CLV_BATCH_VALIDATE_ONLY: 2;
  readonly CLV_ANSWER_FORGOTTEN: 1;
  readonly CLV_ALIAS_ROLLBACK: 1;
  readonly CLV_ALIAS_UNCHECKED: 2;
}

export interface RunOptions {
  /** 0 */
  flags?: number;
  /** Of what writes to a store and can be asked for twice (adopt, forget, prune, add_model, retire_model): what to answer a repeat with, kept by the same commit (clv_service.h). Then also EXISTS, where it was answered before, and nothing is done. Elsewhere it must be NULL. */
  answer?: Answer | null;
}

export interface CsvOptions {
  /** 0 */
  flags?: number;
  /** a file; or NULL and */
  path?: string | null;
  /** `size` bytes, copied */
  text?: string | Uint8Array | null;
  /** "transactions" (default), "summary", "scores"; "any": every column, a number where all its values are, else text. */
  schema?: string | null;
  /** Which column of the file is meant: "customer=sample_id,time=date"; "event_id=": none is. A heading with a comma or quotes stands in quotes, as in the file: "amount=\"Total, net\"". */
  map?: string | null;
  /** of amounts without a currency column; default "XXX" */
  currency?: string | null;
  /** IANA zone of times without an offset; default "UTC" */
  time_zone?: string | null;
  /** later times are rejected; 0 = not checked */
  now_us?: number | bigint;
  /** rejected rows allowed; 0 = none, -1 = any number */
  max_rejects?: number | bigint;
  /** further columns to keep, as numbers: "Gender,Channel"; quoted as in map */
  extra?: string | null;
  /** bytes the rows may take; 0 = no limit. Then CLV_E_LIMIT, with the row */
  memory_limit?: number | bigint;
}

export interface SummarizeOptions {
  /** CLV_SUMMARIZE_DROP_ZERO */
  flags?: number;
  /** what ages are counted in: "week" (default) or "day" */
  unit?: string | null;
  /** whose midnight separates purchase days; default "UTC" */
  time_zone?: string | null;
  /** events of other currencies are left out; NULL = there must be just one */
  currency?: string | null;
  /** its day is the last one observed; 0 = the day of the last event */
  as_of_us?: number | bigint;
}

export interface FitOptions {
  /** 0 = 1; the same bits for any number */
  threads?: number;
  /** One or two of clv_catalogue("models"), a purchase and a spend model joined by '+'; default "bg_nbd+gamma_gamma". */
  model?: string | null;
  /** on the gradient per customer; 0 = 1e-9 */
  tolerance?: number;
  /** 0 = 200 */
  max_iterations?: number;
  /** 0 */
  flags?: number;
  /** of the summary's ages: "week" (default), "day"; discrete: "period" */
  unit?: string | null;
  /** kept in the model */
  time_zone?: string | null;
  /** kept in the model */
  currency?: string | null;
  /** kept in the model */
  as_of_us?: number | bigint;
  /** "Gender,Channel": number columns of the summary */
  transaction_covariates?: string | null;
  life_covariates?: string | null;
  /** of both lists: one coefficient for both processes */
  equal_covariates?: string | null;
  /** "r=lognormal:-1:1,a=gamma:2:1": maximum a posteriori */
  priors?: string | null;
  /** "k=2,c=1": held at these values */
  fixed?: string | null;
  /** penalty per customer on coefficients of standardised covariates */
  l2_transaction?: number;
  l2_life?: number;
  /** of a discrete model: turns an annual rate; 0 = not known */
  periods_per_year?: number;
  /** of an engine: kept as the model's created_us; 0 = not known */
  now_us?: number | bigint;
}

export interface ScoreOptions {
  /** 0 = 1; the same bits for any number */
  threads?: number;
  /** model units ahead; 0 = one year */
  horizon?: number;
  /** .10 = ten per cent a year; 0 = none */
  annual_discount?: number;
  /** share of spend that is profit; 0 = 1: value is revenue */
  margin?: number;
  /** "p_alive,expected_purchases,..."; NULL = all the model has; also expected_new, pmf:N, dert:D, survival:S. */
  quantities?: string | null;
  /** CLV_SCORE_PROCESS_ONLY, CLV_SCORE_SUMMARIZE */
  flags?: number;
  /** of an engine: number or alias; NULL = the latest */
  model?: string | null;
  /** Of an engine, with CLV_SCORE_SUMMARIZE: its day is the last one observed; 0 = that of the last event. */
  as_of_us?: number | bigint;
}

export interface History {
  /** 0 */
  flags?: number;
  /** distinct purchase days, the first included; 0 = no purchase yet */
  purchases?: number | bigint;
  /** civil days since 1970-01-01 */
  first_day?: number | bigint;
  /** the newest purchase day */
  last_day?: number | bigint;
  /** repeat days on which money was spent */
  spend_days?: number | bigint;
  /** over those days */
  spend_minor?: number | bigint;
  /** spent on last_day so far */
  last_day_minor?: number | bigint;
  /** spent on first_day */
  first_day_minor?: number | bigint;
  refund_minor?: number | bigint;
  /** sum of ln(interval in days) */
  litt_days?: number;
}

export interface Score {
  /** CLV_SCORED_...: what the value rests on */
  score_status: number;
  /** purchase days after the first, >= 0 */
  x: number;
  /** from the first purchase day to the last, time units */
  t_x: number;
  /** from the first purchase day to the last one observed, >= t_x */
  T: number;
  /** per repeat day on which money was spent, currency; 0 = none */
  mean_spend: number;
  /** of this customer's history */
  log_likelihood: number;
  /** still a customer, in [0, 1] */
  p_alive: number;
  /** purchase days within the horizon */
  expected_purchases: number;
  /** chance of not one within the horizon, in [0, 1] */
  no_purchase: number;
  /** of a purchase day, currency */
  expected_spend: number;
  /** discounted profit within the horizon, currency */
  clv: number;
  /** quantiles of that profit, currency */
  clv_p10: number;
  clv_p50: number;
  clv_p90: number;
  /** mean, standard deviation and skewness of ln(profit), given a purchase */
  clv_mu: number;
  clv_sigma: number;
  clv_skew: number;
}

export interface SegmentOptions {
  /** 0 */
  flags?: number;
  /** "value_tier" (default), "rfm" */
  scheme?: string | null;
  /** the scheme's settings; NULL = its defaults */
  options_json?: string | null;
}

export interface SimulateOptions {
  /** 0 */
  flags?: number;
  /** 0 = 10,000 */
  customers?: number | bigint;
  seed?: number | bigint;
  /** day of the first possible first purchase; 0 = 1970-01-01 */
  start_us?: number | bigint;
  /** first purchases are spread over this; 0 = 91 */
  acquisition_days?: number;
  /** 0 = 273 */
  observed_days?: number;
  /** share of repeat purchases refunded a week later */
  refund_share?: number;
  /** default "EUR" */
  currency?: string | null;
}

export interface ReportOptions {
  /** one of clv_catalogue("reports") */
  report?: string | null;
  /** as "report_options" says; NULL = its defaults */
  options_json?: string | null;
  /** n_inputs of them; copied */
  inputs?: Tables | null;
  /** NULL where the report needs none; of an engine: its own */
  model?: Model | null;
}

export interface PluginOptions {
  /** 0 */
  flags?: number;
  /** handed to create; NULL = "{}" */
  config_json?: string | null;
  /** Columns it may see: "p_alive,clv,attr.region"; "" = none, NULL = all its manifest reads. */
  grant?: string | null;
  /** of the random numbers it gets */
  seed?: number | bigint;
  /** the clock it sees */
  now_us?: number | bigint;
  /** CLV_ABI_PACK: behave to it like a host of this older version; 0 = as is */
  abi_cap?: number;
}

export interface DecideOptions {
  /** CLV_DECIDE_... */
  flags?: number;
  /** expected cash: (p0 + tau) delta + c, summed */
  budget_minor?: number | bigint;
  /** the gate asks for mean - z sd > 0; 0 = 1.0 */
  z?: number;
  /** 0 = .10; CLV_DECIDE_NO_HOLDOUT for none */
  holdout_share?: number;
  /** default "clv" */
  holdout_salt?: string | null;
  /** as in clv_score_options */
  margin?: number;
  /** proposals that expired before are refused; 0 = not checked */
  now_us?: number | bigint;
  /** sdk/POLICY.md; NULL = no rules beyond the above */
  policy_json?: string | null;
  /** "customers", "consent", "contacts", "evidence"; of an engine they take the place of its recorded ones of that name. */
  facts?: Tables | null;
  /** Stateless: chain_hash of the decision before; NULL starts a chain. An engine goes on from its own last decision and takes none. */
  previous_hash?: string | null;
  /** Of an engine: made elsewhere, such as by plugins in processes of their own; they come after those of `plugins`. */
  proposals?: Rows | null;
  /** of an engine: number or alias; NULL = the one that made the scores */
  model?: string | null;
}

export interface EngineOptions {
  /** for its verbs, where their own options say 0; 0 = 1 */
  threads?: number;
  /** NULL = keep everything in memory */
  path?: string | null;
  flags?: number;
  /** clv_storage.h; NULL = SQLite. `path` is what it opens */
  storage?: bigint | null;
  /** Bytes a verb may need beside the store's own cache; 0 = no limit. What it needs is known from its rows before it begins: then CLV_E_LIMIT. */
  memory_limit?: number | bigint;
}

export interface IngestOptions {
  /** 0 */
  flags?: number;
  /** who sends; with event_id it makes ingest idempotent */
  source?: string | null;
  /** of rows without one */
  currency?: string | null;
  /** later events are refused; 0 = not checked */
  now_us?: number | bigint;
}

export interface TableOptions {
  /** 0 */
  flags?: number;
  /** "transactions", "summary", "parameters", "scores", "segments", "proposals", "decisions", "refusals", "budget", "resources", "decision_log", "models", "aliases", "known_customers" or recorded facts; "candidates": what plugins see, scores with segments and the customers' own columns. */
  table?: string | null;
  /** first row, from 0, in the table's own order; beyond the last: no rows */
  first?: number | bigint;
  /** rows at most; 0 = all from `first` */
  count?: number | bigint;
}

export interface KeyedBatch {
  /** CLV_BATCH_PARTIAL, CLV_BATCH_VALIDATE_ONLY */
  flags?: number;
  /** "transactions" (default), or facts as clv_engine_record_begin */
  table?: string | null;
  /** as in clv_ingest_options */
  source?: string | null;
  currency?: string | null;
  now_us?: number | bigint;
  /** who asks, at most 256 bytes; NULL = not keyed */
  key?: string | null;
  /** of a stream; 0 = a request */
  sequence?: number | bigint;
  /** copied */
  rows?: Rows | null;
}

export interface Answer {
  /** CLV_ANSWER_FORGOTTEN; 0 where it is given */
  flags?: number;
  /** of the request, 1 to 256 bytes */
  key?: string | null;
  /** tells another request under the same key; at most 256 bytes */
  body_hash?: string | null;
  /** the answer, as far as it is known beforehand; kept as they are */
  bytes?: string | Uint8Array | null;
  /** when; 0 = not known, then it stays for good */
  now_us?: number | bigint;
  /** From clv_engine_answer, what the commit did: the number of the model that was made or retired, the alias's etag, the rows recorded, deleted; else 0. */
  made?: number | bigint;
}

export interface AliasOptions {
  /** CLV_ALIAS_... */
  flags?: number;
  /** "production"; 1 to 64 letters, digits, '-', '_', beginning with a letter */
  alias?: string | null;
  model?: string | null;
  /** the alias's present one; 0 = it does not exist yet */
  etag?: number | bigint;
  /** kept as set_us; 0 = not known */
  now_us?: number | bigint;
  /** refuses a model whose as_of is older than this before now_us; 0 = any */
  max_age_us?: number | bigint;
  /** NULL = none is kept */
  answer?: Answer | null;
}
