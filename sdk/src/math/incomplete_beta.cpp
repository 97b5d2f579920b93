#include "math/incomplete_beta.hpp"

#include <cmath>
#include <initializer_list>

#include "math/beta.hpp"

namespace clv::math {
namespace {

// Keeps Lentz's two running ratios away from 0.
double not_zero(double value) {
  constexpr double tiny = 1e-300;
  return std::abs(value) < tiny ? tiny : value;
}

// 1 / (1 + d1 / (1 + d2 / (1 + ...))), DLMF 8.17.22 and 23, by the modified method of Lentz
// (Thompson & Barnett 1986).
double continued_fraction(double x, double a, double b) {
  double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), f = d;
  for (int m = 1; m < 100'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (const double term : {even, odd}) {
      d = 1 / not_zero(1 + term * d);
      c = not_zero(1 + term / c);
      change = c * d;
      f *= change;
    }
    if (std::abs(change - 1) < 1e-15) break;
  }
  return f;
}

double lower_side(double x, double a, double b) {
  const double front = a * std::log(x) + b * std::log1p(-x) - log_beta(a, b);
  return std::exp(front) / a * continued_fraction(x, a, b);
}

}  // namespace

double beta_cdf(double x, double a, double b) {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  if (x <= (a + 1) / (a + b + 2)) return lower_side(x, a, b);
  return 1 - lower_side(1 - x, b, a);
}

double beta_quantile(double p, double a, double b) {
  if (!(p > 0)) return 0;
  if (p >= 1) return 1;  // where the function rounds to 1 says nothing of where it ends
  double low = 0, high = 1;
  while (high - low > 1e-13) {
    const double middle = 0.5 * (low + high);
    (beta_cdf(middle, a, b) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace clv::math
