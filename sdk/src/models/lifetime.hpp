// What Pareto/NBD and GG/NBD share: a customer buys at a rate lambda ~ Gamma(r, alpha) until a
// lifetime with survival S(t) and hazard h(t) over customers ends, unseen. [any] No state.
//
// All formulas are integrals of positive terms, so nothing cancels. Seen from the last purchase,
// with rho = r + x, a = alpha + t_x and S, h of a customer alive at age t_x:
//   neither  A = (1 + w/a)^-rho S(w)                              nothing happens for w
//   dead     D = int_0^w h(u) S(u) (1 + u/a)^-rho du              death comes before a purchase
//   any      1 - A - D = int_0^w rho/(a+u) (1 + u/a)^-rho S(u) du a purchase comes first
//   LL = ln[Gamma(rho)/Gamma(r)] - x ln alpha - rho ln(1 + t_x/alpha) + ln S(t_x) + ln(A + D)
//   P(alive) = A / (A + D),   w = T - t_x
// Given alive at T the future is that of a new customer with (rho, alpha + T) and S aged by T.
//
// A lifetime is a class with
//
//   aged(t)                 the same seen from age t on (its arguments u then start there)
//   log_survival(u)         ln of S(t+u)/S(t), also at a panel_node
//   hazard(u)
//   bend(u)                 >= |d ln S/du| and >= |d ln (h S)/du|, larger where a singularity in
//                           the complex plane is near
//   scale()                 no real singularity of S lies right of u = -scale()
//   expected_life(u)        int_0^u S
//   discounted_life(delta)  int_0^inf e^(-delta u) S(u) du
//   terms(u)                for gradients, see lifetime_sum.hpp
#pragma once

#include <algorithm>
#include <cmath>

#include "clv/model.hpp"
#include "math/gamma.hpp"
#include "math/gauss_legendre.hpp"
#include "math/random.hpp"

namespace clv {

// A gamma-distributed purchase rate with its lifetime; `lifetime` is made of the parameters.
template <class lifetime>
struct rate_and_lifetime {
  double r, alpha;
  lifetime life;
  explicit rate_and_lifetime(values p) : r(p[0]), alpha(p[1]), life(p) {}
  rate_and_lifetime(double shape, double rate, const lifetime& l)
      : r(shape), alpha(rate), life(l) {}
  // The future of a customer that was alive at T after x repeat purchases.
  rate_and_lifetime updated(double x, double T) const { return {r + x, alpha + T, life.aged(T)}; }
};

// ln A above.
template <class lifetime>
double log_neither(const rate_and_lifetime<lifetime>& m, double w) {
  return m.life.log_survival(w) - m.r * std::log1p(w / m.alpha);
}

template <class lifetime>
double log_neither(const rate_and_lifetime<lifetime>& m, const math::panel_node& n) {
  return m.life.log_survival(n) - m.r * n.log_grown(m.alpha);
}

// D above, of a customer seen from the last purchase.
template <class lifetime>
double dead_before_purchase(const rate_and_lifetime<lifetime>& m, double w) {
  if (!(w > 0)) return 0;
  return math::panel_integral(
      std::min(m.alpha, m.life.scale()),
      w,
      [&](double u) { return m.r / (m.alpha + u) + m.life.bend(u); },
      [&](const math::panel_node& n) {
        return n.du * m.life.hazard(n.u) * std::exp(log_neither(m, n));
      });
}

// P(a new customer buys within t): the density of the first purchase times survival.
template <class lifetime>
double any_purchase(const rate_and_lifetime<lifetime>& m, double t) {
  if (!(t > 0)) return 0;
  const double any = math::panel_integral(
      std::min(m.alpha, m.life.scale()),
      t,
      [&](double u) { return (m.r + 1) / (m.alpha + u) + m.life.bend(u); },
      [&](const math::panel_node& n) {
        return n.du * m.r / (m.alpha + n.u) * std::exp(log_neither(m, n));
      });
  return std::min(any, 1.0);
}

// The members of a row of the table, for a lifetime made of p[2], p[3], ...
template <class lifetime>
struct lifetime_row {
  using mixture = rate_and_lifetime<lifetime>;

  static double log_likelihood(values p, const observation& o) {
    const mixture m(p), last = m.updated(o.x, o.t_x);
    const double dead = dead_before_purchase(last, o.T - o.t_x);
    return math::log_rising(m.r, o.x) - o.x * std::log(m.alpha) -
           last.r * std::log1p(o.t_x / m.alpha) + m.life.log_survival(o.t_x) +
           math::log_add_exp(log_neither(last, o.T - o.t_x), std::log(dead));
  }

  static double p_alive(values p, const observation& o) {
    const mixture last = mixture(p).updated(o.x, o.t_x);
    const double dead = dead_before_purchase(last, o.T - o.t_x);
    if (!(dead > 0)) return 1;
    return 1 / (1 + std::exp(std::log(dead) - log_neither(last, o.T - o.t_x)));
  }

  static double expected_purchases(values p, const observation& o, double t) {
    return alive_times(p, o, [&](const mixture& m) { return mean(m, m.life.expected_life(t)); });
  }

  static double expected_new(values p, double t) {
    const mixture m(p);
    return mean(m, m.life.expected_life(t));
  }

  static double no_purchase(values p, const observation& o, double t) {
    return 1 - alive_times(p, o, [&](const mixture& m) { return any_purchase(m, t); });
  }

  static double survival(values p, double t) { return std::exp(mixture(p).life.log_survival(t)); }

  static double survival_ahead(values p, const observation& o, double t) {
    return alive_times(p, o, [&](const mixture& m) { return std::exp(m.life.log_survival(t)); });
  }

  static double residual(values p, const observation& o, double delta) {
    return alive_times(
        p, o, [&](const mixture& m) { return mean(m, m.life.discounted_life(delta)); });
  }

  static void simulate_purchases(values p,
                                 double T,
                                 random_source& random,
                                 std::vector<double>& ages) {
    const mixture m(p);
    ages.clear();
    const double lambda = random.gamma(m.r, m.alpha);
    const double end = std::min(T, m.life.draw(random));
    double age = random.exponential() / lambda;
    for (; age <= end && ages.size() < most_simulated; age += random.exponential() / lambda) {
      ages.push_back(age);
    }
  }

  static std::string_view caveat(values) { return {}; }

 private:
  // Mean rate times expected time to live.
  static double mean(const mixture& m, double life) { return life > 0 ? m.r / m.alpha * life : 0; }

  // P(alive) times what holds for a customer alive at T; 0 where nobody can be.
  template <class quantity>
  static double alive_times(values p, const observation& o, const quantity& ahead) {
    const double alive = p_alive(p, o);
    return alive > 0 ? alive * ahead(mixture(p).updated(o.x, o.T)) : 0;
  }
};

}  // namespace clv
