// Maximising a smooth function of a few variables from its value and gradient.
#pragma once

#include <Eigen/Core>
#include <functional>

namespace clv::math {

// Value and gradient at `at`; false when the function is not defined there (the search then takes a
// shorter step). What it writes on false is ignored.
using smooth_function =
    std::function<bool(const Eigen::VectorXd& at, double& value, Eigen::VectorXd& gradient)>;

struct maximize_options {
  double tolerance = 1e-9;   // on the largest free |gradient component|
  int max_iterations = 200;  // trial steps
  double limit = 11.5;       // the search stays in the box |component| <= limit
  double difference = 1e-4;  // step of the differences of the gradient
  // n evaluations for a Hessian instead of 2n, by one-sided differences; one that comes out worse
  // conditioned than 1e3 at the end is taken again by central ones. Wants a smaller `difference`.
  bool one_sided = false;
  bool hessian_at_end = true;  // taken at at(); else the last one, carried on by updates
  // A step that leaves more of the gradient than this has the Hessian taken anew.
  double refresh_above = 0.1;
  // Ends as stalled after `patience` trial steps in a row that each gain less than this: on a ridge
  // that rises for ever more slowly there is nothing to wait for. 0: never.
  double least_gain = 0;
  int patience = 10;
};

// A trust-region Newton method. The Hessian is taken by differences of the gradient and carried on
// by symmetric rank-one updates while it predicts well; the step is the exact solution of the
// trust-region problem (Nocedal & Wright 2006, Numerical Optimization, 4.3), found in the
// eigenbasis because n is small. A component at the edge of the box whose gradient points outward
// is held there. The path depends on nothing but the function and the start.
class maximizer {
 public:
  enum class state { running, converged, stalled, out_of_iterations };

  // `hessian`, when not empty, is trusted at the start instead of differences.
  maximizer(smooth_function f,
            Eigen::VectorXd start,
            maximize_options options,
            Eigen::MatrixXd hessian = {});

  // One bounded piece of work: the first evaluation, one column of the Hessian (one or two
  // evaluations) or one trial step (one evaluation). True: finished.
  bool advance();
  state where() const { return state_; }

  const Eigen::VectorXd& at() const { return at_; }  // the best point so far
  double value() const { return value_; }            // -infinity when even the start was undefined
  const Eigen::VectorXd& gradient() const { return gradient_; }
  const Eigen::MatrixXd& hessian() const { return hessian_; }  // at at() once finished
  int iterations() const { return iterations_; }
  int evaluations() const { return evaluations_; }
  double free_gradient_norm() const { return free_norm(at_, gradient_); }

 private:
  void evaluate_start();
  void difference_column();
  void trial_step();
  bool held(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient, Eigen::Index i) const;
  double free_norm(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient) const;
  Eigen::VectorXd propose() const;
  void accept(const Eigen::VectorXd& step, double value, const Eigen::VectorXd& gradient);
  void reject(double length);
  bool evaluate(const Eigen::VectorXd& at, double& value, Eigen::VectorXd& gradient);
  bool ill_conditioned() const;
  void refresh() { column_ = 0; }
  void stop(state how);  // once the Hessian is what was asked for
  void finish(state how) { state_ = how; }

  smooth_function f_;
  maximize_options options_;
  Eigen::VectorXd at_, gradient_;
  double value_;
  Eigen::MatrixXd hessian_, columns_;
  double radius_ = 1.0;
  Eigen::Index column_ = -2;  // -2: start not evaluated, -1: Hessian ready, else column to take
  bool fresh_ = false;        // the Hessian was taken at at_
  bool central_ = false;      // this Hessian is taken by central differences
  int iterations_ = 0, evaluations_ = 0, idle_ = 0;
  state state_ = state::running;
};

}  // namespace clv::math
