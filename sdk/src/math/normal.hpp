// The standard normal distribution. [any] No state.
#pragma once

namespace clv::math {

// P(Z <= x) = erfc(-x / sqrt 2) / 2. Relative error <= 3e-14 for x > -20, and 2e-13 down to -37.5,
// where rounding of x/sqrt 2 is multiplied by x^2; 0 and 1 at the infinities.
double normal_cdf(double x);

// The x with normal_cdf(x) = p: Wichura's AS 241 (PPND16), Applied Statistics 37 (1988) 477-484.
// Relative error <= 2e-15 for 1e-300 <= p < 1 (absolute 1e-16 next to p = 1/2).
// -inf at 0, inf at 1, NaN outside.
double normal_quantile(double p);

}  // namespace clv::math
