// What lies ahead of one (x, t_x, T): everything about value that does not depend on own spend.
#pragma once

#include <vector>

#include "clv/model.hpp"

namespace clv {

// How the log of a total grows with the count: mean and variance of ln S_n less those of ln S_1.
// Both are the same for every customer, because model::log_total_spend is a part in n plus a part
// in the customer (its contract; tests/every/score_test checks it for every spend model).
class count_terms {
 public:
  struct entry {
    double mean = 0, variance = 0;
  };
  count_terms(const model& spend, values p);
  entry at(std::size_t n) const { return n < kept_.size() ? kept_[n] : compute(n); }

 private:
  entry compute(std::size_t n) const;

  const model* spend_;
  values parameters_;
  double one_mean_ = 0, one_variance_ = 0;
  std::vector<entry> kept_;  // of n = 0, 1, ...; longer counts are computed when they occur
};

struct outlook {
  double log_likelihood = 0;
  double p_alive = 0;
  double expected_purchases = 0;
  double no_purchase = 0;
  double discounted = 0;      // expected purchases, each times exp(-delta s)
  double count_mean = 0;      // of ln S_N - ln S_1 given at least one purchase ...
  double count_variance = 0;  // ... and its variance about that; may be negative, see below
  double z10 = 0, z50 = 0, z90 = 0;
};

struct horizon {
  double length = 0;                            // model units
  double delta = 0;                             // continuous discount rate per model unit
  bool discounted = true, distribution = true;  // whether those fields of outlook are wanted
};

// Discounted purchases by integration by parts,
//   int_0^H e^(-delta s) dE[Y(s)] = e^(-delta H) E[Y(H)] + delta int_0^H e^(-delta s) E[Y(s)] ds,
// where H is at most 40 / delta: what comes later is below e^-40 of what came before, E[Y] being
// concave. The integral by 8 Gauss-Legendre nodes in u, s = H u^2 (the square moves the nearest
// singularity at s = -(alpha + T) away), where E[Y] is nearly straight up to H and delta H is
// small; else the upper half of [0, H] by 8 nodes in s, and the same again for the lower half.
// Relative error of the whole below 1e-7 for any delta and H (outlook_test). count_variance =
// E[v(N)] - v(1) + Var[m(N)] over the exact distribution of N given N >= 1, so that adding a
// customer's own v(1) gives the variance of ln S_N. [any]
class outlooks {
 public:
  outlooks(const model& m, values p, const count_terms* counts, horizon ahead)
      : model_(&m), parameters_(p), counts_(counts), ahead_(ahead) {}
  outlook of(const observation& o, std::vector<double>& scratch) const;

 private:
  double discounted(const observation& o, double expected) const;
  bool single_panel(const observation& o, double H, double expected, double& mean) const;
  double integral_of(const observation& o, double from, double to) const;
  void count_moments(const observation& o, std::vector<double>& tail, outlook& out) const;

  const model* model_;
  values parameters_;
  const count_terms* counts_;
  horizon ahead_;
};

}  // namespace clv
