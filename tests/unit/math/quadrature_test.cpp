#include "math/quadrature.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "math/beta.hpp"
#include "support/golden.hpp"

using clv::math::beta_expectation;
using clv::test::relative_error;

TEST(beta_expectation, of_one_is_one) {
  for (const double a : {1e-8, 0.3, 7.0, 1e8}) {
    for (const double b : {1e-8, 1.0, 1e4}) {
      EXPECT_NEAR(beta_expectation(a, b, 1, [](double) { return 1.0; }), 1, 1e-15) << a << ' ' << b;
    }
  }
}

TEST(beta_expectation, gives_the_mean_of_one_minus_p) {
  for (const double a : {1e-6, 0.3, 1.0, 5.0, 80.0, 5e3, 1e7}) {
    for (const double b : {0.1, 1.0, 7.0, 4e2, 3e4, 1e7}) {
      // p + 1: flat at both ends, and exact: 1 + a/(a+b).
      const double value = beta_expectation(a, b, 1, [](double p) { return 1 + p; });
      EXPECT_LE(relative_error(value, 1 + a / (a + b)), 1e-13) << a << ' ' << b;
    }
  }
}

TEST(beta_expectation, ends_with_a_finite_number_for_any_parameters) {
  for (const double a : {1e-308, 1e-200, 1e-100, 1.0, 1e20, 1e100, 1e200, 1e308}) {
    for (const double b : {1e-308, 1e-200, 1e-100, 1.0, 1e20, 1e100, 1e200, 1e308}) {
      for (const double scale : {1.0, 1e300, HUGE_VAL}) {
        int nodes = 0;
        const double value = beta_expectation(a, b, scale, [&](double) { return ++nodes, 1.0; });
        EXPECT_LE(nodes, 40'003) << a << ' ' << b << ' ' << scale;  // as documented
        const bool accepted = std::fmin(a, b) >= 1e-100 && std::fmax(a, b) <= 1e100;
        EXPECT_TRUE(!accepted || std::fabs(value - 1) < 1e-12) << a << ' ' << b << ' ' << scale;
      }
    }
  }
}

TEST(beta_expectation, gives_a_known_negative_moment_with_a_knee_far_left) {
  // E[(1-p)^m] = B(a, b+m)/B(a, b) for a large m: all of it comes from p near 1/m.
  for (const double a : {0.05, 0.8, 3.0}) {
    for (const double m : {10.0, 1e3, 1e5}) {
      const double b = 2.5;
      const double value = beta_expectation(
          a, b, m, [&](double p) { return p < 1 ? std::exp(m * std::log1p(-p)) : 0.0; });
      const double expected = std::exp(clv::math::log_beta(a, b + m) - clv::math::log_beta(a, b));
      EXPECT_LE(relative_error(value, expected), 1e-12) << a << ' ' << m;
    }
  }
}
