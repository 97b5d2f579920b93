// BG/BB: Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual
// setting, Marketing Science 29(6) 1086-1108. Opportunities come one at a time; at each a living
// customer buys with probability p ~ Beta(alpha, beta) and before each dies with probability
// theta ~ Beta(gamma, delta). See ../../MODELS.md.
//
// With u_k = prod_{m=t_x}^{k-1} (beta+m-x)/(alpha+beta+m) (delta+m)/(gamma+delta+m), the chance of
// no purchase and no death from t_x to k in units of that up to t_x:
//   L = B(alpha+x, beta+t_x-x)/B(alpha,beta) B(gamma,delta+t_x)/B(gamma,delta)
//       * [u_n + sum_{k=t_x}^{n-1} u_k gamma/(gamma+delta+k)]
// which is eq. 5 with the first factor taken out: the bracket is a sum of positive terms between
// gamma/(gamma+delta+t_x) and 1, so nothing under- or overflows for any counts.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "math/beta.hpp"
#include "math/gamma_step.hpp"
#include "math/random.hpp"
#include "models/discrete_lifetime.hpp"
#include "models/models.hpp"
#include "models/opportunity_count.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 4> parameters{{{"alpha", 1, scales::not_at_all},
                                               {"beta", 1, scales::not_at_all},
                                               {"gamma", 1, scales::not_at_all},
                                               {"delta", 2, scales::not_at_all}}};

opportunity_mixture mixture(values p) {
  return {p[0], p[1], p[2], p[3]};
}

// Given alive at n the future is that of a new customer with these parameters.
opportunity_mixture updated(values p, const observation& o) {
  return {p[0] + o.x, p[1] + o.T - o.x, p[2], p[3] + o.T};
}

// ln of the first factor: the purchases up to t_x.
double log_history(const opportunity_mixture& m, const observation& o) {
  return math::log_beta_ratio(m.beta, m.alpha, o.x) +
         math::log_beta_ratio(m.alpha + o.x, m.beta, o.t_x - o.x) +
         math::log_beta_ratio(m.gamma, m.delta, o.t_x);
}

// The bracket, and the sums over its terms (as shares of it) that the gradient needs.
struct silence {
  double sum = 0;
  // Expectations over when the silence turned into death (or not), k: of sum_{m=t_x}^{k-1}
  // 1/(alpha+beta+m), 1/(beta+m-x), 1/(gamma+delta+m), 1/(delta+m);
  double by_all = 0, by_not = 0, by_life = 0, by_stay = 0;
  double died = 0;      // and of the death itself
  double at_death = 0;  // 1/(gamma+delta+k)
};

silence silence_of(const opportunity_mixture& m, const observation& o) {
  silence s;
  double u = 1, all = 0, nothing = 0, life = 0, stay = 0;
  const auto add = [&](double term) {
    s.sum += term;
    s.by_all += term * all;
    s.by_not += term * nothing;
    s.by_life += term * life;
    s.by_stay += term * stay;
  };
  for (double k = o.t_x; k < o.T; ++k) {
    const double lives = 1 / (m.gamma + m.delta + k), of_all = 1 / (m.alpha + m.beta + k);
    const double dies = u * m.gamma * lives, not_now = m.beta + k - o.x, stays = m.delta + k;
    add(dies);
    s.died += dies;
    s.at_death += dies * lives;
    all += of_all;
    nothing += 1 / not_now;
    life += lives;
    stay += 1 / stays;
    u *= not_now * of_all * stays * lives;
    if (u < 1e-25 * s.sum) break;  // all that is left adds up to less than u
  }
  add(u);
  for (double* each : {&s.by_all, &s.by_not, &s.by_life, &s.by_stay, &s.died, &s.at_death}) {
    *each /= s.sum;
  }
  return s;
}

observation whole(observation o) {
  o.t_x = std::floor(o.t_x);
  o.T = std::floor(o.T);
  return o;
}

double log_likelihood(values v, const observation& given) {
  const opportunity_mixture m = mixture(v);
  const observation o = whole(given);
  return log_history(m, o) + std::log(silence_of(m, o).sum);
}

