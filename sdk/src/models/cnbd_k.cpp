// BG/CNBD-k and MBG/CNBD-k: Platzer & Reutterer (2016), Ticking away the moments, Marketing Science
// 35(5) 779-799; Reutterer, Platzer & Schroeder (2020), Leveraging purchase regularity for
// predicting customer behavior the easy way, IJRM 38(1) 194-215. The intervals between purchases
// are Erlang-k with rate lambda ~ Gamma(r, alpha): k = 1 is BG/NBD (MBG/NBD), a larger k is more
// regular. See ../../MODELS.md.
//
// `first` is 0 for BG and 1 for MBG as in poisson_drop_out.hpp. With rho = r + kx, n = x + first,
// u(t) = ln((alpha+t)/alpha), y = (T-t_x)/(alpha+T):
//   S  = sum_{j<k} (rho)_j/j! y^j                 j stages of the current interval are over
//   L  = ln a - ln(b+n-1) + rho (u(T) - u(t_x)) - ln S                        (-inf for n = 0)
//   LL = (k-1) litt - x ln Gamma(k) + ln[Gamma(rho)/Gamma(r)] - kx ln alpha - rho u(T)
//        + ln[B(a,b+n)/B(a,b)] + ln S + ln(1 + e^L)
// and p_alive = 1/(1 + e^L).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "math/beta.hpp"
#include "math/gamma.hpp"
#include "math/random.hpp"
#include "models/discounted_count.hpp"
#include "models/erlang_drop_out.hpp"
#include "models/models.hpp"
#include "models/time_terms.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 5> parameters{{{"r", 1, scales::not_at_all},
                                               {"alpha", 3, scales::with_time},
                                               {"a", 1, scales::not_at_all},
                                               {"b", 3, scales::not_at_all},
                                               {"k", 1, scales::not_at_all, most_stages}}};

int whole(double k) {
  return static_cast<int>(std::lround(std::clamp(k, 1.0, double{most_stages})));
}

// S and its derivatives for one rho: S as a polynomial in y with coefficients (rho)_j/j!.
class stage_sum {
 public:
  stage_sum(double rho, int k) : k_(static_cast<std::size_t>(k)) {
    double c = 1, slope = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      const double before = rho + static_cast<double>(j);
      coefficient_[j] = c;
      slope_[j] = slope;
      c *= before / static_cast<double>(j + 1);
      slope += 1 / before;
    }
  }
  struct terms {
    double log = 0;       // ln S
    double by_rho = 0;    // d ln S / d rho
    double by_log_y = 0;  // d ln S / d ln y
  };
  terms at(double y) const {
    if (k_ == 1 || !(y > 0)) return {};
    double power = 1, sum = 0, by_rho = 0, by_log_y = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      const double term = coefficient_[j] * power;
      sum += term;
      by_rho += term * slope_[j];
      by_log_y += term * static_cast<double>(j);
      power *= y;
    }
    return {std::log(sum), by_rho / sum, by_log_y / sum};
  }

 private:
  std::size_t k_;
  std::array<double, most_stages> coefficient_{}, slope_{};
};

template <int first>
struct cnbd {
  double r, alpha, a, b;
  int k;
  explicit cnbd(values p) : r(p[0]), alpha(p[1]), a(p[2]), b(p[3]), k(whole(p[4])) {}

  static constexpr bool may_be_dead(double x) { return first == 1 || x > 0; }
  double rho(double x) const { return r + k * x; }
  double log_odds_constant(double x) const { return std::log(a / (b + (x - 1 + first))); }

  // What of LL depends on x alone, but for litt.
  double of_count(double x) const {
    double value = math::log_rising(r, k * x) - k * x * std::log(alpha);
    if (k > 2) value -= x * math::log_gamma(k);
    return value + math::log_beta_ratio(a, b, x + first);
  }

  // Given alive at T: the stages of the current interval, and what follows.
  stage_mixture future(const observation& o) const {
    return stages_of({rho(o.x), alpha + o.T, a, b + o.x + first}, k, o.T - o.t_x);
  }

