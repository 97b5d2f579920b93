// The lifetime of GG/NBD: Gompertz with hazard eta b e^(b t), eta ~ Gamma(s, beta) over customers,
//   S(t) = (beta/D)^s,   h(t) = s b e^(bt) / D,   D = beta - 1 + e^(bt).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "clv/model.hpp"
#include "math/gamma.hpp"
#include "math/gauss_legendre.hpp"
#include "math/random.hpp"
#include "models/lifetime_terms.hpp"

namespace clv {

// Seen from an age on it is the same with now = 1 + (beta-1) e^(-b age) for beta: with b -> 0 and
// beta/b fixed that is Pareto's beta + age, and nothing below subtracts what is then equal.
class gompertz_lifetime {
 public:
  explicit gompertz_lifetime(values p) : b_(p[2]), s_(p[3]), beta_(p[4]), now_(p[4]) {}

  gompertz_lifetime aged(double t) const {
    gompertz_lifetime later = *this;
    later.age_ += t;
    const double aging = b_ * later.age_;
    later.left_ = std::exp(-aging);
    later.gone_ = -std::expm1(-aging);
    later.log_age_ = at(beta_, aging).log_grown;
    later.now_ = beta_ * later.left_ + later.gone_;
    return later;
  }

  double log_survival(double u) const { return -s_ * at(now_, b_ * u).log_grown; }
  double log_survival(const math::panel_node& n) const { return log_survival(n.u); }
  double hazard(double u) const { return s_ * b_ * at(now_, b_ * u).rate; }

  // |d ln S/du| = s b rate and |d ln h/du| = b |1 - rate|. D has zeros at (ln(now-1) +- i pi)/b:
  // until e^(bu) hides them a panel may not be longer than about 2/b.
  double bend(double u) const {
    const double rate = at(now_, b_ * u).rate;
    const double near = std::fabs(now_ - 1) * std::exp(-b_ * u) > 1e-17 ? 4.5 : 0;
    return b_ * (s_ * rate + std::fabs(1 - rate) + near);
  }

  // Below now = 1 D has a real zero, at ln(1-now)/b.
  double scale() const { return std::min(3.0, now_ < 1 ? -std::log1p(-now_) : 3.0) / b_; }

  double expected_life(double t) const {
    if (!(t > 0)) return 0;
    return life(t, 0);
  }

  double discounted_life(double delta) const {
    return life(std::numeric_limits<double>::infinity(), delta);
  }

  // As of Pareto's: |d^2n/du^2n (h S)| <= (grid_bend)^2n h S. Each derivative of a power of D
  // brings b e^(bu)/D at most, or b.
  double grid_bend(double u, int n) const {
    return b_ * (1 + (s_ + 1 + n) * std::max(1.0, at(now_, b_ * u).rate));
  }

  static constexpr std::size_t size = 3;
  // d by b, s, beta. At y = age + u: D = e^(b age) (now - 1 + e^(bu)), and
  //   ln S = -s ln(D/beta)     by b -s y rate,           s -ln(D/beta),  beta s (1/beta - 1/D)
  //   ln h = ln(s b rate)      by b 1/b + y (1 - rate),  s 1/s,          beta -1/D
  lifetime_terms<size> terms(double u) const {
    const point p = at(now_, b_ * u);
    const double y = age_ + u, log_grown = log_age_ + p.log_grown;
    const double inverse = left_ * p.inverse;         // 1/D
    const double lost = p.risen + gone_ * p.inverse;  // 1 - beta/D, up to now
    const double by_b = -s_ * y * p.rate, by_beta = s_ * lost / beta_;
    return {
        .log_survival = -s_ * p.log_grown,
        .hazard = s_ * b_ * p.rate,
        .survival_slope = {by_b, -log_grown, by_beta},
        .density_slope = {1 / b_ + y * p.stopped + by_b, 1 / s_ - log_grown, by_beta - inverse}};
  }
  lifetime_terms<size> terms(const math::panel_node& n) const { return terms(n.u); }

  double draw(random_source& random) const {
    const double eta = random.gamma(s_, beta_);
    return std::log1p(random.exponential() / eta) / b_;
  }

 private:
  // With E = e^x and D = start - 1 + E:
  struct point {
    double log_grown;  // ln(D/start)
    double rate;       // E/D
    double stopped;    // 1 - rate
    double inverse;    // 1/D
    double risen;      // (E-1)/D
  };
  static point at(double start, double x) {
    if (x < 40) {
      const double rise = std::expm1(x), D = start + rise;
      return {math::log_one_plus(rise / start), (1 + rise) / D, (start - 1) / D, 1 / D, rise / D};
    }
    const double small = std::exp(-x), D = 1 + (start - 1) * small;  // in units of E
    return {math::log_add_exp(0, x - std::log(start)),
            1 / D,
            (start - 1) * small / D,
            small / D,
            1 / D};
  }

  double life(double width, double delta) const {
    return math::panel_integral(
        scale(),
        width,
        [&](double u) { return delta + bend(u); },
        [&](const math::panel_node& n) { return n.du * std::exp(log_survival(n) - delta * n.u); });
  }

  double b_, s_, beta_;
  double age_ = 0;
  double left_ = 1, gone_ = 0;  // e^(-b age) and 1 - that
  double log_age_ = 0;          // ln(D/beta) at the age
  double now_;
};

}  // namespace clv
