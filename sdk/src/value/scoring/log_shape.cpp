#include "value/scoring/log_shape.hpp"

#include <algorithm>
#include <cmath>

#include "math/normal.hpp"
#include "value/scoring/interval.hpp"

namespace clv {
namespace {

constexpr double z90 = 1.2815515655446004;
constexpr double inverse_sqrt_two_pi = 0.39894228040143268;
constexpr double far = 9.0;  // standard deviations: Phi(-9) is 1e-19
constexpr int most_steps = 80;

struct mixture {
  const std::vector<mixture_part>& parts;
  double low, high;  // all but 1e-19 lies between

  explicit mixture(const std::vector<mixture_part>& p) : parts(p), low(INFINITY), high(-INFINITY) {
    for (const mixture_part& part : parts) {
      const double reach = far * std::sqrt(part.variance);
      low = std::min(low, part.mean - reach);
      high = std::max(high, part.mean + reach);
    }
  }

  void at(double y, double& below, double& density) const {
    below = density = 0.0;
    for (const mixture_part& part : parts) {
      const double scale = 1.0 / std::sqrt(part.variance);
      const double z = (y - part.mean) * scale;
      if (z > far || z < -far) {
        below += z > 0.0 ? part.share : 0.0;
        continue;
      }
      below += part.share * math::normal_cdf(z);
      density += part.share * inverse_sqrt_two_pi * scale * std::exp(-0.5 * z * z);
    }
  }

  double point(double level, double start) const {
    double from = low;
    double to = high;
    double y = std::clamp(start, low, high);
    for (int i = 0; i < most_steps && to - from > 1e-10 * (high - low); ++i) {
      double below = 0.0;
      double density = 0.0;
      at(y, below, density);
      (below < level ? from : to) = y;
      const double step = (level - below) / density;
      const double next = y + step;
      if (std::fabs(step) <= 1e-10 * (high - low)) return std::clamp(next, from, to);
      y = next > from && next < to ? next : 0.5 * (from + to);  // false for NaN as well
    }
    return y;
  }
};

}  // namespace

log_shape shape_of(const std::vector<mixture_part>& parts) {
  log_shape out;
  double square = 0.0;
  for (const mixture_part& part : parts) {
    out.mean += part.share * part.mean;
    square += part.share * (part.variance + part.mean * part.mean);
  }
  const double sd = std::sqrt(std::max(0.0, square - out.mean * out.mean));
  if (!(sd > 0.0) || !std::isfinite(sd)) return out;
  const mixture m(parts);
  const double q2 = m.point(0.5, out.mean);
  const double q1 = m.point(0.1, q2 - z90 * sd);
  const double q3 = m.point(0.9, q2 + z90 * sd);
  if (!(q3 > q1)) return out;
  const double rho = (q3 - 2.0 * q2 + q1) / (q3 - q1);
  const double root = std::sqrt(std::max(0.0, 1.0 - 4.0 * rho * rho / 3.0));
  out.skew = skewed_normal::skew_of(2.0 * rho / (1.0 + root) / z90);
  const skewed_normal h(out.skew);
  const double unit = (q3 - q1) / (h.at(z90) - h.at(-z90));
  out.mean = q2 - unit * h.at(0.0);
  out.variance = unit * unit;
  return out;
}

}  // namespace clv
