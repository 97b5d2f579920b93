#include "models/erlang_drop_out.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "math/beta.hpp"
#include "math/negative_binomial.hpp"
#include "models/geometric_renewals.hpp"

namespace clv {
namespace {

constexpr double tail_end = 1e-12;
constexpr double sum_end = 1e-18;
constexpr std::size_t most_entries = 20'000;
constexpr std::size_t most_summed = 3'000;  // stages; then quadrature is as fast

// How many purchases until P_i s_i is below `end` times its largest value, or below `end` itself
// where that is larger; at most `most`.
std::size_t purchases_needed(const stage_mixture& m, double t, double end, std::size_t most) {
  const auto J = math::count_in(m.next.shape + m.k - 1, m.next.rate, t);
  const double mean = J.shape * J.z * std::exp(-J.log_q), log_end = std::log(end);
  double log_term = 0, log_stay = 0;
  for (std::size_t i = 0; i < most; ++i) {
    const double n = static_cast<double>(i);
    if (i >= 1) log_stay += std::log((m.next.b + n - 1) / (m.next.a + m.next.b + n - 1));
    for (int j = 0; j < m.k; ++j) {
      const double stage = n * m.k + j;
      const double step = J.z * (J.shape + stage) / (stage + 1), rest = std::max(step, J.z);
      if (stage + 1 > mean && i >= 1) log_term += std::log(step);
      if (rest < 1 && log_term + log_stay - std::log1p(-rest) < log_end) return i + 2;
    }
    if (i >= 1 && log_stay < log_end && log_term == 0) return i + 2;
  }
  return most + 2;
}

// P(M = n), n = 0 ... size-1, of the stages M that will be over since the last purchase:
//   sum_j c_j P(J_j = n-j) = c_0 P(J_0 = n) sum_{j<k} binomial(n,j) (silence/t)^j
std::vector<double> stage_pmf(const stage_mixture& m, double t, std::size_t size) {
  std::vector<double> pmf(size);
  math::probabilities(math::count_in(m.next.shape, m.next.rate, t), pmf);
  if (m.share[0] == 1) return pmf;
  const double ratio = m.silence / t;
  for (std::size_t i = 0; i < size; ++i) {
    const double n = static_cast<double>(i);
    double sum = 1;  // Horner's rule; for n < k-1 a factor 0 removes what is inside it
    for (int j = m.k - 1; j > 0; --j) sum = 1 + ratio / j * (n - j + 1) * sum;
    pmf[i] *= m.share[0] * sum;
  }
  return pmf;
}

// P(M >= size) from P(M = size-1) on, as a sum over j of tails in units of their first term; or,
// left of the mean, what is left of 1.
double beyond(const stage_mixture& m, double t, std::size_t size, double total) {
  const double n = static_cast<double>(size);
  const auto J = math::count_in(m.next.shape, m.next.rate, t);
  if (!(J.z < (n - m.k + 2) / (n + m.next.shape + 2))) return std::max(0.0, 1 - total);
  double sum = 0;
  for (int j = 0; j < m.k; ++j) {
    const double share = m.share[static_cast<std::size_t>(j)];
    if (!(share > 0)) break;
    const double shape = m.next.shape + j, first = n - j;
    const double log_first = shape * J.log_q + first * std::log(J.z) - math::log_beta(shape, first);
    sum += share * std::exp(log_first) / first * math::upper_tail_factor(first, shape, J.z);
  }
  return sum;
}

// Below it P_1 is no longer told from 0; it keeps (silence/t)^11 finite.
double not_too_short(const stage_mixture& m, double t) {
  return std::max(t, 1e-20 * m.silence);
}

}  // namespace

purchase_probabilities purchase_chances(const stage_mixture& m, double given_t, std::size_t size) {
  const double t = not_too_short(m, given_t);
  const auto k = static_cast<std::size_t>(m.k);
  const std::vector<double> pmf = stage_pmf(m, t, k * size);
  purchase_probabilities found{std::vector<double>(size), std::vector<double>(size)};
  double total = 0;
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t n = k * (i + 1); n-- > k * i;) found.exactly[i] += pmf[n];
    total += found.exactly[i];
  }
  double above = beyond(m, t, k * size, total);
  total += above;
  for (std::size_t i = size; i-- > 0;) {
    above += found.exactly[i];
    found.at_least[i] = std::min(1.0, above / total);  // the mode's own rounding drops out
  }
  return found;
}

