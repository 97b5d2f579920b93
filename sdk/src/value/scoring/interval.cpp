#include "value/scoring/interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "clv/score.hpp"
#include "math/normal.hpp"

namespace clv {
namespace {

constexpr double most_skew = 3.5;

}  // namespace

skewed_normal::skewed_normal(double skew) {
  const double v = std::clamp(skew, -most_skew, most_skew) / 6.0;
  const double square = v * v;
  u_ = v * (1.0 + square * (2.0 / 3.0 + 0.9 * square));
  const double u_square = u_ * u_;
  s_ = std::sqrt(1.0 + u_square * (4.0 + u_square * (5.0 / 3.0)));
}

double skewed_normal::skew_of(double u) {
  const double square = u * u;
  const double s = std::sqrt(1.0 + square * (4.0 + square * (5.0 / 3.0)));
  const double skew = u * (6.0 + square * (32.0 + 30.0 * square)) / (s * s * s);
  return std::clamp(skew, -most_skew, most_skew);
}

double skewed_normal::at(double z) const {
  if (std::isinf(z)) return z;
  return (z + u_ * (z * z - 1.0) + u_ * u_ * z * z * z / 3.0) / s_;
}

// (1 + u z)^3 = 1 + w, w = 3 u k, k = u + s y; and cbrt(1+w) - 1 = w / (c^2 + c + 1), c the cube
// root, cancels nowhere and is k itself at u = 0.
double skewed_normal::inverse(double y) const {
  if (std::isinf(y)) return y;
  const double k = u_ + s_ * y;
  const double c = std::cbrt(1.0 + 3.0 * u_ * k);
  return 3.0 * k / (c * c + c + 1.0);
}

double quantile_normal(double level, double no_purchase) {
  if (!(level > no_purchase)) return -std::numeric_limits<double>::infinity();
  return math::normal_quantile((level - no_purchase) / (1.0 - no_purchase));
}

double value_at(double z, double mu, double sigma, double skew) {
  if (std::isinf(z) && z < 0.0) return 0.0;
  return std::exp(mu + sigma * skewed_normal(skew).at(z));
}

double probability_above(double cut, double no_purchase, double mu, double sigma, double skew) {
  const double some = 1.0 - no_purchase;
  if (!(cut > 0.0)) return some;
  const double distance = mu - std::log(cut);
  if (!(sigma > 0.0)) return distance > 0.0 ? some : 0.0;
  return some * math::normal_cdf(-skewed_normal(skew).inverse(-distance / sigma));
}

}  // namespace clv
