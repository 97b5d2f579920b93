// BG/NBD and MBG/NBD are one model but for when the first drop-out may happen; `first` says it:
//   0  BG/NBD: after the first repeat purchase     1  MBG/NBD: already after the first purchase
// A customer with x repeat purchases has passed x + first of these moments when it is alive.
//
// With rho = r + x and u(t) = ln((alpha+t)/alpha):
//   L  = ln a - ln(b+x-1+first) + rho (u(T) - u(t_x))             (-inf for x = 0, first = 0)
//   LL = ln[Gamma(rho)/Gamma(r)] - x ln alpha - rho u(T) + ln[B(a,b+x+first)/B(a,b)] + ln(1 + e^L)
// which is the papers' likelihood with its factors taken together: no pair of large terms is left
// to cancel, and a customer of the last day (x = 0, T = 0) has LL = 0.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "clv/model.hpp"
#include "math/beta.hpp"
#include "math/gamma.hpp"
#include "math/random.hpp"
#include "models/discounted_count.hpp"
#include "models/geometric_drop_out.hpp"
#include "models/time_terms.hpp"

namespace clv {

template <int first>
struct poisson_drop_out {
  static constexpr std::array<parameter, 4> parameters{{{"r", 1, scales::not_at_all},
                                                        {"alpha", 3, scales::with_time},
                                                        {"a", 1, scales::not_at_all},
                                                        {"b", 3, scales::not_at_all}}};
  static constexpr covariate_link transaction{link::scale, 1, 0};
  static constexpr covariate_link life{link::logit_mean, 2, 3};

  double r, alpha, a, b;
  explicit poisson_drop_out(values p) : r(p[0]), alpha(p[1]), a(p[2]), b(p[3]) {}

  static constexpr bool may_be_dead(double x) { return first == 1 || x > 0; }
  double log_odds_constant(double x) const { return std::log(a / (b + (x - 1 + first))); }

  // L: ln of the odds of having dropped out right after the last purchase.
  double log_odds_of_death(const observation& o) const {
    return log_odds_constant(o.x) + (r + o.x) * std::log1p((o.T - o.t_x) / (alpha + o.t_x));
  }

  // Given alive at T the future is that of a new BG/NBD customer with these parameters (note 021).
  drop_out_mixture updated(const observation& o) const {
    return {r + o.x, alpha + o.T, a, b + o.x + first};
  }

  // A new customer's future after the drop-out moment of its first purchase, and P(it passes that).
  drop_out_mixture fresh() const { return {r, alpha, a, b + first}; }
  double passes() const { return first == 1 ? b / (a + b) : 1; }

  static double log_likelihood(values v, const observation& o) {
    const poisson_drop_out p(v);
    const double ll = math::log_rising(p.r, o.x) - o.x * std::log(p.alpha) -
                      (p.r + o.x) * std::log1p(o.T / p.alpha) +
                      math::log_beta_ratio(p.a, p.b, o.x + first);
    return may_be_dead(o.x) ? ll + math::log_add_exp(0, p.log_odds_of_death(o)) : ll;
  }

  // 1/(1 + e^L); exactly 1 where no drop-out can have happened.
  static double p_alive(values v, const observation& o) {
    if (!may_be_dead(o.x)) return 1;
    return 1 / (1 + std::exp(poisson_drop_out(v).log_odds_of_death(o)));
  }

  // P(alive) times the expectation of a new, updated customer.
  static double expected_purchases(values v, const observation& o, double t) {
    const double alive = p_alive(v, o);
    return alive > 0 ? alive * expected_count(poisson_drop_out(v).updated(o), t) : 0;
  }

  static double expected_new(values v, double t) {
    const poisson_drop_out p(v);
    return p.passes() * expected_count(p.fresh(), t);
  }

  // 1 - P(alive) (1 - ((alpha+T)/(alpha+T+t))^rho) as the sum of dead and alive without a purchase.
  static double no_purchase(values v, const observation& o, double t) {
    if (!(t > 0)) return 1;
    const poisson_drop_out p(v);
    const double log_none = -(p.r + o.x) * std::log1p(t / (p.alpha + o.T));
    if (!may_be_dead(o.x)) return std::exp(log_none);
    const double L = p.log_odds_of_death(o);
    return std::min(1.0, 1 / (1 + std::exp(-L)) + std::exp(log_none) / (1 + std::exp(L)));
  }

  static void purchase_tail(values v, const observation& o, double t, std::vector<double>& tail) {
    count_tail(poisson_drop_out(v).updated(o), t, tail);
  }

  static void pmf(values v, double t, std::span<double> pmf) {
    const poisson_drop_out p(v);
    count_pmf(p.fresh(), t, pmf);
    if (first == 0 || pmf.empty()) return;
    for (double& value : pmf) value *= p.passes();
    pmf[0] += p.a / (p.a + p.b);
  }

  static double survival(values v, double t) {
    const poisson_drop_out p(v);
    return p.passes() * clv::survival(p.fresh(), t);
  }

  static double survival_ahead(values v, const observation& o, double t) {
    const double alive = p_alive(v, o);
    return alive > 0 ? alive * clv::survival(poisson_drop_out(v).updated(o), t) : 0;
  }

  static double residual(values v, const observation& o, double delta) {
    const double alive = p_alive(v, o);
    return alive > 0 ? alive * discounted_count(poisson_drop_out(v).updated(o), delta) : 0;
  }

