// Sums of very many terms that vary slowly. [any] No state.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/gauss_legendre.hpp"

namespace clv::math {

// sum of f(k) for k = first+1 ... last (last may be infinite), f = exp(log_f), log_f smooth at a
// distance of `first` >= 1000 from its nearest singularity, which lies at or left of 0.
// Euler-Maclaurin in its midpoint form,
//   integral of f over (first + 1/2, last + 1/2) - (f' at last + 1/2 - f' at first + 1/2)/24,
// the integral by panels on which ln f changes by about four and u at most doubles. Relative error
// of what it adds <= 1e-12, and that is of a sum whose first thousand terms were taken one by one.
// With f a power of u the panels go on to 1e250 and the rest follows in closed form; infinite
// where that does not converge, also where f falls faster only beyond.
template <class function>
double sum_beyond(double first, double last, const function& log_f) {
  constexpr double far = 1e250, negligible = 1e-18;
  const auto f = [&](double u) { return std::exp(log_f(u)); };
  double u = first + 0.5, total = 0;
  const double end = last + 0.5;
  while (u < end) {
    const double change = std::fabs(log_f(u) - log_f(u + 1));
    const double width = std::min({u, change > 0 ? 4 / change : u, end - u});
    const double part = gauss_sum(
        gauss_16, u + 0.5 * width, 0.5 * width, [&](double at, double du) { return f(at) * du; });
    total += part;
    u += width;
    if (!(part > negligible * total)) break;
    if (u < far) continue;
    const double power = (log_f(u) - log_f(2 * u)) / 0.69314718055994530942;
    if (!(power > 1)) return std::numeric_limits<double>::infinity();
    total += f(u) * u / (power - 1);
    break;
  }
  const double at_first = f(first + 1) - f(first);
  const double at_last = std::isfinite(last) ? f(last + 1) - f(last) : 0;
  return total - (at_last - at_first) / 24;
}

}  // namespace clv::math
