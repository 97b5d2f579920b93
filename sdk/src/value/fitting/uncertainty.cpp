#include "value/fitting/uncertainty.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace clv {

void set_uncertainty(estimates& e,
                     const fit_problem& p,
                     const Eigen::VectorXd& at,
                     const Eigen::MatrixXd& hessian) {
  const Eigen::Index n = hessian.rows();
  const Eigen::MatrixXd inverse =
      (-hessian * e.customers).ldlt().solve(Eigen::MatrixXd::Identity(n, n));
  const Eigen::MatrixXd j = p.jacobian(at);
  const Eigen::MatrixXd covariance = j * (0.5 * (inverse + inverse.transpose())) * j.transpose();
  const std::size_t slots = p.plan().slots();
  e.covariance.resize(slots * slots);
  for (std::size_t i = 0; i < slots; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    for (std::size_t k = 0; k < slots; ++k) {
      const auto column = static_cast<Eigen::Index>(k);
      const double both = 0.5 * (covariance(row, column) + covariance(column, row));
      e.covariance[i * slots + k] = both + 0.0;  // no -0
    }
    const double error = std::sqrt(covariance(row, row));
    if (i < e.parameters.size()) {
      e.standard_errors.push_back(error);
    } else {
      e.coefficients[i - e.parameters.size()].standard_error = error;
    }
  }
}

}  // namespace clv
