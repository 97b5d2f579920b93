// Whether predicted effects say who gains more. Chernozhukov, Demirer, Duflo & Fernandez-Val
// (2018), NBER 24678: best linear predictor and sorted groups (GATES), here on AIPW scores. [any]
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "retention/effects/policy_value.hpp"

namespace clv::retention {

// score_a - score_0 = beta1 + beta2 (tau - mean of tau in the fold) + e, least squares with robust
// errors (HC1). beta1 is the mean effect; beta2 is 1 when differences of tau are differences of
// effects, 0 when they are noise; absent when tau does not vary. `proof` is the slope on the
// predictions of earlier folds (past_tau), its folds put together by combine_forward(): its test
// holds its level without any difference of effects, that of the pooled beta2 does not.
struct calibration {
  estimate beta1;
  std::optional<estimate> beta2, proof;
  std::vector<double> centres;  // mean of tau per fold
};
calibration calibrate(const experiment& of, const cross_fitted& found, std::size_t arm);

// Groups of equal size within each fold by `rank_by`, the lowest first.
struct effect_group {
  estimate effect;       // mean of score_a - score_0
  double predicted = 0;  // mean of tau
};
std::vector<effect_group> sorted_groups(const experiment& of,
                                        const cross_fitted& found,
                                        std::size_t arm,
                                        std::size_t groups);

// Money per treated unit when the top `share` of each fold is treated, ranked by predicted net, by
// the outcome predicted without treatment, or at random (everyone's mean).
struct targeting_row {
  std::string rank_by;  // uplift, baseline, random
  double share = 0;
  estimate effect;
};
std::vector<targeting_row> targeting(const experiment& of,
                                     const cross_fitted& found,
                                     const money_view& money,
                                     std::size_t arm);

}  // namespace clv::retention
