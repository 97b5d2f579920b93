#include "retention/experiments/reward_model.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

namespace clv::retention {
namespace {

// Each column to mean 0 and variance 1; a constant one to 0.
std::vector<double> standardised(const reward_rows& rows) {
  std::vector<double> out(rows.covariates.begin(), rows.covariates.end());
  const std::size_t n = rows.action.size();
  for (std::size_t c = 0; c < rows.columns; ++c) {
    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) mean += out[i * rows.columns + c];
    mean /= static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      double& x = out[i * rows.columns + c];
      x -= mean;
      squares += x * x;
    }
    const double sd = std::sqrt(squares / static_cast<double>(n));
    for (std::size_t i = 0; i < n; ++i) out[i * rows.columns + c] *= sd > 0 ? 1 / sd : 0;
  }
  return out;
}

}  // namespace

reward_model::reward_model(const reward_rows& rows,
                           std::size_t actions,
                           std::size_t folds,
                           double ridge)
    : actions_(actions), columns_(rows.columns), scaled_(standardised(rows)) {
  for (const std::uint64_t unit : rows.unit) fold_.push_back(unit % folds);
  fitted_.resize(folds * actions);
  for (std::size_t fold = 0; fold < folds; ++fold) {
    for (std::size_t action = 0; action < actions; ++action) fit(rows, fold, action, ridge);
  }
}

void reward_model::fit(const reward_rows& rows,
                       std::size_t fold,
                       std::size_t action,
                       double ridge) {
  const auto k = static_cast<Eigen::Index>(columns_);
  Eigen::MatrixXd xx = Eigen::MatrixXd::Zero(k + 1, k + 1);
  Eigen::VectorXd xy = Eigen::VectorXd::Zero(k + 1), x(k + 1);
  double others = 0, of_others = 0;
  for (std::size_t i = 0; i < fold_.size(); ++i) {
    if (fold_[i] == fold) continue;
    others += 1;
    of_others += rows.reward[i];
    if (rows.action[i] != action) continue;
    x(0) = 1;
    for (std::size_t c = 0; c < columns_; ++c) {
      x(static_cast<Eigen::Index>(c) + 1) = scaled_[i * columns_ + c];
    }
    xx += x * x.transpose();
    xy += x * rows.reward[i];
  }
  std::vector<double>& out = coefficients(fold, action);
  out.assign(columns_ + 1, 0);
  if (xx(0, 0) == 0) {
    out[0] = others > 0 ? of_others / others : 0;
    return;
  }
  // A little of it always: a column may be constant within one action.
  for (Eigen::Index c = 1; c <= k; ++c) xx(c, c) += ridge + 1e-9 * xx(0, 0);
  const Eigen::VectorXd solved = xx.ldlt().solve(xy);
  for (Eigen::Index c = 0; c <= k; ++c) out[static_cast<std::size_t>(c)] = solved(c);
}

double reward_model::predict(std::size_t row, std::size_t action) const {
  const std::vector<double>& b = fitted_[fold_[row] * actions_ + action];
  double q = b[0];
  for (std::size_t c = 0; c < columns_; ++c) q += b[c + 1] * scaled_[row * columns_ + c];
  return q;
}

}  // namespace clv::retention
