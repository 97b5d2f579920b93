// The unit most like another one, by what is known of both: nearest neighbours with replacement on
// the Mahalanobis distance. [any]
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace clv::retention {

// Rows of `covariates` in coordinates whose Euclidean distance is the Mahalanobis distance, by the
// covariance within the two groups, pooled. Columns that do not vary within the groups are left
// out; a ridge of 1e-8 on the correlations lets two columns say the same. The column with the most
// different values comes first. `treated` as long as there are rows, with at least two of each.
Eigen::MatrixXd mahalanobis_coordinates(const Eigen::MatrixXd& covariates,
                                        const std::vector<char>& treated);

struct neighbour {
  std::size_t index;
  double distance2;
};

// Exact, by a sweep along the first coordinate; ties at the last place all count, so that no order
// of the rows matters. Memory O(pool).
class neighbours {
 public:
  // `pool`: rows of `coordinates` (which lives on) that may be found.
  neighbours(const Eigen::MatrixXd& coordinates, std::vector<std::size_t> pool);
  // The `count` nearest of the pool to row `row`, itself left out, and those as near as the last
  // of them (to 1e-12), by rising index. Empty only when the pool holds nobody else.
  std::vector<neighbour> nearest(std::size_t row, std::size_t count) const;

 private:
  const Eigen::MatrixXd& at_;
  std::vector<std::size_t> pool_;  // by the first coordinate
};

// The average effect on the treated of `outcome`, by `matches` neighbours each, without regression
// adjustment; Abadie & Imbens (2006), Econometrica 74(1), 235-267: estimator (3) and the variance
// of theorem 7, with conditional variances from two neighbours of the same arm. Its bias is of the
// order of the distances that remain where there are many covariates.
struct matched_effect {
  double difference = 0, standard_error = 0;
  double treated_mean = 0, matched_mean = 0;
  std::vector<double> matched_outcome;  // per treated unit, in the order of the rows
  std::vector<double> weight;           // per row: how often an untreated one stands for a treated
};

matched_effect effect_on_treated(const Eigen::MatrixXd& coordinates,
                                 const std::vector<char>& treated,
                                 const std::vector<double>& outcome,
                                 std::size_t matches);

}  // namespace clv::retention
