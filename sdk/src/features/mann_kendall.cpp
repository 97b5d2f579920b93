#include "features/mann_kendall.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/normal.hpp"

namespace clv::features {
namespace {

constexpr std::size_t least_values = 4;

double term(double n) {
  return n * (n - 1) * (2 * n + 5);
}

}  // namespace

std::optional<trend_found> mann_kendall(std::span<const double> series) {
  if (series.size() < least_values) return std::nullopt;
  const auto n = static_cast<double>(series.size());
  std::map<double, double> ties;  // a series of counts has few different values
  double s = 0;
  for (const double value : series) {
    for (const auto& [before, count] : ties) {
      s += count * ((value > before) - (value < before));
    }
    ++ties[value];
  }
  double variance = term(n);
  for (const auto& [value, count] : ties) variance -= term(count);
  variance /= 18;
  trend_found found{.statistic = s, .tau = s / (n * (n - 1) / 2)};
  if (variance > 0 && s != 0) {
    const double z = (std::abs(s) - 1) / std::sqrt(variance);
    found.p_value = std::min(1.0, 2 * math::normal_cdf(-z));
  }
  return found;
}

}  // namespace clv::features
