// What policies are worth in money, on units that no choice of theirs has seen, and the verdict.
// Athey & Wager (2021), Econometrica 89(1) 133-161: the value of a policy is the mean of the scores
// of the arms it picks. [any]
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "retention/effects/cross_fit.hpp"
#include "retention/effects/estimate.hpp"

namespace clv::retention {

// Rows are units, columns arms.
struct money_view {
  Eigen::MatrixXd score;      // AIPW scores of the money that a unit brings under the arm
  Eigen::MatrixXd net;        // predicted money of the arm less that of the control
  std::vector<double> noise;  // per arm: mean of (score - mu)^2 over all units
  Eigen::MatrixXd past_net;   // the same from models of earlier folds
};
// From the outcome's own regressions where money follows it in each arm; else from `money`, the
// regressions of the money itself.
money_view money_of(const experiment& of, const cross_fitted& outcome, const cross_fitted* money);

struct policy_row {
  std::string policy;                 // nobody, blanket, best_blanket, targeted
  std::string action;                 // of a blanket
  double treated = 0;                 // share of the units
  estimate value, gain;               // per unit; gain: over treating nobody, paired
  std::optional<estimate> over_best;  // targeted less best_blanket, paired
  std::optional<estimate> forward;    // the same with choices from earlier folds: what is tested
};

struct policy_answer {
  std::vector<policy_row> rows;
  std::string verdict, why;             // targeted, blanket or none, and a sentence
  std::vector<std::string> arm_policy;  // per arm: what `decide` may do with its evidence
};

// The arm of each unit is chosen by models and means of the other folds: "targeted" takes the
// largest predicted net, none included; "best_blanket" the arm (or none) with the largest weighted
// mean of money outside the fold, so that picking the best adds no luck of its own.
//
// Each fold's gain is unbiased, but the folds' choices share their data: without any effect the
// pooled lead over its standard error has a standard deviation of 1.3 to 1.4, not 1, and a test at
// 5 % would say "targeted" in 9 to 11 % (tests/unit/retention/effects_recovery_test.cpp). So the
// verdict rests on `forward`: each fold but the first is decided by the folds before it, which
// makes its lead D_k fair whatever came before (Luedtke & van der Laan 2016, Annals of Statistics
// 44(2) 713-742). combine_forward() says how the folds are put together.
//
// Verdict: targeted when forward - z error > 0; else blanket when an arm's gain over nobody has its
// lower bound above 0, at a level divided by the number of arms (Bonferroni); else none.
policy_answer judge_policies(const experiment& of, const money_view& money, double z);

// One fold decided by the folds before it: what was found, and the error s that the noise of all
// units lets expect; 0 where both choices agree, which tells nothing.
struct forward_fold {
  estimate found;
  double expected = 0;
};
// lead = sum (D_k / s_k) / sum (1 / s_k), error^2 = sum v_k / (sum (1 / s_k))^2, v_k = (se_k /
// s_k)^2, and 1 for a fold that tells nothing. Weighted by the expected error, so that every fold
// adds the same variance whatever its choices are; its own error would do that too, but is small by
// luck in folds with few responses and would favour them. Mean and se are 0 when no fold tells
// anything.
estimate combine_forward(const std::vector<forward_fold>& folds);

}  // namespace clv::retention
