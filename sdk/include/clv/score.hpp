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
      0;                   // .10 = ten per cent a year; 0 = none. Converted here and nowhere else
  double margin = 0;       // share of spend that is profit, (0, 1]; 0 = 1, value is revenue
  std::string quantities;  // comma list among the score columns; "" = all the model can give
  unsigned threads = 1;
};

// `summary` conforms to schema "summary". Rows in and out correspond one to one. Columns: the
// summary's customer, x, t_x, T, mean_spend (where present), then schema "scores".
// value: E[CLV] = E[Z] * margin * integral of exp(-delta s) dE[Y(s)] over (0, horizon], with
// delta = ln(1 + annual_discount) / units_per_year: continuous, so that counting in days or in
// weeks gives the same money (reference: Fader, Hardie & Lee 2005, JMR 42, for the residual form).
// Interval and P(CLV > cut): no purchase with probability no_purchase, else log-normal with
// clv_mu, clv_sigma matched to the mean and variance of ln(total spend) over the exact predictive
// distribution of the count and the spend model; process uncertainty at the estimated parameters.
// clv_status: OK, PRIOR_ONLY (no own spend seen: population spend), INSUFFICIENT (no spend model or
// no finite mean: value columns absent), NOT_CONVERGED (the fit did not).
// A row's result does not depend on the other rows. Throws error{numeric} for impossible rows, and
// at once error{invalid} for a summary in another time unit or currency than the model.
job score(std::shared_ptr<const fitted_model> m,
          std::shared_ptr<const table> summary,
          score_options o);

// P(CLV > cut) from the three columns; cut in major currency units, cut <= 0 gives 1 - no_purchase.
double probability_above(double cut, double no_purchase, double mu, double sigma);

}  // namespace clv
