#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "clv/model.hpp"
#include "support/golden.hpp"

using clv::observation;
using clv::test::golden;
using clv::test::golden_row;
using clv::test::relative_error;

namespace {

const clv::model& gamma_gamma_model() {
  return clv::find_model("gamma_gamma");
}

std::vector<double> gamma_gamma_parameters(const golden_row& row) {
  return {row["p"], row["q"], row["gamma"]};
}

observation gamma_gamma_customer(const golden_row& row) {
  return {.x = row["x"], .mean_spend = row["mean_spend"]};
}

const std::vector<double> gamma_gamma_paper{6.25, 3.74, 15.44};

}  // namespace

TEST(gamma_gamma, log_likelihood_equals_direct_integration) {
  for (const auto& row : golden("gamma_gamma.csv", "log_likelihood")) {
    const double value =
        gamma_gamma_model().log_likelihood(gamma_gamma_parameters(row), gamma_gamma_customer(row));
    // Terms of size p x cancel down to the value: p x = 2e8 in the last rows of the table.
    const double terms = row["p"] * row["x"] * 5e-16;
    EXPECT_NEAR(value, row["value"], 1e-12 * std::fabs(row["value"]) + terms) << row.inputs;
  }
}

TEST(gamma_gamma, expected_spend_equals_direct_integration) {
  for (const auto& row : golden("gamma_gamma.csv", "expected_spend")) {
    const double value =
        gamma_gamma_model().expected_spend(gamma_gamma_parameters(row), gamma_gamma_customer(row));
    EXPECT_LE(relative_error(value, row["value"]), 1e-14) << row.inputs;
  }
}

TEST(gamma_gamma, log_of_the_total_spend_equals_direct_integration) {
  double mean = 0, variance = 0;
  for (const auto& row : golden("gamma_gamma.csv", "log_total_mean")) {
    gamma_gamma_model().log_total_spend(
        gamma_gamma_parameters(row), gamma_gamma_customer(row), row["n"], mean, variance);
    const double scale = std::max(1.0, std::fabs(row["value"]));
    EXPECT_NEAR(mean, row["value"], 4e-15 * scale) << row.inputs;  // ln 1e8 cancels against psi
  }
  for (const auto& row : golden("gamma_gamma.csv", "log_total_variance")) {
    gamma_gamma_model().log_total_spend(
        gamma_gamma_parameters(row), gamma_gamma_customer(row), row["n"], mean, variance);
    EXPECT_LE(relative_error(variance, row["value"]), 3e-15) << row.inputs;
  }
}

// Note 025: 35.21898 is what its rounded parameters give.
TEST(gamma_gamma, gives_the_published_population_mean) {
  EXPECT_NEAR(gamma_gamma_model().expected_spend(gamma_gamma_paper, {}), 35.21898, 5e-6);
  EXPECT_NEAR(gamma_gamma_model().expected_spend(gamma_gamma_paper, {.x = 0, .mean_spend = 99}),
              35.21898,
              5e-6);
}

TEST(gamma_gamma, own_spend_moves_the_mean_more_the_more_of_it_there_is) {
  double before = gamma_gamma_model().expected_spend(gamma_gamma_paper, {});
  for (const double x : {1.0, 2.0, 10.0, 1e4}) {
    const double now =
        gamma_gamma_model().expected_spend(gamma_gamma_paper, {.x = x, .mean_spend = 80});
    EXPECT_GT(now, before);
    EXPECT_LT(now, 80);
    before = now;
  }
  EXPECT_NEAR(before, 80, 0.05);  // 1e4 purchases leave a weight of q/(p x) = 6e-5 for the prior
}

TEST(gamma_gamma, a_customer_without_spend_says_nothing) {
  EXPECT_EQ(gamma_gamma_model().log_likelihood(gamma_gamma_paper, {}), 0);
  EXPECT_EQ(gamma_gamma_model().log_likelihood(gamma_gamma_paper, {.x = 3}), 0);
}

TEST(gamma_gamma, no_finite_mean_is_a_caveat_and_infinite_not_negative) {
  const std::vector<double> heavy{6, .9, 15};
  EXPECT_EQ(gamma_gamma_model().caveat(gamma_gamma_paper), "");
  EXPECT_NE(gamma_gamma_model().caveat(heavy), "");
  EXPECT_NE(gamma_gamma_model().caveat(std::vector<double>{6, 1, 15}), "");
  EXPECT_EQ(gamma_gamma_model().expected_spend(heavy, {}), HUGE_VAL);
  EXPECT_TRUE(std::isfinite(gamma_gamma_model().expected_spend(heavy, {.x = 1, .mean_spend = 20})));
}

TEST(gamma_gamma, nothing_is_spent_in_no_purchases) {
  double mean = 0, variance = -1;
  gamma_gamma_model().log_total_spend(
      gamma_gamma_paper, {.x = 2, .mean_spend = 20}, 0, mean, variance);
  EXPECT_EQ(mean, -HUGE_VAL);
  EXPECT_EQ(variance, 0);
}
