// Standard errors and covariance of what a fit reports.
#pragma once

#include "clv/fit.hpp"
#include "value/fitting/fit_problem.hpp"

namespace clv {

// Fills standard_errors, those of the coefficients, and covariance. `hessian` of the objective per
// customer in the problem's coordinates, negative definite. Held slots get zeros.
void set_uncertainty(estimates& e,
                     const fit_problem& p,
                     const Eigen::VectorXd& at,
                     const Eigen::MatrixXd& hessian);

}  // namespace clv
