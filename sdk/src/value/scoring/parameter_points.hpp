// The uncertainty of estimates as a few equally likely parameter sets.
#pragma once

#include <vector>

#include "clv/fit.hpp"

namespace clv {

struct parameter_point {
  std::vector<double> parameters;    // in the order of model::parameters
  std::vector<double> coefficients;  // in that of estimates::coefficients
};

// The Laplace approximation of the estimates (normal in ln theta and in the coefficients, with
// their covariance) replaced by the r + 1 corners of a simplex, r its rank: their mean is the
// estimates and their covariance is exactly the given one, so the average of a function over them
// is right to its second derivatives and its variance is that of the delta method (Wan & van der
// Merwe 2000 with the spherical simplex). Covariance of ln theta = cov(theta_i, theta_j) /
// (theta_i theta_j). A parameter that was held (zero variance) keeps its bits; a shift is at most
// a factor e^3. Empty when the estimates have no covariance. [any]
std::vector<parameter_point> parameter_points(const estimates& e);

}  // namespace clv
