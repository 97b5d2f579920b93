// The distribution function of a beta variate and its inverse. [any] No state.
#pragma once

namespace clv::math {

// P(B <= x) = I_x(a, b), the regularised incomplete beta function, for B ~ Beta(a, b), a, b > 0:
//   x^a (1-x)^b / (a B(a, b)) times the continued fraction DLMF 8.17.22, on the side of the mean
// where it converges in about sqrt(max(a, b)) steps, else 1 - I_{1-x}(b, a). 0 below 0, 1 above 1.
// Absolute error <= 1e-12 for a + b <= 1e4, growing with a + b (the logs of the front factor do).
double beta_cdf(double x, double a, double b);

// The x with beta_cdf(x) = p, to 1e-12 absolute, by bisection: it never leaves [0, 1], whatever the
// shape. 0 <= p <= 1.
double beta_quantile(double p, double a, double b);

}  // namespace clv::math
