// BG/NBD: Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
// Pareto/NBD model, Marketing Science 24(2) 275-284. See ../../MODELS.md.
//
// With rho = r + x and u(t) = ln((alpha+t)/alpha):
//   L  = ln a - ln(b+x-1) + rho (u(T) - u(t_x))                     (x > 0; -inf for x = 0)
//   LL = ln[Gamma(rho)/Gamma(r)] - x ln alpha - rho u(T) + ln[B(a,b+x)/B(a,b)] + ln(1 + e^L)
// which is eq. 6 with A1..A4 taken together: no pair of large terms is left to cancel, and a
// customer of the last day (x = 0, T = 0) has exactly LL = 0.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "math/beta.hpp"
#include "math/gamma.hpp"
#include "math/random.hpp"
#include "models/geometric_drop_out.hpp"
#include "models/models.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 4> parameters{{{"r", 1, scales::not_at_all},
                                               {"alpha", 3, scales::with_time},
                                               {"a", 1, scales::not_at_all},
                                               {"b", 3, scales::not_at_all}}};

struct bg_parameters {
  double r, alpha, a, b;
  explicit bg_parameters(values p) : r(p[0]), alpha(p[1]), a(p[2]), b(p[3]) {}
};

// L: ln of the odds of having dropped out right after the last purchase, x > 0.
double log_odds_of_death(const bg_parameters& p, const observation& o) {
  return std::log(p.a / (p.b + o.x - 1)) +
         (p.r + o.x) * std::log1p((o.T - o.t_x) / (p.alpha + o.t_x));
}

double log_likelihood(values v, const observation& o) {
  const bg_parameters p(v);
  const double ll = math::log_rising(p.r, o.x) - o.x * std::log(p.alpha) -
                    (p.r + o.x) * std::log1p(o.T / p.alpha) + math::log_beta_ratio(p.a, p.b, o.x);
  return o.x > 0 ? ll + math::log_add_exp(0, log_odds_of_death(p, o)) : ll;
}

// 1/(1 + e^L): exactly 1 for x = 0, whose drop-out this model cannot see.
double p_alive(values v, const observation& o) {
  return o.x > 0 ? 1 / (1 + std::exp(log_odds_of_death(bg_parameters(v), o))) : 1;
}

// Given alive at T the future is that of a new customer with these parameters (note 021).
drop_out_mixture updated(const bg_parameters& p, const observation& o) {
  return {p.r + o.x, p.alpha + o.T, p.a, p.b + o.x};
}

// Eq. 10 as P(alive) times the expectation of a new, updated customer.
double expected_purchases(values v, const observation& o, double t) {
  const double alive = p_alive(v, o);
  return alive > 0 ? alive * expected_count(updated(bg_parameters(v), o), t) : 0;
}

double expected_new(values v, double t) {
  const bg_parameters p(v);
  return expected_count({p.r, p.alpha, p.a, p.b}, t);
}

// 1 - P(alive) (1 - ((alpha+T)/(alpha+T+t))^rho): note 039, eq. 34 with x = 0 set right.
double no_purchase(values v, const observation& o, double t) {
  const drop_out_mixture m = updated(bg_parameters(v), o);
  return 1 + p_alive(v, o) * std::expm1(-m.shape * std::log1p(t / m.rate));
}

void purchase_tail(values v, const observation& o, double t, std::vector<double>& tail) {
  count_tail(updated(bg_parameters(v), o), t, tail);
}

void simulate_purchases(values v, double T, random_source& random, std::vector<double>& ages) {
  const bg_parameters p(v);
  ages.clear();
  const double lambda = random.gamma(p.r, p.alpha);
  const double drop_out = random.beta(p.a, p.b);
  double age = 0;
  for (;;) {
    age += random.exponential() / lambda;
    if (!(age <= T)) return;
    ages.push_back(age);
    if (random.uniform() < drop_out) return;
  }
}

std::string_view caveat(values) {
  return {};
}

