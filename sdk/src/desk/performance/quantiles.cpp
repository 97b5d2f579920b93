#include "desk/performance/quantiles.hpp"

#include <algorithm>
#include <cmath>

#include "math/incomplete_beta.hpp"

namespace clv::desk {
namespace {

// P(Bin(n, q) >= k).
double at_least(std::size_t k, std::size_t n, double q) {
  if (k == 0) return 1;
  if (k > n) return 0;
  return math::beta_cdf(q, static_cast<double>(k), static_cast<double>(n - k) + 1);
}

}  // namespace

std::optional<double> weighted_quantile(std::vector<weighted_value> values, double q) {
  std::erase_if(values, [](const weighted_value& v) { return !(v.weight > 0); });
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    return a.value != b.value ? a.value < b.value : a.weight < b.weight;
  });
  double whole = 0, sum = 0;
  for (const weighted_value& v : values) whole += v.weight;
  const double wanted = q * whole, rounding = 1e-12 * whole;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    sum += values[i].weight;
    if (std::abs(sum - wanted) <= rounding) return 0.5 * (values[i].value + values[i + 1].value);
    if (sum > wanted) return values[i].value;
  }
  return values.back().value;
}

quantile_interval interval_of_quantile(std::vector<double> values, double q, double level) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  const double tail = 0.5 * (1 - level);
  // Both conditions are monotone in k: halving finds the last l and the first u.
  std::size_t l = 0, beyond = n + 1;  // P(Bin < l) <= tail holds for l, not for `beyond`
  while (beyond - l > 1) {
    const std::size_t middle = l + (beyond - l) / 2;
    (1 - at_least(middle, n, q) <= tail ? l : beyond) = middle;
  }
  std::size_t u = n + 1, below = 0;  // P(Bin >= u) <= tail holds for u, not for `below`
  while (u - below > 1) {
    const std::size_t middle = below + (u - below) / 2;
    (at_least(middle, n, q) <= tail ? u : below) = middle;
  }
  quantile_interval out;
  if (l > 0) out.lower = values[l - 1];
  if (u <= n) out.upper = values[u - 1];
  return out;
}

double student_quantile(double p, double degrees) {
  const double x = math::beta_quantile(2 * (1 - p), 0.5 * degrees, 0.5);
  return std::sqrt(degrees * (1 - x) / x);
}

}  // namespace clv::desk
