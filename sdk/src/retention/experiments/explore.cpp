#include "retention/experiments/explore.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "math/gauss_legendre.hpp"
#include "math/normal.hpp"

namespace clv::retention {
namespace {

// P(|Z| > reach) = 2.6e-12: what lies further out is left away.
constexpr double reach = 7;

// Options against each other as option k sees them: z = (u - mean_k) / sd_k, so that neither tiny
// sds nor means that are millions of sds apart lose a digit.
class contest {
 public:
  contest(std::span<const double> mean, std::span<const double> sd, std::size_t k)
      : mean_(mean), sd_(sd), k_(k) {}

  // P(k is the best and above 0): panels on which no factor bends by more than 16 nodes resolve.
  double won() const {
    if (mean_.size() == 1) return math::normal_cdf(mean_[0] / sd_[0]);
    double z = std::max(-reach, -mean_[k_] / sd_[k_]), sum = 0;
    for (std::size_t j = 0; j < mean_.size(); ++j) {
      if (j != k_) z = std::max(z, start_of(j));
    }
    while (z < reach) {
      const double half = 0.5 * width_at(z);
      sum += math::gauss_sum(math::gauss_16, z + half, half, [this](double at, double weight) {
        return weight * density(at);
      });
      z += 2 * half;
    }
    return sum;
  }

 private:
  double ahead(std::size_t j) const { return mean_[j] - mean_[k_]; }
  // Where option j starts and stops being in doubt.
  double start_of(std::size_t j) const { return (ahead(j) - reach * sd_[j]) / sd_[k_]; }
  double end_of(std::size_t j) const { return (ahead(j) + reach * sd_[j]) / sd_[k_]; }

  double width_at(double z) const {
    constexpr double widest = reach / 2;  // in standard deviations of whatever bends most
    // An option so certain that its step is narrower than this has a panel that counts for nothing.
    const double narrowest = 1e-13;
    double width = std::min(widest, reach - z);
    for (std::size_t j = 0; j < mean_.size(); ++j) {
      if (j == k_ || z >= end_of(j)) continue;
      width = std::min(width, widest * sd_[j] / sd_[k_]);
    }
    return std::max(width, narrowest);
  }

  double density(double z) const {
    double product = 0.39894228040143267794 * std::exp(-0.5 * z * z);  // 1 / sqrt(2 pi)
    for (std::size_t j = 0; j < mean_.size(); ++j) {
      if (j != k_) product *= math::normal_cdf((sd_[k_] * z - ahead(j)) / sd_[j]);
    }
    return product;
  }

  std::span<const double> mean_, sd_;
  std::size_t k_;
};

}  // namespace

void uniform_propensities(std::span<double> out) {
  std::fill(out.begin(), out.end(), 1 / static_cast<double>(out.size()));
}

double thompson_propensity(std::span<const double> mean,
                           std::span<const double> sd,
                           double floor,
                           std::size_t index) {
  assert(mean.size() == sd.size() && index <= mean.size() && floor >= 0);
  const auto count = static_cast<double>(mean.size() + 1);
  const double least = std::min(floor, 1 / count);
  double best = 1;
  if (index > 0) {
    best = std::min(1.0, contest(mean, sd, index - 1).won());
  } else {
    for (std::size_t k = 0; k < mean.size(); ++k) best *= math::normal_cdf(-mean[k] / sd[k]);
  }
  return least + std::max(0.0, 1 - count * least) * best;
}

void thompson_propensities(std::span<const double> mean,
                           std::span<const double> sd,
                           double floor,
                           std::span<double> out) {
  assert(out.size() == mean.size() + 1);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = thompson_propensity(mean, sd, floor, i);
}

std::size_t draw(std::span<const double> propensities, std::uint64_t hash) {
  assert(!propensities.empty());
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < propensities.size(); ++i) {
    if (!(propensities[i] > 0)) continue;
    last = i;
    sum += propensities[i];
    // hash < sum 2^64 without rounding the hash.
    if (sum >= 1 || hash < static_cast<std::uint64_t>(std::ceil(std::ldexp(sum, 64)))) return i;
  }
  return last;  // the sum was below 1 by its rounding
}

}  // namespace clv::retention
