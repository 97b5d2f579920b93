#include "math/incomplete_beta.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/golden.hpp"

using namespace clv::math;
using clv::test::golden;

TEST(beta_cdf, equals_the_golden_table) {
  for (const auto& row : golden("incomplete_beta.csv", "beta_cdf")) {
    EXPECT_NEAR(beta_cdf(row["x"], row["a"], row["b"]), row["value"], 1e-12) << row.inputs;
  }
}

TEST(beta_cdf, is_0_below_and_1_above_its_range) {
  EXPECT_EQ(beta_cdf(0, 2, 3), 0);
  EXPECT_EQ(beta_cdf(-1, 2, 3), 0);
  EXPECT_EQ(beta_cdf(1, 2, 3), 1);
  EXPECT_EQ(beta_cdf(2, 2, 3), 1);
}

// I_x(a, b) = 1 - I_{1-x}(b, a), and it rises in x.
TEST(beta_cdf, is_symmetric_and_rises) {
  for (const double a : {.2, 1.0, 3.5, 80.0}) {
    for (const double b : {.4, 2.0, 50.0}) {
      double last = 0;
      for (double x = 1.0 / 64; x < 1; x += 1.0 / 64) {
        const double here = beta_cdf(x, a, b);
        EXPECT_NEAR(here, 1 - beta_cdf(1 - x, b, a), 1e-12) << x << " " << a << " " << b;
        EXPECT_GE(here, last - 1e-12) << x << " " << a << " " << b;
        last = here;
      }
    }
  }
}

TEST(beta_quantile, undoes_the_distribution_function) {
  for (const double p : {.001, .05, .5, .9, .999}) {
    for (const double a : {.5, 2.0, 200.0}) {
      const double x = beta_quantile(p, a, 3);
      EXPECT_NEAR(beta_cdf(x, a, 3), p, 1e-9) << p << " " << a;  // its slope is at most 1e3 there
    }
  }
  EXPECT_NEAR(beta_quantile(0, 2, 3), 0, 1e-12);
  EXPECT_NEAR(beta_quantile(1, 2, 3), 1, 1e-12);
  EXPECT_NEAR(beta_quantile(.25, 1, 1), .25, 1e-12);
}
