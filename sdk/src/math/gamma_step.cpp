#include "math/gamma_step.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "math/gamma.hpp"
#include "math/gauss_legendre.hpp"

namespace clv::math {
namespace {

constexpr double asymptotic_from = 16;

}  // namespace

double digamma_step(double x, double h) {
  // B_2k / 2k of psi(z) = ln z - 1/(2z) - sum c_k z^-2k; at 16 the first one left out is 1e-17.
  constexpr std::array<double, 6> c{
      1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760};
  double sum = 0;
  for (; x < asymptotic_from; ++x) sum += h / (x * (x + h));
  const double q = x / (x + h), share = h / (x + h), inverse = 1 / (x * x);
  const double first = share * (1 + q);  // 1 - q^2
  double power = inverse, rest = first;  // x^-2k and 1 - q^2k
  for (const double each : c) {
    sum += each * power * rest;
    power *= inverse;
    rest = rest * q * q + first;
  }
  return sum + 0.5 * share / x + std::log1p(h / x);
}

double log_beta_step(double a, double b, double h) {
  double sum = 0;
  for (; b < asymptotic_from; ++b) sum -= std::log1p(h / b * (a / (a + b + h)));
  const double small = std::min(a, h), large = std::max(a, h);
  if (small > 0.5 * b) {
    const double rest = (stirling_rest(small + b) - stirling_rest(b)) -
                        (stirling_rest(small + b + large) - stirling_rest(b + large));
    return sum +
           ((small + b - 0.5) * std::log1p(small / b) -
            (small + b + large - 0.5) * std::log1p(small / (b + large))) -
           small * std::log1p(large / b) + rest;
  }
  const double half = 0.5 * small;
  return sum - gauss_sum(gauss_10, half, half, [&](double s, double ds) {
           return digamma_step(b + s, large) * ds;
         });
}

}  // namespace clv::math