stage_mixture stages_of(const drop_out_mixture& next, int k, double silence) {
  stage_mixture m{.next = next, .k = k, .silence = silence};
  double term = 1, sum = 0;
  for (int j = 0; j < k; ++j) {
    m.share[static_cast<std::size_t>(j)] = term;
    sum += term;
    term *= (next.shape + j) / (j + 1) * (silence / next.rate);
  }
  for (double& share : m.share) share /= sum;
  m.log_total = std::log(sum);
  return m;
}

double expected_count(const stage_mixture& m, double t) {
  if (!(t > 0)) return 0;
  const std::size_t most = most_summed / static_cast<std::size_t>(m.k);
  const std::size_t size = purchases_needed(m, t, sum_end, most);
  if (size > most) return renewals_expected(m, t);
  const auto P = purchase_chances(m, t, size);
  double stay = 1, sum = 0;
  for (std::size_t i = 1; i < size; ++i) {
    const double before = static_cast<double>(i) - 1;
    sum += stay * P.at_least[i];
    stay *= (m.next.b + before) / (m.next.a + m.next.b + before);
  }
  return sum;
}

void count_tail(const stage_mixture& m, double t, std::vector<double>& tail) {
  tail.clear();
  if (!(t > 0)) return;
  tail = purchase_chances(m, t, purchases_needed(m, t, tail_end, most_entries)).at_least;
  double stay = 1;  // s_{i-1}
  for (std::size_t i = 1; i < tail.size(); ++i) {
    const double before = static_cast<double>(i) - 1;
    tail[i] *= stay;
    stay *= (m.next.b + before) / (m.next.a + m.next.b + before);
  }
  tail.erase(tail.begin());  // from "at least i" to "more than i"
  while (!tail.empty() && tail.back() < tail_end) tail.pop_back();
  if (tail.size() > most_entries) tail.resize(most_entries);
}

void count_pmf(const stage_mixture& m, double t, std::span<double> pmf) {
  if (pmf.empty()) return;
  if (!(t > 0)) {
    std::fill(pmf.begin(), pmf.end(), 0.0);
    pmf[0] = 1;
    return;
  }
  const auto P = purchase_chances(m, t, pmf.size());
  pmf[0] = P.exactly[0];
  double stay = 1;  // s_{j-1}
  for (std::size_t j = 1; j < pmf.size(); ++j) {
    const double before = static_cast<double>(j) - 1, all = m.next.a + m.next.b + before;
    pmf[j] = stay * ((m.next.b + before) / all * P.exactly[j] + m.next.a / all * P.at_least[j]);
    stay *= (m.next.b + before) / all;
  }
}

double survival(const stage_mixture& m, double t) {
  if (!(t > 0)) return 1;
  const std::size_t most = most_summed / static_cast<std::size_t>(m.k);
  const std::size_t size = purchases_needed(m, t, sum_end, most);
  if (size > most) return std::min(1.0, renewals_survive(m, t));
  const auto P = purchase_chances(m, t, size);
  double stay = 1, sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double n = static_cast<double>(i);
    sum += stay * P.exactly[i];
    stay *= (m.next.b + n) / (m.next.a + m.next.b + n);
  }
  return std::min(1.0, sum);
}

double none(const stage_mixture& m, double t) {
  if (!(t > 0)) return 1;
  double sum = 0;
  for (const double p : stage_pmf(m, not_too_short(m, t), static_cast<std::size_t>(m.k))) sum += p;
  return std::min(1.0, sum);
}

}  // namespace clv
