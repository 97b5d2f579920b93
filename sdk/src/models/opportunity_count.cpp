#include "models/opportunity_count.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "math/beta.hpp"
#include "math/gamma.hpp"
#include "math/gamma_step.hpp"
#include "math/gauss_legendre.hpp"
#include "models/smooth_fill.hpp"

namespace clv {
namespace {

constexpr double one_by_one = 4096;
constexpr double tail_end = 1e-12;
constexpr double most_entries = 20'000;

// The integral of exp(log_f) between `high`, where it is largest, and `low`, ended where it adds
// nothing; log_f falls all the way. Panels on which it falls by at most four.
template <class function>
double falling_integral(double high, double low, const function& log_f) {
  constexpr double most_fall = 4, negligible = 1e-18;
  const double sign = low < high ? -1 : 1;
  double total = 0, width = high;
  for (double u = high, at = log_f(u); u != low;) {
    width = std::min({2 * width, u * (sign < 0 ? 0.5 : 1), std::fabs(low - u)});
    double next = u + sign * width, there = log_f(next);
    while (at - there > most_fall && width > 1e-3) {
      width *= 0.5;
      next = u + sign * width;
      there = log_f(next);
    }
    if (next == u) break;
    const double part =
        math::gauss_sum(math::gauss_16, 0.5 * (u + next), 0.5 * width, [&](double y, double dy) {
          return std::exp(log_f(y)) * dy;
        });
    total += part;
    if (!(part > negligible * total)) break;
    u = width < std::fabs(low - u) ? next : low;
    at = there;
  }
  return total;
}

// Terms f(y) of j purchases by opportunity j + y, y = 0, 1, ...:
//   f(y+1)/f(y) = (y+j+A)/(y+1) (beta+y)/(alpha+beta+j+y) (delta+j+y)/(G+delta+j+y)
// A = 1, G = gamma+1: the customer dies right after it. A = 0, G = gamma: the j-th purchase is
// there.
struct terms {
  opportunity_mixture m;
  double j, A, G;
  double log_first;  // ln f(0)

