#include "math/chi_square.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/golden.hpp"

using namespace clv::math;
using clv::test::golden;
using clv::test::relative_error;

// The budget of the header: relative right of the mean, absolute left of it.
TEST(chi_square_tail, equals_the_golden_table) {
  for (const auto& row : golden("chi_square.csv", "chi_square_tail")) {
    const double x = row["x"], k = row["k"];
    const double found = chi_square_tail(x, k);
    if (x < k + 2) {
      EXPECT_NEAR(found, row["value"], 1e-14) << row.inputs;
    } else {
      EXPECT_LE(relative_error(found, row["value"]), 1e-12) << row.inputs;
    }
  }
}

TEST(chi_square_tail, is_defined_at_the_ends) {
  EXPECT_EQ(chi_square_tail(0, 3), 1);
  EXPECT_EQ(chi_square_tail(-1, 3), 1);  // a statistic may come out a rounding below 0
  EXPECT_EQ(chi_square_tail(std::numeric_limits<double>::infinity(), 3), 0);
  EXPECT_TRUE(std::isnan(chi_square_tail(std::nan(""), 3)));
}

// With two degrees of freedom it is exp(-x/2); it falls in x and rises in k.
TEST(chi_square_tail, falls_in_x_and_rises_in_k) {
  for (double x = 0.5; x < 60; x *= 1.3) {
    EXPECT_NEAR(chi_square_tail(x, 2), std::exp(-x / 2), 1e-14) << x;
    for (double k = 1; k < 40; k += 1) {
      EXPECT_LE(chi_square_tail(1.1 * x, k), chi_square_tail(x, k) + 1e-15) << x << " " << k;
      EXPECT_LE(chi_square_tail(x, k), chi_square_tail(x, k + 1) + 1e-15) << x << " " << k;
    }
  }
}
