// The weighted log-likelihood of many tuples with its gradient, for models of lifetime.hpp.
//
// With c(y) = (1 + y/alpha)^-rho, the bracket of one customer's likelihood is
//   M = c(T) S(T) + int_{t_x}^T h S c dy,      LL = ln[Gamma(rho)/Gamma(r)] - x ln alpha + ln M
// and each derivative of M is the same integral with one more factor under it, so one set of nodes
// gives everything. Two ways to integrate, equal to rounding:
//   one tuple      panels of Gauss nodes on its own silence (t_x, T)
//   a run          all tuples of one x share h S c: with F(y) its integral from y to the last time,
//                  M = [c(T) S(T) - F(T)] + F(t_x). Both parts are >= 0 (nobody dies twice), so the
//                  difference costs no digits of M, and a tuple costs two look-ups and a log.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/lifetime.hpp"
#include "models/lifetime_grid.hpp"

namespace clv {

// A bracket M and its derivatives by ln rho-th power, alpha and the lifetime's parameters:
// [0] M, [1] -dM/dr, [2] -(alpha/rho) dM/dalpha, [3 + k] dM/d(parameter k).
template <class lifetime>
using bracket = std::array<double, 3 + lifetime::size>;

// What the brackets of a run of tuples with equal x and their weights w amount to.
template <class lifetime>
struct run_totals {
  double weight = 0, log_bracket = 0;  // sum of w, of w ln M
  bracket<lifetime> slopes{};          // sum of w/M times each derivative
};

// M and its derivatives for one customer, in units of c(t_x) S(t_x).
template <class lifetime>
bracket<lifetime> bracket_of(const rate_and_lifetime<lifetime>& m,
                             double rho,
                             double t_x,
                             double T) {
  const rate_and_lifetime<lifetime> last(rho, m.alpha + t_x, m.life.aged(t_x));
  const double log_at_t_x = std::log1p(t_x / m.alpha);
  bracket<lifetime> sum{};
  const auto add = [&](double u, double grown, double value, const auto& slopes) {
    sum[0] += value;
    sum[1] += value * (log_at_t_x + grown);
    sum[2] += value * ((t_x + u) / (last.alpha + u));
    for (std::size_t k = 0; k < lifetime::size; ++k) sum[3 + k] += value * slopes[k];
  };
  const double w = T - t_x;
  if (w > 0) {
    math::panel_integral(
        std::min(last.alpha, last.life.scale()),
        w,
        [&](double u) { return rho / (last.alpha + u) + last.life.bend(u); },
        [&](const math::panel_node& n) {
          const auto at = last.life.terms(n);
          const double grown = n.log_grown(last.alpha);
          const double value = n.du * at.hazard * std::exp(at.log_survival - rho * grown);
          add(n.u, grown, value, at.density_slope);
          return value;
        });
  }
  const auto end = last.life.terms(w);
  const double grown = std::log1p(w / last.alpha);
  add(w, grown, std::exp(end.log_survival - rho * grown), end.survival_slope);
  return sum;
}

template <class lifetime>
void add_tuple(const rate_and_lifetime<lifetime>& m,
               const observation& o,
               double weight,
               run_totals<lifetime>& run) {
  const double rho = m.r + o.x;
  const auto b = bracket_of(m, rho, o.t_x, o.T);
  run.weight += weight;
  run.log_bracket +=
      weight * (std::log(b[0]) - rho * std::log1p(o.t_x / m.alpha) + m.life.log_survival(o.t_x));
  for (std::size_t k = 1; k < b.size(); ++k) run.slopes[k] += weight * (b[k] / b[0]);
}

// A run of tuples on the grid of the block's times.
template <class lifetime>
class grid_run {
 public:
  grid_run(const time_grid<lifetime>& grid, double rho) : grid_(grid) {
    grid.integrate(rho, after_);
    at_T_.assign(grid.times(), 0);
    at_t_x_.assign(grid.times(), 0);
    survivors_.resize(grid.times());
    grid.survivors(rho, survivors_);
  }

  void add(std::uint32_t t_x, std::uint32_t T, double weight, run_totals<lifetime>& run) {
    const double value = (survivors_[T] - after_[T][0]) + after_[t_x][0];
    run.weight += weight;
    run.log_bracket += weight * std::log(value);
    at_T_[T] += weight / value;
    at_t_x_[t_x] += weight / value;
  }

  // The slopes of all tuples that were added.
  void finish(run_totals<lifetime>& run) const {
    for (std::size_t j = 0; j < at_T_.size(); ++j) {
      const double alive = at_T_[j] * survivors_[j], silent = at_t_x_[j] - at_T_[j];
      run.slopes[1] += alive * grid_.ends()[j].log_grown + silent * after_[j][1];
      run.slopes[2] += alive * grid_.ends()[j].share + silent * after_[j][2];
      for (std::size_t k = 0; k < lifetime::size; ++k) {
        run.slopes[3 + k] += alive * grid_.ends()[j].slope[k] + silent * after_[j][3 + k];
      }
    }
  }

 private:
  const time_grid<lifetime>& grid_;
  std::vector<bracket<lifetime>> after_;  // F and its derivatives, from each time on
  std::vector<double> survivors_;         // c S at each time
  std::vector<double> at_T_, at_t_x_;     // sums of w/M by time
};

template <class lifetime>
void add_run(const rate_and_lifetime<lifetime>& m,
             double x,
             const run_totals<lifetime>& run,
             likelihood_sum& sum) {
  const double rho = m.r + x;
  sum.value += run.weight * (math::log_rising(m.r, x) - x * std::log(m.alpha)) + run.log_bracket;
  const double dr = x > 0 ? math::digamma(rho) - math::digamma(m.r) : 0;
  sum.gradient[0] += run.weight * dr - run.slopes[1];
  sum.gradient[1] += (rho * run.slopes[2] - run.weight * x) / m.alpha;
  for (std::size_t k = 0; k < lifetime::size; ++k) sum.gradient[2 + k] += run.slopes[3 + k];
}

// model::accumulate of a lifetime made of p[2], p[3], ...
template <class lifetime>
void accumulate_lifetimes(
    values p, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const rate_and_lifetime<lifetime> m(p);
  sum.gradient.resize(2 + lifetime::size);
  const time_grid<lifetime> grid(m, t, first, last);
  for (std::size_t i = first; i < last;) {
    const double x = t.x[i];
    std::size_t end = i;
    while (end < last && t.x[end] == x) ++end;
    run_totals<lifetime> run;
    if (grid.pays(end - i, m.r + x)) {
      grid_run<lifetime> tuples_of_x(grid, m.r + x);
      for (; i < end; ++i) {
        tuples_of_x.add(grid.t_x(i - first), grid.T(i - first), t.weight[i], run);
      }
      tuples_of_x.finish(run);
    } else {
      for (; i < end; ++i) {
        add_tuple(m, {.x = x, .t_x = t.t_x[i], .T = t.T[i]}, t.weight[i], run);
      }
    }
    add_run(m, x, run, sum);
  }
}

}  // namespace clv
