/* clv.h - embed libclv: load transactions, fit a customer-value model, score and segment customers,
 * ask plugins for retention actions and decide which of them pay.
 *
 *   clv_engine_open
 *     -> clv_csv_begin or your own columns -> clv_engine_ingest_begin
 *     -> clv_engine_fit_begin -> clv_engine_score_begin -> clv_engine_segment_begin
 *     -> clv_plugins_load -> clv_engine_decide_begin
 *   and after each ..._begin:  clv_job_step until it does not say CLV_MORE -> clv_job_take_result
 *     -> clv_result_read ... -> clv_result_free, clv_job_free
 * Hosts with a data engine of their own use the same verbs without an engine: columns in, columns
 * out.
 *
 * Rules that hold everywhere
 *  1. Handles are opaque. clv_x_free(NULL) does nothing. Nothing returned by libclv is ever passed
 *     to free().
 *  2. Strings in: UTF-8, NUL-terminated, copied; NULL means "". Strings out: borrowed, valid until
 *     the handle they came from is freed. Columns in are copied before the call returns.
 *  3. A pointer to options may be NULL: all defaults (clv_csv_begin needs a path or a text).
 *  4. A call that can fail returns a clv_status and takes a clv_diag that may be NULL. It receives
 *     what went wrong; no thread-local "last error" exists. On failure every out-parameter is left
 *     alone. Sentences count rows from 1 as people do; the field `row` counts from 0.
 *  5. No callback is ever needed. Long work is a job that the caller steps on its own thread.
 *  6. libclv starts no thread unless asked (`threads`), reads no environment variable, sets no
 *     signal handler, uses no locale, and opens no file but the paths it is given and the system's
 *     time zone files. It is safe after fork() as long as no handle crosses the fork.
 *  7. The same input, options and version give the same bytes out, for every thread count.
 *  8. Do not cancel a thread (pthread_cancel) inside libclv: use clv_job_cancel.
 * Thread marks: [any] any thread, concurrently; [one] one thread at a time per handle (a second one
 * gets CLV_E_BUSY, not a race). */
#ifndef CLV_H
#define CLV_H
#include "clv_base.h"
CLV_BEGIN_C

typedef struct clv_diag clv_diag;     /* what went wrong, row by row                              */
typedef struct clv_result clv_result; /* an immutable table of columns, [any]                     */
typedef struct clv_model clv_model;   /* fitted, immutable, shareable, [any]                      */
typedef struct clv_job clv_job;       /* one long operation, stepped                              */
typedef struct clv_engine clv_engine; /* a store and the verbs on it                              */
typedef struct clv_plugins clv_plugins; /* loaded plugins */

/* ---- Library -------------------------------------------------------------------------------- */
/* CLV_ABI_PACK of this library: check the major before anything else. [any] */
CLV_API uint32_t CLV_CALL clv_abi(void) CLV_NOEXCEPT;
/* "0.1.0". [any] */
CLV_API const char* CLV_CALL clv_version(void) CLV_NOEXCEPT;
/* {"version", "abi", "compiler", "sqlite"}: for bug reports. [any] */
CLV_API const char* CLV_CALL clv_build_info_json(void) CLV_NOEXCEPT;
/* "CLV_E_DATA" for -7; "unknown" for others. [any] */
CLV_API const char* CLV_CALL clv_status_name(clv_status status) CLV_NOEXCEPT;
/* What can be asked for by name. "models": name, kind, parameters, source; "segmentations": name,
 * summary; "schemas": schema, column, type, required, unit, aliases; "reports": name, summary,
 * needs_model; "report_inputs": report, table, schema, columns, required; "report_options": report,
 * option, fallback, meaning; "report_outputs": report, table, columns, records. Fails: NOT_FOUND.
 * [any] */
