// Purchases among discrete opportunities of a customer who takes each with probability
// p ~ Beta(alpha, beta) and dies before each with probability theta ~ Beta(gamma, delta): the
// future of a BG/BB customer. [any] Pure.
#pragma once

#include <span>
#include <vector>

namespace clv {

struct opportunity_mixture {
  double alpha, beta, gamma, delta;  // all > 0
};

// P(X(n) = j), Fader, Hardie & Shang (2010) eq. 8, for j = 0 ... pmf.size() - 1; n whole.
void opportunity_pmf(const opportunity_mixture& m, double n, std::span<double> pmf);

// P(X(n) >= 1), in (0, 1].
double any_purchase(const opportunity_mixture& m, double n);

// tail[i] = P(more than i purchases in n opportunities), i = 0, 1, ...; ends where below 1e-12 or
// at 20,000:
//   P(X >= j) = sum_{i=j}^n P(the j-th purchase is at opportunity i and the customer lives then)
// All terms are positive; those beyond the first few thousand are summed as an integral, and of
// many j a few are summed and the others interpolated. Relative error <= 1e-12
// (tests/golden/bg_bb.csv), 2e-10 for thousands of purchases. Below a second for any n.
void opportunity_tail(const opportunity_mixture& m, double n, std::vector<double>& tail);

}  // namespace clv
