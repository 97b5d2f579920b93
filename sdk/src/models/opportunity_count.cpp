#include "models/opportunity_count.hpp"

#include <algorithm>
#include <cmath>

#include "math/beta.hpp"
#include "math/gamma_step.hpp"
#include "math/long_sum.hpp"

namespace clv {
namespace {

constexpr double one_by_one = 4096;
constexpr double tail_end = 1e-12;
constexpr std::size_t most_entries = 20'000;

// Terms f(i) of j purchases by opportunity i = j, j+1, ...:
//   f(i+1)/f(i) = (i+A)/(i+1-j) (beta+i-j)/(alpha+beta+i) (delta+i)/(G+delta+i)
// A = 1, G = gamma+1: the customer dies right after i. A = 0, G = gamma: the j-th purchase is at i.
struct terms {
  opportunity_mixture m;
  double j, A, G;
  double log_first;  // ln f(j)

  double step(double i) const {
    return (i + A) * (m.beta + i - j) * (m.delta + i) /
           ((i + 1 - j) * (m.alpha + m.beta + i) * (G + m.delta + i));
  }
  // ln f(i+h)/f(i) for a real h.
  double log_steps(double i, double h) const {
    // Gamma(i+A)/Gamma(i+1-j) and its like as pairs, so that what is large in both drops out.
    return -math::log_beta_step(j - 1 + A, i + 1 - j, h) +
           math::log_beta_step(m.alpha + j, m.beta + i - j, h) +
           math::log_beta_step(G, m.delta + i, h);
  }
  double sum(double count) const;  // f(j) + ... + f(j+count-1)
};

// In units of f(j), scaled down again and again where that is small against its neighbours.
double terms::sum(double count) const {
  constexpr double much = 1e200, log_much = 460.51701859880913680;
  const double last = j + std::min(count, one_by_one);
  double value = 1, before = 1, total = 0, scale = log_first;
  for (double i = j; i < last; ++i) {
    before = value;
    total += value;
    value *= step(i);
    if (value > much) {
      before /= much;
      value /= much;
      total /= much;
      scale += log_much;
    }
  }
  if (count > one_by_one) {
    const double log_before = std::log(before);
    total += math::sum_beyond(one_by_one - 1, count - 1, [&](double k) {
      return log_before + log_steps(last - 1, k - (one_by_one - 1));
    });
  }
  return total > 0 ? std::exp(scale + std::log(total)) : 0;
}

// ln [B(alpha+j, beta)/B(alpha, beta)] + ln [B(gamma, delta+j)/B(gamma, delta)]
double log_all_taken(const opportunity_mixture& m, double j) {
  return math::log_beta_ratio(m.beta, m.alpha, j) + math::log_beta_ratio(m.gamma, m.delta, j);
}

// P(X(n) >= j), j >= 1.
double at_least(const opportunity_mixture& m, double n, double j) {
  const terms taken{.m = m, .j = j, .A = 0, .G = m.gamma, .log_first = log_all_taken(m, j)};
  return std::min(1.0, taken.sum(n - j + 1));
}

}  // namespace

void opportunity_pmf(const opportunity_mixture& m, double n, std::span<double> pmf) {
  for (std::size_t i = 0; i < pmf.size(); ++i) {
    const double j = static_cast<double>(i);
    if (j > n) {
      pmf[i] = 0;
      continue;
    }
    const double log_first = log_all_taken(m, j);
    const terms died{.m = m,
                     .j = j,
                     .A = 1,
                     .G = m.gamma + 1,
                     .log_first = log_first + std::log(m.gamma / (m.gamma + m.delta + j))};
    const double log_choices = n == j ? 0 : -math::log_beta_step(j, 1, n - j);  // ln C(n, j)
    const double lived =
        std::exp(log_first + log_choices + math::log_beta_ratio(m.alpha + j, m.beta, n - j) +
                 math::log_beta_ratio(m.gamma, m.delta + j, n - j));
    pmf[i] = std::min(1.0, lived + (n > j ? died.sum(n - j) : 0));
  }
}

double any_purchase(const opportunity_mixture& m, double n) {
  return n >= 1 ? at_least(m, n, 1) : 0;
}

void opportunity_tail(const opportunity_mixture& m, double n, std::vector<double>& tail) {
  tail.clear();
  for (double j = 1; j <= n && tail.size() < most_entries; ++j) {
    const double p = std::min(at_least(m, n, j), tail.empty() ? 1.0 : tail.back());
    if (p < tail_end) return;
    tail.push_back(p);
  }
}

}  // namespace clv
