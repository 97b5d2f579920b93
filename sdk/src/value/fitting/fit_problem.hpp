// One model on one set of tuples as a function of the numbers that are free: what the search
// maximises, and what a point of the search means in the caller's units.
#pragma once

#include <Eigen/Core>
#include <limits>
#include <string>
#include <vector>

#include "value/fitting/fit_plan.hpp"
#include "value/fitting/likelihood.hpp"

namespace clv {

// The search runs in coordinates: ln of each free parameter in the fit's own units, then each free
// coefficient of the standardised covariates (two processes may share one). Covariates are
// centred and divided by their standard deviation over customers, which moves what they move:
// parameters in the caller's units are the own ones taken back to covariates of 0. Where such a
// parameter is held, nothing is centred, because then only 0 is the place where it is known.
class fit_problem {
 public:
  // `t`: tuples in the caller's units, cells by plan.covariates.
  fit_problem(fit_plan plan, tuples t);

  const model& which() const { return *plan_.which; }
  const fit_plan& plan() const { return plan_; }
  const tuples& own() const { return own_; }
  const unit_scales& units() const { return units_; }
  Eigen::Index coordinates() const { return coordinates_; }
  // Sets the whole-number parameter (1 to begin with, or what was held).
  void choose(double whole_number);

  static constexpr Eigen::Index none = -1;
  Eigen::Index coordinate_of(std::size_t slot) const { return place_[slot]; }

  // Own parameters, then standardised coefficients.
  std::vector<double> own_values(const Eigen::VectorXd& at) const;
  // The caller's parameters and coefficients, and their derivatives: a row per slot.
  std::vector<double> user_values(const Eigen::VectorXd& at) const;
  Eigen::MatrixXd jacobian(const Eigen::VectorXd& at) const;

  // Why the data cannot tell some coefficient (it is then held at 0), or "".
  const std::string& trouble() const { return trouble_; }
  double spread(std::size_t covariate) const { return spread_[covariate]; }
  double range(std::size_t covariate) const { return range_[covariate]; }  // in spreads

  // (log-likelihood + ln priors) / customers - penalties, where priors count for the share that
  // `t` (all tuples or a sample of them) is of all customers. False where it is not finite. [any]
  bool objective(const tuples& t,
                 unsigned threads,
                 const Eigen::VectorXd& at,
                 double& value,
                 Eigen::VectorXd& gradient) const;
  // In the caller's units, without penalties and priors, model::constant included. [any]
  double log_likelihood(const Eigen::VectorXd& at, double objective_value) const;

 private:
  void standardise();
  void place_slots();
  double beliefs(const Eigen::VectorXd& at, Eigen::VectorXd& gradient) const;
  effect mean_effect(values own_values) const;

  fit_plan plan_;
  tuples own_;
  unit_scales units_;
  double shift_ = 0;
  std::vector<double> centre_, spread_, range_;
  std::vector<bool> constant_;
  std::string trouble_;
  std::vector<Eigen::Index> place_;  // of each slot's coordinate, or none
  std::vector<double> held_;         // of each slot without one, in own units
  Eigen::Index coordinates_ = 0;
};

}  // namespace clv
