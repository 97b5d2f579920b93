// Penalised logistic regression over periods at risk. [any] No state.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace clv {

// Row i is at risk in periods 1..periods[i] and ends there with outcome y[i] (1: churned); in all
// periods before the outcome is 0. The logit of period t is x_i beta + basis_t gamma. One period
// and a 1 x 1 basis of 1 is plain logistic regression.
struct churn_problem {
  Eigen::MatrixXd x;      // rows x columns
  Eigen::MatrixXd basis;  // most periods x baseline columns
  std::vector<int> periods;
  std::vector<double> y;
};

struct churn_solution {
  Eigen::VectorXd beta, gamma;
  // (H + P)^-1, H the information and P the penalty: the variance of the normal approximation of
  // the posterior under beta ~ N(0, 1/penalty). Wider than the sandwich, which forgets that a
  // shrunk estimate is biased. beta first, then gamma.
  Eigen::MatrixXd covariance;
  int iterations = 0;
  bool converged = false;
};

// argmax of sum over rows in `use` of the log-likelihood - penalty/2 |beta|^2 - 1e-6/2 |gamma|^2,
// by Newton's method with halved steps, from `start` (empty: 0). The penalty, above 0, makes it
// finite for separable data too; the tiny one on gamma does so for a fold without an event. Stops
// when the Newton decrement is below 1e-11 of the value. `columns` are the columns of x that take
// part; the others stay 0 in beta.
churn_solution solve_churn(const churn_problem& of,
                           const std::vector<char>& use,
                           const std::vector<Eigen::Index>& columns,
                           double penalty,
                           const churn_solution* start);

}  // namespace clv
