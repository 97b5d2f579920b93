// Quantiles of times, and intervals of them that need no shape and no bootstrap. [any] No state.
#pragma once

#include <optional>
#include <vector>

namespace clv::desk {

struct weighted_value {
  double value = 0, weight = 1;
};

// The q-quantile: the least x whose weight up to and with it is more than q of the whole, the mean
// of two neighbours where it is exactly q (Hyndman & Fan 1996, The American Statistician 50(4)
// 361-365, definition 2; with equal weights the textbook's median). Weights of 0 or less do not
// count. nullopt without any weight. 0 < q < 1.
std::optional<double> weighted_quantile(std::vector<weighted_value> values, double q);

// The interval from one order statistic to another that holds the q-quantile with a chance of at
// least `level`, whatever the distribution: lower is the largest x_(l) with P(Bin(n, q) < l) at
// most (1 - level) / 2, upper the least x_(u) with P(Bin(n, q) >= u) at most that (David & Nagaraja
// 2003, Order Statistics, 7.1). A side is absent when n is too small for it: no order statistic is
// low (or high) enough.
struct quantile_interval {
  std::optional<double> lower, upper;
};
quantile_interval interval_of_quantile(std::vector<double> values, double q, double level);

// The quantile of Student's distribution: P(T <= t) = p, `degrees` > 0, 1/2 <= p < 1. From
// x = d / (d + t^2), which is Beta(d/2, 1/2) with P(X <= x) = 2 (1 - p). Relative error 1e-6 for
// t < 100 (beta_quantile is right to 1e-12 absolute), enough for an interval.
double student_quantile(double p, double degrees);

}  // namespace clv::desk
