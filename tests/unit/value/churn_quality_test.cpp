#include "value/churn/churn_quality.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "math/random.hpp"
#include "value/churn/churn_model.hpp"

namespace clv {
namespace {

TEST(churn_quality, auc_counts_ties_half) {
  const std::vector<churn_outcome> of{{0, 1, 0}, {1, 1, 1}, {2, 2, 1}, {3, 0, 0}};
  // Pairs (churner, other): 1>1 tie, 1>0, 2>1, 2>0: 3.5 of 4.
  EXPECT_EQ(judge_churn(of, 0, 1).auc, 0.875);
}

TEST(churn_quality, losses_follow_their_formulas) {
  const std::vector<churn_outcome> of{{0, std::log(3.0), 1}, {1, 0, 0}};  // p = .75 and .5
  const churn_quality q = judge_churn(of, 0, 1);
  EXPECT_NEAR(q.log_loss, -(std::log(0.75) + std::log(0.5)) / 2, 1e-15);
  EXPECT_NEAR(q.brier, (0.0625 + 0.25) / 2, 1e-15);
  EXPECT_NEAR(q.base_log_loss, std::log(2.0), 1e-15);
  EXPECT_NEAR(judge_churn(std::vector<churn_outcome>{{0, -800, 1}}, 0, 1).log_loss, 800, 1e-12);
}

TEST(churn_quality, platt_undoes_logits_that_are_twice_too_sure) {
  random_source random(30);
  std::vector<churn_outcome> of;
  for (std::size_t i = 0; i < 20000; ++i) {
    const double logit = 1.5 * random.normal() - 0.5;
    of.push_back({i, 2 * logit + 1, random.uniform() < logistic(logit) ? 1.0 : 0.0});
  }
  const churn_calibration c = fit_platt(of);  // truth: slope 1/2, intercept -1/2
  EXPECT_NEAR(c.slope, 0.5, 0.03);            // three standard errors of .01
  EXPECT_NEAR(c.intercept, -0.5, 0.06);
}

TEST(churn_baseline, is_linear_in_ln_t_beyond_its_knots) {
  const churn_baseline b{
      .time_column = "t", .knots = {2, 5, 12, 30}, .coefficients = {-2, 0.3, 4, -7}};
  const auto slope = [&](double t) { return (b.at(t * 2) - b.at(t)) / std::log(2.0); };
  EXPECT_NEAR(slope(30), slope(240), 1e-9);
  EXPECT_NEAR(slope(0.1), slope(1), 1e-9);
}

}  // namespace
}  // namespace clv
