#include "value/trust/forecast_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace clv {
namespace {

// Positions of `v` by falling value; equal ones by position, so that the result is one.
std::vector<std::size_t> falling(std::span<const double> v) {
  std::vector<std::size_t> order(v.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, [&](std::size_t a, std::size_t b) { return v[a] != v[b] ? v[a] > v[b] : a < b; });
  return order;
}

// Calls group(first, last) for each stretch of `order` with equal values.
template <typename Group>
void for_ties(std::span<const double> v, const std::vector<std::size_t>& order, Group group) {
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && v[order[last]] == v[order[first]]) ++last;
    group(first, last);
    first = last;
  }
}

std::vector<double> mean_ranks(std::span<const double> v, const std::vector<std::size_t>& order) {
  std::vector<double> ranks(v.size());
  for_ties(v, order, [&](std::size_t first, std::size_t last) {
    const double rank = 0.5 * static_cast<double>(first + last - 1);
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = rank;
  });
  return ranks;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double middle = 0.5 * static_cast<double>(a.size() - 1);  // the mean rank of both
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - middle) * (a[i] - middle);
    bb += (b[i] - middle) * (b[i] - middle);
    ab += (a[i] - middle) * (b[i] - middle);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0.0;
}

double top_tenth(std::span<const double> predicted,
                 std::span<const double> actual,
                 const std::vector<std::size_t>& order) {
  const double places = 0.1 * static_cast<double>(predicted.size());
  double sum = 0;
  for_ties(predicted, order, [&](std::size_t first, std::size_t last) {
    const double left = places - static_cast<double>(first);
    if (left <= 0) return;
    double in_tie = 0;
    for (std::size_t i = first; i < last; ++i) in_tie += actual[order[i]];
    sum += in_tie * std::min(1.0, left / static_cast<double>(last - first));
  });
  return sum / places;
}

}  // namespace

forecast_error compare_forecast(std::span<const double> predicted, std::span<const double> actual) {
  const auto n = static_cast<double>(predicted.size());
  forecast_error e;
  double absolute = 0, square = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const double off = predicted[i] - actual[i];
    e.predicted += predicted[i];
    e.actual += actual[i];
    absolute += std::abs(off);
    square += off * off;
  }
  e.mae = absolute / n;
  e.rmse = std::sqrt(square / n);
  const auto by_forecast = falling(predicted);
  e.rank_correlation =
      correlation(mean_ranks(predicted, by_forecast), mean_ranks(actual, falling(actual)));
  if (e.actual > 0) e.top_decile_lift = top_tenth(predicted, actual, by_forecast) / (e.actual / n);
  return e;
}

}  // namespace clv