// u(t) = ln((alpha+t)/alpha) and f(t) = t/(alpha+t) of the few distinct times of a log, kept by a
// hash of t. What is found never differs from what would be computed, so the result does not
// depend on hits and misses.
class time_terms {
 public:
  struct entry {
    double t = 0, u = 0, f = 0;  // right for t = 0 as they stand
  };
  explicit time_terms(double alpha) : alpha_(alpha) {}
  const entry& at(double t) {
    const auto bits = std::bit_cast<std::uint64_t>(t);
    entry& e = entries_[(bits * 0x9e3779b97f4a7c15u) >> (64 - index_bits)];
    if (e.t != t) e = {t, std::log1p(t / alpha_), t / (alpha_ + t)};
    return e;
  }

 private:
  static constexpr int index_bits = 11;
  double alpha_;
  std::array<entry, std::size_t{1} << index_bits> entries_;
};

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

void add_tuple(const time_terms::entry& at_T,
               const time_terms::entry& at_t_x,
               double constant,  // ln a - ln(b+x-1)
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

// The run's share of value and gradient:
//   dr     = psi(rho) - psi(r) - u(T) + w1 (u(T) - u(t_x))
//   dalpha = (-x + rho (f(T) + w1 (f(t_x) - f(T)))) / alpha
//   da     = psi(a+b) - psi(a+b+x) + w1/a
//   db     = psi(a+b) - psi(a+b+x) + psi(b+x) - psi(b) - w1/(b+x-1)
void add_run(const bg_parameters& p, double x, const run_sums& s, likelihood_sum& sum) {
  const double rho = p.r + x;
  double value = math::log_rising(p.r, x) - x * std::log(p.alpha);
  double dr = 0, both = 0, db = 0;
  if (x > 0) {
    value += math::log_beta_ratio(p.a, p.b, x);
    dr = math::digamma(rho) - math::digamma(p.r);
    both = math::digamma(p.a + p.b) - math::digamma(p.a + p.b + x);
    db = math::digamma(p.b + x) - math::digamma(p.b);
  }
  sum.value += s.weight * value - rho * s.u_T + s.log_mix;
  sum.gradient[0] += s.weight * dr - s.u_T + s.dead_u;
  sum.gradient[1] += (rho * (s.f_T + s.dead_f) - s.weight * x) / p.alpha;
  sum.gradient[2] += s.weight * both + s.dead / p.a;
  sum.gradient[3] += s.weight * (both + db) - (x > 0 ? s.dead / (p.b + x - 1) : 0);
}

void accumulate(
    values v, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const bg_parameters p(v);
  sum.gradient.resize(parameters.size());
  time_terms terms(p.alpha);
  for (std::size_t i = first; i < last;) {
    const double x = t.x[i], rho = p.r + x;
    run_sums s;
    if (x > 0) {
      const double constant = std::log(p.a / (p.b + x - 1));
      for (; i < last && t.x[i] == x; ++i) {
        const auto at_t_x = terms.at(t.t_x[i]);  // a copy: T may use the same place
        add_tuple(terms.at(t.T[i]), at_t_x, constant, rho, t.weight[i], s);
      }
    } else {
      for (; i < last && t.x[i] == x; ++i) {
        const auto& at_T = terms.at(t.T[i]);
        s.weight += t.weight[i];
        s.u_T += t.weight[i] * at_T.u;
        s.f_T += t.weight[i] * at_T.f;
      }
    }
    add_run(p, x, s, sum);
  }
}

}  // namespace

constinit const model bg_nbd{
    .name = "bg_nbd",
    .source = "Fader, Hardie & Lee (2005), Marketing Science 24(2) 275-284",
    .key = tuple_key::purchases,
    .parameters = parameters,
    .log_likelihood = log_likelihood,
    .accumulate = accumulate,
    .p_alive = p_alive,
    .expected_purchases = expected_purchases,
    .expected_new = expected_new,
    .no_purchase = no_purchase,
    .purchase_tail = purchase_tail,
    .simulate_purchases = simulate_purchases,
    .caveat = caveat,
};

}  // namespace clv
