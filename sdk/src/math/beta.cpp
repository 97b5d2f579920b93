#include "math/beta.hpp"

#include <algorithm>
#include <cmath>

#include "math/gamma.hpp"

namespace clv::math {

double log_beta(double a, double b) {
  const double s = std::min(a, b), l = std::max(a, b);
  if (s >= 10) {
    const double rest = stirling_rest(s) + stirling_rest(l) - stirling_rest(s + l);
    return 0.91893853320467274178 - 0.5 * std::log(l) + (s - 0.5) * std::log(s / (s + l)) -
           l * std::log1p(s / l) + rest;
  }
  return log_gamma(s) - log_rising(l, s);
}

double log_beta_ratio(double a, double b, double n) {
  double sum = 0, i = 0;
  for (; i < n && (n <= 24 || b + i < 10); ++i) sum -= std::log1p(a / (b + i));
  if (i == n) return sum;
  b += i;
  n -= i;
  if (n < a) return sum + (log_rising(b, n) - log_rising(a + b, n));
  const double rest =
      (stirling_rest(a + b) - stirling_rest(b)) - (stirling_rest(a + b + n) - stirling_rest(b + n));
  return sum + ((a + b - 0.5) * std::log1p(a / b) - (a + b + n - 0.5) * std::log1p(a / (b + n))) -
         a * std::log1p(n / b) + rest;
}

double upper_tail_factor(double n, double rho, double z) {
  // Lentz's method; the even and odd coefficients of DLMF 8.17.23 with a = n, b = rho.
  constexpr double tiny = 1e-300;
  double c = 1;
  double d = 1 - (n + rho) * z / (n + 1);
  d = 1 / (std::fabs(d) < tiny ? tiny : d);
  double value = d;
  for (int step = 1; step <= 100'000; ++step) {
    const double m = step, n2 = n + 2 * m;
    double factor = 1;
    for (const double term :
         {m * (rho - m) * z / ((n2 - 1) * n2), -(n + m) * (n + rho + m) * z / (n2 * (n2 + 1))}) {
      d = 1 + term * d;
      c = 1 + term / c;
      d = 1 / (std::fabs(d) < tiny ? tiny : d);
      if (std::fabs(c) < tiny) c = tiny;
      factor = d * c;
      value *= factor;
    }
    if (std::fabs(factor - 1) < 2e-16) break;
  }
  return value;
}

}  // namespace clv::math
