// Tail of the chi-square distribution, for tests. [any] No state.
#pragma once

namespace clv::math {

// P(X > x), X chi-square with k degrees of freedom, x >= 0, k > 0: Q(k/2, x/2), the upper
// regularised incomplete gamma function. Left of the mean 1 - its power series (DLMF 8.7.1), right
// of it the continued fraction DLMF 8.9.2. Relative error <= 1e-12 right of the mean, absolute
// 1e-14 left of it. 1 at x = 0, 0 at infinity, NaN for NaN.
double chi_square_tail(double x, double k);

}  // namespace clv::math
