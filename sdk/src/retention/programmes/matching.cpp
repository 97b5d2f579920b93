#include "retention/programmes/matching.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace clv::retention {
namespace {

// The covariance within the groups: each row less the mean of its own group.
Eigen::MatrixXd within_groups(const Eigen::MatrixXd& x, const std::vector<char>& treated) {
  Eigen::RowVectorXd mean[2] = {Eigen::RowVectorXd::Zero(x.cols()),
                                Eigen::RowVectorXd::Zero(x.cols())};
  double n[2] = {0, 0};
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const int arm = treated[static_cast<std::size_t>(i)] != 0 ? 1 : 0;
    mean[arm] += x.row(i);
    n[arm] += 1;
  }
  Eigen::MatrixXd out = x;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const int arm = treated[static_cast<std::size_t>(i)] != 0 ? 1 : 0;
    out.row(i) -= mean[arm] / n[arm];
  }
  return out;
}

std::size_t different_values(const Eigen::MatrixXd& x, Eigen::Index column) {
  std::vector<double> values(x.col(column).begin(), x.col(column).end());
  std::sort(values.begin(), values.end());
  return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
}

}  // namespace

Eigen::MatrixXd mahalanobis_coordinates(const Eigen::MatrixXd& covariates,
                                        const std::vector<char>& treated) {
  const Eigen::MatrixXd residuals = within_groups(covariates, treated);
  const double freedom = static_cast<double>(covariates.rows()) - 2;
  std::vector<std::pair<std::size_t, Eigen::Index>> order;
  for (Eigen::Index c = 0; c < covariates.cols(); ++c) {
    const double largest = covariates.col(c).cwiseAbs().maxCoeff();
    if (residuals.col(c).norm() <= 1e-12 * std::sqrt(freedom) * largest) continue;
    order.emplace_back(different_values(covariates, c), c);
  }
  std::stable_sort(
      order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const auto k = static_cast<Eigen::Index>(order.size());
  Eigen::MatrixXd scaled(covariates.rows(), k), spread(covariates.rows(), k);
  for (Eigen::Index j = 0; j < k; ++j) {
    const Eigen::Index c = order[static_cast<std::size_t>(j)].second;
    const double sd = residuals.col(c).norm() / std::sqrt(freedom);
    scaled.col(j) = covariates.col(c) / sd;
    spread.col(j) = residuals.col(c) / sd;
  }
  if (k == 0) return Eigen::MatrixXd::Zero(covariates.rows(), 1);
  Eigen::MatrixXd correlation = spread.transpose() * spread / freedom;
  correlation.diagonal().array() += 1e-8;
  const Eigen::LLT<Eigen::MatrixXd> factor(correlation);
  return factor.matrixL().solve(scaled.transpose()).transpose();
}

neighbours::neighbours(const Eigen::MatrixXd& coordinates, std::vector<std::size_t> pool)
    : at_(coordinates), pool_(std::move(pool)) {
  std::stable_sort(pool_.begin(), pool_.end(), [this](std::size_t a, std::size_t b) {
    return at_(static_cast<Eigen::Index>(a), 0) < at_(static_cast<Eigen::Index>(b), 0);
  });
}

std::vector<neighbour> neighbours::nearest(std::size_t row, std::size_t count) const {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const auto me = static_cast<Eigen::Index>(row);
  const double x = at_(me, 0);
  const auto first_of = [this](std::size_t p) {
    return at_(static_cast<Eigen::Index>(pool_[p]), 0);
  };
  std::size_t right = static_cast<std::size_t>(
      std::partition_point(
          pool_.begin(),
          pool_.end(),
          [&](std::size_t p) { return at_(static_cast<Eigen::Index>(p), 0) < x; }) -
      pool_.begin());
  std::size_t left = right;           // the next to look at are left - 1 and right
  std::vector<double> best;           // the `count` smallest so far, rising
  std::vector<neighbour> candidates;  // all that were not clearly too far when seen
  for (;;) {
    const double to_left = left > 0 ? x - first_of(left - 1) : infinite;
    const double to_right = right < pool_.size() ? first_of(right) - x : infinite;
    const double step = std::min(to_left, to_right);
    const double limit = best.size() < count ? infinite : best.back() * (1 + 1e-12);
    if (step == infinite || step * step > limit) break;
    const std::size_t seen = to_left <= to_right ? pool_[--left] : pool_[right++];
    if (seen == row) continue;
    const double d = (at_.row(me) - at_.row(static_cast<Eigen::Index>(seen))).squaredNorm();
    if (d > limit) continue;
    candidates.push_back({seen, d});
    best.insert(std::upper_bound(best.begin(), best.end(), d), d);
    if (best.size() > count) best.pop_back();
  }
  if (best.empty()) return {};
  const double limit = best.back() * (1 + 1e-12);
  std::erase_if(candidates, [&](const neighbour& n) { return n.distance2 > limit; });
  std::sort(candidates.begin(), candidates.end(), [](const neighbour& a, const neighbour& b) {
    return a.index < b.index;
  });
  return candidates;
}

namespace {

double mean_outcome(const std::vector<neighbour>& of, const std::vector<double>& outcome) {
  double sum = 0;
  for (const neighbour& n : of) sum += outcome[n.index];
  return sum / static_cast<double>(of.size());
}

// sigma^2(X_i) = J / (J + 1) (Y_i - mean of the J nearest of its own arm)^2.
double conditional_variance(const neighbours& own_arm,
                            std::size_t row,
                            const std::vector<double>& outcome) {
  const auto near = own_arm.nearest(row, 2);
  if (near.empty()) return 0;
  const double j = static_cast<double>(near.size());
  const double off = outcome[row] - mean_outcome(near, outcome);
  return j / (j + 1) * off * off;
}

}  // namespace

matched_effect effect_on_treated(const Eigen::MatrixXd& coordinates,
                                 const std::vector<char>& treated,
                                 const std::vector<double>& outcome,
                                 std::size_t matches) {
  std::vector<std::size_t> members, others;
  for (std::size_t i = 0; i < treated.size(); ++i) {
    (treated[i] != 0 ? members : others).push_back(i);
  }
  const neighbours pool(coordinates, others);
  matched_effect out;
  out.weight.assign(treated.size(), 0);
  std::vector<double> squares(treated.size(), 0);  // of the weights by which a row is used
  for (const std::size_t i : members) {
    const auto near = pool.nearest(i, matches);
    const double share = 1 / static_cast<double>(near.size());
    for (const neighbour& n : near) {
      out.weight[n.index] += share;
      squares[n.index] += share * share;
    }
    out.matched_outcome.push_back(mean_outcome(near, outcome));
    out.treated_mean += outcome[i];
    out.matched_mean += out.matched_outcome.back();
  }
  const double n = static_cast<double>(members.size());
  out.treated_mean /= n;
  out.matched_mean /= n;
  out.difference = out.treated_mean - out.matched_mean;
  double variance = 0;
  for (std::size_t m = 0; m < members.size(); ++m) {
    const double off = outcome[members[m]] - out.matched_outcome[m] - out.difference;
    variance += off * off;
  }
  for (const std::size_t i : others) {
    const double reuse = out.weight[i] * out.weight[i] - squares[i];
    if (reuse > 0) variance += reuse * conditional_variance(pool, i, outcome);
  }
  out.standard_error = std::sqrt(variance) / n;
  return out;
}

}  // namespace clv::retention
