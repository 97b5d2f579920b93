// Cross-fitting: every number about a unit comes from models that have not seen its fold.
// Chernozhukov et al. (2018), The Econometrics Journal 21(1) C1-C68; scores of several arms as in
// Athey & Wager (2021), Econometrica 89(1) 133-161 (two arms: equation 6).
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <utility>
#include <vector>

#include "retention/effects/learners.hpp"

namespace clv::retention {

// Columns are arms, rows are units; column 0 of tau is 0.
struct cross_fitted {
  Eigen::MatrixXd mu;     // outcome under the arm
  Eigen::MatrixXd score;  // AIPW: mu_a + 1[W = a] / e_a (Y - mu_a); its mean is the arm's mean
  Eigen::MatrixXd tau;    // predicted effect against the control
  // The same, and mu_0, from models of the folds *before* the unit's only; 0 in the first fold.
  // What is chosen with them can be tested: choices made on all other folds cannot, since they lean
  // on each other's luck (policy_value.hpp).
  Eigen::MatrixXd past_tau;
  Eigen::VectorXd past_control;
  std::vector<std::vector<effect_model>> models;  // per fold left out and arm
  bool converged = true;
};

// Per arm the mean of (score - mu)^2: what one unit adds to the variance of an arm's mean.
std::vector<double> noise_of(const cross_fitted& found);

// Steps of bounded size; each advance_x() returns the share of its phase that is done. For DR the
// scores that the last stage is fitted on come from models that have seen neither the fold left out
// nor the unit's own: folds (folds + 1) / 2 fits.
class cross_fit {
 public:
  cross_fit(const learning& how,
            const experiment& of,
            const Eigen::MatrixXd& z,
            std::vector<double> y,
            bool chances,
            int folds);
  cross_fit(const cross_fit&) = delete;
  cross_fit& operator=(const cross_fit&) = delete;
  double advance_outcomes();
  double advance_effects();
  const cross_fitted& found() const { return found_; }

 private:
  // The rows of folds other than these two, and the rows of one.
  std::vector<Eigen::Index> without(int one, int other) const;
  void keep_past(int fold);
  double score_of(const std::vector<base_model>& mu, Eigen::Index row, std::size_t arm) const;
  void keep_outcomes(int fold, std::vector<base_model> mu);
  void keep_pseudo(int out, int own, const std::vector<base_model>& mu);

  const experiment& of_;
  const Eigen::MatrixXd& z_;
  std::vector<double> y_;
  meta_learner learner_;
  std::vector<std::vector<Eigen::Index>> rows_of_;  // per fold
  std::vector<std::pair<int, int>> left_out_;       // what is still to be fitted, last first
  std::size_t fits_ = 0;
  int effects_done_ = 0;
  std::vector<std::vector<base_model>> outcomes_;  // per fold left out
  std::vector<Eigen::MatrixXd> pseudo_;            // per fold left out
  cross_fitted found_;
};

}  // namespace clv::retention
