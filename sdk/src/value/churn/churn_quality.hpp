// How good predicted chances of churn are. [any] No state.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace clv {

// One period at risk of one row (logistic: the one there is): the predicted logit and what came.
struct churn_outcome {
  std::size_t row = 0;
  double logit = 0;
  double y = 0;
};

struct churn_quality {
  double n = 0, events = 0;
  double log_loss = 0;        // -mean of ln of the probability given to what came
  double brier = 0;           // mean of (p - y)^2
  std::optional<double> auc;  // chance that a churner is ranked above another; ties count half
  double base_log_loss = 0, base_brier = 0;  // of the overall rate for everybody
};

// Of p = logistic(intercept + slope logit). `of` must not be empty.
churn_quality judge_churn(std::span<const churn_outcome> of, double intercept, double slope);

// Platt (1999): intercept and slope of a logistic regression of y on the logit, by Newton, slope
// held at or above 0; {0, 1} where the outcomes cannot be told apart.
struct churn_calibration {
  double intercept = 0, slope = 1;
};
churn_calibration fit_platt(std::span<const churn_outcome> of);

}  // namespace clv
