// DERT of the models with a geometric drop-out: own derivation, in no package. [any] Pure.
#pragma once

#include "models/geometric_drop_out.hpp"

namespace clv {

// Sum over the future purchases of a customer alive now of e^{-delta (time until it)}, expected:
//   E[lambda / (lambda p + delta)],  lambda ~ Gamma(shape, rate), p ~ Beta(a, b)
// because with phi = lambda/(lambda+delta) the i-th purchase is worth phi^i and happens with
// probability (1-p)^{i-1}. delta >= 0 is continuous, per unit of time; at delta = 0 it is
// E[1/p] = (a+b-1)/(a-1), infinite for a <= 1.
double discounted_count(const drop_out_mixture& m, double delta);

// The same where a purchase takes k stages, each at rate lambda, and the current one has run for
// `silence` since the last purchase, so that j < k of its stages may be over:
//   sum_j c_j E_j[phi^{k-j} / (1 - (1-p) phi^k)],  c_j ~ (shape)_j / j! (silence/rate)^j,
// E_j over lambda ~ Gamma(shape+j, rate). Summed over j inside the integral that is
//   E_w[K(phi^-k - 1) e_{k-1}(silence (lambda+delta))] / E_w[e_{k-1}(silence lambda)]
// with w the density Gamma(shape, rate), e_n(y) = sum_{j<=n} y^j/j!, K(v) = E_p[1/(p+v)].
//
// Both expectations are trapezoid sums, over ln lambda and over logit p, of terms that are all
// positive; the nodes of p serve every lambda, so a term costs half a division. Both integrands are
// analytic up to |Im| = pi/2 (in logit p up to pi unless a or b is large), where steps of 0.18 and
// 0.25, smaller where the densities are narrow, leave below e^-36 of them. (Gauss-Laguerre in time
// is poor, 4e-6 with 64 nodes: the integrand falls only like time^-a.)
// Domain: a, b in [1e-6, 1e8], shape in [1e-3, 1e6], delta rate from 1e-12 to 1e12. Relative error
// <= 1e-12 (tests/golden). 10 to 30 us.
double discounted_count(const drop_out_mixture& m, int k, double silence, double delta);

}  // namespace clv
