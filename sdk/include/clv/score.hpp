// Scoring: a fitted model and customers in, value with an interval out.
#pragma once

#include <memory>
#include <string>

#include "clv/fit.hpp"
#include "clv/job.hpp"

namespace clv {

struct score_options {
  double horizon = 0;  // model units ahead, up to 1e15; 0 = one year (365.25 days)
  double annual_discount =
      0;              // .10 = ten per cent a year; 0 = none. Converted here and nowhere else
  double margin = 0;  // share of spend that is profit, (0, 1]; 0 = 1, value is revenue
  // Comma list among the score columns and "expected_new" (purchases of a new customer within the
  // horizon), "pmf:N" (P(X(horizon) = N) of a new customer), "dert:D" (discounted residual
  // purchases at rate D per unit, or per period for discrete models), "survival:S" (chance of being
  // alive S units ahead). "" = all score columns the model can give.
  std::string quantities;
  unsigned threads = 1;
  bool process_only = false;  // intervals without the uncertainty of the estimates
};

// `summary` conforms to schema "summary" (and has the model's covariates). Rows in and out
// correspond one to one. Columns: the summary's customer, x, t_x, T, n, mean_spend (where present),
// then schema "scores", then the further quantities asked for, under the names they were asked by.
// value: E[CLV] = E[Z] * margin * integral of exp(-delta s) dE[Y(s)] over (0, horizon], with
// delta = ln(1 + annual_discount) / units_per_year: continuous, so that counting in days or in
// weeks gives the same money (reference: Fader, Hardie & Lee 2005, JMR 42, for the residual form).
// Discrete models: the horizon must be given and whole, what happens in period k ahead is
// discounted k periods, and an annual rate needs the model's periods_per_year.
// Interval and P(CLV > cut): no purchase with probability no_purchase, else ln(total spend) has
// mean clv_mu, standard deviation clv_sigma and skewness clv_skew, matched to the exact predictive
// distribution of the count and the spend model. Both kinds of uncertainty are in it: that of the
// process, and that of the estimates where the model has a covariance (unless process_only).
// no_purchase and p_alive themselves stay what the formulas give at the estimates.
// clv_status: OK, PRIOR_ONLY (no own spend seen: population spend), INSUFFICIENT (no spend model or
// no finite mean: value columns absent), NOT_CONVERGED (the fit did not).
// A row's result does not depend on the other rows. Throws error{numeric} for impossible rows, and
// at once error{invalid} for a summary in another time unit or currency than the model, for a
// quantity that the model cannot give, and for a dert:D that is infinite.
job score(std::shared_ptr<const fitted_model> m,
          std::shared_ptr<const table> summary,
          score_options o);

// What score() makes ready of a model before it looks at a row (0.3 ms, and the futures that it
// tabulates on the way), kept for the next calls with that model and equal options: for a host that
// scores few rows at a time. The bits are those of score() without it. [any]
class prepared_models {
 public:
  prepared_models();
  ~prepared_models();
  prepared_models(const prepared_models&) = delete;
  prepared_models& operator=(const prepared_models&) = delete;

  // As score().
  job score(std::shared_ptr<const fitted_model> m,
            std::shared_ptr<const table> summary,
            score_options o);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// P(CLV > cut) from the four columns; cut in major currency units, cut <= 0 gives 1 - no_purchase.
// ln(CLV) given a purchase is mu + sigma h(Z), Z normal and h the cubic of
// value/scoring/interval.hpp with the skewness `skew`; at 0 it is log-normal.
double probability_above(double cut, double no_purchase, double mu, double sigma, double skew = 0);

}  // namespace clv
