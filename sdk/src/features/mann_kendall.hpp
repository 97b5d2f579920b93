// Is a series of counts rising or falling? [any] No state.
#pragma once

#include <optional>
#include <span>

namespace clv::features {

struct trend_found {
  double statistic = 0;  // S, pairs that rise less pairs that fall
  double tau = 0;        // S over all pairs, in [-1, 1]
  double p_value = 1;    // two-sided
};

// Mann (1945), Kendall (1975): S = sum over i < j of sign(x_j - x_i), its variance under no trend
// [n(n-1)(2n+5) - sum over ties t(t-1)(2t+5)] / 18, normal with the continuity correction
// (|S| - 1) / sd. Independent of the scale of the counts and of single outbursts.
// nullopt under four values: no order of three can be significant.
std::optional<trend_found> mann_kendall(std::span<const double> series);

}  // namespace clv::features
