// A mixture of normals reduced to the three numbers of the skewed normal in interval.hpp.
#pragma once

#include <vector>

namespace clv {

struct mixture_part {
  double share, mean, variance;  // shares sum to 1; variance >= 0
};

struct log_shape {
  double mean = 0, variance = 0, skew = 0;
};

// The skewed normal that has the 10 %, 50 % and 90 % points of the mixture. (Matching the moments
// instead puts P(value > cut) up to 8 points off where a customer either drops out early or stays:
// such a mixture has two humps, and moments look at its far end.) With q1, q2, q3 the three points,
// z = 1.2816 and rho = (q3 - 2 q2 + q1) / (q3 - q1):
//   u z = 2 rho / (1 + sqrt(1 - 4 rho^2 / 3)), sd = (q3 - q1) s / (2 (z + u^2 z^3 / 3)),
//   mean = q2 + sd u / s.
// Points by Newton's method kept within a bracket; 1e-9 of the spread. All shares on one point give
// variance 0. [any]
log_shape shape_of(const std::vector<mixture_part>& parts);

}  // namespace clv