  double log_odds_of_death(const observation& o, double log_stages) const {
    return log_odds_constant(o.x) + rho(o.x) * std::log1p((o.T - o.t_x) / (alpha + o.t_x)) -
           log_stages;
  }

  static double log_likelihood(values v, const observation& o) {
    const cnbd p(v);
    const double log_stages = stage_sum(p.rho(o.x), p.k).at((o.T - o.t_x) / (p.alpha + o.T)).log;
    const double own = p.of_count(o.x) - p.rho(o.x) * std::log1p(o.T / p.alpha) + log_stages;
    const double timing = p.k > 1 ? (p.k - 1) * o.litt : 0;
    const double both =
        may_be_dead(o.x) ? math::log_add_exp(0, p.log_odds_of_death(o, log_stages)) : 0;
    return own + both + timing;
  }

  static double constant(values v, const tuples& t) {
    const cnbd p(v);
    return p.k > 1 ? (p.k - 1) * t.litt : 0;
  }

  static double alive(const cnbd& p, const observation& o, const stage_mixture& next) {
    return may_be_dead(o.x) ? 1 / (1 + std::exp(p.log_odds_of_death(o, next.log_total))) : 1;
  }

  static double p_alive(values v, const observation& o) {
    const cnbd p(v);
    return alive(p, o, p.future(o));
  }

  static double expected_purchases(values v, const observation& o, double t) {
    const cnbd p(v);
    const auto next = p.future(o);
    const double share = alive(p, o, next);
    return share > 0 ? share * expected_count(next, t) : 0;
  }

  static double expected_new(values v, double t) { return expected_purchases(v, {}, t); }

  static double no_purchase(values v, const observation& o, double t) {
    if (!(t > 0)) return 1;
    const cnbd p(v);
    const auto next = p.future(o);
    if (!may_be_dead(o.x)) return std::min(1.0, none(next, t));
    const double L = p.log_odds_of_death(o, next.log_total);
    return std::min(1.0, 1 / (1 + std::exp(-L)) + none(next, t) / (1 + std::exp(L)));
  }

  static void purchase_tail(values v, const observation& o, double t, std::vector<double>& tail) {
    count_tail(cnbd(v).future(o), t, tail);
  }

  static void pmf(values v, double t, std::span<double> pmf) {
    const cnbd p(v);
    count_pmf(p.future({}), t, pmf);
    if (first == 0 || pmf.empty()) return;
    for (double& value : pmf) value *= p.b / (p.a + p.b);
    pmf[0] += p.a / (p.a + p.b);
  }

  static double survival(values v, double t) { return survival_ahead(v, {}, t); }

  static double survival_ahead(values v, const observation& o, double t) {
    const cnbd p(v);
    const auto next = p.future(o);
    const double share = alive(p, o, next);
    return share > 0 ? share * clv::survival(next, t) : 0;
  }

  static double residual(values v, const observation& o, double delta) {
    const cnbd p(v);
    const auto next = p.future(o);
    const double share = alive(p, o, next);
    return share > 0 ? share * discounted_count(next.next, p.k, next.silence, delta) : 0;
  }

  static void simulate_purchases(values v,
                                 double T,
                                 random_source& random,
                                 std::vector<double>& ages) {
    const cnbd p(v);
    ages.clear();
    const double lambda = random.gamma(p.r, p.alpha);
    const double drop_out = random.beta(p.a, p.b);
    if (first == 1 && random.uniform() < drop_out) return;
    double age = 0;
    for (;;) {
      for (int stage = 0; stage < p.k; ++stage) age += random.exponential() / lambda;
      if (!(age <= T)) return;
      ages.push_back(age);
      if (random.uniform() < drop_out || ages.size() == most_simulated) return;
    }
  }

  static std::string_view caveat(values) { return {}; }

