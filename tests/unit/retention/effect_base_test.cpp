// The regressions that effects are made of, and the small formulas, against numbers by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "math/random.hpp"
#include "retention/effects/base_model.hpp"
#include "retention/effects/learners.hpp"
#include "retention/effects/policy_value.hpp"
#include "retention/effects/segment_effects.hpp"

namespace clv::retention {
namespace {

std::vector<Eigen::Index> all_rows(Eigen::Index n) {
  std::vector<Eigen::Index> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), Eigen::Index{0});
  return rows;
}

TEST(effect_base, ridge_of_one_column_is_the_shrunk_slope) {
  Eigen::MatrixXd x(4, 1);
  x << -1, 0, 1, 2;
  const std::vector<double> y{1, 2, 2, 7};
  // Centred: x -1.5 -.5 .5 1.5, squares 5; y -2 -1 -1 4; product 9. Slope 9 / (5 + 1) = 1.5.
  const base_model m = base_learner(x, {.l2 = 1}).fit(all_rows(4), y, false);
  EXPECT_NEAR(m.beta[0], 1.5, 1e-14);
  EXPECT_NEAR(m.intercept, 3 - 1.5 * 0.5, 1e-14);
  EXPECT_NEAR(m.at(x, 3), 2.25 + 3, 1e-14);
}

TEST(effect_base, a_design_without_columns_gives_the_mean) {
  const Eigen::MatrixXd x(3, 0);
  for (const base_kind kind : {base_kind::ridge, base_kind::stumps}) {
    const base_model m = base_learner(x, {.kind = kind}).fit(all_rows(3), {1, 2, 6}, false);
    EXPECT_EQ(m.at(x, 0), 3);
  }
  const base_model m =
      base_learner(x, {.kind = base_kind::logistic}).fit(all_rows(3), {0, 0, 1}, true);
  EXPECT_NEAR(m.at(x, 0), 1.0 / 3, 1e-6);  // the baseline has a penalty of 1e-6
}

TEST(effect_base, equal_columns_share_a_coefficient) {
  Eigen::MatrixXd x(4, 2);
  x << -1, -1, 0, 0, 1, 1, 2, 2;
  const base_model m = base_learner(x, {.l2 = 1}).fit(all_rows(4), {1, 2, 2, 7}, false);
  EXPECT_NEAR(m.beta[0], m.beta[1], 1e-14);
  EXPECT_NEAR(m.beta[0], 9.0 / 11, 1e-14);  // 5 (b + b) + b = 9
}

TEST(effect_base, logistic_falls_back_on_ridge_for_what_is_no_chance) {
  Eigen::MatrixXd x(4, 1);
  x << -1, 0, 1, 2;
  const base_learner learner(x, {.kind = base_kind::logistic});
  EXPECT_FALSE(learner.fit(all_rows(4), {1, 2, 2, 7}, false).logit);
  const base_model m = learner.fit(all_rows(4), {0, 1, 0, 1}, true);
  EXPECT_TRUE(m.logit);
  EXPECT_TRUE(m.converged);
  EXPECT_GT(m.at(x, 3), m.at(x, 0));
  EXPECT_LT(m.at(x, 3), 1);
}

TEST(effect_base, one_stump_of_full_rate_is_the_split_that_lowers_the_error_most) {
  Eigen::MatrixXd x(40, 2);
  std::vector<double> y;
  for (Eigen::Index i = 0; i < 40; ++i) {
    x(i, 0) = static_cast<double>(i % 5);
    x(i, 1) = static_cast<double>(i);
    y.push_back(i < 20 ? 1 : 5);
  }
  const base_options o{.kind = base_kind::stumps, .l2 = 0, .rounds = 1, .rate = 1, .least_leaf = 5};
  const base_model m = base_learner(x, o).fit(all_rows(40), y, false);
  ASSERT_EQ(m.stumps.size(), 1U);
  EXPECT_EQ(m.stumps[0].column, 1);
  EXPECT_NEAR(m.stumps[0].cut, 19.5, 1.5);  // 31 cuts of 40 rows
  EXPECT_NEAR(m.at(x, 0), 1, 0.2);
  EXPECT_NEAR(m.at(x, 39), 5, 0.2);
}

TEST(effect_base, boosting_stops_when_no_split_is_left) {
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(60, 1);
  std::vector<double> y(60, 0);
  y[3] = 1;
  const base_model m = base_learner(x, {.kind = base_kind::stumps}).fit(all_rows(60), y, false);
  EXPECT_TRUE(m.stumps.empty());
  EXPECT_NEAR(m.at(x, 0), 1.0 / 60, 1e-15);
}

