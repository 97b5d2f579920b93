#include "models/geometric_drop_out.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "math/negative_binomial.hpp"
#include "math/quadrature.hpp"

namespace clv {
namespace {

constexpr double worst_cancellation = 100;  // two digits
constexpr int most_terms = 1500;            // then quadrature is as fast
constexpr double tail_end = 1e-12;
constexpr std::size_t most_entries = 20'000;

// The regularised 2F1 form, or nothing where it is slow or has lost digits.
std::optional<double> regular_core(const drop_out_mixture& m, double t) {
  const double z = t / (m.rate + t);
  const double log_q = -std::log1p(t / m.rate);  // ln(1 - z)
  const double e = m.a - 1, c = m.a + m.b - 1, A = c - m.shape;
  double term = A * z, sum = 0, magnitude = 0;
  for (int k = 1;; ++k) {
    sum += term;
    magnitude += std::fabs(term);
    if (std::fabs(term) <= 1e-17 * (1 - z) * magnitude) break;
    if (k == most_terms) return std::nullopt;
    term *= (m.a + k - 1) * (A + k) / ((c + k) * (k + 1)) * z;
  }
  const double first = c * (e == 0 ? -log_q : -std::expm1(e * log_q) / e);
  const double scale = std::exp(e * log_q);
  const double result = first - scale * sum;
  const double parts = std::fabs(first) + scale * magnitude;
  const bool exact = parts <= worst_cancellation * result;  // false for NaN as well
  // An infinite magnitude ends the loop at once, and then says nothing about the rest of the sum.
  if (exact && std::isfinite(worst_cancellation * parts)) return result;
  return std::nullopt;
}

// How many entries P(J >= j) prod(...) needs to fall below tail_end: a bound that is cheap.
std::size_t entries_needed(const drop_out_mixture& m, const math::negative_binomial& J) {
  const double mean = m.shape * J.z * std::exp(-J.log_q), log_end = std::log(tail_end);
  double log_term = 0, log_stay = 0;  // of J relative to its mean's term; of E[(1-p)^j]
  for (std::size_t i = 0; i < most_entries; ++i) {
    const double j = static_cast<double>(i);
    if (i >= 1) log_stay += std::log((m.b + j - 1) / (m.a + m.b + j - 1));
    if (log_stay < log_end) return i + 2;
    if (j + 1 <= mean) continue;  // left of the mean only the drop-out can end the tail
    const double step = J.z * (m.shape + j) / (j + 1), rest = std::max(step, J.z);
    log_term += std::log(step);
    if (rest < 1 && log_term + log_stay - std::log1p(-rest) < log_end) return i + 2;
  }
  return most_entries + 2;
}

// sum_j P(J = j) prod_{i<j} (b+i)/(a+b+i), or nothing where it is slow or P(J = 0) underflows.
std::optional<double> survival_sum(const drop_out_mixture& m, double t) {
  const math::negative_binomial J = math::count_in(m.shape, m.rate, t);
  double term = std::exp(m.shape * J.log_q), sum = 0;
  if (!(term > 1e-280)) return std::nullopt;
  for (int j = 0; j < most_terms; ++j) {
    sum += term;
    const double step = J.z * (m.shape + j) / (j + 1) * ((m.b + j) / (m.a + m.b + j));
    const double rest = std::max(step, J.z);  // no later step is larger
    term *= step;
    if (term <= 1e-17 * (1 - rest) * sum) return sum;
  }
  return std::nullopt;
}

}  // namespace

double expected_count(const drop_out_mixture& m, double t) {
  if (!(t > 0)) return 0;
  if (const auto fast = regular_core(m, t)) return *fast;
  const double ratio = t / m.rate;
  const double at_zero = m.shape * ratio;             // of the integrand, its largest value
  const double unit = at_zero > 1e100 ? at_zero : 1;  // so that no sum of it overflows
  return unit * math::beta_expectation(m.a, m.b, (m.shape + 1) * ratio, [&](double p) {
           if (!(p > 0)) return at_zero / unit;
           return -std::expm1(-m.shape * std::log1p(p * ratio)) / p / unit;
         });
}

void count_tail(const drop_out_mixture& m, double t, std::vector<double>& tail) {
  tail.clear();
  if (!(t > 0)) return;
  const math::negative_binomial J = math::count_in(m.shape, m.rate, t);
  tail.resize(entries_needed(m, J));
  math::probabilities(J, tail);
  math::upper_tails(J, tail);
  double stay = 1;  // E[(1-p)^(i-1)]
  for (std::size_t i = 1; i < tail.size(); ++i) {
    tail[i] *= stay;
    const double j = static_cast<double>(i) - 1;
    stay *= (m.b + j) / (m.a + m.b + j);
  }
  tail.erase(tail.begin());  // from "at least i" to "more than i"
  while (!tail.empty() && tail.back() < tail_end) tail.pop_back();
  if (tail.size() > most_entries) tail.resize(most_entries);
}

void count_pmf(const drop_out_mixture& m, double t, std::span<double> pmf) {
  if (pmf.empty()) return;
  if (!(t > 0)) {
    std::fill(pmf.begin(), pmf.end(), 0.0);
    pmf[0] = 1;
    return;
  }
  const math::negative_binomial J = math::count_in(m.shape, m.rate, t);
  math::probabilities(J, pmf);
  std::vector<double> at_least(pmf.begin(), pmf.end());
  math::upper_tails(J, at_least);
  double stay = 1;  // E[(1-p)^(j-1)]
  for (std::size_t j = 1; j < pmf.size(); ++j) {
    const double i = static_cast<double>(j) - 1, ends = m.a / (m.a + m.b + i);
    pmf[j] = stay * (m.b + i) / (m.a + m.b + i) * pmf[j] + stay * ends * at_least[j];
    stay *= (m.b + i) / (m.a + m.b + i);
  }
}

double survival(const drop_out_mixture& m, double t) {
  if (!(t > 0)) return 1;
  if (const auto sum = survival_sum(m, t)) return std::min(1.0, *sum);
  const double ratio = t / m.rate;
  const double alive = math::beta_expectation(m.a, m.b, (m.shape + 1) * ratio, [&](double p) {
    return std::exp(-m.shape * std::log1p(p * ratio));
  });
  return std::min(1.0, alive);
}

}  // namespace clv
