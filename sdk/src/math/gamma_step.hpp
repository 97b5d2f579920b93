// Differences of the gamma family over a real step, right to the last digits however small the step
// or whatever cancels. [any] No state.
#pragma once

namespace clv::math {

// psi(x+h) - psi(x), x > 0, h >= 0. x is moved to 16 by psi(x+1) = psi(x) + 1/x, whose differences
// have one sign, then DLMF 5.11.2 is subtracted term by term. Relative error <= 4e-16.
double digamma_step(double x, double h);

// ln [B(a, b+h) / B(a, b)] = ln [Gamma(b+h) Gamma(a+b) / (Gamma(b) Gamma(a+b+h))], b > 0, h >= 0,
// a >= -1, a > -b. Symmetric in a and h: -integral_0^h [psi(b+s+a) - psi(b+s)] ds, taken over the
// smaller of the two (ten Gauss nodes) once b is moved to 16; where both exceed b/2 nothing
// cancels, and the Stirling forms are combined as in log_beta_ratio. Relative error <= 1e-14 for
// |a|, b, h <= 1e15 (measured against tests/golden/bdw.csv).
double log_beta_step(double a, double b, double h);

}  // namespace clv::math
