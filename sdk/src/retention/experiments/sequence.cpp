#include "retention/experiments/sequence.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "math/gauss_legendre.hpp"

namespace clv::retention {
namespace {

constexpr double panel = 1.5;  // 16 nodes resolve a normal density of sd 1 on it to 1e-15
constexpr double reach = 8.5;  // P(|Z| > 8.5) = 2e-17
constexpr double root_two_pi = 2.50662827463100050242;

// The density of what has not crossed, at the nodes of panels over [-edge, edge].
struct survivors {
  std::vector<double> at, weight, density;
  double mass() const {
    double sum = 0;
    for (std::size_t i = 0; i < at.size(); ++i) sum += weight[i] * density[i];
    return sum;
  }
};

// Nodes within [first, last] in rising order.
void place_nodes(double first, double last, survivors& out) {
  const auto panels = static_cast<std::size_t>(std::max(1.0, std::ceil((last - first) / panel)));
  const double half = 0.5 * (last - first) / static_cast<double>(panels);
  for (std::size_t p = 0; p < panels; ++p) {
    const double centre = first + (2 * static_cast<double>(p) + 1) * half;
    for (std::size_t i = math::gauss_16.size(); i-- > 0;) {
      out.at.push_back(centre - half * math::gauss_16[i].at);
      out.weight.push_back(half * math::gauss_16[i].weight);
    }
    for (const math::gauss_node& n : math::gauss_16) {
      out.at.push_back(centre + half * n.at);
      out.weight.push_back(half * n.weight);
    }
  }
}

double normal_density(double z) {
  return std::exp(-0.5 * z * z) / root_two_pi;
}

double arriving(const survivors& from, double at, double drift) {
  const auto near = std::lower_bound(from.at.begin(), from.at.end(), at - drift - reach);
  double sum = 0;
  for (auto i = static_cast<std::size_t>(near - from.at.begin()); i < from.at.size(); ++i) {
    const double z = at - drift - from.at[i];
    if (z < -reach) break;
    sum += from.weight[i] * from.density[i] * normal_density(z);
  }
  return sum;
}

}  // namespace

double sequence_factor(double t, double tuned_for, double level) {
  const double twice = -2 * std::log(level);
  const double u = t / tuned_for * (twice + std::log1p(twice));
  return std::sqrt(2 * (1 + 1 / u) * (0.5 * std::log1p(u) - std::log(level)));
}

double chance_of_crossing(std::span<const double> bounds, double drift) {
  survivors now{{0}, {1}, {1}};
  for (std::size_t k = 0; k < bounds.size(); ++k) {
    const auto looks = static_cast<double>(k + 1);
    const double edge = bounds[k] * std::sqrt(looks), middle = drift * looks;
    // Beyond `reach` standard deviations of the whole sum there is nobody.
    const double most = (reach + 0.5) * std::sqrt(looks);
    survivors next;
    const double first = std::max(-edge, middle - most), last = std::min(edge, middle + most);
    if (!(first < last)) return 1;
    place_nodes(first, last, next);
    for (const double at : next.at) next.density.push_back(arriving(now, at, drift));
    now = std::move(next);
  }
  return std::clamp(1 - now.mass(), 0.0, 1.0);
}

}  // namespace clv::retention
