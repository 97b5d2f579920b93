// The lifetime of Pareto/NBD: death rate mu ~ Gamma(s, beta), S(t) = (beta/(beta+t))^s.
#pragma once

#include <array>
#include <cmath>
#include <limits>

#include "clv/model.hpp"
#include "math/gauss_legendre.hpp"
#include "math/random.hpp"
#include "models/lifetime_terms.hpp"

namespace clv {

// Seen from an age on: with now = beta + age, S(age+u)/S(age) = (now/(now+u))^s.
class pareto_lifetime {
 public:
  pareto_lifetime(double s, double beta) : s_(s), beta_(beta), now_(beta) {}
  explicit pareto_lifetime(values p) : pareto_lifetime(p[2], p[3]) {}

  pareto_lifetime aged(double t) const {
    pareto_lifetime later = *this;
    later.age_ += t;
    later.log_age_ = std::log1p(later.age_ / beta_);
    later.now_ = beta_ + later.age_;
    return later;
  }

  double log_survival(double u) const { return -s_ * std::log1p(u / now_); }
  double log_survival(const math::panel_node& n) const { return -s_ * n.log_grown(now_); }
  double hazard(double u) const { return s_ / (now_ + u); }
  double bend(double u) const { return (s_ + 1) / (now_ + u); }
  double scale() const { return now_; }

  // now * (1 - q^(s-1)) / (s-1), q = now/(now+u); ln(1/q) at s = 1.
  double expected_life(double u) const {
    const double e = s_ - 1, log_q = -std::log1p(u / now_);
    return now_ * (e == 0 ? -log_q : -std::expm1(e * log_q) / e);
  }

  // now^s e^(delta now) delta^(s-1) Gamma(1-s, delta now), by quadrature: no large delta or now, no
  // s near a whole number is special.
  double discounted_life(double delta) const {
    if (delta == 0) {
      return s_ > 1 ? now_ / (s_ - 1) : std::numeric_limits<double>::infinity();
    }
    return math::panel_integral(
        now_,
        std::numeric_limits<double>::infinity(),
        [&](double u) { return delta + s_ / (now_ + u); },
        [&](const math::panel_node& n) { return n.du * std::exp(log_survival(n) - delta * n.u); });
  }

  // How far the log of a density of death at u may be from a polynomial of degree 2n: the 2n-th
  // derivative of h S is below (that)^2n times h S.
  double grid_bend(double u, int n) const { return (s_ + 1 + n) / (now_ + u); }

  static constexpr std::size_t size = 2;
  // d by s, beta. S from age 0 is (beta/(beta+y))^s, y = age + u; ln h = ln s - ln(beta+y).
  lifetime_terms<size> terms(double u) const { return terms(u, std::log1p(u / now_)); }
  lifetime_terms<size> terms(const math::panel_node& n) const {
    return terms(n.u, n.log_grown(now_));
  }

  double draw(random_source& random) const {
    const double mu = random.gamma(s_, beta_);
    return random.exponential() / mu;
  }

 private:
  lifetime_terms<size> terms(double u, double grown) const {
    const double at = now_ + u, y = age_ + u;
    const double by_s = -(log_age_ + grown), by_beta = s_ * (y / at) / beta_;
    return {.log_survival = -s_ * grown,
            .hazard = s_ / at,
            .survival_slope = {by_s, by_beta},
            .density_slope = {1 / s_ + by_s, by_beta - 1 / at}};
  }

  double s_, beta_, age_ = 0, log_age_ = 0, now_;
};

}  // namespace clv