  double step(double y) const {
    return (y + j + A) * (m.beta + y) * (m.delta + j + y) /
           ((y + 1) * (m.alpha + m.beta + j + y) * (G + m.delta + j + y));
  }
  // ln f(y+h)/f(y) for a real h.
  double log_steps(double y, double h) const {
    // Gamma(y+j+A)/Gamma(y+1) and its like as pairs, so that what is large in both drops out.
    return -math::log_beta_step(j - 1 + A, y + 1, h) +
           math::log_beta_step(m.alpha + j, m.beta + y, h) +
           math::log_beta_step(G, m.delta + j + y, h);
  }
  std::pair<double, double> turns() const;
  double log_beyond(double first, double last) const;
  double log_sum(double count) const;  // ln(f(0) + ... + f(count-1))
};

// Where f turns up again and where it turns down for good: step(y) - 1 has the sign of a quadratic
// that ends below 0. Both 0 where f only falls.
std::pair<double, double> terms::turns() const {
  const double n1 = j + A, n2 = m.beta, n3 = m.delta + j;
  const double d2 = m.alpha + m.beta + j, d3 = G + m.delta + j;
  const double a = A - 1 - m.alpha - G, c = n1 * n2 * n3 - d2 * d3;
  const double b = n1 * n2 + n1 * n3 + n2 * n3 - (d2 + d3 + d2 * d3);
  const double under_root = b * b - 4 * a * c;
  if (!(under_root > 0)) return {0, 0};
  const double q = -0.5 * (b + std::copysign(std::sqrt(under_root), b));
  const double one = q / a, other = q == 0 ? 0 : c / q;
  return {std::max(0.0, std::min(one, other)), std::max({0.0, one, other})};
}

// ln sum of f(y)/f(first), y = first+1 ... last: Euler-Maclaurin in its midpoint form, the integral
// over (first+1/2, last+1/2) less the slopes at its ends over 24. f may rise and fall by any
// number of powers of ten, so it is in units of its peak, and each of the stretches on which it is
// monotone is taken from its high end.
double terms::log_beyond(double first, double last) const {
  const auto log_f = [&](double y) { return log_steps(first, y - first); };
  const double low = first + 0.5, high = last + 0.5;
  auto [valley, peak] = turns();
  peak = std::clamp(peak, low, high);
  valley = std::clamp(valley, low, peak);
  const double unit = std::max(log_f(low), log_f(peak));
  const auto scaled = [&](double y) { return log_f(y) - unit; };
  const auto f = [&](double y) { return std::exp(scaled(y)); };
  const double slopes = (f(last + 1) - f(last)) - (f(first + 1) - f(first));
  const double sum = falling_integral(peak, high, scaled) + falling_integral(peak, valley, scaled) +
                     falling_integral(low, valley, scaled) - slopes / 24;
  return sum > 0 ? unit + std::log(sum) : -HUGE_VAL;
}

// In units of f(0), scaled down again and again where that is small against its neighbours.
double terms::log_sum(double count) const {
  constexpr double much = 1e200, log_much = 460.51701859880913680;
  const double last = std::min(count, one_by_one);
  double value = 1, before = 1, total = 0, scale = log_first;
  for (double y = 0; y < last; ++y) {
    before = value;
    total += value;
    value *= step(y);
    if (value > much) {
      before /= much;
      value /= much;
      total /= much;
      scale += log_much;
    }
  }
  const double near = scale + std::log(total);
  if (!(count > one_by_one)) return near;
  return math::log_add_exp(near, scale + std::log(before) + log_beyond(last - 1, count - 1));
}

// ln [B(alpha+j, beta)/B(alpha, beta)] + ln [B(gamma, delta+j)/B(gamma, delta)]
double log_all_taken(const opportunity_mixture& m, double j) {
  return math::log_beta_ratio(m.beta, m.alpha, j) + math::log_beta_ratio(m.gamma, m.delta, j);
}

// ln P(X(n) >= j), 1 <= j <= n.
double log_at_least(const opportunity_mixture& m, double n, double j) {
  const terms taken{.m = m, .j = j, .A = 0, .G = m.gamma, .log_first = log_all_taken(m, j)};
  return std::min(0.0, taken.log_sum(n - j + 1));
}

// ln P(X(n) = j), 0 <= j <= n.
double log_exactly(const opportunity_mixture& m, double n, double j) {
  const double log_first = log_all_taken(m, j);
  if (n == j) return log_first;
  const double lived = log_first - math::log_beta_step(j, 1, n - j) +  // ln C(n, j)
                       math::log_beta_ratio(m.alpha + j, m.beta, n - j) +
                       math::log_beta_ratio(m.gamma, m.delta + j, n - j);
  const terms died{.m = m,
                   .j = j,
                   .A = 1,
                   .G = m.gamma + 1,
                   .log_first = log_first + std::log(m.gamma / (m.gamma + m.delta + j))};
  return std::min(0.0, math::log_add_exp(lived, died.log_sum(n - j)));
}

}  // namespace

void opportunity_pmf(const opportunity_mixture& m, double n, std::span<double> pmf) {
  std::ranges::fill(pmf, 0.0);
  const double size = std::min(static_cast<double>(pmf.size()), n + 1);
  smooth_fill(pmf.first(static_cast<std::size_t>(size)),
              [&](std::size_t j) { return log_exactly(m, n, static_cast<double>(j)); });
}

double any_purchase(const opportunity_mixture& m, double n) {
  return n >= 1 ? std::exp(log_at_least(m, n, 1)) : 0;
}

void opportunity_tail(const opportunity_mixture& m, double n, std::vector<double>& tail) {
  tail.clear();
  const auto most = static_cast<std::size_t>(std::clamp(n, 0.0, most_entries));
  const auto log_more_than = [&](std::size_t i) {
    return log_at_least(m, n, static_cast<double>(i) + 1);
  };
  while (tail.size() < most && (tail.empty() || tail.back() >= tail_end)) {
    const std::size_t from = tail.size();
    tail.resize(std::min(most, std::max<std::size_t>(32, 2 * from)));
    smooth_fill(std::span(tail).subspan(from),
                [&](std::size_t i) { return log_more_than(from + i); });
  }
  double before = 1;  // rounding must not make a tail rise
  for (double& v : tail) before = v = std::min(v, before);
  while (!tail.empty() && tail.back() < tail_end) tail.pop_back();
}

}  // namespace clv
