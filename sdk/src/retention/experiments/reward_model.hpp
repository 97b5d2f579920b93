// What an action may be expected to earn, for the direct part of a doubly robust estimate. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clv::retention {

// Logged rows as the model sees them; covariates row by row, `columns` of them each.
struct reward_rows {
  std::span<const std::size_t> action;
  std::span<const double> reward;
  std::span<const double> covariates;
  std::size_t columns = 0;
  std::span<const std::uint64_t> unit;  // hash of the customer: its rows are in one fold
};

// One ridge regression per action and fold, each learnt from the other folds (cross-fitting,
// Chernozhukov et al. 2018), so that no row predicts itself. Covariates are standardised; without
// any it is the action's mean. An action that the other folds lack has their overall mean.
class reward_model {
 public:
  // folds >= 2, ridge >= 0 (in rows: the penalty is ridge x the sum of squared coefficients).
  reward_model(const reward_rows& rows, std::size_t actions, std::size_t folds, double ridge);
  // q(x of the row, action).
  double predict(std::size_t row, std::size_t action) const;

 private:
  void fit(const reward_rows& rows, std::size_t fold, std::size_t action, double ridge);
  std::vector<double>& coefficients(std::size_t fold, std::size_t action) {
    return fitted_[fold * actions_ + action];
  }

  std::size_t actions_, columns_;
  std::vector<std::size_t> fold_;            // by row
  std::vector<double> scaled_;               // covariates, row by row
  std::vector<std::vector<double>> fitted_;  // intercept, then one per column
};

}  // namespace clv::retention
