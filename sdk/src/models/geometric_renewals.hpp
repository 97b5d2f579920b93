// Expectations of erlang_drop_out.hpp by quadrature over p, for counts so large that their sums are
// slow. [any] Pure.
#pragma once

namespace clv {

struct stage_mixture;

// E[purchases in t] and P(alive after t) of a customer alive now, t > 0. Given p, with q = 1-p:
//   expected  sum_{i>=1} q^{i-1} P_i          survival  sum_{i>=0} q^i (P_i - P_{i+1})
// For q <= 1/2 the first 60 terms. Above, with the roots s_l^k = q (l = 0 ... k-1), since q to the
// number of whole intervals in n stages is sum_l g_l s_l^n, g_l = p s_l / (k q (1 - s_l)):
//   expected  sum_j c_j sum_l g_l/p s_l^j (1 - B_lj)   survival  sum_j c_j sum_l g_l s_l^j B_lj
//   B_lj = E_j[e^{-(1-s_l) lambda t}] = (1 + (1-s_l) t/rate)^-(shape+j)
// The parts l > 0 are below 2/k each and the sum is above 1 where it is used, or all parts are
// small together (shape << 1): nothing cancels. Own derivation. Relative error <= 1e-12.
double renewals_expected(const stage_mixture& m, double t);
double renewals_survive(const stage_mixture& m, double t);

}  // namespace clv
