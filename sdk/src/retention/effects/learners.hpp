// Meta-learners: what an arm changes for a unit, from regressions of the outcome.
// Kuenzel, Sekhon, Bickel & Yu (2019), PNAS 116(10) 4156-4165: S, T and X. Kennedy (2023),
// Electronic Journal of Statistics 17(2) 3008-3049: DR. Several arms: each against the control.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "retention/effects/base_model.hpp"
#include "retention/effects/experiment.hpp"

namespace clv::retention {

enum class learner_kind { s, t, x, dr };

struct learning {
  learner_kind kind = learner_kind::dr;
  base_options base;
};

// tau(x) = sum of weight x prediction.
struct effect_part {
  double weight = 1;
  base_model model;
};
using effect_model = std::vector<effect_part>;
double effect_at(const effect_model& m, const Eigen::MatrixXd& x, Eigen::Index row);

// Fits the parts of one learner on rows of one outcome. Everything given must outlive it.
class meta_learner {
 public:
  // `z`: one row per unit. `chances`: y is 0 or 1 throughout.
  meta_learner(const learning& how,
               const experiment& of,
               const Eigen::MatrixXd& z,
               const std::vector<double>& y,
               bool chances);
  meta_learner(const meta_learner&) = delete;
  meta_learner& operator=(const meta_learner&) = delete;

  // mu_a(x), the outcome under arm a, per arm. S: one regression with the arm and its products with
  // the covariates as further columns, taken apart again; else one regression per arm.
  std::vector<base_model> outcomes(std::span<const Eigen::Index> rows) const;

  // S and T: tau_a = mu_a - mu_0. X: tau_a = g tau0 + (1 - g) tau1, where tau1 regresses y - mu_0
  // in the arm, tau0 regresses mu_a - y in the control, g the share of the arm of both. DR: tau_a
  // regresses `pseudo` column a (n x arms; not read by the others), the difference of AIPW scores
  // whose mu was fitted on other rows. Item 0, of the control, is empty.
  std::vector<effect_model> effects(std::span<const Eigen::Index> rows,
                                    const std::vector<base_model>& mu,
                                    const Eigen::MatrixXd& pseudo) const;

  learner_kind kind() const { return kind_; }

 private:
  std::vector<Eigen::Index> of_arm(std::span<const Eigen::Index> rows, std::size_t arm) const;
  std::vector<double> targets(std::span<const Eigen::Index> rows) const;
  effect_model cross(std::span<const Eigen::Index> rows,
                     const std::vector<base_model>& mu,
                     std::size_t arm) const;

  learner_kind kind_;
  const experiment& of_;
  const Eigen::MatrixXd& z_;
  const std::vector<double>& y_;
  bool chances_;
  Eigen::MatrixXd joint_;  // of learner S: covariates, arms, products
  base_learner plain_;
  base_learner jointly_;
};

}  // namespace clv::retention
