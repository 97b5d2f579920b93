/* clv_value.h - customer value without an engine: the caller's columns in, tables out. Read events,
 * summarise them per customer, fit a model, score, segment, simulate, report.
 *
 *   clv_csv_begin or your own columns -> clv_summarize_begin -> clv_fit_begin -> clv_score_begin
 *     -> clv_segment_begin
 *
 * The rules of clv.h hold. */
#ifndef CLV_VALUE_H
#define CLV_VALUE_H
#include "clv_table.h"
CLV_BEGIN_C

/* ---- Reading CSV ---------------------------------------------------------------------------- */
typedef struct clv_csv_options {
  uint32_t struct_size;
  uint32_t flags;   /* 0 */
  const char* path; /* a file; or NULL and */
  const void* text; /* `size` bytes, copied */
  int64_t size;
  /* "transactions" (default), "summary", "scores"; "any": every column, a number where all its
   * values are, else text. */
  const char* schema;
  /* Which column of the file is meant: "customer=sample_id,time=date"; "event_id=": none is. A
   * heading with a comma or quotes stands in quotes, as in the file: "amount=\"Total, net\"". */
  const char* map;
  const char* currency;  /* of amounts without a currency column; default "XXX" */
  const char* time_zone; /* IANA zone of times without an offset; default "UTC" */
  int64_t now_us;        /* later times are rejected; 0 = not checked */
  int64_t max_rejects;   /* rejected rows allowed; 0 = none, -1 = any number */
  const char* extra; /* further columns to keep, as numbers: "Gender,Channel"; quoted as in map */
  int64_t memory_limit; /* bytes the rows may take; 0 = no limit. Then CLV_E_LIMIT, with the row */
} clv_csv_options;
/* Main table: the accepted rows. "rejects": row (from 1), line, column, value, reason; it is there
 * also after the failure CLV_E_DATA. [any] */
