#include "models/discrete_lifetime.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/gamma_step.hpp"
#include "math/long_sum.hpp"

namespace clv {
namespace {

constexpr double one_by_one = 1000;

double undiscounted(double a, double b, double n) {
  const double e = a - 1;
  if (!std::isfinite(n)) return e > 0 ? b / e : std::numeric_limits<double>::infinity();
  if (e == 0) return b * math::digamma_step(b + 1, n);
  return b * (-std::expm1(math::log_beta_step(e, b + 1, n)) / e);
}

}  // namespace

double lifetime_sum(double a, double b, double n, double rate) {
  if (!(n > 0)) return 0;
  if (rate == 0 && n > 16) return undiscounted(a, b, n);
  const double last = std::min(n, one_by_one), factor = std::exp(-rate);
  double term = 1, sum = 0;
  for (double k = 0; k < last; ++k) {
    term *= (b + k) / (a + b + k) * factor;
    sum += term;
    // What is left is at most a geometric series of this term.
    if (term < 1e-17 * sum * -std::expm1(-rate)) return sum;
  }
  if (last == n) return sum;
  return sum + math::sum_beyond(
                   last, n, [&](double k) { return math::log_beta_step(a, b, k) - rate * k; });
}

}  // namespace clv
