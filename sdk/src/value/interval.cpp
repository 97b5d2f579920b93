#include "value/interval.hpp"

#include <cmath>
#include <limits>

#include "clv/score.hpp"
#include "math/normal.hpp"

namespace clv {

double quantile_normal(double level, double no_purchase) {
  if (!(level > no_purchase)) return -std::numeric_limits<double>::infinity();
  return math::normal_quantile((level - no_purchase) / (1.0 - no_purchase));
}

double value_at(double z, double mu, double sigma) {
  return std::isinf(z) && z < 0.0 ? 0.0 : std::exp(mu + z * sigma);
}

double probability_above(double cut, double no_purchase, double mu, double sigma) {
  const double some = 1.0 - no_purchase;
  if (!(cut > 0.0)) return some;
  const double distance = mu - std::log(cut);
  if (!(sigma > 0.0)) return distance > 0.0 ? some : 0.0;
  return some * math::normal_cdf(distance / sigma);
}

}  // namespace clv
