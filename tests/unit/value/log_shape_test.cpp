#include "value/scoring/log_shape.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "math/normal.hpp"
#include "value/scoring/interval.hpp"

namespace clv {
namespace {

double chance_below(const std::vector<mixture_part>& parts, double y) {
  double below = 0;
  for (const mixture_part& p : parts) {
    below += p.share * math::normal_cdf((y - p.mean) / std::sqrt(p.variance));
  }
  return below;
}

void expect_points(const std::vector<mixture_part>& parts) {
  const log_shape found = shape_of(parts);
  const skewed_normal h(found.skew);
  for (const double level : {0.1, 0.5, 0.9}) {
    const double y = found.mean + std::sqrt(found.variance) * h.at(math::normal_quantile(level));
    // The skew is carried by a formula that is right to half a per cent (interval.hpp).
    EXPECT_NEAR(chance_below(parts, y), level, 2e-3) << level;
  }
}

TEST(log_shape, of_one_normal_is_that_normal) {
  const log_shape found = shape_of({{1.0, 2.5, 0.49}});
  EXPECT_NEAR(found.mean, 2.5, 1e-8);
  EXPECT_NEAR(found.variance, 0.49, 1e-8);
  EXPECT_NEAR(found.skew, 0.0, 1e-7);
}

TEST(log_shape, has_the_points_of_a_mixture_with_two_humps) {
  expect_points({{0.3, 0.0, 0.2}, {0.7, 3.0, 0.1}});
  expect_points({{0.6, 0.0, 0.2}, {0.4, 1.0, 0.5}});
  expect_points({{0.2, -1.0, 0.3}, {0.3, 1.0, 0.3}, {0.5, 2.0, 0.05}});
}

TEST(log_shape, leans_the_way_the_mixture_leans) {
  EXPECT_LT(shape_of({{0.25, 0.0, 0.3}, {0.75, 3.0, 0.1}}).skew, -0.5);
  EXPECT_GT(shape_of({{0.75, 0.0, 0.1}, {0.25, 3.0, 0.3}}).skew, 0.5);
}

TEST(log_shape, moves_with_its_mixture) {
  const log_shape a = shape_of({{0.3, 0.0, 0.2}, {0.7, 2.0, 0.1}});
  const log_shape b = shape_of({{0.3, 7.0, 0.8}, {0.7, 11.0, 0.4}});
  EXPECT_NEAR(b.mean, 7.0 + 2.0 * a.mean, 1e-7);
  EXPECT_NEAR(b.variance, 4.0 * a.variance, 1e-7);
  EXPECT_NEAR(b.skew, a.skew, 1e-7);
}

TEST(log_shape, is_a_point_where_nothing_varies) {
  const log_shape found = shape_of({{1.0, 4.0, 0.0}});
  EXPECT_EQ(found.mean, 4.0);
  EXPECT_EQ(found.variance, 0.0);
  EXPECT_EQ(found.skew, 0.0);
}

TEST(log_shape, ends_for_parts_far_apart) {
  const log_shape found = shape_of({{0.5, 0.0, 1e-10}, {0.5, 30.0, 1e-10}});
  EXPECT_TRUE(std::isfinite(found.mean));
  EXPECT_TRUE(std::isfinite(found.variance));
}

}  // namespace
}  // namespace clv
