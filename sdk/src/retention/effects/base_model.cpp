#include "retention/effects/base_model.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>

#include "value/churn/churn_model.hpp"
#include "value/churn/churn_solver.hpp"

namespace clv::retention {
namespace {

constexpr std::size_t most_cuts = 31;

std::size_t place(Eigen::Index i) {
  return static_cast<std::size_t>(i);
}

Eigen::MatrixXd gathered(const Eigen::MatrixXd& x, std::span<const Eigen::Index> rows) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(rows.size()), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      out(static_cast<Eigen::Index>(i), j) = x(rows[i], j);
  }
  return out;
}

double base_model_mean_of(const std::vector<double>& y) {
  double sum = 0;
  for (const double each : y) sum += each;
  return sum / static_cast<double>(y.size());
}

// Centred on the rows at hand, so that the intercept is not penalised.
base_model fit_ridge(Eigen::MatrixXd x, const std::vector<double>& y, double l2) {
  base_model m;
  m.intercept = base_model_mean_of(y);
  m.beta = Eigen::VectorXd::Zero(x.cols());
  if (x.cols() == 0) return m;
  const Eigen::RowVectorXd centre = x.colwise().mean();
  x.rowwise() -= centre;
  const Eigen::Map<const Eigen::VectorXd> target(y.data(), static_cast<Eigen::Index>(y.size()));
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(x.cols(), x.cols());
  gram.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
  gram.diagonal().array() += l2;
  const Eigen::VectorXd moment = x.transpose() * (target.array() - m.intercept).matrix();
  m.beta = gram.selfadjointView<Eigen::Lower>().ldlt().solve(moment);
  m.intercept -= centre.dot(m.beta);
  return m;
}

base_model fit_logistic(Eigen::MatrixXd x, const std::vector<double>& y, double l2) {
  churn_problem p{.x = std::move(x),
                  .basis = Eigen::MatrixXd::Ones(1, 1),
                  .periods = std::vector<int>(y.size(), 1),
                  .y = y};
  std::vector<Eigen::Index> columns;
  for (Eigen::Index j = 0; j < p.x.cols(); ++j) columns.push_back(j);
  const churn_solution found = solve_churn(p, std::vector<char>(y.size(), 1), columns, l2, nullptr);
  return {.logit = true,
          .converged = found.converged,
          .intercept = found.gamma[0],
          .beta = found.beta,
          .stumps = {}};
}

// Cuts at quantiles; none at the largest value, which would leave nothing to the right.
std::vector<double> cuts_of(const Eigen::MatrixXd& x, Eigen::Index column) {
  std::vector<double> sorted(x.col(column).begin(), x.col(column).end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> cuts;
  for (std::size_t q = 1; q <= most_cuts; ++q) {
    const double cut = sorted[q * (sorted.size() - 1) / (most_cuts + 1)];
    if (cut < sorted.back() && (cuts.empty() || cut > cuts.back())) cuts.push_back(cut);
  }
  return cuts;
}

// The best split of one column given the sums of its bins.
struct split {
  double gain = 0, left = 0, right = 0;
  std::size_t cut = 0;
};
using bin_sums = std::array<double, most_cuts + 1>;

split best_split(const bin_sums& sums, const bin_sums& counts, std::size_t cuts, base_options o) {
  double all = 0, rows = 0;
  for (std::size_t b = 0; b <= cuts; ++b) all += sums[b], rows += counts[b];
  split best;
  double left = 0, left_rows = 0;
  for (std::size_t b = 0; b < cuts; ++b) {
    left += sums[b];
    left_rows += counts[b];
    if (left_rows < o.least_leaf || rows - left_rows < o.least_leaf) continue;
    const double right = all - left, right_rows = rows - left_rows;
    const double gain = left * left / (left_rows + o.l2) + right * right / (right_rows + o.l2);
    if (gain <= best.gain) continue;
    best = {gain, o.rate * left / (left_rows + o.l2), o.rate * right / (right_rows + o.l2), b};
  }
  return best;
}

}  // namespace

double base_model::at(const Eigen::MatrixXd& x, Eigen::Index row) const {
  double f = intercept;
  for (Eigen::Index j = 0; j < beta.size(); ++j) f += beta[j] * x(row, j);
  for (const stump& s : stumps) f += x(row, s.column) <= s.cut ? s.left : s.right;
  return logit ? logistic(f) : f;
}

base_learner::base_learner(const Eigen::MatrixXd& x, const base_options& options)
    : x_(x), options_(options) {
  if (options.kind != base_kind::stumps) return;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    cuts_.push_back(cuts_of(x, j));
    const std::vector<double>& cuts = cuts_.back();
    bins_.emplace_back(place(x.rows()));
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const auto below = std::lower_bound(cuts.begin(), cuts.end(), x(i, j)) - cuts.begin();
      bins_.back()[place(i)] = static_cast<std::uint8_t>(below);
    }
  }
}

base_model base_learner::fit(std::span<const Eigen::Index> rows,
                             const std::vector<double>& y,
                             bool chances) const {
  if (options_.kind == base_kind::stumps) return fit_stumps(rows, y);
  if (options_.kind == base_kind::logistic && chances) {
    return fit_logistic(gathered(x_, rows), y, options_.l2);
  }
  return fit_ridge(gathered(x_, rows), y, options_.l2);
}

base_model base_learner::fit_stumps(std::span<const Eigen::Index> rows,
                                    const std::vector<double>& y) const {
  base_model m;
  m.intercept = base_model_mean_of(y);
  std::vector<double> left_over(y);
  for (double& each : left_over) each -= m.intercept;
  std::vector<std::vector<std::uint8_t>> bins(cuts_.size());
  std::vector<bin_sums> counts(cuts_.size(), bin_sums{});
  for (std::size_t j = 0; j < cuts_.size(); ++j) {
    for (const Eigen::Index row : rows) bins[j].push_back(bins_[j][place(row)]);
    for (const std::uint8_t b : bins[j]) ++counts[j][b];
  }
  for (int round = 0; round < options_.rounds; ++round) {
    split best;
    std::size_t column = 0;
    for (std::size_t j = 0; j < cuts_.size(); ++j) {
      bin_sums sums{};
      for (std::size_t i = 0; i < left_over.size(); ++i) sums[bins[j][i]] += left_over[i];
      const split found = best_split(sums, counts[j], cuts_[j].size(), options_);
      if (found.gain > best.gain) best = found, column = j;
    }
    if (!(best.gain > 0)) break;
    m.stumps.push_back(
        {static_cast<Eigen::Index>(column), cuts_[column][best.cut], best.left, best.right});
    for (std::size_t i = 0; i < left_over.size(); ++i) {
      left_over[i] -= bins[column][i] <= best.cut ? best.left : best.right;
    }
  }
  return m;
}

}  // namespace clv::retention
