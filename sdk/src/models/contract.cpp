#include "models/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/gamma_step.hpp"
#include "math/long_sum.hpp"
#include "math/quadrature.hpp"
#include "math/random.hpp"
#include "models/discrete_lifetime.hpp"

namespace clv::contract {
namespace {

constexpr double for_ever = std::numeric_limits<double>::infinity();
constexpr double tail_end = 1e-12;
constexpr std::size_t most_entries = 20'000;

constexpr double most = 1e150, log_most = 345.38776394910684;

struct curve {
  double alpha, beta, c;
  explicit curve(values p) : alpha(p[0]), beta(p[1]), c(p.size() > 2 ? p[2] : 1) {}

  // t^c, (t+h)^c - t^c (the difference of two powers would lose digits for h << t), and how far ln
  // (t+h)^c goes beyond ln(most): there Gamma(z+alpha)/Gamma(z) is z^alpha to double precision, and
  // the powers need not be formed.
  double power(double t) const { return c == 1 ? t : std::min(std::pow(t, c), most); }
  double step(double t, double h) const {
    if (c == 1) return h;
    const double from = power(t);
    if (t == 0) return power(h);
    return std::min(from * std::expm1(c * std::log1p(h / t)), most - from);
  }
  double beyond(double t, double h) const {
    const auto above = [this](double age) { return age > 1 ? c * std::log(age) - log_most : 0; };
    return std::max(0.0, above(t + h)) - std::max(0.0, above(t));
  }
  // ln S(t+h)/S(t), never above 0.
  double log_kept(double t, double h) const {
    return math::log_beta_step(alpha, beta + power(t), step(t, h)) - alpha * beyond(t, h);
  }
  double kept(double t, double h) const { return std::exp(log_kept(t, h)); }
};

struct history {
  double x;  // renewals made
  bool lost;
  explicit history(const observation& o) : x(std::floor(o.x)), lost(std::floor(o.T) > x) {}
};

// sum_{k=1}^n S(T+k)/S(T) e^(-rate k): every term positive, a thousand one by one.
double kept_sum(const curve& s, double T, double n, double rate) {
  if (s.c == 1) return lifetime_sum(s.alpha, s.beta + T, n, rate);
  if (rate == 0 && !std::isfinite(n) && !(s.alpha * s.c > 1)) return for_ever;
  constexpr double one_by_one = 1000;
  const double last = std::min(n, one_by_one);
  double term = 1, sum = 0;
  for (double k = 1; k <= last; ++k) {
    term *= s.kept(T + k - 1, 1) * std::exp(-rate);
    sum += term;
    const double at_most = rate > 0 ? std::min(n - k, -1 / std::expm1(-rate)) : n - k;
    if (!(term * at_most > 1e-17 * sum)) return sum;
  }
  if (last == n) return sum;
  return sum + math::sum_beyond(last, n, [&](double k) { return s.log_kept(T, k) - rate * k; });
}

struct slopes {
  double alpha, beta, c;
};

// tau ln t (psi(alpha+beta+tau) - psi(beta+tau)) with tau = t^c: what c does to -ln S(t).
double by_power(const curve& s, double t) {
  if (!(t > 1)) return 0;
  const double tau = s.power(t);
  return (tau < most ? tau * math::digamma_step(s.beta + tau, s.alpha) : s.alpha) * std::log(t);
}

// Derivatives of ln S(t+h)/S(t).
slopes slopes_of(const curve& s, double t, double h) {
  const double from = s.beta + s.power(t), longer = s.step(t, h), beyond = s.beyond(t, h);
  const double by_alpha = -math::digamma_step(s.alpha + from, longer) - beyond;
  return {by_alpha,
          math::digamma_step(from, longer) + beyond + by_alpha,
          by_power(s, t) - by_power(s, t + h)};
}

struct point {
  double value = 0;
  slopes gradient{0, 0, 0};
  void add(const slopes& g, double factor) {
    gradient.alpha += factor * g.alpha;
    gradient.beta += factor * g.beta;
    gradient.c += factor * g.c;
  }
};

// ln S(x), and ln(1 - S(x+1)/S(x)) when lost; with D = ln S(x+1)/S(x) the latter's slope is
// -dD/(e^-D - 1).
point likelihood_of(const curve& s, const history& h, bool with_gradient) {
  point l;
  if (h.x > 0) {
    l.value = s.log_kept(0, h.x);
    if (with_gradient) l.add(slopes_of(s, 0, h.x), 1);
  }
  if (!h.lost) return l;
  const double log_kept = s.log_kept(h.x, 1);
  l.value += std::log(-std::expm1(log_kept));
  if (with_gradient && log_kept < 0) {
    l.add(slopes_of(s, h.x, 1), -1 / std::expm1(-log_kept));
  }
  return l;
}

}  // namespace

double log_likelihood(values p, const observation& o) {
  return likelihood_of(curve(p), history(o), false).value;
}

void accumulate(
    values p, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const curve s(p);
  sum.gradient.resize(p.size());
  for (std::size_t i = first; i < last; ++i) {
    const point l = likelihood_of(s, history({.x = t.x[i], .T = t.T[i]}), true);
    sum.value += t.weight[i] * l.value;
    sum.gradient[0] += t.weight[i] * l.gradient.alpha;
    sum.gradient[1] += t.weight[i] * l.gradient.beta;
    if (p.size() > 2) sum.gradient[2] += t.weight[i] * l.gradient.c;
  }
}

double p_alive(values, const observation& o) {
  return history(o).lost ? 0 : 1;
}

double expected_purchases(values p, const observation& o, double t) {
  const history h(o);
  return h.lost ? 0 : kept_sum(curve(p), h.x, std::floor(t), 0);
}

double expected_new(values p, double t) {
  return kept_sum(curve(p), 0, std::floor(t), 0);
}

double no_purchase(values p, const observation& o, double t) {
  const history h(o);
  return h.lost || t < 1 ? 1 : -std::expm1(curve(p).log_kept(h.x, 1));
}

void pmf(values p, double t, std::span<double> pmf) {
  const curve s(p);
  const double last = std::floor(t);
  for (std::size_t i = 0; i < pmf.size(); ++i) {
    const double j = static_cast<double>(i);
    const double made = j > last ? 0 : s.kept(0, j);
    pmf[i] = j < last ? made * -std::expm1(s.log_kept(j, 1)) : made;
  }
}

double survival(values p, double t) {
  return curve(p).kept(0, std::floor(t));
}

double survival_ahead(values p, const observation& o, double t) {
  const history h(o);
  return h.lost ? 0 : curve(p).kept(h.x, std::floor(t));
}

double residual(values p, const observation& o, double delta) {
  const history h(o);
  return h.lost ? 0 : (1 + delta) * kept_sum(curve(p), h.x, for_ever, std::log1p(delta));
}

void purchase_tail(values p, const observation& o, double t, std::vector<double>& tail) {
  const curve s(p);
  const history h(o);
  tail.clear();
  double kept = 1;
  for (double k = 1; k <= t && tail.size() < most_entries; ++k) {
    kept *= s.kept(h.x + k - 1, 1);
    if (kept < tail_end) return;
    tail.push_back(kept);
  }
}

// Renewed t times with probability (1-theta)^(t^c): t^c = ln u / ln(1-theta), rounded down.
void simulate_purchases(values p, double T, random_source& random, std::vector<double>& ages) {
  const curve s(p);
  ages.clear();
  const double log_stay = std::log1p(-random.beta(s.alpha, s.beta));
  const double power = std::log(random.uniform()) / log_stay;
  const double made = std::min(
      {std::floor(T), std::floor(std::pow(power, 1 / s.c)), static_cast<double>(most_simulated)});
  for (double t = 1; t <= made; ++t) ages.push_back(t);
}

std::string_view caveat(values) {
  return {};
}

// sum k S_k v^k / sum S_k v^k, S_k = S(x+k)/S(x): the derivative of the sum by the one factor.
double elasticity_of_mean(values p, double x, double delta) {
  constexpr double one_by_one = 1000;
  const curve s(p);
  const double rate = std::log1p(delta);
  double term = 1, sum = 0, first_moment = 0;
  for (double k = 1; k <= one_by_one; ++k) {
    term *= s.kept(x + k - 1, 1) * std::exp(-rate);
    sum += term;
    first_moment += k * term;
    if (k * term < 1e-17 * first_moment * rate * rate) return first_moment / sum;
  }
  const auto beyond = [&](double k) { return s.log_kept(x, k) - rate * k; };
  sum += math::sum_beyond(one_by_one, for_ever, beyond);
  first_moment +=
      math::sum_beyond(one_by_one, for_ever, [&](double k) { return beyond(k) + std::log(k); });
  return first_moment / sum;
}

// For sBG 1 + v DERL. Else each customer's own, sum k q^(s_k) v^k / sum q^(s_k) v^k with
// s_k = (x+k)^c - x^c and q = 1-theta, over theta ~ Beta(alpha, beta + x^c).
double mean_individual_elasticity(values p, double x, double delta) {
  const curve s(p);
  if (s.c == 1) return 1 + residual(p, {.x = x, .t_x = x, .T = x}, delta) / (1 + delta);
  const double rate = std::log1p(delta);
  std::vector<double> steps;
  for (double k = 1; k * rate < 45; ++k) steps.push_back(s.step(x, k));
  const auto own = [&](double theta) {
    const double log_q = std::log1p(-theta);
    double sum = 0, first_moment = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const double k = static_cast<double>(i + 1);
      // In units of the first term, which may be too small for a double.
      const double term = std::exp((i == 0 ? 0 : (steps[i] - steps[0]) * log_q) - rate * (k - 1));
      sum += term;
      first_moment += k * term;
      if (k * term < 1e-18 * first_moment) break;
    }
    return first_moment / sum;
  };
  const double reach = s.step(x, std::ceil(10 / rate)) / rate;  // how soon theta matters
  return math::beta_expectation(s.alpha, s.beta + s.power(x), reach, own);
}

}  // namespace clv::contract
