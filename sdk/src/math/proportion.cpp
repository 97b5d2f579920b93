#include "math/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace clv::math {

share_interval wilson(double events, double n, double z) {
  const double share = events / n, z2 = z * z;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  // max: an effective number of events may be a rounding away from n.
  const double spread = std::max(0.0, share * (1 - share) / n + z2 / (4 * n * n));
  const double half = z / (1 + z2 / n) * std::sqrt(spread);
  return {share, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

share_interval newcombe(const share_interval& first, const share_interval& second) {
  const double difference = first.share - second.share;
  const double below = std::hypot(first.share - first.lower, second.upper - second.share);
  const double above = std::hypot(first.upper - first.share, second.share - second.lower);
  return {difference, std::max(-1.0, difference - below), std::min(1.0, difference + above)};
}

}  // namespace clv::math
