// What a set of covariates can tell before anything is fitted.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "value/fitting/fit_plan.hpp"

namespace clv {

// Over customers, by their weights. A covariate that never changes has spread 1 here.
struct covariate_shape {
  std::vector<double> mean, spread;
  std::vector<double> range;  // (largest - smallest) / spread
  std::vector<bool> constant;
  Eigen::MatrixXd correlation;
};
covariate_shape shape_of(const tuples& t, std::size_t names);

// The slots of coefficients that no data of this shape can tell: of a covariate that never
// changes, or that is (to 1e-8 of its variance) a combination of those before it in the same
// process. `why` becomes a sentence that names them, or "".
std::vector<std::size_t> without_information(const covariate_shape& shape,
                                             const fit_plan& plan,
                                             std::string& why);

}  // namespace clv
