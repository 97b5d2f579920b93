#include "math/negative_binomial.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "math/beta.hpp"

namespace clv::math {

negative_binomial count_in(double shape, double rate, double t) {
  return {shape, t / (rate + t), -std::log1p(t / rate)};
}

void probabilities(const negative_binomial& n, std::span<double> pmf) {
  const double peak = n.shape > 1 ? (n.shape - 1) * n.z * std::exp(-n.log_q) : 0;
  const std::size_t last = pmf.size() - 1;
  // Also the last entry when the peak is not a number (shape or rate infinite).
  const std::size_t mode = peak < static_cast<double>(last) ? static_cast<std::size_t>(peak) : last;
  const double m = static_cast<double>(mode);
  pmf[mode] = mode == 0
                  ? std::exp(n.shape * n.log_q)
                  : std::exp(n.shape * n.log_q + m * std::log(n.z) - log_beta(n.shape, m)) / m;
  for (std::size_t j = mode + 1; j < pmf.size(); ++j) {
    const double k = static_cast<double>(j);
    pmf[j] = pmf[j - 1] * n.z * (n.shape + k - 1) / k;
  }
  for (std::size_t j = mode; j-- > 0;) {
    const double k = static_cast<double>(j);
    pmf[j] = pmf[j + 1] * (k + 1) / (n.z * (n.shape + k));
  }
}

void upper_tails(const negative_binomial& n, std::span<double> pmf) {
  const double last = static_cast<double>(pmf.size() - 1);
  double total = 0;
  for (const double p : pmf) total += p;
  double above = 0;
  if (last >= 1 && n.z < (last + 1) / (last + n.shape + 2)) {
    above = pmf.back() * (upper_tail_factor(last, n.shape, n.z) - 1);
  } else {
    above = std::max(0.0, 1 - total);
  }
  total += above;
  for (std::size_t j = pmf.size(); j-- > 0;) {
    above += pmf[j];
    pmf[j] = std::min(1.0, above / total);  // the mode's own rounding drops out
  }
}

}  // namespace clv::math