CLV_API clv_status CLV_CALL clv_catalogue(const char* what,
                                          clv_result** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

/* ---- Diagnostics ---------------------------------------------------------------------------- */
typedef struct clv_diag_entry {
  uint32_t struct_size;
  clv_status status;
  clv_log_level level;
  uint32_t spare;
  int64_t row;         /* data row from 0; -1 = not about a row                                  */
  const char* column;  /* NULL = not about a column                                              */
  const char* message; /* a sentence with row, column and value in it                            */
  const char* hint;    /* what to do about it, or NULL                                           */
  const char* plugin_id; /* NULL = libclv itself */
} clv_diag_entry;
/* NULL only when memory is out. A call that takes a diag appends to it; clear it in between. [any]
 */
CLV_API clv_diag* CLV_CALL clv_diag_new(void) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_diag_free(clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_diag_clear(clv_diag* diag) CLV_NOEXCEPT;          /* [one] */
CLV_API int64_t CLV_CALL clv_diag_count(const clv_diag* diag) CLV_NOEXCEPT; /* 0 for NULL; [one] */
/* Entry i; set out->struct_size before. Fails: INVALID (i out of range). [one] */
CLV_API clv_status CLV_CALL clv_diag_get(const clv_diag* diag,
                                         int64_t i,
                                         clv_diag_entry* out) CLV_NOEXCEPT;
/* The last error's message, or "". Valid until the diag is used again. [one] */
CLV_API const char* CLV_CALL clv_diag_text(const clv_diag* diag) CLV_NOEXCEPT;

/* ---- Results: every answer is a table ------------------------------------------------------- */
typedef struct clv_column_info {
  uint32_t struct_size;
  clv_type type;
  const char* name;
  const char* unit; /* currency, "day", "week", or "" */
  int64_t absent; /* rows without a value                                                         */
} clv_column_info;
typedef struct clv_read {
  uint32_t struct_size;
  int32_t column;
  int64_t first; /* first row */
  int64_t count; /* rows; 0 = all from `first` */
  clv_type as; /* CLV_T_F64, _I64, _TIME, _MONEY (must be exact); 0 = the column's own            */
  uint32_t spare;
  void* out;      /* count items                                                                 */
  int64_t stride; /* bytes from one item to the next; 0 = packed                                 */
  uint8_t* validity; /* (count + 7) / 8 bytes, or NULL: then absent values read as NaN or 0 */
} clv_read;
CLV_API int64_t CLV_CALL clv_result_rows(const clv_result* result) CLV_NOEXCEPT;    /* [any] */
CLV_API int32_t CLV_CALL clv_result_columns(const clv_result* result) CLV_NOEXCEPT; /* [any] */
/* Number of the column of that name, or -1. [any] */
CLV_API int32_t CLV_CALL clv_result_find(const clv_result* result, const char* name) CLV_NOEXCEPT;
CLV_API clv_status CLV_CALL clv_result_column(const clv_result* result,
                                              int32_t column,
                                              clv_column_info* out,
                                              clv_diag* diag) CLV_NOEXCEPT;
/* Copies rows of a number, time or money column into the caller's array. Fails: INVALID (range,
 * text column), UNSUPPORTED (a conversion that would lose something). [any] */
CLV_API clv_status CLV_CALL clv_result_read(const clv_result* result,
                                            const clv_read* what,
                                            clv_diag* diag) CLV_NOEXCEPT;
/* Text of one row, NUL-terminated, with its length in bytes; NULL when absent or not a text column.
 * Valid until the result is freed. [any] */
CLV_API const char* CLV_CALL clv_result_text(const clv_result* result,
                                             int32_t column,
                                             int64_t row,
                                             int64_t* length) CLV_NOEXCEPT;
/* One number: NaN when absent, out of range or not a number. For small tables and scripts. [any] */
CLV_API double CLV_CALL clv_result_number(const clv_result* result,
                                          int32_t column,
                                          int64_t row) CLV_NOEXCEPT;
/* The whole table as a batch for the next verb; borrows, valid until the result is freed. [any] */
CLV_API clv_status CLV_CALL clv_result_batch(const clv_result* result, clv_batch* out) CLV_NOEXCEPT;
/* 32 hex digits over input, options and version: equal fingerprints mean equal tables. [any] */
CLV_API const char* CLV_CALL clv_result_fingerprint(const clv_result* result) CLV_NOEXCEPT;
/* RFC 4180, 17 significant digits where needed; path "-" is standard output. Fails: IO. [any] */
CLV_API clv_status CLV_CALL clv_result_write_csv(const clv_result* result,
                                                 const char* path,
                                                 clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_result_free(clv_result* result) CLV_NOEXCEPT;

/* ---- Jobs -------------------------------------------------------------------------------------
 * A job owns what it needs and shares its engine and plugins: freed before it, they end with it. */
typedef struct clv_progress {
  uint32_t struct_size;
  uint32_t phase_count;
  uint32_t phase; /* from 0 */
  uint32_t spare;
  double fraction; /* of the whole, 0..1, never goes back */
  const char* phase_name;
} clv_progress;
/* Works for about budget_ms (0 = to the end) on the calling thread: CLV_MORE, or CLV_OK when done.
 * After a failure the job can only be asked for "rejects" and freed. [one] */
CLV_API clv_status CLV_CALL clv_job_step(clv_job* job,
                                         uint32_t budget_ms,
                                         clv_diag* diag) CLV_NOEXCEPT;
CLV_API clv_status CLV_CALL clv_job_progress(const clv_job* job,
                                             clv_progress* out) CLV_NOEXCEPT; /* [one] */
/* The next step, also one that is running, ends with CLV_E_CANCELLED. [any] */
CLV_API void CLV_CALL clv_job_cancel(clv_job* job) CLV_NOEXCEPT;
/* A table of a finished job: NULL or "" is the main one, others as each verb says. The caller frees
 * it. Fails: STATE (not finished), NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_job_take_result(clv_job* job,
                                                const char* name,
                                                clv_result** out,
                                                clv_diag* diag) CLV_NOEXCEPT;
/* The model of a finished fit. The caller frees it. Fails: STATE, NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_job_take_model(clv_job* job,
                                               clv_model** out,
                                               clv_diag* diag) CLV_NOEXCEPT;
/* Abandons it if it has not finished: an engine's file is then as it was before. [one], for its
 * engine too: an unfinished job rolls back on that engine. */
CLV_API void CLV_CALL clv_job_free(clv_job* job) CLV_NOEXCEPT;

/* ---- Reading CSV ---------------------------------------------------------------------------- */
typedef struct clv_csv_options {
  uint32_t struct_size;
  uint32_t flags;   /* 0                                                                        */
  const char* path; /* a file; or NULL and                                                      */
  const void* text; /* `size` bytes, copied                                                     */
  int64_t size;
  const char* schema; /* "transactions" (default), "summary", "scores"; "any": every column, a    */
                      /* number where all its values are, else text                               */
  const char* map;    /* "customer=sample_id,time=date"; "event_id=" = the file has none          */
  const char* currency;  /* of amounts without a currency column; default "XXX"  */
  const char* time_zone; /* IANA zone of times without an offset; default "UTC" */
  int64_t now_us; /* later times are rejected; 0 = not checked                                */
  int64_t max_rejects; /* rejected rows allowed; 0 = none, -1 = any number */
  const char* extra; /* further columns to keep, as numbers: "Gender,Channel"                     */
} clv_csv_options;
/* Main table: the accepted rows. "rejects": row (from 1), line, column, value, reason; it is there
 * also after the failure CLV_E_DATA. [any] */
CLV_API clv_status CLV_CALL clv_csv_begin(const clv_csv_options* options,
                                          clv_job** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

/* ---- Stateless verbs: the caller's columns in, tables out -------------------------------------
 * Batches carry the dictionary's columns; a column the verb does not know is ignored. [any] */
typedef struct clv_summarize_options {
  uint32_t struct_size;
  uint32_t flags;   /* CLV_DROP_ZERO_VALUE                                                      */
  const char* unit; /* what ages are counted in: "week" (default) or "day"                      */
  const char* time_zone; /* whose midnight separates purchase days; default "UTC" */
  const char* currency; /* events of other currencies are left out; NULL = there must be just one */
  int64_t as_of_us; /* its day is the last one observed; 0 = the day of the last event          */
} clv_summarize_options;
enum { CLV_DROP_ZERO_VALUE = 1 };
/* transactions -> summary, one row per customer, ordered by customer. */
CLV_API clv_status CLV_CALL clv_summarize_begin(const clv_summarize_options* options,
                                                const clv_batch* transactions,
                                                clv_job** out,
                                                clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_fit_options {
  uint32_t struct_size;
  uint32_t threads;  /* 0 = 1; the same bits for any number                                    */
  const char* model; /* one or two of clv_catalogue("models"), a purchase and a spend model      */
                     /* joined by '+'; default "bg_nbd+gamma_gamma"                              */
  double tolerance;  /* on the gradient per customer; 0 = 1e-9                                 */
  int32_t max_iterations; /* 0 = 200 */
  uint32_t flags;   /* 0                                                                      */
  const char* unit; /* of the summary's ages: "week" (default), "day", "period" (discrete)    */
  const char* time_zone; /* kept in the model */
  const char* currency; /* kept in the model                                                      */
  int64_t as_of_us;     /* kept in the model                                                      */
  const char* transaction_covariates; /* "Gender,Channel": number columns of the summary          */
  const char* life_covariates;
  const char* equal_covariates; /* of both lists: one coefficient for both processes              */
  const char* priors;           /* "r=lognormal:-1:1,a=gamma:2:1": maximum a posteriori           */
  const char* fixed;            /* "k=2,c=1": held at these values                                */
  double l2_transaction; /* penalty per customer on coefficients of standardised covariates       */
  double l2_life;
  double periods_per_year; /* of a discrete model: turns an annual rate; 0 = not known            */
  int64_t now_us; /* of an engine: kept as the model's created_us; 0 = not known                  */
} clv_fit_options;
/* summary (x, t_x, T or n; mean_spend, litt and weight where present; covariates) -> a model; main
 * table: clv_model_table. */
CLV_API clv_status CLV_CALL clv_fit_begin(const clv_fit_options* options,
                                          const clv_batch* summary,
                                          clv_job** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_score_options {
  uint32_t struct_size;
  uint32_t threads;
  double horizon; /* model units ahead; 0 = one year                                         */
  double annual_discount; /* .10 = ten per cent a year; 0 = none */
  double margin; /* share of spend that is profit; 0 = 1: value is revenue                  */
  const char* quantities; /* "p_alive,expected_purchases,..."; NULL = all the model has; also     */
                          /* expected_new, pmf:N, dert:D, survival:S                              */
  uint32_t flags; /* CLV_PROCESS_ONLY, CLV_SUMMARISE                                              */
  uint32_t spare;
  const char* model; /* of an engine: number or alias (clv_store.h); NULL = the latest            */
  int64_t as_of_us;  /* of an engine, with CLV_SUMMARISE: its day is the last observed; 0 = the   */
                     /* day of the last event                                                     */
} clv_score_options;
enum {
  CLV_PROCESS_ONLY = 1, /* intervals without the uncertainty of the estimates                     */
  CLV_SUMMARISE = 2 /* of an engine: the log is summarised anew, in the model's unit and zone; */
                    /* else the stored summary is scored: of the last fit, or of this flag    */
};
/* model + summary -> scores, row for row. A row's score does not depend on the other rows. */
CLV_API clv_status CLV_CALL clv_score_begin(const clv_score_options* options,
                                            const clv_model* model,
                                            const clv_batch* summary,
                                            clv_job** out,
                                            clv_diag* diag) CLV_NOEXCEPT;

/* A prepared model: scores one customer at once, without a job. [any] Immutable. */
typedef struct clv_scorer clv_scorer;
/* Takes options as clv_score_begin does; quantities are ignored. */
CLV_API clv_status CLV_CALL clv_scorer_new(const clv_score_options* options,
                                           const clv_model* model,
                                           clv_scorer** out,
                                           clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_scorer_free(clv_scorer* scorer) CLV_NOEXCEPT;
/* One customer's history, which a host can keep in its own row and carry on event by event. Zero
 * it, then clv_state_add; all that a score needs, no log. */
typedef struct clv_state {
  uint32_t struct_size;
  uint32_t flags;      /* 0                                                                       */
  int64_t purchases;   /* distinct purchase days, the first included; 0 = no purchase yet         */
  int64_t first_day;   /* civil days since 1970-01-01                                             */
  int64_t last_day;    /* the newest purchase day                                                 */
  int64_t spend_days;  /* repeat days on which money was spent                                    */
  int64_t spend_minor; /* over those days                                                         */
  int64_t last_day_minor; /* spent on last_day so far                                             */
  int64_t first_day_minor; /* spent on first_day                                                  */
  int64_t refund_minor;
  double litt_days; /* sum of ln(interval in days)                                                */
} clv_state;
/* Takes one event into the state, in constant time: a purchase on civil day `day` (amount >= 0) or
 * a refund (amount < 0). Events come in the order of their days. Fails: INVALID (a day before
 * last_day: build the state again from the log), LIMIT (a sum beyond 2^53). [any] */
CLV_API clv_status CLV_CALL clv_state_add(clv_state* state,
                                          int64_t day,
                                          int64_t amount_minor,
                                          clv_diag* diag) CLV_NOEXCEPT;
typedef struct clv_score {
  uint32_t struct_size;
  int32_t clv_status; /* 0 OK, 1 PRIOR_ONLY, 2 INSUFFICIENT, 3 NOT_CONVERGED                      */
  double x, t_x, T, mean_spend;
  double log_likelihood, p_alive, expected_purchases, no_purchase;
  double expected_spend, clv, clv_p10, clv_p50, clv_p90, clv_mu, clv_sigma; /* NaN when absent    */
  double clv_skew;
} clv_score;
/* The score of a state on `as_of_day` (the last day observed): the same doubles as clv_score_begin
 * gives for that customer. Fails: INVALID (no purchase, as_of before last_day). [any] */
CLV_API clv_status CLV_CALL clv_scorer_state(const clv_scorer* scorer,
                                             const clv_state* state,
                                             int64_t as_of_day,
                                             clv_score* out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* The same from out->x, t_x, T and mean_spend as they stand. [any] */
CLV_API clv_status CLV_CALL clv_scorer_row(const clv_scorer* scorer,
                                           clv_score* out,
                                           clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_segment_options {
  uint32_t struct_size;
  uint32_t flags;     /* 0                                                                     */
  const char* scheme; /* "value_tier" (default), "rfm"                                         */
  const char* options_json; /* the scheme's settings; NULL = its defaults */
} clv_segment_options;
/* scores -> segments, row for row; "profile": one row per segment. */
CLV_API clv_status CLV_CALL clv_segment_begin(const clv_segment_options* options,
                                              const clv_batch* scores,
                                              clv_job** out,
                                              clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_simulate_options {
  uint32_t struct_size;
  uint32_t flags; /* 0 */
  int64_t customers;
  uint64_t seed;
  int64_t start_us; /* day of the first possible first purchase; 0 = 1970-01-01               */
  double acquisition_days; /* first purchases are spread over this; 0 = 91 */
  double observed_days; /* 0 = 273                                                                */
  double refund_share;  /* share of repeat purchases refunded a week later                        */
  const char* currency; /* default "EUR"                                                          */
} clv_simulate_options;
/* model with purchase and spend part -> transactions of simulated customers; "truth". */
CLV_API clv_status CLV_CALL clv_simulate_begin(const clv_simulate_options* options,
                                               const clv_model* model,
                                               clv_job** out,
                                               clv_diag* diag) CLV_NOEXCEPT;

/* Answers that are tables but no stage of the pipeline: clv_catalogue("reports") lists them (value
 * by formula, backtest, tracking, drivers of churn, migration, ...). */
typedef struct clv_named_batch {
  const char* name; /* as clv_catalogue("report_inputs") says                                     */
  const clv_batch* batch;
} clv_named_batch; /* frozen: never grows */
/* `model` may be NULL where the report needs none. Fails: NOT_FOUND (report), INVALID (a table or
 * option it does not take, or lacks). [any] */
CLV_API clv_status CLV_CALL clv_report_begin(const char* report,
                                             const char* options_json,
                                             const clv_model* model,
                                             const clv_named_batch* inputs,
                                             int32_t n_inputs,
                                             clv_job** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

/* ---- Models --------------------------------------------------------------------------------- */
/* Writes up to cap bytes of JSON; *needed always gets the full size. CLV_E_LIMIT when cap is too
 * small (nothing is written then). [any] */
CLV_API clv_status CLV_CALL clv_model_save(const clv_model* model,
                                           void* buffer,
                                           int64_t cap,
                                           int64_t* needed,
                                           clv_diag* diag) CLV_NOEXCEPT;
/* Also the way to given parameters: {"format":"clv.model/1","unit":"week",
 * "purchase":{"model":"bg_nbd","parameters":{"r":0.25,...}}}. Fails: INVALID, with the JSON path.
 * [any] */
CLV_API clv_status CLV_CALL clv_model_load(const void* json,
                                           int64_t size,
                                           clv_model** out,
                                           clv_diag* diag) CLV_NOEXCEPT;
/* model, parameter, value, standard_error, lower, upper (95 %), log_likelihood, aic, bic, status,
 * reason, gradient_norm, condition, iterations, customers, tuples: one row per parameter and
 * covariate coefficient ("transaction.Gender"). [any] */
CLV_API clv_status CLV_CALL clv_model_table(const clv_model* model,
                                            clv_result** out,
                                            clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_model_free(clv_model* model) CLV_NOEXCEPT;

/* ---- Plugins -------------------------------------------------------------------------------- */
typedef struct clv_plugin_options {
  uint32_t struct_size;
  uint32_t flags; /* 0                                                                      */
  const char* config_json; /* handed to create; NULL = "{}" */
  const char* grant; /* comma list of score columns it may see; NULL = all its manifest reads  */
  uint64_t seed;     /* of the random numbers it gets                                          */
  int64_t now_us;    /* the clock it sees                                                      */
} clv_plugin_options;
CLV_API clv_status CLV_CALL clv_plugins_new(clv_plugins** out, clv_diag* diag) CLV_NOEXCEPT;
/* Loads one file and makes an instance. Fails: INVALID (relative path, no such symbol, bad manifest
 * or configuration), IO, ABI (the text names both versions and the remedy), EXISTS (same id twice),
 * PERMISSION (reads a column that is not granted), PLUGIN (create failed). [one] */
CLV_API clv_status CLV_CALL clv_plugins_load(clv_plugins* plugins,
                                             const char* absolute_path,
                                             const clv_plugin_options* options,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* id, name, version, vendor, licence, summary, reads, actions, path. [one] */
CLV_API clv_status CLV_CALL clv_plugins_list(const clv_plugins* plugins,
                                             clv_result** out,
                                             clv_diag* diag) CLV_NOEXCEPT;
/* Makes the instances anew, with another clock and seed: a further run without loading again. On
 * failure the set is empty. Fails: CONFLICT (a job uses them), PLUGIN. [one] */
CLV_API clv_status CLV_CALL clv_plugins_renew(clv_plugins* plugins,
                                              int64_t now_us,
                                              uint64_t seed,
                                              clv_diag* diag) CLV_NOEXCEPT;
/* Destroys the instances; the libraries stay mapped. */
CLV_API void CLV_CALL clv_plugins_free(clv_plugins* plugins) CLV_NOEXCEPT;

/* scores -> proposals of all loaded plugins. A plugin that fails is named in the job's diagnostics
 * and the others go on. [one] */
CLV_API clv_status CLV_CALL clv_propose_begin(clv_plugins* plugins,
                                              const clv_batch* scores,
                                              clv_job** out,
                                              clv_diag* diag) CLV_NOEXCEPT;

enum {
  CLV_HAS_BUDGET = 1,
  CLV_NO_HOLDOUT = 2,
  CLV_WHAT_IF = 4 /* of an engine: decide, and write nothing */
};
typedef struct clv_decide_options {
  uint32_t struct_size;
  uint32_t flags;       /* CLV_HAS_BUDGET: budget_minor is a limit (0 = spend nothing)           */
  int64_t budget_minor; /* expected cash: (p0 + tau) delta + c, summed                           */
  double z;             /* the gate asks for mean - z sd > 0; 0 = 1.0                            */
  double holdout_share; /* 0 = .10; CLV_NO_HOLDOUT for none                                      */
  const char* holdout_salt; /* default "clv" */
  double margin;  /* as in clv_score_options                                               */
  int64_t now_us; /* proposals that expired before are refused; 0 = not checked            */
  const char* policy_json;      /* sdk/POLICY.md; NULL = no rules beyond the above               */
  const clv_named_batch* facts; /* "customers", "consent", "contacts", "evidence"; an engine has
                                 * its recorded ones                                             */
  int32_t n_facts;
  uint32_t spare;
  const char* previous_hash; /* stateless: chain_hash of the decision before; NULL starts a chain */
  const clv_batch* proposals; /* of an engine: made elsewhere, such as by plugins in processes of */
  /* their own; they come after those of `plugins`                     */
  const char* model; /* of an engine: number or alias; NULL = the one that made the scores */
} clv_decide_options;
/* model + scores + proposals -> decisions, one row per customer of `scores`: the action chosen, or
 * the reason code why none. "refusals": each proposal not chosen, why; "budget": spent, expected
 * profit, bound, shadow price. */
CLV_API clv_status CLV_CALL clv_decide_begin(const clv_decide_options* options,
                                             const clv_model* model,
                                             const clv_batch* scores,
                                             const clv_batch* proposals,
                                             clv_job** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

/* Receipts computed again from what they say themselves, and the chain of hashes checked:
 * `decisions` has receipt, prev_hash, chain_hash. Main table: decision_id, customer, matches,
 * difference. [any] */
CLV_API clv_status CLV_CALL clv_replay_begin(const clv_batch* decisions,
                                             clv_job** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

/* ---- Engine: the same verbs on one SQLite file ---------------------------------------------- */
typedef struct clv_engine_options {
  uint32_t struct_size;
  uint32_t threads; /* for its verbs, where their own options say 0 */
  const char* path; /* NULL = keep everything in memory */
  uint32_t flags; /* CLV_READ_ONLY, CLV_ANY_AGE                                                   */
  uint32_t spare;
  const struct clv_storage* storage; /* clv_storage.h; NULL = SQLite. `path` is what it opens     */
} clv_engine_options;
enum {
  CLV_READ_ONLY = 1, /* verbs compute and store nothing: clv_engine_adopt_begin                   */
  CLV_ANY_AGE = 2 /* verbs take the latest tables of the stage before, although newer input came */
  /* since; without it that is CLV_E_STATE                                         */
};
/* Creates the file when absent, migrates an older one. Fails: IO, BUSY (another writer), STATE
 * (written by a newer version), CORRUPT (damaged or another program's file; it is not touched).
 * [any] */
CLV_API clv_status CLV_CALL clv_engine_open(const clv_engine_options* options,
                                            clv_engine** out,
                                            clv_diag* diag) CLV_NOEXCEPT;
/* While a job of it is alive its file stays open and locked: free the jobs first. [one] */
CLV_API void CLV_CALL clv_engine_free(clv_engine* engine) CLV_NOEXCEPT;

typedef struct clv_ingest_options {
  uint32_t struct_size;
  uint32_t flags; /* 0                                                                         */
  const char* source;   /* who sends; with event_id it makes ingest idempotent   */
  const char* currency; /* of rows without one */
  int64_t now_us; /* later events are refused; 0 = not checked                                 */
} clv_ingest_options;
/* All rows are taken, or none. Main table: accepted, duplicates. The same (source, event_id) with
 * other content fails with CLV_E_DATA. The engine runs one job at a time: a second ..._begin gets
 * CLV_E_CONFLICT. [one] */
CLV_API clv_status CLV_CALL clv_engine_ingest_begin(clv_engine* engine,
                                                    const clv_ingest_options* options,
                                                    const clv_batch* transactions,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Summarises the log, fits, stores both. Unit, zone, currency and as_of of fit_options are taken
 * from `summarize`. [one] */
CLV_API clv_status CLV_CALL clv_engine_fit_begin(clv_engine* engine,
                                                 const clv_summarize_options* summarize,
                                                 const clv_fit_options* fit,
                                                 clv_job** out,
                                                 clv_diag* diag) CLV_NOEXCEPT;
/* Latest model on the stored summary; stores the scores. Fails: STATE before a fit. [one] */
CLV_API clv_status CLV_CALL clv_engine_score_begin(clv_engine* engine,
                                                   const clv_score_options* options,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;
CLV_API clv_status CLV_CALL clv_engine_segment_begin(clv_engine* engine,
                                                     const clv_segment_options* options,
                                                     clv_job** out,
                                                     clv_diag* diag) CLV_NOEXCEPT; /* [one] */
CLV_API clv_status CLV_CALL clv_engine_propose_begin(clv_engine* engine,
                                                     clv_plugins* plugins,
                                                     clv_job** out,
                                                     clv_diag* diag) CLV_NOEXCEPT; /* [one] */
/* Proposes, decides, stores one receipt per customer and adds it to "decision_log". [one] */
CLV_API clv_status CLV_CALL clv_engine_decide_begin(clv_engine* engine,
                                                    clv_plugins* plugins,
                                                    const clv_decide_options* options,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Appends facts: rows of schema `table` ("customers", "consent", "contacts", "outcomes",
 * "evidence", "touches", "feedback", "costs", "referrals", "ledger", "ticket_events", "identities",
 * "agents", "clock_events", "follow_ups"; columns of "customers" named "attr.*" are kept too). As
 * ingest: all rows or none, idempotent by (source, event_id). [one] */
CLV_API clv_status CLV_CALL clv_engine_record_begin(clv_engine* engine,
                                                    const char* table,
                                                    const clv_ingest_options* options,
                                                    const clv_batch* rows,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* A report on what is stored: inputs that are not given are read from the file by their names, and
 * its model. "lift" measures what the decisions have earned. [one] */
CLV_API clv_status CLV_CALL clv_engine_report_begin(clv_engine* engine,
                                                    const char* report,
                                                    const char* options_json,
                                                    const clv_named_batch* inputs,
                                                    int32_t n_inputs,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* The report as above, and those of its tables that clv_catalogue("report_outputs") says are facts
 * recorded, in one transaction: a ticket claimed, a breach told, a survey sent. Tables: the
 * report's, and "recorded": facts, accepted, duplicates. Twice the same records once. Fails:
 * INVALID (a report that records nothing). [one] */
CLV_API clv_status CLV_CALL clv_engine_apply_begin(clv_engine* engine,
                                                   const char* report,
                                                   const char* options_json,
                                                   const clv_named_batch* inputs,
                                                   int32_t n_inputs,
                                                   const clv_ingest_options* options,
                                                   clv_job** out,
                                                   clv_diag* diag) CLV_NOEXCEPT;
/* clv_replay_begin on "decision_log"; while the tables of the last decision are unchanged it is
 * also decided again as a whole and compared byte for byte. [one] */
CLV_API clv_status CLV_CALL clv_engine_replay_begin(clv_engine* engine,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Everything stored of one customer, raw and derived: table by table, and as main table their names
 * and rows. Fails: NOT_FOUND. [one] */
CLV_API clv_status CLV_CALL clv_engine_export_begin(clv_engine* engine,
                                                    const char* customer,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* Deletes what export tells. Receipts keep a tombstone, so that the chain of hashes holds. [one] */
CLV_API clv_status CLV_CALL clv_engine_forget_begin(clv_engine* engine,
                                                    const char* customer,
                                                    clv_job** out,
                                                    clv_diag* diag) CLV_NOEXCEPT;
/* A stored table: "transactions", "summary", "parameters", "scores", "segments", "proposals",
 * "decisions", "refusals", "budget", "resources", "decision_log", "models", "aliases" or recorded
 * facts; "candidates": what plugins see, scores with segments and the customers' own columns.
 * Fails: NOT_FOUND (no such name), STATE (its verb has not run). [one] */
CLV_API clv_status CLV_CALL clv_engine_read(clv_engine* engine,
                                            const char* table,
                                            clv_result** out,
                                            clv_diag* diag) CLV_NOEXCEPT;
/* The latest model. Fails: STATE. [one] */
CLV_API clv_status CLV_CALL clv_engine_model(clv_engine* engine,
                                             clv_model** out,
                                             clv_diag* diag) CLV_NOEXCEPT;

CLV_END_C
#endif
