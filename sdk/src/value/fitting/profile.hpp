// The whole search for one model: also over its whole-number parameter, where it has one.
#pragma once

#include <memory>

#include "value/fitting/search.hpp"

namespace clv {

// For k = 1 to most a search without its final Hessian, from where the one before ended (k = 1:
// from starts_of()) and from likely_starts_of(): a wrong k may run to an edge, from which no later
// one finds back. Then the k of the highest log-likelihood (the lowest such k) is searched to the
// end from its own maximum. A k > 1 needs tuples::litt: without it k stays 1. A model without such
// a parameter, or whose k is held, is one search. [one]
class profile {
 public:
  profile(fit_plan plan, tuples t, search_options o);

  double advance();  // fraction done; 1: finished
  const fit_problem& problem() const { return problem_; }
  const search& best() const { return *running_; }
  double log_likelihood() const;                   // at the best point, in the caller's units
  bool chose() const { return most_ > 1; }         // the whole number was estimated
  bool lacks_litt() const { return lacks_litt_; }  // it was left at 1 for want of intervals
  int iterations() const { return iterations_ + running_->iterations(); }
  int evaluations() const { return evaluations_ + running_->evaluations(); }

 private:
  void begin(double k, const Eigen::VectorXd& before);  // `before`: one more start, or empty
  void end_of_k();

  fit_problem problem_;
  search_options options_;
  int most_ = 1, k_ = 1;
  bool lacks_litt_ = false, final_ = false;
  double best_value_ = 0;
  int best_k_ = 0;
  Eigen::VectorXd best_at_;
  int iterations_ = 0, evaluations_ = 0;
  std::unique_ptr<search> running_;
};

}  // namespace clv