// With R(z, h) = psi(z+h) - psi(z):
//   dalpha = R(alpha, x) - R(alpha+beta, t_x) - E[sum 1/(alpha+beta+m)]
//   dbeta  = R(beta, t_x-x) - R(alpha+beta, t_x) - E[sum 1/(alpha+beta+m)] + E[sum 1/(beta+m-x)]
//   dgamma = -R(gamma+delta, t_x) - E[sum 1/(gamma+delta+m)] + P(died)/gamma - E[1/(gamma+delta+k)]
//   ddelta = R(delta, t_x) - R(gamma+delta, t_x) - E[sum 1/(gamma+delta+m)] + E[sum 1/(delta+m)]
//            - E[1/(gamma+delta+k)]
void accumulate(
    values v, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const opportunity_mixture m = mixture(v);
  sum.gradient.resize(parameters.size());
  for (std::size_t i = first; i < last; ++i) {
    const observation o{.x = t.x[i], .t_x = t.t_x[i], .T = t.T[i]};
    const silence s = silence_of(m, o);
    const double all = math::digamma_step(m.alpha + m.beta, o.t_x) + s.by_all;
    const double life = math::digamma_step(m.gamma + m.delta, o.t_x) + s.by_life + s.at_death;
    const double w = t.weight[i];
    sum.value += w * (log_history(m, o) + std::log(s.sum));
    sum.gradient[0] += w * (math::digamma_step(m.alpha, o.x) - all);
    sum.gradient[1] += w * (math::digamma_step(m.beta, o.t_x - o.x) - all + s.by_not);
    sum.gradient[2] += w * (s.died / m.gamma - life);
    sum.gradient[3] += w * (math::digamma_step(m.delta, o.t_x) - life + s.by_stay);
  }
}

// Eq. 11 at m = 0, u_n over the bracket; u_n in logs, for it may be far below the other terms.
double p_alive(values v, const observation& given) {
  const opportunity_mixture m = mixture(v);
  const observation o = whole(given);
  const double silent = o.T - o.t_x;
  const double log_u = math::log_beta_ratio(m.alpha + o.x, m.beta + o.t_x - o.x, silent) +
                       math::log_beta_ratio(m.gamma, m.delta + o.t_x, silent);
  return std::min(1.0, std::exp(log_u) / silence_of(m, o).sum);
}

// Buys with probability alpha/(alpha+beta) at each opportunity lived through, eq. 13 and 14.
double expected_count(const opportunity_mixture& m, double n, double rate) {
  return m.alpha / (m.alpha + m.beta) * lifetime_sum(m.gamma, m.delta, n, rate);
}

double expected_purchases(values v, const observation& given, double t) {
  const observation o = whole(given);
  return p_alive(v, o) * expected_count(updated(v, o), std::floor(t), 0);
}

double expected_new(values v, double t) {
  return expected_count(mixture(v), std::floor(t), 0);
}

double residual(values v, const observation& given, double delta) {
  const observation o = whole(given);
  const double alive = p_alive(v, o);
  if (!(alive > 0)) return 0;
  constexpr double for_ever = std::numeric_limits<double>::infinity();
  return alive * expected_count(updated(v, o), for_ever, std::log1p(delta));
}

void pmf(values v, double t, std::span<double> pmf) {
  opportunity_pmf(mixture(v), std::floor(t), pmf);
}

void purchase_tail(values v, const observation& o, double t, std::vector<double>& tail) {
  opportunity_tail(updated(v, whole(o)), std::floor(t), tail);
}

// 1 - P(alive) P(any purchase in t): the latter sums chances of the first purchase.
double no_purchase(values v, const observation& given, double t) {
  const observation o = whole(given);
  return 1 - p_alive(v, o) * any_purchase(updated(v, o), std::floor(t));
}

double survival(values v, double t) {
  return std::exp(math::log_beta_step(v[2], v[3], std::floor(t)));
}

double survival_ahead(values v, const observation& given, double t) {
  const observation o = whole(given);
  return p_alive(v, o) * std::exp(math::log_beta_step(v[2], v[3] + o.T, std::floor(t)));
}

// How many trials until one of probability `chance` succeeds: 1, 2, ...; infinite for chance 0.
double trials(double chance, random_source& random) {
  if (chance >= 1) return 1;
  return 1 + std::floor(std::log(random.uniform()) / std::log1p(-chance));
}

void simulate_purchases(values v, double T, random_source& random, std::vector<double>& ages) {
  ages.clear();
  const double p = random.beta(v[0], v[1]);
  const double last = std::min(std::floor(T), trials(random.beta(v[2], v[3]), random) - 1);
  double age = trials(p, random);
  for (; age <= last && ages.size() < most_simulated; age += trials(p, random)) ages.push_back(age);
}

std::string_view caveat(values) {
  return {};
}

}  // namespace

constinit const model bg_bb{
    .name = "bg_bb",
    .source = "Fader, Hardie & Shang (2010), Marketing Science 29(6) 1086-1108",
    .key = tuple_key::opportunities,
    .parameters = parameters,
    .log_likelihood = log_likelihood,
    .accumulate = accumulate,
    .p_alive = p_alive,
    .expected_purchases = expected_purchases,
    .expected_new = expected_new,
    .no_purchase = no_purchase,
    .pmf = pmf,
    .survival = survival,
    .survival_ahead = survival_ahead,
    .residual = residual,
    .purchase_tail = purchase_tail,
    .simulate_purchases = simulate_purchases,
    .caveat = caveat,
    .transaction = {link::logit_mean, 0, 1},
    .life = {link::logit_mean, 2, 3},
};

}  // namespace clv
