#include "value/scoring/interval.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "clv/score.hpp"

namespace clv {
namespace {

TEST(probability_above, is_the_mass_beyond_the_cut) {
  // P(Z > 0) = 1/2 and P(Z > 1) = .1586552539314571 (tables of the normal distribution).
  EXPECT_NEAR(probability_above(std::exp(2.0), 0.25, 2.0, 0.7), 0.375, 1e-15);
  EXPECT_NEAR(probability_above(std::exp(2.7), 0.25, 2.0, 0.7), 0.75 * 0.1586552539314571, 1e-14);
}

TEST(probability_above, is_the_chance_of_any_purchase_for_a_cut_of_zero_or_less) {
  EXPECT_EQ(probability_above(0.0, 0.25, 2.0, 0.7), 0.75);
  EXPECT_EQ(probability_above(-5.0, 0.25, 2.0, 0.7), 0.75);
}

TEST(probability_above, is_a_step_when_there_is_no_spread) {
  EXPECT_EQ(probability_above(9.0, 0.25, std::log(10.0), 0.0), 0.75);
  EXPECT_EQ(probability_above(11.0, 0.25, std::log(10.0), 0.0), 0.0);
}

// Its moments under the normal density, by Simpson's rule over +-12.
std::array<double, 3> moments_of(const skewed_normal& h) {
  constexpr int steps = 4000;
  constexpr double width = 24.0 / steps;
  std::array<double, 3> sum{};
  for (int i = 0; i <= steps; ++i) {
    const double z = -12.0 + width * i;
    const double times = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    const double weight = times * width / 3 * std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI);
    const double y = h.at(z);
    for (const int power : {1, 2, 3}) {
      sum[static_cast<std::size_t>(power - 1)] += weight * std::pow(y, power);
    }
  }
  return sum;
}

TEST(skewed_normal, has_mean_zero_variance_one_and_the_skewness_it_was_made_with) {
  for (const double skew : {-3.4, -2.0, -0.7, -1e-3, 0.0, 0.1, 1.0, 2.4, 3.4}) {
    const auto m = moments_of(skewed_normal(skew));
    EXPECT_NEAR(m[0], 0.0, 1e-9);
    EXPECT_NEAR(m[1], 1.0, 1e-9);
    EXPECT_NEAR(m[2], skew, 0.005 * std::abs(skew) + 1e-9);  // what the header promises
  }
}

TEST(skewed_normal, is_the_identity_without_skew) {
  for (const double z : {-8.0, -1.0, 0.0, 0.3, 5.0}) {
    EXPECT_EQ(skewed_normal(0.0).at(z), z);
    EXPECT_EQ(skewed_normal(0.0).inverse(z), z);
  }
}

TEST(skewed_normal, rises_and_is_undone_by_its_inverse) {
  for (const double skew : {-9.0, -3.0, -1.0, -1e-4, -1e-9, 1e-6, 0.01, 0.5, 2.0, 40.0}) {
    const skewed_normal h(skew);
    double before = h.at(-9.0);
    for (double z = -8.9; z < 9.0; z += 0.1) {
      const double y = h.at(z);
      EXPECT_GT(y, before) << skew << " at " << z;
      // Where h is flat (its slope is 0 at z = -1/u) the inverse loses digits as a cube root does.
      EXPECT_NEAR(h.inverse(y), z, 2e-5) << skew;
      EXPECT_NEAR(h.at(h.inverse(y)), y, 1e-12 * std::max(1.0, std::abs(y))) << skew;
      before = y;
    }
  }
}

TEST(skewed_normal, finds_the_skew_of_a_shape) {
  for (const double skew : {-3.0, -0.4, 0.0, 1.5}) {
    const double v = skew / 6;
    const double u = v * (1 + v * v * (2.0 / 3 + 0.9 * v * v));
    EXPECT_NEAR(skewed_normal::skew_of(u), skew, 0.005 * std::abs(skew));
  }
}

TEST(probability_above, takes_the_skew_into_account) {
  // Beyond the shorter right tail of a left-skewed logarithm there is less.
  EXPECT_LT(probability_above(std::exp(2.0), 0, 0, 1, -1.5),
            probability_above(std::exp(2.0), 0, 0, 1));
  EXPECT_GT(probability_above(std::exp(2.0), 0, 0, 1, 1.5),
            probability_above(std::exp(2.0), 0, 0, 1));
}

TEST(value_at, is_zero_inside_the_point_mass) {
  EXPECT_EQ(value_at(quantile_normal(0.1, 0.3), 4.0, 1.0), 0.0);
  EXPECT_EQ(value_at(quantile_normal(0.3, 0.3), 4.0, 1.0), 0.0);
  EXPECT_GT(value_at(quantile_normal(0.31, 0.3), 4.0, 1.0), 0.0);
  EXPECT_EQ(value_at(quantile_normal(0.9, 1.0), 4.0, 1.0), 0.0);
}

TEST(value_at, inverts_probability_above) {
  for (const double p0 : {0.0, 0.05, 0.4, 0.89}) {
    for (const double level : {0.1, 0.5, 0.9}) {
      for (const double skew : {-2.0, 0.0, 0.6}) {
        const double v = value_at(quantile_normal(level, p0), 3.0, 0.8, skew);
        if (v > 0.0) {
          EXPECT_NEAR(1.0 - probability_above(v, p0, 3.0, 0.8, skew), level, 1e-12);
        }
      }
    }
  }
}

}  // namespace
}  // namespace clv
