#include "math/normal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/golden.hpp"

using namespace clv::math;
using clv::test::golden;
using clv::test::relative_error;

TEST(normal_cdf, equals_the_golden_table) {
  for (const auto& row : golden("normal.csv", "normal_cdf")) {
    const double x = row["x"];
    // Rounding of x/sqrt 2 is multiplied by x^2, the slope of ln cdf there.
    EXPECT_LE(relative_error(normal_cdf(x), row["value"]), x < -20 ? 2e-13 : 3e-14) << row.inputs;
  }
}

TEST(normal_cdf, ends_at_zero_and_one) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(normal_cdf(-infinity), 0);
  EXPECT_EQ(normal_cdf(infinity), 1);
  EXPECT_EQ(normal_cdf(0), 0.5);
}

TEST(normal_quantile, equals_the_golden_table) {
  for (const auto& row : golden("normal.csv", "normal_quantile")) {
    EXPECT_LE(relative_error(normal_quantile(row["x"]), row["value"]), 2e-15) << row.inputs;
  }
}

TEST(normal_quantile, is_the_inverse_of_the_cdf) {
  for (const double p : {1e-12, 1e-4, 0.05, 0.074, 0.076, 0.3, 0.5, 0.9, 0.95, 0.9999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-14) << p;
  }
}

TEST(normal_quantile, is_defined_at_the_ends_and_nowhere_beyond) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(normal_quantile(0), -infinity);
  EXPECT_EQ(normal_quantile(1), infinity);
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(std::nan(""))));
}
