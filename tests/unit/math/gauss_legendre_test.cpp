#include "math/gauss_legendre.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using clv::math::panel_integral;
using clv::math::panel_node;

namespace {

template <std::size_t pairs>
void expect_exact(const std::array<clv::math::gauss_node, pairs>& rule) {
  for (int degree = 0; degree < 4 * static_cast<int>(pairs); degree += 2) {
    const double integral = clv::math::gauss_sum(
        rule, 0, 1, [&](double x, double dx) { return std::pow(x, degree) * dx; });
    EXPECT_NEAR(integral, 2.0 / (degree + 1), 2e-15) << degree;  // rounding of up to 32 terms
  }
}

}  // namespace

TEST(gauss_legendre, is_exact_for_polynomials_up_to_twice_its_nodes) {
  expect_exact(clv::math::gauss_4);
  expect_exact(clv::math::gauss_6);
  expect_exact(clv::math::gauss_10);
  expect_exact(clv::math::gauss_16);
  expect_exact(clv::math::gauss_32);
}

TEST(gauss_legendre, panels_integrate_powers_of_any_size_over_any_width) {
  for (const double power : {0.2, 1.5, 30.0, 1e4}) {
    for (const double width : {1e-9, 0.3, 5.0, 1e6}) {
      const double value = panel_integral(
          2,
          width,
          [&](double u) { return power / (2 + u); },
          [&](const panel_node& n) { return n.du * std::exp(-power * n.log_grown(2)); });
      const double exact = -2 * std::expm1((1 - power) * std::log1p(width / 2)) / (power - 1);
      EXPECT_NEAR(value, exact, 2e-14 * exact) << power << ' ' << width;
    }
  }
}

TEST(gauss_legendre, panels_integrate_exponentials_to_infinity) {
  for (const double rate : {1e-6, 1.0, 1e6}) {
    const double value = panel_integral(
        1,
        std::numeric_limits<double>::infinity(),
        [&](double) { return rate; },
        [&](const panel_node& n) { return n.du * std::exp(-rate * n.u); });
    EXPECT_NEAR(value, 1 / rate, 2e-14 / rate) << rate;
  }
}

TEST(gauss_legendre, log_one_plus_is_exact_for_small_and_large_numbers) {
  for (const double v : {0.0, 1e-300, 1e-17, 1e-9, 0.1, 1.0, 1e5, 1e300}) {
    EXPECT_NEAR(clv::math::log_one_plus(v), std::log1p(v), 5e-16 * std::log1p(v)) << v;
  }
}
