// Counts with a gamma mixed rate. [any] No state.
#pragma once

#include <span>

namespace clv::math {

// J counts a Poisson process with rate lambda ~ Gamma(shape, rate) over a time t:
//   P(J = j) = Gamma(shape+j)/(Gamma(shape) j!) (1-z)^shape z^j,  z = t/(rate+t)
// All > 0, t >= 0.
struct negative_binomial {
  double shape;
  double z;      // t/(rate+t)
  double log_q;  // ln(1-z) = -log1p(t/rate): z alone cannot say how near to 1 it is
};
negative_binomial count_in(double shape, double rate, double t);

// pmf[j] = P(J = j) for j = 0 ... pmf.size() - 1 (at least one), by recurrence away from the mode,
// so no underflow spreads. Relative error <= 4e-16 (j - mode) and that of the mode,
// 1e-15 + 1e-16 * shape |log_q|.
void probabilities(const negative_binomial& j, std::span<double> pmf);

// In place from P(J = j) to P(J >= j) = I_z(j, shape), the regularised incomplete beta, summed
// from the far end so that nothing cancels. Right of the mean the rest beyond the last entry is
// known in units of that entry (upper_tail_factor); left of it the total is what is left of 1, and
// then at least a few hundredths for shape > 0.01.
// Relative error <= 1e-12 (2e-13 measured, in both tails, by the golden tables of the models).
void upper_tails(const negative_binomial& j, std::span<double> pmf);

}  // namespace clv::math
