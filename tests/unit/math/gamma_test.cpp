#include "math/gamma.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/beta.hpp"
#include "support/golden.hpp"

using namespace clv::math;
using clv::test::golden;
using clv::test::relative_error;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();

// The error the headers promise: against max(1, |value|) where a value may be next to its zero.
double mixed_error(double value, double expected) {
  return std::fabs(value - expected) / std::max(1.0, std::fabs(expected));
}

}  // namespace

TEST(log_gamma, equals_the_golden_table_also_next_to_its_zeros) {
  for (const auto& row : golden("gamma.csv", "log_gamma")) {
    EXPECT_LE(relative_error(log_gamma(row["a"]), row["value"]), 6e-16) << row.inputs;
  }
}

TEST(log_gamma, is_zero_at_one_and_two) {
  EXPECT_EQ(log_gamma(1), 0);
  EXPECT_EQ(log_gamma(2), 0);
}

TEST(log_gamma, is_defined_at_the_ends_of_its_domain) {
  EXPECT_EQ(log_gamma(0), infinity);
  EXPECT_EQ(log_gamma(infinity), infinity);
  EXPECT_TRUE(std::isnan(log_gamma(-1)));
  EXPECT_TRUE(std::isnan(log_gamma(not_a_number)));
}

TEST(log_gamma, joins_its_pieces_without_a_step) {
  for (const double x : {0.5, 1.5, 2.5, 3.5, 10.0}) {
    const double below = log_gamma(std::nextafter(x, 0)), above = log_gamma(x);
    EXPECT_NEAR(above, below, 2e-15 * std::max(1.0, std::fabs(above))) << x;  // a few ulp
  }
}

TEST(digamma, equals_the_golden_table) {
  for (const auto& row : golden("gamma.csv", "digamma")) {
    EXPECT_LE(mixed_error(digamma(row["a"]), row["value"]), 1e-15) << row.inputs;
  }
}

TEST(digamma, is_defined_at_the_ends_of_its_domain) {
  EXPECT_EQ(digamma(0), -infinity);
  EXPECT_EQ(digamma(infinity), infinity);
  EXPECT_TRUE(std::isnan(digamma(-0.5)));
  EXPECT_TRUE(std::isnan(digamma(not_a_number)));
}

TEST(digamma, is_the_slope_of_log_gamma) {
  for (const double x : {0.05, 0.3, 1.2, 2.49, 2.51, 7.0, 9.99, 10.01, 40.0}) {
    const double h = 1e-5 * x;  // truncation h^2, rounding 1e-16/h: both near 1e-10
    const double slope = (log_gamma(x + h) - log_gamma(x - h)) / (2 * h);
    EXPECT_NEAR(slope, digamma(x), 1e-9 * std::max(1.0, std::fabs(digamma(x)))) << x;
  }
}

TEST(trigamma, equals_the_golden_table) {
  for (const auto& row : golden("gamma.csv", "trigamma")) {
    EXPECT_LE(relative_error(trigamma(row["a"]), row["value"]), 2e-15) << row.inputs;
  }
}

TEST(trigamma, is_defined_at_the_ends_of_its_domain) {
  EXPECT_EQ(trigamma(0), infinity);
  EXPECT_EQ(trigamma(infinity), 0);
  EXPECT_TRUE(std::isnan(trigamma(-0.5)));
  EXPECT_TRUE(std::isnan(trigamma(not_a_number)));
}

TEST(log_rising, equals_the_golden_table) {
  for (const auto& row : golden("gamma.csv", "log_rising")) {
    const double value = log_rising(row["a"], row["b"]);
    EXPECT_LE(mixed_error(value, row["value"]), 4e-15) << row.inputs;
  }
}

TEST(log_rising, is_exactly_zero_for_no_steps) {
  for (const double x : {1e-3, 0.2425982, 3.0, 50.0, 1e10}) EXPECT_EQ(log_rising(x, 0), 0) << x;
}

TEST(log_beta, equals_the_golden_table) {
  for (const auto& row : golden("gamma.csv", "log_beta")) {
    EXPECT_LE(mixed_error(log_beta(row["a"], row["b"]), row["value"]), 4e-15) << row.inputs;
  }
}

TEST(log_beta, is_symmetric) {
  for (const double a : {1e-5, 0.7, 3.0, 11.0, 4e3}) {
    for (const double b : {0.02, 5.0, 900.0}) EXPECT_EQ(log_beta(a, b), log_beta(b, a)) << a << b;
  }
}

TEST(log_beta_ratio, equals_the_golden_table) {
  for (const auto& row : golden("gamma.csv", "log_beta_ratio")) {
    const double value = log_beta_ratio(row["a"], row["b"], row["c"]);
    EXPECT_LE(mixed_error(value, row["value"]), 2e-14) << row.inputs;
  }
}

TEST(upper_tail_factor, equals_its_power_series) {
  for (const double n : {1.0, 7.0, 60.0, 900.0}) {
    for (const double rho : {1e-3, 0.3, 2.0, 40.0}) {
      for (const double z : {1e-6, 0.1, 0.5, 0.9}) {
        if (z >= (n + 1) / (n + rho + 2)) continue;
        double term = 1, sum = 1;
        for (double k = 0; term > 1e-18 * sum; ++k) sum += term *= z * (n + rho + k) / (n + 1 + k);
        // 1e-13: the series itself adds up to thousands of terms.
        EXPECT_LE(relative_error(upper_tail_factor(n, rho, z), sum), 1e-13) << n << rho << z;
      }
    }
  }
}

TEST(log_add_exp, adds_two_probabilities_kept_as_logs) {
  EXPECT_NEAR(log_add_exp(std::log(0.25), std::log(0.5)), std::log(0.75), 1e-16);
  EXPECT_EQ(log_add_exp(1000, 0), 1000);
  EXPECT_NEAR(log_add_exp(-1e308, -1e308), -1e308, 0);
  EXPECT_NEAR(log_add_exp(0, 0), std::log(2.0), 1e-16);
}

TEST(log_add_exp, is_right_at_the_infinities) {
  EXPECT_EQ(log_add_exp(-infinity, 5), 5);
  EXPECT_EQ(log_add_exp(5, -infinity), 5);
  EXPECT_EQ(log_add_exp(-infinity, -infinity), -infinity);
  EXPECT_EQ(log_add_exp(infinity, infinity), infinity);
  EXPECT_EQ(log_add_exp(infinity, -infinity), infinity);
  EXPECT_EQ(log_add_exp(infinity, 5), infinity);
}

TEST(log_add_exp, keeps_a_nan) {
  EXPECT_TRUE(std::isnan(log_add_exp(not_a_number, 1)));
  EXPECT_TRUE(std::isnan(log_add_exp(1, not_a_number)));
  EXPECT_TRUE(std::isnan(log_add_exp(-infinity, not_a_number)));
}