CLV_API clv_status CLV_CALL clv_csv_begin(const clv_csv_options* options,
                                          clv_job** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

/* ---- Stateless verbs: the caller's columns in, tables out -------------------------------------
 * Batches carry the dictionary's columns (sdk/README.md: names, units, ranges); a column the verb
 * does not know is ignored. */
enum { CLV_SUMMARIZE_DROP_ZERO = 1 /* purchase days on which nothing was spent do not count */ };
typedef struct clv_summarize_options {
  uint32_t struct_size;
  uint32_t flags;        /* CLV_SUMMARIZE_DROP_ZERO */
  const char* unit;      /* what ages are counted in: "week" (default) or "day" */
  const char* time_zone; /* whose midnight separates purchase days; default "UTC" */
  const char* currency; /* events of other currencies are left out; NULL = there must be just one */
  int64_t as_of_us;     /* its day is the last one observed; 0 = the day of the last event */
} clv_summarize_options;
/* transactions -> summary, one row per customer, ordered by customer. [any] */
CLV_API clv_status CLV_CALL clv_summarize_begin(const clv_summarize_options* options,
                                                const clv_batch* transactions,
                                                clv_job** out,
                                                clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_fit_options {
  uint32_t struct_size;
  uint32_t threads; /* 0 = 1; the same bits for any number */
  /* One or two of clv_catalogue("models"), a purchase and a spend model joined by '+'; default
   * "bg_nbd+gamma_gamma". */
  const char* model;
  double tolerance;       /* on the gradient per customer; 0 = 1e-9 */
  int32_t max_iterations; /* 0 = 200 */
  uint32_t flags;         /* 0 */
  const char* unit;       /* of the summary's ages: "week" (default), "day"; discrete: "period" */
  const char* time_zone;  /* kept in the model */
  const char* currency;   /* kept in the model */
  int64_t as_of_us;       /* kept in the model */
  const char* transaction_covariates; /* "Gender,Channel": number columns of the summary */
  const char* life_covariates;
  const char* equal_covariates; /* of both lists: one coefficient for both processes */
  const char* priors;           /* "r=lognormal:-1:1,a=gamma:2:1": maximum a posteriori */
  const char* fixed;            /* "k=2,c=1": held at these values */
  double l2_transaction; /* penalty per customer on coefficients of standardised covariates */
  double l2_life;
  double periods_per_year; /* of a discrete model: turns an annual rate; 0 = not known */
  int64_t now_us;          /* of an engine: kept as the model's created_us; 0 = not known */
} clv_fit_options;
/* summary (x, t_x, T or n; mean_spend, litt and weight where present; covariates) -> a model; main
 * table: clv_model_table. [any] */
CLV_API clv_status CLV_CALL clv_fit_begin(const clv_fit_options* options,
                                          const clv_batch* summary,
                                          clv_job** out,
                                          clv_diag* diag) CLV_NOEXCEPT;

enum {
  CLV_SCORE_PROCESS_ONLY = 1, /* intervals without the uncertainty of the estimates */
  /* Of an engine: the log is summarized anew, in the model's unit and zone; else the stored summary
   * is scored: that of the last fit, or of this flag. */
  CLV_SCORE_SUMMARIZE = 2
};
typedef struct clv_score_options {
  uint32_t struct_size;
  uint32_t threads;       /* 0 = 1; the same bits for any number */
  double horizon;         /* model units ahead; 0 = one year */
  double annual_discount; /* .10 = ten per cent a year; 0 = none */
  double margin;          /* share of spend that is profit; 0 = 1: value is revenue */
  /* "p_alive,expected_purchases,..."; NULL = all the model has; also expected_new, pmf:N, dert:D,
   * survival:S. */
  const char* quantities;
  uint32_t flags;    /* CLV_SCORE_PROCESS_ONLY, CLV_SCORE_SUMMARIZE */
  uint32_t spare;    /* 0 */
  const char* model; /* of an engine: number or alias; NULL = the latest */
  /* Of an engine, with CLV_SCORE_SUMMARIZE: its day is the last one observed; 0 = that of the last
   * event. */
  int64_t as_of_us;
} clv_score_options;
/* model + summary -> scores, row for row. A row's score does not depend on the other rows. [any] */
CLV_API clv_status CLV_CALL clv_score_begin(const clv_score_options* options,
                                            const clv_model* model,
                                            const clv_batch* summary,
                                            clv_job** out,
                                            clv_diag* diag) CLV_NOEXCEPT;

/* A prepared model: scores one customer at once, without a job. Immutable: [any] */
typedef struct clv_scorer clv_scorer;
/* Takes options as clv_score_begin does; quantities are ignored. Fails as that does, and with
 * UNSUPPORTED for a model with covariates: score a summary with it. [any] */
CLV_API clv_status CLV_CALL clv_scorer_new(const clv_score_options* options,
                                           const clv_model* model,
                                           clv_scorer** out,
                                           clv_diag* diag) CLV_NOEXCEPT;
CLV_API void CLV_CALL clv_scorer_free(clv_scorer* scorer) CLV_NOEXCEPT; /* [one] */
/* One customer's history, which a host can keep in its own row and carry on event by event:
 * CLV_SIZED(clv_history), then clv_history_add; all that a score needs, no log. */
typedef struct clv_history {
  uint32_t struct_size;
  uint32_t flags;          /* 0 */
  int64_t purchases;       /* distinct purchase days, the first included; 0 = no purchase yet */
  int64_t first_day;       /* civil days since 1970-01-01 */
  int64_t last_day;        /* the newest purchase day */
  int64_t spend_days;      /* repeat days on which money was spent */
  int64_t spend_minor;     /* over those days */
  int64_t last_day_minor;  /* spent on last_day so far */
  int64_t first_day_minor; /* spent on first_day */
  int64_t refund_minor;
  double litt_days; /* sum of ln(interval in days) */
} clv_history;
/* Takes one event into the history, in constant time: a purchase on civil day `day` (amount >= 0)
 * or a refund (amount < 0). Events come in the order of their days. Fails: INVALID (a day before
 * last_day: build it again from the log), LIMIT (a sum beyond 2^53). [any] */
CLV_API clv_status CLV_CALL clv_history_add(clv_history* history,
                                            int64_t day,
                                            int64_t amount_minor,
                                            clv_diag* diag) CLV_NOEXCEPT;
enum {
  CLV_SCORED_OK = 0,
  CLV_SCORED_PRIOR_ONLY = 1,   /* no spend of its own yet: the population's */
  CLV_SCORED_INSUFFICIENT = 2, /* no spend model, or no finite mean: no value */
  CLV_SCORED_NOT_CONVERGED = 3 /* the fit did not converge */
};
/* Units are those of the model: its time unit, and major units of its currency. A number that
 * cannot be given is NaN. */
typedef struct clv_score {
  uint32_t struct_size;
  int32_t score_status;      /* CLV_SCORED_...: what the value rests on */
  double x;                  /* purchase days after the first, >= 0 */
  double t_x;                /* from the first purchase day to the last, time units */
  double T;                  /* from the first purchase day to the last one observed, >= t_x */
  double mean_spend;         /* per repeat day on which money was spent, currency; 0 = none */
  double log_likelihood;     /* of this customer's history */
  double p_alive;            /* still a customer, in [0, 1] */
  double expected_purchases; /* purchase days within the horizon */
  double no_purchase;        /* chance of not one within the horizon, in [0, 1] */
  double expected_spend;     /* of a purchase day, currency */
  double clv;                /* discounted profit within the horizon, currency */
  double clv_p10;            /* quantiles of that profit, currency */
  double clv_p50;
  double clv_p90;
  double clv_mu; /* mean, standard deviation and skewness of ln(profit), given a purchase */
  double clv_sigma;
  double clv_skew;
} clv_score;
/* The score of a history on `as_of_day` (the last day observed): the same doubles as
 * clv_score_begin gives for that customer. Fails: INVALID (no purchase, as_of before last_day).
 * [any] */
CLV_API clv_status CLV_CALL clv_scorer_history(const clv_scorer* scorer,
                                               const clv_history* history,
                                               int64_t as_of_day,
                                               clv_score* out,
                                               clv_diag* diag) CLV_NOEXCEPT;
/* The same from out->x, t_x, T and mean_spend as they stand; mean_spend 0: none is known. The sum
 * of log intervals is not: log_likelihood is NaN where the model needs it. Fails: NUMERIC (t_x > T,
 * a negative number, x without t_x or the reverse). [any] */
CLV_API clv_status CLV_CALL clv_scorer_row(const clv_scorer* scorer,
                                           clv_score* out,
                                           clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_segment_options {
  uint32_t struct_size;
  uint32_t flags;           /* 0 */
  const char* scheme;       /* "value_tier" (default), "rfm" */
  const char* options_json; /* the scheme's settings; NULL = its defaults */
} clv_segment_options;
/* scores -> segments, row for row; "profile": one row per segment. [any] */
CLV_API clv_status CLV_CALL clv_segment_begin(const clv_segment_options* options,
                                              const clv_batch* scores,
                                              clv_job** out,
                                              clv_diag* diag) CLV_NOEXCEPT;

typedef struct clv_simulate_options {
  uint32_t struct_size;
  uint32_t flags;    /* 0 */
  int64_t customers; /* 0 = 10,000 */
  uint64_t seed;
  int64_t start_us;        /* day of the first possible first purchase; 0 = 1970-01-01 */
  double acquisition_days; /* first purchases are spread over this; 0 = 91 */
  double observed_days;    /* 0 = 273 */
  double refund_share;     /* share of repeat purchases refunded a week later */
  const char* currency;    /* default "EUR" */
} clv_simulate_options;
/* model with purchase and spend part -> transactions of simulated customers; "truth": what each was
 * drawn with. [any] */
CLV_API clv_status CLV_CALL clv_simulate_begin(const clv_simulate_options* options,
                                               const clv_model* model,
                                               clv_job** out,
                                               clv_diag* diag) CLV_NOEXCEPT;

/* Answers that are tables but no stage of the pipeline: clv_catalogue("reports") lists them (value
 * by formula, backtest, tracking, drivers of churn, migration, ...). */
typedef struct clv_named_batch {
  const char* name; /* as clv_catalogue("report_inputs") says */
  const clv_batch* batch;
} clv_named_batch; /* frozen: never grows */
typedef struct clv_report_options {
  uint32_t struct_size;
  int32_t n_inputs;
  const char* report;            /* one of clv_catalogue("reports") */
  const char* options_json;      /* as "report_options" says; NULL = its defaults */
  const clv_named_batch* inputs; /* n_inputs of them; copied */
  const clv_model* model;        /* NULL where the report needs none; of an engine: its own */
} clv_report_options;
/* Fails: NOT_FOUND (report), INVALID (a table or option it does not take, or lacks). [any] */
CLV_API clv_status CLV_CALL clv_report_begin(const clv_report_options* options,
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
CLV_API void CLV_CALL clv_model_free(clv_model* model) CLV_NOEXCEPT; /* [one] */

CLV_END_C
#endif
