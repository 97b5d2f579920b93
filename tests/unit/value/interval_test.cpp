#include "value/interval.hpp"

#include <gtest/gtest.h>

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

TEST(value_at, is_zero_inside_the_point_mass) {
  EXPECT_EQ(value_at(quantile_normal(0.1, 0.3), 4.0, 1.0), 0.0);
  EXPECT_EQ(value_at(quantile_normal(0.3, 0.3), 4.0, 1.0), 0.0);
  EXPECT_GT(value_at(quantile_normal(0.31, 0.3), 4.0, 1.0), 0.0);
  EXPECT_EQ(value_at(quantile_normal(0.9, 1.0), 4.0, 1.0), 0.0);
}

TEST(value_at, inverts_probability_above) {
  for (const double p0 : {0.0, 0.05, 0.4, 0.89}) {
    for (const double level : {0.1, 0.5, 0.9}) {
      const double v = value_at(quantile_normal(level, p0), 3.0, 0.8);
      if (v > 0.0) {
        EXPECT_NEAR(1.0 - probability_above(v, p0, 3.0, 0.8), level, 1e-13);
      }
    }
  }
}

}  // namespace
}  // namespace clv
