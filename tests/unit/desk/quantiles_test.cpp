// Quantiles and their intervals against values worked out elsewhere.
#include "desk/performance/quantiles.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "math/random.hpp"

namespace clv::desk {
namespace {

std::vector<double> up_to(int n) {
  std::vector<double> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), 1.0);
  return v;
}

std::vector<weighted_value> alike(std::vector<double> values) {
  std::vector<weighted_value> out;
  for (const double v : values) out.push_back({v, 1});
  return out;
}

TEST(weighted_quantile, is_the_median_of_the_textbook) {
  EXPECT_EQ(weighted_quantile(alike({3, 1, 2}), 0.5), 2);
  EXPECT_EQ(weighted_quantile(alike({4, 1, 3, 2}), 0.5), 2.5);
  EXPECT_EQ(weighted_quantile(alike(up_to(10)), 0.9), 9.5);
  EXPECT_EQ(weighted_quantile(alike(up_to(11)), 0.9), 10);
}

TEST(weighted_quantile, whole_weights_are_repeated_values) {
  EXPECT_EQ(weighted_quantile({{1, 3}, {10, 1}, {20, 1}}, 0.5),
            weighted_quantile(alike({1, 1, 1, 10, 20}), 0.5));
  EXPECT_EQ(weighted_quantile({{1, 2}, {10, 2}}, 0.5), 5.5);
}

TEST(weighted_quantile, weights_of_nothing_do_not_count) {
  EXPECT_EQ(weighted_quantile({{1, 0}, {7, 2}, {9, -1}}, 0.5), 7);
  EXPECT_FALSE(weighted_quantile({{1, 0}}, 0.5).has_value());
  EXPECT_FALSE(weighted_quantile({}, 0.5).has_value());
}

// Bin(10, 1/2): P(<= 1) = 11/1024 = .0107, P(<= 2) = 56/1024 = .0547. So x_(2), x_(9).
TEST(interval_of_quantile, is_that_of_the_sign_test) {
  const auto i = interval_of_quantile(up_to(10), 0.5, 0.95);
  EXPECT_EQ(i.lower, 2);
  EXPECT_EQ(i.upper, 9);
}

TEST(interval_of_quantile, has_no_side_that_the_values_cannot_show) {
  // P(Bin(5, 1/2) = 0) = 1/32 > .025: no side. P(Bin(6, 1/2) = 0) = 1/64 < .025: both.
  const auto five = interval_of_quantile(up_to(5), 0.5, 0.95);
  EXPECT_FALSE(five.lower.has_value());
  EXPECT_FALSE(five.upper.has_value());
  const auto six = interval_of_quantile(up_to(6), 0.5, 0.95);
  EXPECT_EQ(six.lower, 1);
  EXPECT_EQ(six.upper, 6);
  // P90 needs 36 values for an upper side: .9^35 = .0250316 > .025 > .9^36.
  EXPECT_FALSE(interval_of_quantile(up_to(35), 0.9, 0.95).upper.has_value());
  EXPECT_EQ(interval_of_quantile(up_to(36), 0.9, 0.95).upper, 36);
  EXPECT_FALSE(interval_of_quantile({}, 0.5, 0.95).lower.has_value());
}

TEST(interval_of_quantile, holds_the_true_value_as_often_as_it_says) {
  constexpr int trials = 1000;
  const double truth = -std::log(0.1);  // P90 of an exponential
  int held = 0;
  for (std::uint64_t seed = 1; seed <= trials; ++seed) {
    random_source random(seed);
    std::vector<double> values;
    for (int i = 0; i < 80; ++i) values.push_back(random.exponential());
    const auto found = interval_of_quantile(values, 0.9, 0.95);
    const double upper = found.upper.value_or(std::numeric_limits<double>::infinity());
    held += found.lower.value_or(0) <= truth && truth <= upper ? 1 : 0;
  }
  // At least 95 %, less three errors of a count of 1000: 950 - 3 sqrt(47.5).
  EXPECT_GE(held, 929);
}

TEST(student_quantile, agrees_with_the_table) {
  EXPECT_NEAR(student_quantile(0.975, 1), 12.7062047, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 4), 2.7764451, 1e-6);
  EXPECT_NEAR(student_quantile(0.95, 10), 1.8124611, 1e-6);
  EXPECT_NEAR(student_quantile(0.975, 1e6), 1.9599664, 1e-5);
}

}  // namespace
}  // namespace clv::desk
