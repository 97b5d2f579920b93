// NBD: Ehrenberg (1959), The pattern of consumer purchases, Applied Statistics 8(1) 26-41.
// Purchases at random, rates gamma distributed, nobody ever drops out: the benchmark every other
// model must beat. See ../../MODELS.md.
//
// The likelihood is that of the purchase times (comparable with the models that need them), not of
// the count alone; both have their maximum at the same place. With rho = r + x, u =
// ln((alpha+T)/alpha):
//   LL = ln[Gamma(rho)/Gamma(r)] - x ln alpha - rho u
//   dr = psi(rho) - psi(r) - u      dalpha = (rho T/(alpha+T) - x) / alpha
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "math/gamma.hpp"
#include "math/negative_binomial.hpp"
#include "math/random.hpp"
#include "models/models.hpp"
#include "models/time_terms.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 2> parameters{
    {{"r", 1, scales::not_at_all}, {"alpha", 3, scales::with_time}}};
constexpr double tail_end = 1e-12;
constexpr std::size_t most_entries = 20'000;

struct nbd_parameters {
  double r, alpha;
  explicit nbd_parameters(values p) : r(p[0]), alpha(p[1]) {}
};

double log_likelihood(values v, const observation& o) {
  const nbd_parameters p(v);
  return math::log_rising(p.r, o.x) - o.x * std::log(p.alpha) -
         (p.r + o.x) * std::log1p(o.T / p.alpha);
}

// With equal x: ln Gamma and the digammas once per run.
void accumulate(
    values v, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const nbd_parameters p(v);
  sum.gradient.resize(parameters.size());
  time_terms terms(p.alpha);
  for (std::size_t i = first; i < last;) {
    const double x = t.x[i], rho = p.r + x;
    double weight = 0, u = 0, f = 0;
    for (; i < last && t.x[i] == x; ++i) {
      const auto& at_T = terms.at(t.T[i]);
      weight += t.weight[i];
      u += t.weight[i] * at_T.u;
      f += t.weight[i] * at_T.f;
    }
    const double dr = x > 0 ? math::digamma(rho) - math::digamma(p.r) : 0;
    sum.value += weight * (math::log_rising(p.r, x) - x * std::log(p.alpha)) - rho * u;
    sum.gradient[0] += weight * dr - u;
    sum.gradient[1] += (rho * f - weight * x) / p.alpha;
  }
}

double p_alive(values, const observation&) {
  return 1;
}

double expected_purchases(values v, const observation& o, double t) {
  const nbd_parameters p(v);
  return (p.r + o.x) * (t / (p.alpha + o.T));
}

double expected_new(values v, double t) {
  return expected_purchases(v, {}, t);
}

double no_purchase(values v, const observation& o, double t) {
  const nbd_parameters p(v);
  return std::exp(-(p.r + o.x) * std::log1p(t / (p.alpha + o.T)));
}

// P(J >= j) summed from the far end; doubled until the last entry is below the end of the tail.
void purchase_tail(values v, const observation& o, double t, std::vector<double>& tail) {
  tail.clear();
  if (!(t > 0)) return;
  const nbd_parameters p(v);
  const auto J = math::count_in(p.r + o.x, p.alpha + o.T, t);
  for (std::size_t size = 64;; size *= 2) {
    tail.resize(std::min(size, most_entries + 1));
    math::probabilities(J, tail);
    math::upper_tails(J, tail);
    if (tail.back() < tail_end || tail.size() > most_entries) break;
  }
  tail.erase(tail.begin());  // from "at least i" to "more than i"
  while (!tail.empty() && tail.back() < tail_end) tail.pop_back();
}

void pmf(values v, double t, std::span<double> pmf) {
  const nbd_parameters p(v);
  if (pmf.empty()) return;
  if (t > 0) {
    math::probabilities(math::count_in(p.r, p.alpha, t), pmf);
  } else {
    std::fill(pmf.begin(), pmf.end(), 0.0);
    pmf[0] = 1;
  }
}

double survival(values, double) {
  return 1;
}

double survival_ahead(values, const observation&, double) {
  return 1;
}

// A constant expected rate for ever, discounted: (r+x)/(alpha+T) integral of e^{-delta s}.
double residual(values v, const observation& o, double delta) {
  if (!(delta > 0)) return std::numeric_limits<double>::infinity();
  const nbd_parameters p(v);
  return (p.r + o.x) / (p.alpha + o.T) / delta;
}

void simulate_purchases(values v, double T, random_source& random, std::vector<double>& ages) {
  const nbd_parameters p(v);
  ages.clear();
  const double lambda = random.gamma(p.r, p.alpha);
  double age = random.exponential() / lambda;
  for (; age <= T && ages.size() < most_simulated; age += random.exponential() / lambda) {
    ages.push_back(age);
  }
}

std::string_view caveat(values) {
  return {};
}

}  // namespace

constinit const model nbd{
    .name = "nbd",
    .source = "Ehrenberg (1959), Applied Statistics 8(1) 26-41",
    .key = tuple_key::purchases,
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
    .future_forgets_t_x = true,
    .transaction = {link::scale, 1, 0},
};

}  // namespace clv
