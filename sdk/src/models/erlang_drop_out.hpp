// The future of a customer of BG/CNBD-k and MBG/CNBD-k that is alive now: purchases are every k-th
// event of a Poisson process with rate lambda ~ Gamma(shape, rate), and after each purchase the
// customer drops out with probability p ~ Beta(a, b). [any] Pure.
//
// The last purchase was `silence` ago and j < k stages of the current interval are over since; the
// likelihood of the history is a sum over j (reference: own derivation from Platzer & Reutterer
// 2016; checked against direct integration), so the future is a mixture over j with weights
//   c_j ~ (shape)_j / j! (silence/rate)^j,  lambda ~ Gamma(shape+j, rate) for each j.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/geometric_drop_out.hpp"

namespace clv {

inline constexpr int most_stages = 12;

struct stage_mixture {
  drop_out_mixture next;                    // shape is r + kx, b is that of the next drop-out
  int k;                                    // stages of an interval, 1 ... most_stages
  double silence = 0;                       // 0 for a new customer: then c_0 = 1
  double log_total = 0;                     // ln of the sum of (shape)_j/j! (silence/rate)^j
  std::array<double, most_stages> share{};  // c_j
};
stage_mixture stages_of(const drop_out_mixture& next, int k, double silence);

// If nobody dropped out, in t > 0: sums over stages, no term below 0.
struct purchase_probabilities {
  std::vector<double> at_least;  // P_i = P(i or more purchases), i = 0, 1, ... size-1
  std::vector<double> exactly;   // P_i - P_{i+1}
};
purchase_probabilities purchase_chances(const stage_mixture& m, double t, std::size_t size);

// What one customer buys in t. With P_i = sum_j c_j P(J_j >= ki - j), the probability of i or more
// purchases if nobody dropped out (J_j negative binomial (shape+j, z), z = t/(rate+t)), and
// s_i = prod_{m<i} (b+m)/(a+b+m):
//
//   expected_count  sum_{i>=1} s_{i-1} P_i, all of whose terms are positive; where that takes over
//                   3,000 stages, the expectation over p by quadrature (geometric_renewals.hpp)
//   count_tail      tail[i] = s_i P_{i+1}; ends where below 1e-12 or at 20,000
//   count_pmf       s_j (P_j - P_{j+1}) + (s_{j-1} - s_j) P_j, the difference from the stages' pmf
//   survival        P(alive after t) = sum_{i>=0} s_i (P_i - P_{i+1}), or by quadrature
//   none            P_0 - P_1 = P(no purchase)
// Relative error <= 1e-12 (tests/golden/cnbd_k.csv) for a, b in [1e-6, 1e6], shape in [1e-3, 1e6].
// 1 to 50 us, 50 to 500 us by quadrature.
double expected_count(const stage_mixture& m, double t);
void count_tail(const stage_mixture& m, double t, std::vector<double>& tail);
void count_pmf(const stage_mixture& m, double t, std::span<double> pmf);
double survival(const stage_mixture& m, double t);
double none(const stage_mixture& m, double t);

}  // namespace clv
