// The times that occur in a block of tuples, with Gauss nodes between them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "math/gauss_legendre.hpp"
#include "models/distinct_times.hpp"
#include "models/lifetime.hpp"
#include "models/lifetime_terms.hpp"

namespace clv {

// Logs and slopes at the nodes do not depend on x: they are taken once for all runs of the block.
// The nodes are dense enough for the largest x that uses them.
template <class lifetime>
class time_grid {
 public:
  // At one time y: ln(1 + y/alpha), y/(alpha+y), ln S and its slopes.
  struct end {
    double log_grown = 0, share = 0, log_survival = 0;
    std::array<double, lifetime::size> slope{};
  };

  // Empty when no run of the block is long enough to pay.
  time_grid(const rate_and_lifetime<lifetime>& m,
            const tuples& t,
            std::size_t first,
            std::size_t last) {
    double largest = -1;  // x
    for (std::size_t i = first, from = first; i < last; ++i) {
      if (t.x[i] != t.x[from]) from = i;
      if (i - from + 1 >= shortest_run) largest = t.x[i];
    }
    if (largest < 0) return;
    times_ = distinct_times(t, first, last);
    if (times_.at.size() > last - first) return;  // hardly any time occurs twice
    rho_ = m.r + largest;
    place_nodes(m);
  }

  std::size_t times() const { return ends_.size(); }
  const std::vector<end>& ends() const { return ends_; }
  std::uint32_t t_x(std::size_t i) const { return times_.t_x[i]; }  // i-th of the block
  std::uint32_t T(std::size_t i) const { return times_.T[i]; }

  // Is a run of so many tuples cheaper here? A node costs about a sixtieth of a tuple by itself.
  bool pays(std::size_t run, double rho) const {
    if (ends_.empty() || run < shortest_run || rho > rho_) return false;
    if (60 * run < nodes_.size()) return false;
    const end& e = ends_.back();  // one scale must do for all times
    return rho * e.log_grown - e.log_survival < 600;
  }

  // after[j]: the integral from time j to the last one of h S c, and of it times what its
  // derivatives put under it (see bracket).
  void integrate(double rho, std::vector<std::array<double, 3 + lifetime::size>>& after) const {
    after.assign(times(), {});
    std::array<double, 3 + lifetime::size> sum{};
    for (std::size_t j = times() - 1; j-- > 0;) {
      for (std::size_t i = first_node_[j]; i < first_node_[j + 1]; ++i) {
        const node& n = nodes_[i];
        const double value = n.weight * std::exp(n.log_survival - rho * n.log_grown);
        sum[0] += value;
        sum[1] += value * n.log_grown;
        sum[2] += value * n.share;
        for (std::size_t k = 0; k < lifetime::size; ++k) sum[3 + k] += value * n.slope[k];
      }
      after[j] = sum;
    }
  }

  void survivors(double rho, std::vector<double>& value) const {
    for (std::size_t j = 0; j < times(); ++j) {
      value[j] = std::exp(ends_[j].log_survival - rho * ends_[j].log_grown);
    }
  }

 private:
  static constexpr std::size_t shortest_run = 16;

  struct node {  // weight: h du; slope: of ln(h S)
    double weight = 0, log_grown = 0, share = 0, log_survival = 0;
    std::array<double, lifetime::size> slope{};
  };

  // A rule and how much an interval may bend (half-length times grid_bend) for it: the error
  // 2^(2n+1) (n!)^4 / ((2n+1) (2n)!^3) z^2n e^(2z) of the interval's integral is below 2e-14.
  struct rule {
    int n;
    double most_bend;
  };
  static constexpr std::array<rule, 3> rules{{{4, 0.12}, {6, 0.6}, {10, 2}}};

  double bend(const rate_and_lifetime<lifetime>& m, double y, int n) const {
    return (rho_ + n) / (m.alpha + y) + m.life.grid_bend(y, n);
  }

  // Pieces the interval after time j is cut into.
  double pieces(const rate_and_lifetime<lifetime>& m, std::size_t j, const rule& r) const {
    const double from = times_.at[j], half = 0.5 * (times_.at[j + 1] - from);
    return std::ceil(half * bend(m, from, r.n) / r.most_bend);
  }

  void place_nodes(const rate_and_lifetime<lifetime>& m) {
    const rule* best = nullptr;
    double fewest = most_nodes;
    for (const rule& r : rules) {
      double count = 0;
      for (std::size_t j = 0; j + 1 < times_.at.size(); ++j) count += r.n * pieces(m, j, r);
      if (!(count < fewest)) continue;
      fewest = count;
      best = &r;
    }
    if (best == nullptr) return;
    nodes_.reserve(static_cast<std::size_t>(fewest));
    for (std::size_t j = 0; j < times_.at.size(); ++j) {
      first_node_.push_back(nodes_.size());
      const double from = times_.at[j];
      const auto at = m.life.terms(from);
      ends_.push_back({std::log1p(from / m.alpha),
                       from / (m.alpha + from),
                       at.log_survival,
                       at.survival_slope});
      if (j + 1 == times_.at.size()) break;
      const double parts = pieces(m, j, *best), half = 0.5 * (times_.at[j + 1] - from) / parts;
      for (double part = 0; part < parts; ++part) {
        add_piece(m, best->n, from + (2 * part + 1) * half, half);
      }
    }
  }

  void add_piece(const rate_and_lifetime<lifetime>& m, int n, double centre, double half) {
    const auto add = [&](double y, double weight) {
      const auto at = m.life.terms(y);
      nodes_.push_back({weight * at.hazard,
                        std::log1p(y / m.alpha),
                        y / (m.alpha + y),
                        at.log_survival,
                        at.density_slope});
      return 0.0;
    };
    if (n == 4) {
      math::gauss_sum(math::gauss_4, centre, half, add);
    } else if (n == 6) {
      math::gauss_sum(math::gauss_6, centre, half, add);
    } else {
      math::gauss_sum(math::gauss_10, centre, half, add);
    }
  }

  static constexpr double most_nodes = 20'000;
  distinct_times times_;
  double rho_ = 0;
  std::vector<end> ends_;
  std::vector<node> nodes_;
  std::vector<std::size_t> first_node_;
};

}  // namespace clv
