#include "value/scoring/parameter_points.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace clv {
namespace {

constexpr model any{.name = "any"};

estimates uncertain(std::vector<double> p, std::vector<double> covariance) {
  return {.which = &any, .parameters = std::move(p), .covariance = std::move(covariance)};
}

// Coordinate i of a point where the covariance is taken: ln of a parameter, a coefficient itself.
double coordinate(const parameter_point& at, std::size_t i) {
  const std::size_t n = at.parameters.size();
  return i < n ? std::log(at.parameters[i]) : at.coefficients[i - n];
}

TEST(parameter_points, have_the_mean_and_the_covariance_of_the_estimates) {
  estimates e = uncertain({2, 0.5}, {0.04, 0.003, 0.01, 0.003, 0.0025, -0.002, 0.01, -0.002, 0.09});
  e.coefficients = {{.covariate = "Gender", .value = -0.7}};
  const auto points = parameter_points(e);
  ASSERT_EQ(points.size(), 4U);  // one more than the rank
  const double scale[] = {2, 0.5, 1};
  const double centre[] = {std::log(2.0), std::log(0.5), -0.7};
  for (std::size_t i = 0; i < 3; ++i) {
    double mean = 0;
    for (const auto& at : points) mean += coordinate(at, i) / 4;
    EXPECT_NEAR(mean, centre[i], 1e-14);
    for (std::size_t j = 0; j < 3; ++j) {
      double both = 0;
      for (const auto& at : points) {
        both += (coordinate(at, i) - centre[i]) * (coordinate(at, j) - centre[j]) / 4;
      }
      EXPECT_NEAR(both, e.covariance[i * 3 + j] / scale[i] / scale[j], 1e-14);
    }
  }
}

TEST(parameter_points, keep_the_bits_of_a_parameter_that_was_held) {
  const auto points = parameter_points(uncertain({0.3, 2.0}, {0.01, 0, 0, 0}));
  ASSERT_EQ(points.size(), 2U);
  for (const auto& at : points) EXPECT_EQ(at.parameters[1], 2.0);
}

TEST(parameter_points, are_none_without_uncertainty) {
  EXPECT_TRUE(parameter_points(uncertain({1, 2}, {})).empty());
  EXPECT_TRUE(parameter_points(uncertain({1, 2}, {0, 0, 0, 0})).empty());
  EXPECT_TRUE(parameter_points(uncertain({1e-200, 2}, {1, 0, 0, 1})).empty());  // overflows
}

TEST(parameter_points, hold_a_vague_estimate_within_reach) {
  for (const auto& at : parameter_points(uncertain({1.0}, {1e6}))) {
    EXPECT_NEAR(std::abs(std::log(at.parameters[0])), 3.0, 1e-12);
  }
}

}  // namespace
}  // namespace clv
