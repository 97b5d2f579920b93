// Fits a churn model and says how good it is on rows it has not seen: folds, choice of the penalty,
// out-of-fold predictions, recalibration, ablation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "value/churn/churn_data.hpp"
#include "value/churn/churn_quality.hpp"

namespace clv {

struct churn_study_options {
  int folds = 5;
  std::uint64_t seed = 1;
  double penalty = 0;  // 0: chosen by cross-validation
  // Take the strongest penalty within one standard error of the best, not the best: coefficients
  // that are easier to read, for a loss that folds cannot tell apart (Breiman et al. 1984, 3.4.3).
  bool simplest = false;
};

// A set of features left out together.
struct churn_group {
  std::string name;
  std::vector<std::size_t> features;
  bool baseline = false;  // the baseline over time is left out: one intercept for all periods
};

struct churn_trial {
  double penalty = 0;
  double log_loss = 0, standard_error = 0;  // mean over folds, and of that mean
};

struct churn_ablation {
  std::string name;
  churn_quality quality;
};

// The steps in order; each advance_x() does one bounded unit and returns the share that is done.
class churn_study {
 public:
  churn_study(churn_data data, churn_study_options options, std::vector<churn_group> groups);

  // One penalty in all folds, strongest first so that each starts from the one before.
  double advance_penalty();
  // The fit on all rows, out-of-fold predictions and the choice to recalibrate.
  void fit();
  // One group left out in all folds.
  double advance_ablation();

  const churn_data& data() const { return data_; }
  const churn_model& model() const { return model_; }
  const std::vector<churn_trial>& trials() const { return trials_; }
  const std::vector<churn_outcome>& out_of_fold() const { return out_of_fold_; }
  const std::vector<churn_ablation>& ablations() const { return ablations_; }
  double penalty() const { return penalty_; }
  // Of the out-of-fold predictions, without and with the recalibration of *other* folds.
  const churn_quality& raw() const { return raw_; }
  const churn_quality& quality() const { return quality_; }
  std::string status() const;  // converged, separable, penalty_at_edge, not_converged
  std::string reason() const;

 private:
  std::vector<churn_outcome> predict_folds(const churn_problem& p,
                                           const std::vector<Eigen::Index>& columns,
                                           double penalty,
                                           std::vector<churn_solution>& starts) const;
  std::vector<Eigen::Index> columns_without(const churn_group& group) const;
  void make_model(const churn_solution& found);
  void recalibrate();

  churn_data data_;
  churn_study_options options_;
  std::vector<churn_group> groups_;
  std::vector<int> fold_of_;
  std::vector<churn_solution> starts_;
  std::vector<churn_trial> trials_;
  std::vector<churn_outcome> out_of_fold_;
  std::vector<churn_ablation> ablations_;
  churn_model model_;
  churn_quality raw_, quality_;
  double penalty_ = 0;
  bool converged_ = false, separable_ = false;
};

}  // namespace clv
