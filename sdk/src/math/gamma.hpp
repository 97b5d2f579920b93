// The gamma family for positive arguments, and sums of logs. [any] No state, no statics, no errno.
//
// Our own because std::lgamma writes a global (a data race) and the initialisers of Boost.Math run
// when a shared library is loaded. Errors below were measured against tests/golden/gamma.csv.
#pragma once

namespace clv::math {

// ln(e^u + e^v) = max + log1p(e^-|u-v|), right at -inf (nothing to add), +inf and NaN (stays NaN).
double log_add_exp(double u, double v);

// ln Gamma(x), x > 0.
//   x >= 10   Stirling's series, DLMF 5.11.1
//   below     ln Gamma(2+z) = (1-euler) z + sum_{k>=2} (-1)^k (zeta(k)-1) z^k/k, |z| <= 1/2
//             (DLMF 5.7.3) after moving x to [1.5, 2.5] by Gamma(x+1) = x Gamma(x)
// Relative error <= 6e-16 on [1e-300, 1e300] (3e-16 measured, at its minimum 1.4616), also next to
// the zeros 1 and 2, where the series starts with z itself. log_gamma(0) = log_gamma(inf) = inf;
// NaN for x < 0.
double log_gamma(double x);

// What Stirling's leading terms lack: ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], x >= 10.
double stirling_rest(double x);

// ln [Gamma(x+n) / Gamma(x)], x > 0, n >= 0; exactly 0 for n = 0. No cancellation for x >> n: the
// difference of two Stirling forms is taken term by term.
// Error <= 4e-15 * max(1, |value|), reached at x = 1e-8, n = 12.
double log_rising(double x, double n);

// d/dx ln Gamma(x), x > 0. The same two series, differentiated (DLMF 5.11.2 from x = 10 on).
// Error <= 1e-15 * max(1, |value|) (3e-16 measured); absolute next to the zero 1.4616. digamma(0) =
// -inf, digamma(inf) = inf; NaN for x < 0.
double digamma(double x);

// d^2/dx^2 ln Gamma(x), x > 0. Relative error <= 2e-15, reached just below 10. trigamma(0) = inf,
// trigamma(inf) = 0.
double trigamma(double x);

}  // namespace clv::math
