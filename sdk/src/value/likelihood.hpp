// The mean log-likelihood of weighted tuples as a smooth function of log-parameters.
#pragma once

#include <Eigen/Core>

#include "clv/model.hpp"

namespace clv {

// Factors that turn the caller's units into the fit's own, where max T and mean spend are 1.
struct unit_scales {
  double time = 1;   // max T, 1 when it is 0
  double money = 1;  // weighted mean of mean_spend, 1 when it is 0
};
unit_scales scales_of(const tuples& t);
// The tuples in the fit's own units, every `stride`-th one; `customers` sums what was taken.
tuples scaled(const tuples& t, const unit_scales& by, std::size_t stride = 1);
// Parameters from the fit's own units to the caller's.
std::vector<double> to_user(const model& m, values own, const unit_scales& by);

// The sum over all tuples in math::block_count fixed blocks: same bits for any thread count. [any]
likelihood_sum total_likelihood(const model& m, values p, const tuples& t, unsigned threads);

// Divided by the number of customers, so that tolerances mean the same for any size of data, and
// taken by ln theta, where every parameter is free. Usable as math::smooth_function.
class mean_likelihood {
 public:
  mean_likelihood(const model& m, const tuples& t, unsigned threads)
      : model_(&m), tuples_(&t), threads_(threads) {}
  bool operator()(const Eigen::VectorXd& log_parameters,
                  double& value,
                  Eigen::VectorXd& gradient) const;

 private:
  const model* model_;
  const tuples* tuples_;
  unsigned threads_;
};

}  // namespace clv
