#include "value/worth/lifetime.hpp"

#include <array>
#include <cmath>

namespace clv {
namespace {

struct node {
  double at, weight;
};
// Gauss-Legendre, 8 points on [-1, 1], one half (DLMF table 3.5.4).
constexpr std::array<node, 4> half_nodes{{{0.1834346424956498, 0.3626837833783620},
                                          {0.5255324099163290, 0.3137066458778873},
                                          {0.7966664774136267, 0.2223810344533745},
                                          {0.9602898564975363, 0.1012285362903763}}};
constexpr double first_panel = 1.0 / 1024;

}  // namespace

double discounted_lifetime(const model& m, values p, double t, double delta) {
  if (is_discrete(m)) {
    double sum = 0, factor = 1;
    for (double k = 1; k <= t; ++k) {
      factor /= 1 + delta;
      sum += factor * m.survival(p, k);
    }
    return sum;
  }
  double total = 0, from = 0;
  for (double to = t * first_panel; from < t; from = to, to = std::fmin(2 * to, t)) {
    const double half = (to - from) / 2, middle = (to + from) / 2;
    double sum = 0;
    for (const node& n : half_nodes) {
      for (const double u : {middle - half * n.at, middle + half * n.at}) {
        sum += n.weight * std::exp(-delta * u) * m.survival(p, u);
      }
    }
    total += half * sum;
  }
  return total;
}

double expected_lifetime(const model& m, values p, double t) {
  return discounted_lifetime(m, p, t, 0);
}

}  // namespace clv