  static void simulate_purchases(values v,
                                 double T,
                                 random_source& random,
                                 std::vector<double>& ages) {
    const poisson_drop_out p(v);
    ages.clear();
    const double lambda = random.gamma(p.r, p.alpha);
    const double drop_out = random.beta(p.a, p.b);
    if (first == 1 && random.uniform() < drop_out) return;
    double age = 0;
    for (;;) {
      age += random.exponential() / lambda;
      if (!(age <= T)) return;
      ages.push_back(age);
      if (random.uniform() < drop_out || ages.size() == most_simulated) return;
    }
  }

  static std::string_view caveat(values) { return {}; }

  static void accumulate(
      values v, const tuples& t, std::size_t begin, std::size_t end, likelihood_sum& sum);

 private:
  // Sums over a run of tuples with equal x of what differs within it, w1 = 1 - P(alive).
  struct run_sums {
    double weight = 0;   // w
    double log_mix = 0;  // w ln(1 + e^L)
    double u_T = 0;      // w u(T)
    double f_T = 0;      // w f(T)
    double dead = 0;     // w w1
    double dead_u = 0;   // w w1 (u(T) - u(t_x))
    double dead_f = 0;   // w w1 (f(t_x) - f(T))
  };
  static void add_tuple(const time_terms::entry& at_T,
                        const time_terms::entry& at_t_x,
                        double constant,  // ln a - ln(b+x-1+first)
                        double rho,
                        double weight,
                        run_sums& s);
  void add_run(double x, const run_sums& s, likelihood_sum& sum) const;
};

template <int first>
void poisson_drop_out<first>::add_tuple(const time_terms::entry& at_T,
                                        const time_terms::entry& at_t_x,
                                        double constant,
                                        double rho,
                                        double weight,
                                        run_sums& s) {
  const double du = at_T.u - at_t_x.u;
  const double L = constant + rho * du;
  const double small = std::exp(-std::fabs(L));
  const double w1 = (L > 0 ? 1 : small) / (1 + small);
  const double dead = weight * w1;
  s.weight += weight;
  s.log_mix += weight * ((L > 0 ? L : 0) + std::log1p(small));
  s.u_T += weight * at_T.u;
  s.f_T += weight * at_T.f;
  s.dead += dead;
  s.dead_u += dead * du;
  s.dead_f += dead * (at_t_x.f - at_T.f);
}

// The run's share of value and gradient, n = x + first:
//   dr     = psi(rho) - psi(r) - u(T) + w1 (u(T) - u(t_x))
//   dalpha = (-x + rho (f(T) + w1 (f(t_x) - f(T)))) / alpha
//   da     = psi(a+b) - psi(a+b+n) + w1/a
//   db     = psi(a+b) - psi(a+b+n) + psi(b+n) - psi(b) - w1/(b+n-1)
template <int first>
void poisson_drop_out<first>::add_run(double x, const run_sums& s, likelihood_sum& sum) const {
  const double rho = r + x, n = x + first;
  double value = math::log_rising(r, x) - x * std::log(alpha), both = 0, db = 0;
  const double dr = x > 0 ? math::digamma(rho) - math::digamma(r) : 0;
  if (n > 0) {
    value += math::log_beta_ratio(a, b, n);
    both = math::digamma(a + b) - math::digamma(a + b + n);
    db = math::digamma(b + n) - math::digamma(b);
  }
  sum.value += s.weight * value - rho * s.u_T + s.log_mix;
  sum.gradient[0] += s.weight * dr - s.u_T + s.dead_u;
  sum.gradient[1] += (rho * (s.f_T + s.dead_f) - s.weight * x) / alpha;
  sum.gradient[2] += s.weight * both + s.dead / a;
  sum.gradient[3] += s.weight * (both + db) - (n > 0 ? s.dead / (b + (n - 1)) : 0);
}

// Tuples are sorted by x: what depends on x alone is computed once per run.
template <int first>
void poisson_drop_out<first>::accumulate(
    values v, const tuples& t, std::size_t begin, std::size_t end, likelihood_sum& sum) {
  const poisson_drop_out p(v);
  sum.gradient.resize(parameters.size());
  time_terms terms(p.alpha);
  for (std::size_t i = begin; i < end;) {
    const double x = t.x[i], rho = p.r + x;
    run_sums s;
    if (may_be_dead(x)) {
      const double constant = p.log_odds_constant(x);
      for (; i < end && t.x[i] == x; ++i) {
        const auto at_t_x = terms.at(t.t_x[i]);  // a copy: T may use the same place
        add_tuple(terms.at(t.T[i]), at_t_x, constant, rho, t.weight[i], s);
      }
    } else {
      for (; i < end && t.x[i] == x; ++i) {
        const auto& at_T = terms.at(t.T[i]);
        s.weight += t.weight[i];
        s.u_T += t.weight[i] * at_T.u;
        s.f_T += t.weight[i] * at_T.f;
      }
    }
    p.add_run(x, s, sum);
  }
}

// The row of the table but for its name and source.
template <int first>
constexpr model poisson_drop_out_row(std::string_view name, std::string_view source) {
  using own = poisson_drop_out<first>;
  return {.name = name,
          .source = source,
          .key = tuple_key::purchases,
          .parameters = own::parameters,
          .log_likelihood = own::log_likelihood,
          .accumulate = own::accumulate,
          .p_alive = own::p_alive,
          .expected_purchases = own::expected_purchases,
          .expected_new = own::expected_new,
          .no_purchase = own::no_purchase,
          .pmf = own::pmf,
          .survival = own::survival,
          .survival_ahead = own::survival_ahead,
          .residual = own::residual,
          .purchase_tail = own::purchase_tail,
          .simulate_purchases = own::simulate_purchases,
          .caveat = own::caveat,
          .future_forgets_t_x = true,
          .transaction = own::transaction,
          .life = own::life};
}

}  // namespace clv
