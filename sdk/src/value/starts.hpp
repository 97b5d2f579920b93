// Where a search begins.
#pragma once

#include <vector>

#include "value/fit_problem.hpp"

namespace clv {

// In the problem's coordinates, coefficients at 0, each point different:
//   the model's documented values;
//   the method of moments. Counts (parameters r and alpha): with the rate m = sum x / sum T, r
//   makes the variance m T + (m T)^2 / r and alpha = r / m (Ehrenberg 1959). Spend (p, q, gamma):
//   with A + B / x the relative variance of mean_spend at x purchases, q = 2 + 1/A, p = (1 + A) /
//   B, gamma = mean (q-1) / p (note 025 gives both moments). The rest as documented; the documented
//   values times or by 4 in four fixed patterns. [any]
std::vector<Eigen::VectorXd> starts_of(const fit_problem& p);

}  // namespace clv
