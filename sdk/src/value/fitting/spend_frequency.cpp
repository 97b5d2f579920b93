#include "value/fitting/spend_frequency.hpp"

#include <cmath>

#include "math/normal.hpp"

namespace clv {

spend_frequency spend_frequency_of(const tuples& t, std::size_t first, std::size_t last) {
  spend_frequency f;
  for (std::size_t i = first; i < last; ++i) f.customers += t.weight[i];
  double mean_x = 0.0;
  double mean_z = 0.0;
  for (std::size_t i = first; i < last; ++i) {
    mean_x += t.weight[i] / f.customers * t.x[i];
    mean_z += t.weight[i] / f.customers * t.mean_spend[i];
  }
  double xx = 0.0;
  double zz = 0.0;
  double xz = 0.0;
  for (std::size_t i = first; i < last; ++i) {
    const double dx = t.x[i] - mean_x;
    const double dz = (t.mean_spend[i] - mean_z) / mean_z;  // its square must not overflow
    xx += t.weight[i] * dx * dx;
    zz += t.weight[i] * dz * dz;
    xz += t.weight[i] * dx * dz;
  }
  const double scale = std::sqrt(xx) * std::sqrt(zz);
  if (!(scale > 0.0) || !std::isfinite(scale)) return f;
  f.correlation = std::fmin(1.0, std::fmax(-1.0, xz / scale));
  if (!(f.customers > 3.0)) return f;
  const double z = std::atanh(std::fabs(f.correlation)) * std::sqrt(f.customers - 3.0);
  f.p_value = 2.0 * math::normal_cdf(-z);
  return f;
}

}  // namespace clv
