// Where a search begins.
#pragma once

#include <vector>

#include "value/fitting/fit_problem.hpp"

namespace clv {

// In the problem's coordinates, coefficients at 0, each point different:
//   the model's documented values;
//   the method of moments. Counts (parameters r and alpha): with the rate m = sum x / sum T, r
//   makes the variance m T + (m T)^2 / r and alpha = r / m (Ehrenberg 1959), or r / (k m) where
//   only every k-th event is a purchase. Spend (p, q, gamma): with A + B / x the relative variance
//   of mean_spend at x purchases, q = 2 + 1/A, p = (1 + A) / B, gamma = mean (q-1) / p (note 025
//   gives both moments). The rest as documented. [any]
std::vector<Eigen::VectorXd> likely_starts_of(const fit_problem& p);

// Those, and the documented values times or by 4 in four fixed patterns. Of a hazard that grows at
// a rate b (GG/NBD: five parameters, integrals for each customer, two regimes) instead of the
// patterns these two: b and beta by 100, where hazards hardly grow and only beta/b is known
// (Pareto/NBD); and b times, s by 100, where they reach their limit s b early. [any]
std::vector<Eigen::VectorXd> starts_of(const fit_problem& p);

}  // namespace clv
