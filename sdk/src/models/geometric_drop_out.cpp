#include "models/geometric_drop_out.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "math/beta.hpp"
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
  if (exact && std::isfinite(result)) return result;
  return std::nullopt;
}

// P(J = j) for j = 0 ... size-1; by recurrence away from the mode, so no underflow spreads.
void negative_binomial(double shape, double z, double log_q, std::vector<double>& pmf) {
  const double peak = shape > 1 ? (shape - 1) * z * std::exp(-log_q) : 0;
  const std::size_t last = pmf.size() - 1;
  // Also the last entry when the peak is not a number (shape or rate infinite).
  const std::size_t mode = peak < static_cast<double>(last) ? static_cast<std::size_t>(peak) : last;
  const double m = static_cast<double>(mode);
  pmf[mode] = mode == 0 ? std::exp(shape * log_q)
                        : std::exp(shape * log_q + m * std::log(z) - math::log_beta(shape, m)) / m;
  for (std::size_t j = mode + 1; j < pmf.size(); ++j) {
    const double k = static_cast<double>(j);
    pmf[j] = pmf[j - 1] * z * (shape + k - 1) / k;
  }
  for (std::size_t j = mode; j-- > 0;) {
    const double k = static_cast<double>(j);
    pmf[j] = pmf[j + 1] * (k + 1) / (z * (shape + k));
  }
}

// In place: from P(J = j) to P(J >= j). Right of the mean the rest beyond the last entry is known
// in units of that entry; left of it the total is what is left of 1.
void sum_from_far_end(double shape, double z, std::vector<double>& pmf) {
  const double last = static_cast<double>(pmf.size() - 1);
  double total = 0;
  for (const double p : pmf) total += p;
  double above = 0;
  if (z < (last + 1) / (last + shape + 2)) {
    above = pmf.back() * (math::upper_tail_factor(last, shape, z) - 1);
  } else {
    above = std::max(0.0, 1 - total);
  }
  total += above;
  for (std::size_t j = pmf.size(); j-- > 0;) {
    above += pmf[j];
    pmf[j] = std::min(1.0, above / total);  // the mode's own rounding drops out
  }
}

// How many entries P(J >= j) prod(...) needs to fall below tail_end: a bound that is cheap.
std::size_t entries_needed(const drop_out_mixture& m, double z, double log_q) {
  const double mean = m.shape * z * std::exp(-log_q), log_end = std::log(tail_end);
  double log_term = 0, log_stay = 0;  // of J relative to its mean's term; of E[(1-p)^j]
  for (std::size_t i = 0; i < most_entries; ++i) {
    const double j = static_cast<double>(i);
    if (i >= 1) log_stay += std::log((m.b + j - 1) / (m.a + m.b + j - 1));
    if (log_stay < log_end) return i + 2;
    if (j + 1 <= mean) continue;  // left of the mean only the drop-out can end the tail
    const double step = z * (m.shape + j) / (j + 1), rest = std::max(step, z);
    log_term += std::log(step);
    if (rest < 1 && log_term + log_stay - std::log1p(-rest) < log_end) return i + 2;
  }
  return most_entries + 2;
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
  const double z = t / (m.rate + t), log_q = -std::log1p(t / m.rate);
  tail.resize(entries_needed(m, z, log_q));
  negative_binomial(m.shape, z, log_q, tail);
  sum_from_far_end(m.shape, z, tail);
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

}  // namespace clv
