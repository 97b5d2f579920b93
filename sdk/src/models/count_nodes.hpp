// Nodes in time for the counts of lifetime_counts.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "math/gauss_legendre.hpp"
#include "models/lifetime.hpp"

namespace clv {

// A count above which P(N(t) > count) < 1e-12 when nobody dies: where Chernoff's bound
//   ln P(N >= n) <= -n ln(n / ((n+r) z)) - r ln(r / ((n+r) (1-z))),   z = t/(alpha+t)
// says so. Newton's method from above, where the bound is convex.
inline double likely_most(double r, double alpha, double t) {
  constexpr double enough = 28;  // > ln 1e12
  const double odds = t / alpha, mean = r * odds;
  double n = mean + 8 * std::sqrt(mean * (1 + odds)) + enough / std::log1p(1 / odds) + 1;
  for (int i = 0; i < 4; ++i) {
    const double slope = std::log(n / (n + r) * (1 + 1 / odds));
    const double bound = n * slope + r * std::log(r / (n + r) * (1 + odds));
    if (!(slope > 0 && bound > enough)) break;
    n -= (bound - enough) / slope;
  }
  return std::max(n, mean) + 1;
}

// The end of the part of (0, t) that matters: not where nearly everybody is dead, nor where nobody
// has as few as `counts` purchases.
template <class lifetime>
double counting_end(const rate_and_lifetime<lifetime>& m, double t, double counts) {
  const auto beyond = [&](double tau) {
    const double mean = m.r * (tau / m.alpha);
    return m.life.log_survival(tau) < -100 ||
           mean - 14 * std::sqrt(mean * (1 + tau / m.alpha)) > counts;
  };
  if (!beyond(t)) return t;
  double log_low = std::log(1e-30 * t), log_high = std::log(t);
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (log_low + log_high);
    (beyond(std::exp(middle)) ? log_high : log_low) = middle;
  }
  return std::min(t, std::exp(log_high));
}

// Calls add(node) for nodes that integrate h S P(N = j) and the densities of purchases over
// (0, t) for all counts below `counts`.
//
// Panels of 32 nodes in w = ln(1 + tau/scale), from the right end, where the high counts are, to
// the left. The term of count j is tau^j times smooth factors: one panel from 0 is exact for j to
// 63, and further right a panel must not bend much for the counts that matter there.
template <class lifetime, class function>
void over_counts(const rate_and_lifetime<lifetime>& m,
                 double t,
                 std::size_t counts,
                 const function& add) {
  constexpr double most_bend = 14, most_power = 36;
  const double scale = std::min(m.alpha, m.life.scale());
  const double end = counting_end(m, t, static_cast<double>(counts));
  const double most = std::min(static_cast<double>(counts), likely_most(m.r, m.alpha, end));
  const auto smooth_at = [&](double tau) {
    return 1 + (scale + tau) * (1 / (m.alpha + tau) + m.life.bend(tau));
  };
  double w = std::log1p(end / scale);
  while (w > 0) {
    const double tau = scale * std::expm1(w), still = m.alpha / (m.alpha + tau);
    const double smooth = smooth_at(tau);
    const double mean = tau * (m.r / m.alpha + m.life.bend(tau));
    const double spread = std::sqrt(mean / still);
    // The highest count with a share worth having at tau.
    const double highest = std::min(
        most, std::max(mean + 10 * spread + 15, tau < end ? 40 / std::log(end / tau) : most));
    // How its log rises there, and how that of a count on its decline falls, per w. The bulk of a
    // count is bell-shaped in tau: half a panel may reach over three and a half spreads.
    const double per_w = (scale + tau) / tau * still;
    const double rise = (tau < end ? std::min(highest, 4 * spread + 15) : highest) * per_w;
    const double fall = std::min(m.r * tau / m.alpha, 4 * spread) * per_w;
    double half = 0.5 * w;
    if (half > 1 || half * (smooth + fall) > most_bend || highest > most_power) {
      half = std::min({half, 1.0, most_bend / (smooth + std::max(rise, fall))});
    }
    // A lifetime may bend more at the panel's other end: one that sets in suddenly.
    while (half * smooth_at(scale * std::expm1(w - 2 * half)) > 1.5 * most_bend) half *= 0.7;
    if (!(half > 0)) return;
    math::panel_sum(math::gauss_32, scale, w - half, half, [&](const math::panel_node& n) {
      add(n);
      return 0.0;
    });
    w = half < 0.5 * w ? w - 2 * half : 0;
  }
}

}  // namespace clv
