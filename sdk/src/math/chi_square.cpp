#include "math/chi_square.hpp"

#include <cmath>

#include "math/gamma.hpp"

namespace clv::math {
namespace {

constexpr int most_terms = 100'000;
constexpr double tiny = 1e-300;

// P(a, y) = y^a e^-y / Gamma(a+1) sum y^n / ((a+1) ... (a+n)), every term positive.
double lower_series(double a, double y, double front) {
  double term = 1, sum = 1;
  for (int n = 1; n < most_terms && term > 1e-17 * sum; ++n) {
    term *= y / (a + n);
    sum += term;
  }
  return front / a * sum;
}

// Q(a, y) by the modified Lentz method.
double upper_fraction(double a, double y, double front) {
  double b = y + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
  for (int n = 1; n < most_terms; ++n) {
    const double an = n * (a - n);
    b += 2;
    d = an * d + b;
    if (std::fabs(d) < tiny) d = tiny;
    c = b + an / c;
    if (std::fabs(c) < tiny) c = tiny;
    d = 1 / d;
    const double step = d * c;
    h *= step;
    if (std::fabs(step - 1) < 1e-16) break;
  }
  return front * h;
}

}  // namespace

double chi_square_tail(double x, double k) {
  const double a = k / 2, y = x / 2;
  if (std::isnan(y)) return y;
  if (!(y > 0)) return 1;
  if (std::isinf(y)) return 0;
  const double front = std::exp(a * std::log(y) - y - log_gamma(a));
  return y < a + 1 ? 1 - lower_series(a, y, front) : upper_fraction(a, y, front);
}

}  // namespace clv::math
