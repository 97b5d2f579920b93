// Means with standard errors. [any] No state.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "retention/effects/experiment.hpp"

namespace clv::retention {

struct estimate {
  double mean = 0, se = 0;
  double n = 0;
  double lower(double z) const { return mean - z * se; }
  double upper(double z) const { return mean + z * se; }
};

// Mean and sd / sqrt(n), n - 1 below the sum of squares; se 0 for fewer than two values.
inline estimate mean_of(const std::vector<double>& values) {
  estimate e{.n = static_cast<double>(values.size())};
  for (const double v : values) e.mean += v;
  if (values.empty()) return e;
  e.mean /= e.n;
  double squares = 0;
  for (const double v : values) squares += (v - e.mean) * (v - e.mean);
  if (values.size() > 1) e.se = std::sqrt(squares / (e.n - 1) / e.n);
  return e;
}

// Of the difference of two independent estimates.
inline estimate difference(const estimate& a, const estimate& b) {
  return {.mean = a.mean - b.mean, .se = std::hypot(a.se, b.se), .n = a.n + b.n};
}

// Mean of `values` over the units of one arm (and of one segment, if given), weighted by one over
// the chance to be there (Hajek 1971). Equal chances: the plain mean and its standard error.
estimate arm_mean(const experiment& of,
                  const std::vector<double>& values,
                  std::size_t arm,
                  std::optional<std::size_t> segment = std::nullopt);

}  // namespace clv::retention
