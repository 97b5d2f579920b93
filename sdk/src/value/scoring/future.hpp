// The future of a customer who is alive: how much of it is discounted away, and the distribution
// of the log of what is spent, given at least one purchase.
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
  // Of ln S_1 of a customer whose mean spend over x purchases is the usual one.
  double own_variance(double x) const;

 private:
  entry compute(std::size_t n) const;

  const model* spend_;
  values parameters_;
  double one_mean_ = 0, one_variance_ = 0;
  double usual_spend_ = 1;
  std::vector<entry> kept_;  // of n = 0, 1, ...; longer counts are computed when they occur
};

struct horizon {
  double length = 0;                            // model units
  double delta = 0;                             // continuous discount rate per model unit
  bool discounted = true, distribution = true;  // whether those fields are wanted
  bool operator==(const horizon&) const = default;
};

// Of N purchases within the horizon, N >= 1, and their total S_N. `mean`, `variance` and `skew` are
// the skewed normal with the 10 %, 50 % and 90 % points of ln S_N less the mean of ln S_1 (see
// log_shape.hpp); the variance lacks that of ln S_1 of a customer with this x and may be negative.
// `spread` is the variance of ln E[N | N >= 1] over the parameter points. `discount` is discounted
// over plain purchases.
struct future {
  double mean = 0, variance = 0, skew = 0, spread = 0, discount = 1;
};

// Computes futures from a model, its estimates and the points around them.
//
// Discounted purchases by integration by parts,
//   int_0^H e^(-delta s) dE[Y(s)] = e^(-delta H) E[Y(H)] + delta int_0^H e^(-delta s) E[Y(s)] ds,
// where H is at most 40 / delta: what comes later is below e^-40 of what came before, E[Y] being
// concave. The integral by 8 Gauss-Legendre nodes in u, s = H u^2 (the square moves the nearest
// singularity at s = -(alpha + T) away), where E[Y] is nearly straight up to H and delta H is
// small; else the upper half of [0, H] by 8 nodes in s, and the same again for the lower half.
// Relative error of the whole below 1e-7 for any delta and H (outlook_test). Discrete models: the
// sum of e^(-delta k) (E[Y(k)] - E[Y(k-1)]) over the periods itself. [any]
class future_maker {
 public:
  // `counts` may be null when horizon::distribution is false. `around` are parameter points, each
  // moved by the same covariates as `p`; empty: process uncertainty only.
  future_maker(const model& m,
               std::vector<double> p,
               std::vector<std::vector<double>> around,
               const count_terms* counts,
               horizon ahead);
  future of(const observation& o, std::vector<double>& scratch) const;
  const model& which() const { return *model_; }
  values parameters() const { return parameters_; }
  const std::vector<std::vector<double>>& around() const { return around_; }
  const horizon& ahead() const { return ahead_; }

 private:
  double expected(const observation& o, double t) const;
  double discounted(const observation& o, double expected) const;
  double by_periods(const observation& o) const;
  bool single_panel(const observation& o, double H, double expected, double& mean) const;
  double integral_of(const observation& o, double from, double to) const;
  void shape_total(const observation& o, std::vector<double>& tail, future& out) const;
  double spread_of(const observation& o) const;

  const model* model_;
  std::vector<double> parameters_;
  std::vector<std::vector<double>> around_;
  const count_terms* counts_;
  horizon ahead_;
};

}  // namespace clv
