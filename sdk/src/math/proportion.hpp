// Intervals of binomial shares and of their difference. [any] No state.
#pragma once

namespace clv::math {

struct share_interval {
  double share = 0, lower = 0, upper = 1;
};

// Wilson (1927), JASA 22, 209-212: the shares p that a score test at the normal quantile z does not
// reject,  (s + z^2/(2n) -+ z sqrt(s (1-s)/n + z^2/(4n^2))) / (1 + z^2/n),  s = events / n.
// n > 0, 0 <= events <= n; n may be an effective number and need not be whole.
share_interval wilson(double events, double n, double z);

// Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: first - second, each side as far
// away as the sides of the two Wilson intervals are, squared and added. Within [-1, 1]; holds its
// level also near 0 and 1, where the normal interval does not.
share_interval newcombe(const share_interval& first, const share_interval& second);

}  // namespace clv::math
