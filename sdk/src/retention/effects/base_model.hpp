// The small auditable regressions that effects are made of: ridge, logistic ridge, boosted stumps.
// [any] No state shared between objects.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clv::retention {

enum class base_kind { ridge, logistic, stumps };

// One step of a boosted model: `left` where the column is at most `cut`, else `right`.
struct stump {
  Eigen::Index column = 0;
  double cut = 0, left = 0, right = 0;
};

// f(x) = intercept + x beta + sum of stumps; a chance 1 / (1 + e^-f) when `logit`.
struct base_model {
  bool logit = false;
  bool converged = true;
  double intercept = 0;
  Eigen::VectorXd beta;  // empty: no linear part
  std::vector<stump> stumps;

  // The prediction for row `row` of x: only that row enters, so alone and in a batch have the same
  // bits.
  double at(const Eigen::MatrixXd& x, Eigen::Index row) const;
};

struct base_options {
  base_kind kind = base_kind::ridge;
  double l2 = 1;        // penalty on squared coefficients; stumps: added to the rows of a leaf
  int rounds = 100;     // of boosting
  double rate = 0.1;    // share of each step that is taken
  int least_leaf = 20;  // rows on each side of a stump, at least
};

// Fits regressions on rows of one matrix of standardised columns, which must outlive it.
class base_learner {
 public:
  base_learner(const Eigen::MatrixXd& x, const base_options& options);

  // ridge:    argmin sum (y - b0 - x b)^2 + l2 |b|^2, closed form (Hoerl & Kennard 1970)
  // logistic: argmax log-likelihood - l2/2 |b|^2 by Newton (value/churn), for y of 0 and 1 only
  // stumps:   L2Boost (Buehlmann & Yu 2003): each round the one split of one column that lowers the
  //           squared error most, out of at most 31 cuts at quantiles; equal gains go to the first
  //           column and the lowest cut
  // `y` goes with `rows`, which are not empty. Any kind falls back on ridge for `kind` logistic
  // when `chances` is false: effects and money are no chances.
  base_model fit(std::span<const Eigen::Index> rows,
                 const std::vector<double>& y,
                 bool chances) const;

 private:
  base_model fit_stumps(std::span<const Eigen::Index> rows, const std::vector<double>& y) const;

  const Eigen::MatrixXd& x_;
  base_options options_;
  std::vector<std::vector<double>> cuts_;        // per column, rising
  std::vector<std::vector<std::uint8_t>> bins_;  // per column and row: how many cuts are below
};

}  // namespace clv::retention
