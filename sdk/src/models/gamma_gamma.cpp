// Gamma-Gamma spend: Colombo & Jiang (1999); Fader & Hardie (2013), note 025. See ../../MODELS.md.
// Each spend of a customer is Gamma(p, rate nu), nu ~ Gamma(q, rate gamma) over customers. All that
// is used of a customer is x and the mean spend z of its x purchases; S = x z is their sum.
#include "math/gamma.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "math/beta.hpp"
#include "math/random.hpp"
#include "models/models.hpp"

namespace clv {
namespace {

constexpr std::array<parameter, 3> parameters{
    {{"p", 1, scales::not_at_all}, {"q", 1, scales::not_at_all}, {"gamma", 1, scales::with_money}}};

struct spend_parameters {
  double p, q, gamma;
  explicit spend_parameters(values v) : p(v[0]), q(v[1]), gamma(v[2]) {}
};

bool has_spend(const observation& o) {
  return o.x > 0 && o.mean_spend > 0;
}

// Note 025 eq. 1a (the density of z given x) as
//   -ln B(px,q) - q log1p(S/gamma) - px log1p(gamma/S) - ln z
// the textbook's px ln x + (px-1) ln z - (px+q) ln(S+gamma) cancels for large px.
// A customer without own spend says nothing: 0.
double log_likelihood(values v, const observation& o) {
  if (!has_spend(o)) return 0;
  const spend_parameters g(v);
  const double px = g.p * o.x, total = o.x * o.mean_spend;
  return -math::log_beta(px, g.q) - g.q * std::log1p(total / g.gamma) -
         px * std::log1p(g.gamma / total) - std::log(o.mean_spend);
}

// With equal x: ln B and the digammas once per run.
//   dp = x (psi(px+q) - psi(px) - log1p(gamma/S))      dq = psi(px+q) - psi(q) - log1p(S/gamma)
//   dgamma = (q S/(S+gamma) - px gamma/(S+gamma)) / gamma
void accumulate(
    values v, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum) {
  const spend_parameters g(v);
  sum.gradient.resize(parameters.size());
  const double psi_q = math::digamma(g.q);
  for (std::size_t i = first; i < last;) {
    const double x = t.x[i], px = g.p * x;
    if (!(x > 0)) {
      ++i;
      continue;
    }
    double weight = 0, log_z = 0, above = 0, below = 0, share = 0;
    for (; i < last && t.x[i] == x; ++i) {
      const double z = t.mean_spend[i], w = t.weight[i], total = x * z;
      if (!(z > 0)) continue;
      weight += w;
      log_z += w * std::log(z);
      above += w * std::log1p(total / g.gamma);
      below += w * std::log1p(g.gamma / total);
      share += w * (g.gamma / (total + g.gamma));
    }
    const double psi_all = math::digamma(px + g.q);
    sum.value -= weight * math::log_beta(px, g.q) + g.q * above + px * below + log_z;
    sum.gradient[0] += x * (weight * (psi_all - math::digamma(px)) - below);
    sum.gradient[1] += weight * (psi_all - psi_q) - above;
    sum.gradient[2] += (g.q * (weight - share) - px * share) / g.gamma;
  }
}

// p (gamma + x z)/(px + q - 1), note 025 eq. 5; without own spend the population mean
// p gamma/(q-1). Infinite where that mean does not exist (px + q <= 1).
double expected_spend(values v, const observation& o) {
  const spend_parameters g(v);
  const double px = has_spend(o) ? g.p * o.x : 0;
  const double total = has_spend(o) ? o.x * o.mean_spend : 0;
  const double shape = px + g.q - 1;
  return shape > 0 ? g.p * (g.gamma + total) / shape : std::numeric_limits<double>::infinity();
}

// The sum of n more purchases given nu is Gamma(pn, nu), and nu given the history is
// Gamma(px+q, gamma+S): so the sum is (gamma+S) BetaPrime(pn, px+q), whose log has
//   mean ln(gamma+S) + psi(pn) - psi(px+q),  variance psi'(pn) + psi'(px+q)
// finite for every q > 0. n <= 0: nothing is spent, mean -inf and variance 0.
void log_total_spend(values v, const observation& o, double n, double& mean, double& variance) {
  const spend_parameters g(v);
  mean = -std::numeric_limits<double>::infinity();
  variance = 0;
  if (!(n > 0)) return;
  const double shape = g.q + (has_spend(o) ? g.p * o.x : 0);
  const double total = has_spend(o) ? o.x * o.mean_spend : 0;
  mean = std::log(g.gamma + total) + math::digamma(g.p * n) - math::digamma(shape);
  variance = math::trigamma(g.p * n) + math::trigamma(shape);
}

void simulate_spend(values v, std::size_t n, random_source& random, std::vector<double>& amounts) {
  const spend_parameters g(v);
  amounts.clear();
  const double nu = random.gamma(g.q, g.gamma);
  for (std::size_t i = 0; i < n; ++i) amounts.push_back(random.gamma(g.p, nu));
}

std::string_view caveat(values v) {
  return spend_parameters(v).q > 1
             ? std::string_view{}
             : "q is not above 1: the expected spend of a new customer is infinite";
}

}  // namespace

constinit const model gamma_gamma{
    .name = "gamma_gamma",
    .source =
        "Colombo & Jiang (1999), J. Interactive Marketing 13(3) 2-12; Fader & Hardie note 025",
    .key = tuple_key::spend,
    .parameters = parameters,
    .log_likelihood = log_likelihood,
    .accumulate = accumulate,
    .expected_spend = expected_spend,
    .log_total_spend = log_total_spend,
    .simulate_spend = simulate_spend,
    .caveat = caveat,
};

}  // namespace clv