  // Sums over a run of tuples with equal x; w0 = P(alive), w1 = 1 - w0.
  struct run_sums {
    double weight = 0;    // w
    double value = 0;     // w (ln S + ln(1 + e^L) - rho u(T))
    double by_r = 0;      // w (-u(T) + w1 (u(T) - u(t_x)) + w0 dlnS/drho)
    double by_alpha = 0;  // w (rho (f(T) + w1 (f(t_x) - f(T))) - w0 dlnS/dlny (1 - f(T)))
    double dead = 0;      // w w1
  };

  void add_run(double x, const run_sums& s, likelihood_sum& sum) const {
    const double n = x + first;
    double both = 0, db = 0;
    const double dr = x > 0 ? math::digamma(rho(x)) - math::digamma(r) : 0;
    if (n > 0) {
      both = math::digamma(a + b) - math::digamma(a + b + n);
      db = math::digamma(b + n) - math::digamma(b);
    }
    sum.value += s.weight * of_count(x) + s.value;
    sum.gradient[0] += s.weight * dr + s.by_r;
    sum.gradient[1] += (s.by_alpha - s.weight * k * x) / alpha;
    sum.gradient[2] += s.weight * both + s.dead / a;
    sum.gradient[3] += s.weight * (both + db) - (n > 0 ? s.dead / (b + (n - 1)) : 0);
  }

  // Tuples are sorted by x: what depends on x alone is computed once per run.
  static void accumulate(
      values v, const tuples& t, std::size_t begin, std::size_t end, likelihood_sum& sum) {
    const cnbd p(v);
    sum.gradient.resize(parameters.size());
    time_terms terms(p.alpha);
    for (std::size_t i = begin; i < end;) {
      const double x = t.x[i], rho = p.rho(x);
      const double constant = may_be_dead(x) ? p.log_odds_constant(x) : -HUGE_VAL;
      const stage_sum stages(rho, p.k);
      run_sums s;
      for (; i < end && t.x[i] == x; ++i) {
        const auto at_t_x = terms.at(t.t_x[i]);  // a copy: T may use the same place
        const auto& at_T = terms.at(t.T[i]);
        const auto S = stages.at((t.T[i] - t.t_x[i]) / (p.alpha + t.T[i]));
        const double du = at_T.u - at_t_x.u, L = constant + rho * du - S.log;
        const double small = std::exp(-std::fabs(L)), weight = t.weight[i];
        const double w1 = (L > 0 ? 1 : small) / (1 + small), w0 = (L > 0 ? small : 1) / (1 + small);
        s.weight += weight;
        s.value += weight * (S.log + (L > 0 ? L : 0) + std::log1p(small) - rho * at_T.u);
        s.by_r += weight * (w1 * du - at_T.u + w0 * S.by_rho);
        s.by_alpha +=
            weight * (rho * (at_T.f + w1 * (at_t_x.f - at_T.f)) - w0 * S.by_log_y * (1 - at_T.f));
        s.dead += weight * w1;
      }
      p.add_run(x, s, sum);
    }
  }
};

template <int first>
constexpr model row(std::string_view name, std::string_view source) {
  using own = cnbd<first>;
  return {.name = name,
          .source = source,
          .key = tuple_key::purchases,
          .parameters = parameters,
          .log_likelihood = own::log_likelihood,
          .constant = own::constant,
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
          .transaction = {link::scale, 1, 0},
          .life = {link::logit_mean, 2, 3}};
}

}  // namespace

constinit const model bg_cnbd_k =
    row<0>("bg_cnbd_k",
           "Platzer & Reutterer (2016), Marketing Science 35(5) 779-799; Reutterer, Platzer & "
           "Schroeder (2020), IJRM 38(1) 194-215");
constinit const model mbg_cnbd_k =
    row<1>("mbg_cnbd_k",
           "Platzer & Reutterer (2016), Marketing Science 35(5) 779-799; Reutterer, Platzer & "
           "Schroeder (2020), IJRM 38(1) 194-215");

}  // namespace clv