struct small_trial {
  experiment of;
  Eigen::MatrixXd z{300, 2};
};

small_trial make_trial() {
  small_trial t;
  random_source random(4);
  t.of.arms = {"control", "a1", "a2"};
  t.of.count = {100, 100, 100};
  for (Eigen::Index i = 0; i < 300; ++i) {
    t.z(i, 0) = random.normal();
    t.z(i, 1) = random.uniform() < 0.5 ? -1 : 1;
    t.of.row.push_back(static_cast<std::size_t>(i));
    t.of.arm.push_back(static_cast<std::size_t>(i % 3));
    t.of.propensity.push_back(1.0 / 3);
    const double effect = i % 3 == 1 ? 1 + t.z(i, 0) : i % 3 == 2 ? -1 : 0;
    t.of.outcome.push_back(t.z(i, 1) + effect + 0.1 * random.normal());
  }
  return t;
}

TEST(effect_base, the_joint_learner_taken_apart_predicts_the_arms) {
  const small_trial t = make_trial();
  for (const base_kind kind : {base_kind::ridge, base_kind::stumps}) {
    const base_options o{.kind = kind, .l2 = 1e-6, .rounds = 400, .rate = 0.2, .least_leaf = 5};
    const meta_learner s({learner_kind::s, o}, t.of, t.z, t.of.outcome, false);
    const auto mu = s.outcomes(all_rows(300));
    const auto tau = s.effects(all_rows(300), mu, {});
    double gap = 0, truth_gap = 0;
    for (Eigen::Index i = 0; i < 300; ++i) {
      const auto a = t.of.arm[static_cast<std::size_t>(i)];
      gap += std::pow(mu[a].at(t.z, i) - t.of.outcome[static_cast<std::size_t>(i)], 2);
      truth_gap += std::abs(effect_at(tau[2], t.z, i) + 1);
    }
    EXPECT_LT(std::sqrt(gap / 300), 0.25) << "residuals of noise .1 and the steps of stumps";
    EXPECT_LT(truth_gap / 300, 0.2);
  }
}

TEST(effect_base, without_a_penalty_to_speak_of_s_t_and_x_are_one_line) {
  // Kuenzel et al.: with ordinary least squares and all products the three agree.
  const small_trial t = make_trial();
  std::vector<std::vector<double>> found;
  for (const learner_kind kind : {learner_kind::s, learner_kind::t, learner_kind::x}) {
    const meta_learner m({kind, {.l2 = 1e-9}}, t.of, t.z, t.of.outcome, false);
    const auto tau = m.effects(all_rows(300), m.outcomes(all_rows(300)), {});
    found.emplace_back();
    for (Eigen::Index i = 0; i < 300; ++i) found.back().push_back(effect_at(tau[1], t.z, i));
  }
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_NEAR(found[0][i], found[1][i], 1e-8);
    EXPECT_NEAR(found[0][i], found[2][i], 1e-8);
  }
}

TEST(effect_base, variance_between_segments_is_that_of_dersimonian_and_laird) {
  // w = 1, 1, 4; mean (0 + 2 + 4) / 6 = 1; Q = 1 + 1 + 0 = 2; (2 - 2) / .. = 0.
  EXPECT_EQ(variance_between({{0, 1, 9}, {2, 1, 9}, {1, 0.5, 9}}), 0);
  // w = 1, 1; mean 3; Q = 18; (18 - 1) / (2 - 2 / 2) = 17.
  EXPECT_NEAR(variance_between({{0, 1, 9}, {6, 1, 9}}), 17, 1e-12);
  EXPECT_EQ(variance_between({{5, 1, 9}}), 0);
}

TEST(effect_base, folds_decided_by_earlier_ones_are_put_together_by_their_expected_errors) {
  // D / s = 2, 1 and nothing told; v = 1, 4 and 1.
  const estimate e = combine_forward({{{2, 1, 10}, 1}, {{0.5, 1, 10}, 0.5}, {{0, 0, 10}, 0}});
  EXPECT_NEAR(e.mean, 1, 1e-15);  // (2 + 1) / (1 + 2)
  EXPECT_NEAR(e.mean / e.se, 3 / std::sqrt(6), 1e-14);
  EXPECT_EQ(e.n, 30);
  EXPECT_EQ(combine_forward({{{0, 0, 10}, 0}}).se, 0);
}

}  // namespace
}  // namespace clv::retention
