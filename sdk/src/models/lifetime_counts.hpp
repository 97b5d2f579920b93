// How many purchases: tail and distribution of the count, for models of lifetime.hpp.
//
// With the count N(tau) of a customer who cannot die (negative binomial) and death at tau,
//   P(X(t) > i) = int_0^t (density of purchase i+1 at tau) S(tau) dtau
//   P(X(t) = j) = S(t) P(N(t) = j) + int_0^t h(tau) S(tau) P(N(tau) = j) dtau
// All terms are positive, all i share the nodes, and from i to i+1 a node's term grows by a known
// factor. (The 2F1 sums of the textbooks alternate.)
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "math/gamma.hpp"
#include "models/count_nodes.hpp"
#include "models/lifetime.hpp"

namespace clv {

// Adds first * (shape)_i z^i / i! to sums[i], i = 0, 1, ...: the terms of one node, z = odds/(1 +
// odds). The first may underflow: `log_first` is its log.
inline void add_counts(double shape, double odds, double log_first, std::span<double> sums) {
  constexpr double nothing = 1e-27;
  const double z = odds / (1 + odds), mean = shape * odds,
               reach = 10 * std::sqrt(mean * (1 + odds));
  // Left of this the node has nothing to say.
  const double from = std::floor(std::max(0.0, mean - reach));
  if (!(from < static_cast<double>(sums.size()))) return;
  double log_term = log_first;
  if (from > 0) {
    log_term += math::log_rising(shape, from) - math::log_rising(1, from) + from * std::log(z);
  }
  double term = std::exp(log_term);
  for (std::size_t i = static_cast<std::size_t>(from); i < sums.size(); ++i) {
    sums[i] += term;
    const double n = static_cast<double>(i);
    term *= (shape + n) / (1 + n) * z;
    if (term < nothing && n > mean) break;
  }
}

template <class lifetime>
void tail_of(const rate_and_lifetime<lifetime>& m, double t, std::span<double> tail) {
  std::ranges::fill(tail, 0.0);
  over_counts(m, t, tail.size(), [&](const math::panel_node& n) {
    const double log_first = std::log(n.du * m.r / (m.alpha + n.u)) + log_neither(m, n);
    add_counts(m.r + 1, n.u / m.alpha, log_first, tail);
  });
}

// model::purchase_tail of a lifetime made of p[2], p[3], ...
template <class lifetime>
void lifetime_tail(values p, const observation& o, double t, std::vector<double>& tail) {
  constexpr double tail_end = 1e-12;
  constexpr std::size_t most_entries = 20'000;
  tail.clear();
  if (!(t > 0)) return;
  const auto m = rate_and_lifetime<lifetime>(p).updated(o.x, o.T);
  auto size = static_cast<std::size_t>(std::min(1.0 * most_entries, likely_most(m.r, m.alpha, t)));
  for (;; size = std::min(2 * size, most_entries)) {
    tail.assign(size, 0.0);
    tail_of(m, t, tail);
    if (tail.back() < tail_end || size == most_entries) break;
  }
  double before = 1;  // rounding must not make a tail rise
  for (double& v : tail) before = v = std::min(v, before);
  while (!tail.empty() && !(tail.back() >= tail_end)) tail.pop_back();
}

// model::pmf of a lifetime made of p[2], p[3], ...
template <class lifetime>
void lifetime_pmf(values p, double t, std::span<double> pmf) {
  const rate_and_lifetime<lifetime> m(p);
  std::ranges::fill(pmf, 0.0);
  if (pmf.empty()) return;
  if (!(t > 0)) {
    pmf[0] = 1;
    return;
  }
  over_counts(m, t, pmf.size(), [&](const math::panel_node& n) {
    const double log_first = std::log(n.du * m.life.hazard(n.u)) + log_neither(m, n);
    add_counts(m.r, n.u / m.alpha, log_first, pmf);
  });
  add_counts(m.r, t / m.alpha, log_neither(m, t), pmf);
}

}  // namespace clv
