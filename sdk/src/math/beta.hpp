// The beta function in logs, ratios of it, and the upper incomplete sum. [any] No state.
#pragma once

namespace clv::math {

// ln B(a, b) = ln [Gamma(a) Gamma(b) / Gamma(a+b)], a, b > 0.
// With an argument >= 10 the Stirling forms are combined term by term, so nothing large cancels
// (the textbook difference loses six digits at a = 1, b = 1e10).
// Error <= 4e-15 * max(1, |value|) on [1e-300, 1e10]^2.
double log_beta(double a, double b);

// ln [B(a, b+n) / B(a, b)] = -sum_{i<n} log1p(a / (b+i)), a, b > 0, n = 0, 1, 2, ...
// The sum itself for n <= 24 (all terms of one sign). Above, for n < a the difference of
// log_rising; else the two Stirling forms are combined term by term (the difference of two ln B
// loses two digits at a = 10, b = 1e4). Error <= 2e-14 * max(1, |value|), a, b, n <= 1e4.
double log_beta_ratio(double a, double b, double n);

// 1 + (n+rho)/(n+1) z + (n+rho)(n+rho+1)/((n+1)(n+2)) z^2 + ...: what P(J >= n) is in units of
// P(J = n) when J is negative binomial (rho, z); the continued fraction DLMF 8.17.22.
// n >= 1, rho > 0, 0 <= z < 1 and z < (n+1)/(n+rho+2), which is n right of the mean; there it takes
// about sqrt(n) steps where the sum takes 37/(1-z). Relative error <= 1e-14.
double upper_tail_factor(double n, double rho, double z);

}  // namespace clv::math
