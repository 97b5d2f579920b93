#include "retention/experiments/off_policy.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

namespace clv::retention {
namespace {

// sqrt of the variance of the sum of terms that are independent between customers; `terms` sum to
// 0.
template <class function>
double error_of_sum(std::span<const policy_sample> log, const function& term) {
  std::unordered_map<std::size_t, std::size_t> places;
  std::vector<double> sums;  // by first appearance, so that the order of adding is that of the log
  for (const policy_sample& s : log) {
    const auto [place, fresh] = places.emplace(s.customer, sums.size());
    if (fresh) sums.push_back(0);
    sums[place->second] += term(s);
  }
  const auto n = static_cast<double>(sums.size());
  double squares = 0;
  for (const double sum : sums) squares += sum * sum;
  return std::sqrt(n / (n - 1) * squares);  // NaN for one customer: nothing is known of it
}

template <class function>
policy_estimate mean_of(std::span<const policy_sample> log, const function& score) {
  const auto n = static_cast<double>(log.size());
  double sum = 0;
  for (const policy_sample& s : log) sum += score(s);
  const double mean = sum / n;
  return {mean, error_of_sum(log, [&](const policy_sample& s) { return score(s) - mean; }) / n};
}

}  // namespace

policy_estimate inverse_propensity(std::span<const policy_sample> log) {
  return mean_of(log, [](const policy_sample& s) { return s.weight * s.reward; });
}

policy_estimate self_normalised(std::span<const policy_sample> log) {
  double weights = 0, sum = 0;
  for (const policy_sample& s : log) {
    weights += s.weight;
    sum += s.weight * s.reward;
  }
  const double value = sum / weights;
  const auto term = [&](const policy_sample& s) { return s.weight * (s.reward - value); };
  return {value, error_of_sum(log, term) / weights};
}

policy_estimate clipped(std::span<const policy_sample> log, double clip) {
  return mean_of(log, [&](const policy_sample& s) { return std::min(s.weight, clip) * s.reward; });
}

policy_estimate doubly_robust(std::span<const policy_sample> log) {
  return mean_of(
      log, [](const policy_sample& s) { return s.direct + s.weight * (s.reward - s.predicted); });
}

policy_support support_of(std::span<const policy_sample> log) {
  policy_support out{.rows = static_cast<double>(log.size())};
  double sum = 0, squares = 0;
  for (const policy_sample& s : log) {
    out.matched += s.weight > 0 ? 1 : 0;
    out.max_weight = std::max(out.max_weight, s.weight);
    sum += s.weight;
    squares += s.weight * s.weight;
  }
  if (squares > 0) out.effective_n = sum * sum / squares;
  return out;
}

}  // namespace clv::retention
