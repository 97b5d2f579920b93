// The mean effect of something that nobody drew lots for, adjusted for what was known before, so
// that it is right when either the model of the outcome or that of who is hit is right. [any]
//
//   e(x)  chance to be hit: logistic ridge, each unit from models that have not seen its fold
//   score mu_a(x) + 1[A = a] / e_a(x) (Y - mu_a(x)), cross-fitted (retention/effects/cross_fit.hpp:
//         Robins, Rotnitzky & Zhao 1994, JASA 89 846-866; Chernozhukov et al. 2018, The
//         Econometrics Journal 21(1) C1-C68)
//   effect = mean of (score_1 - score_0), standard error sd / sqrt n
// e is held within [clip, 1 - clip]. What it rests on: no common cause of being hit and of the
// outcome that is not among x; a chance to be hit and to be spared for everyone (overlap).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "retention/effects/base_model.hpp"
#include "retention/effects/estimate.hpp"

namespace clv::desk {

struct observed_units {
  Eigen::MatrixXd z;          // standardised columns, retention::covariate_design
  std::vector<char> hit;      // 1 or 0
  std::vector<double> y;      // outcome, 0 or 1
  std::vector<double> hours;  // of those hit: how far beyond the due time; else 0
  std::vector<int> fold;      // 0 .. folds - 1
  std::size_t size() const { return y.size(); }
};

struct effect_rules {
  int folds = 5;
  double clip = 0.01;
  double l2 = 1;  // of every regression
  retention::base_kind outcome = retention::base_kind::logistic;
};

struct adjusted_effect {
  retention::estimate effect;       // of being hit on the chance
  retention::estimate hit, spared;  // the chance had everyone been hit, or nobody
  // effect / mean hours of those hit, by the delta method: IF_r = (IF_effect - r IF_hours) / hours.
  // Takes every hour beyond the due time to weigh the same, and the due time itself for nothing.
  retention::estimate per_hour;
  // Another way to the same: residual of y on residual of hours, both cross-fitted by ridge
  // (Robinson 1988, Econometrica 56 931-954), robust error. Uses how the hours differ too.
  retention::estimate slope;
  double mean_hours = 0;
  std::vector<double> chance;                      // per unit: to be hit, not clipped
  double clipped = 0;                              // share of the units outside [clip, 1 - clip]
  double effective_hit = 0, effective_spared = 0;  // (sum w)^2 / sum w^2, w = 1 / chance of own arm
  std::vector<double> gap_before, gap_after;  // per column: mean of those hit less the others', in
                                              // standard deviations; after: weighted by w
  bool converged = true;
};

// At least two units hit and two spared in each fold's complement.
adjusted_effect estimate_effect(const observed_units& units, const effect_rules& rules);

// Folds in turn within each arm, so that each has its share of both. `hit` in an order that depends
// on no row order.
std::vector<int> stratified_folds(const std::vector<char>& hit, int folds);

// "" when the arms can be compared, else why not, as a sentence that begins with FEW or NO_OVERLAP:
// fewer than 30 effective units of an arm; more than a tenth clipped; a column that still differs
// after weighting by more than .25 standard deviations and more than three errors of a mean.
std::string refusal_of(const adjusted_effect& e);

}  // namespace clv::desk
