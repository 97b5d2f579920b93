#include "value/churn/churn_study.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/random.hpp"

namespace clv {
namespace {

// Half decades; the coefficients are of standardised columns, so one penalty fits all bases.
constexpr std::array<double, 11> grid{
    1000, 316.2, 100, 31.62, 10, 3.162, 1, 0.3162, 0.1, 0.03162, 0.01};
constexpr double worth_recalibrating = 1e-5;  // nats per outcome: below it is the noise of folds

// Equal shares of both outcomes in each fold, dealt in a random order.
std::vector<int> deal(const std::vector<double>& y, int folds, std::uint64_t seed) {
  std::vector<std::size_t> order(y.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random_source random(seed);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.bits() % i]);
  }
  std::vector<int> fold(y.size());
  std::array<int, 2> next{0, 0};
  for (const std::size_t row : order) {
    int& turn = next[y[row] > 0 ? 1 : 0];
    fold[row] = turn;
    turn = (turn + 1) % folds;
  }
  return fold;
}

void add_outcomes(const churn_problem& p,
                  const churn_solution& s,
                  const std::vector<char>& of,
                  std::vector<churn_outcome>& to) {
  const Eigen::VectorXd part = p.x * s.beta, base = p.basis * s.gamma;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] == 0) continue;
    for (int t = 0; t < p.periods[i]; ++t) {
      to.push_back(
          {i, part[static_cast<Eigen::Index>(i)] + base[t], t + 1 == p.periods[i] ? p.y[i] : 0.0});
    }
  }
}

std::vector<char> rows_of(const std::vector<int>& fold_of, int fold, bool inside) {
  std::vector<char> use(fold_of.size());
  for (std::size_t i = 0; i < use.size(); ++i) use[i] = (fold_of[i] == fold) == inside ? 1 : 0;
  return use;
}

std::vector<churn_outcome> of_fold(const std::vector<churn_outcome>& all,
                                   const std::vector<int>& fold_of,
                                   int fold,
                                   bool inside) {
  std::vector<churn_outcome> out;
  for (const churn_outcome& o : all) {
    if ((fold_of[o.row] == fold) == inside) out.push_back(o);
  }
  return out;
}

churn_trial summarise(double penalty, const std::vector<double>& losses) {
  const auto n = static_cast<double>(losses.size());
  const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) / n;
  double squares = 0;
  for (const double l : losses) squares += (l - mean) * (l - mean);
  return {penalty, mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace

churn_study::churn_study(churn_data data,
                         churn_study_options options,
                         std::vector<churn_group> groups)
    : data_(std::move(data)),
      options_(options),
      groups_(std::move(groups)),
      fold_of_(deal(data_.problem.y, options_.folds, options_.seed)) {}

std::vector<churn_outcome> churn_study::predict_folds(const churn_problem& p,
                                                      const std::vector<Eigen::Index>& columns,
                                                      double penalty,
                                                      std::vector<churn_solution>& starts) const {
  std::vector<churn_outcome> out;
  const auto folds = static_cast<std::size_t>(options_.folds);
  const bool fresh = starts.empty();
  if (fresh) starts.resize(folds);
  for (std::size_t k = 0; k < folds; ++k) {
    const int fold = static_cast<int>(k);
    starts[k] = solve_churn(
        p, rows_of(fold_of_, fold, false), columns, penalty, fresh ? nullptr : &starts[k]);
    add_outcomes(p, starts[k], rows_of(fold_of_, fold, true), out);
  }
  return out;
}

double churn_study::advance_penalty() {
  if (options_.penalty > 0) {
    penalty_ = options_.penalty;
    return 1;
  }
  const double penalty = grid[trials_.size()];
  const auto predicted = predict_folds(data_.problem, data_.kept, penalty, starts_);
  std::vector<double> losses;
  for (int fold = 0; fold < options_.folds; ++fold) {
    const auto part = of_fold(predicted, fold_of_, fold, true);
    if (!part.empty()) losses.push_back(judge_churn(part, 0, 1).log_loss);
  }
  trials_.push_back(summarise(penalty, losses));
  if (trials_.size() < grid.size()) {
    return static_cast<double>(trials_.size()) / static_cast<double>(grid.size());
  }
  const churn_trial best =
      *std::min_element(trials_.begin(), trials_.end(), [](const auto& a, const auto& b) {
        return a.log_loss < b.log_loss;
      });
  const double limit = best.log_loss + (options_.simplest ? best.standard_error : 0);
  // Trials go from the strongest penalty to the weakest.
  penalty_ = std::find_if(trials_.begin(), trials_.end(), [&](const churn_trial& t) {
               return t.log_loss <= limit;
             })->penalty;
  return 1;
}

void churn_study::fit() {
  const std::vector<char> all(data_.problem.y.size(), 1);
  const churn_solution found = solve_churn(data_.problem, all, data_.kept, penalty_, nullptr);
  converged_ = found.converged;
  std::vector<churn_outcome> fitted;
  add_outcomes(data_.problem, found, all, fitted);
  separable_ = judge_churn(fitted, 0, 1).auc == 1.0;
  starts_.clear();
  out_of_fold_ = predict_folds(data_.problem, data_.kept, penalty_, starts_);
  make_model(found);
  recalibrate();
}

void churn_study::make_model(const churn_solution& found) {
  model_.features = data_.features;
  model_.columns = data_.columns;
  model_.baseline = data_.baseline;
  model_.rows = static_cast<double>(data_.problem.y.size());
  model_.churned = data_.churned;
  for (std::size_t j = 0; j < data_.kept.size(); ++j) {
    churn_column& c = model_.columns[static_cast<std::size_t>(data_.kept[j])];
    const auto at = static_cast<Eigen::Index>(j);
    c.coefficient = found.beta[data_.kept[j]];
    c.standard_error = std::sqrt(std::max(0.0, found.covariance(at, at)));
  }
  const auto p = static_cast<Eigen::Index>(data_.kept.size());
  for (std::size_t j = 0; j < model_.baseline.size(); ++j) {
    const auto at = static_cast<Eigen::Index>(j);
    model_.baseline.coefficients[j] = found.gamma[at];
    model_.baseline.standard_errors[j] = std::sqrt(std::max(0.0, found.covariance(p + at, p + at)));
  }
}

// Each fold is judged under the recalibration of the others; it is taken when that helps.
void churn_study::recalibrate() {
  raw_ = judge_churn(out_of_fold_, 0, 1);
  std::vector<churn_outcome> moved;
  for (int fold = 0; fold < options_.folds; ++fold) {
    const auto part = of_fold(out_of_fold_, fold_of_, fold, true);
    const churn_calibration c = fit_platt(of_fold(out_of_fold_, fold_of_, fold, false));
    for (churn_outcome o : part) {
      o.logit = c.intercept + c.slope * o.logit;
      moved.push_back(o);
    }
  }
  quality_ = judge_churn(moved, 0, 1);
  model_.calibrated = quality_.log_loss < raw_.log_loss - worth_recalibrating;
  if (!model_.calibrated) {
    quality_ = raw_;
    return;
  }
  const churn_calibration c = fit_platt(out_of_fold_);
  model_.calibration_intercept = c.intercept;
  model_.calibration_slope = c.slope;
  out_of_fold_ = std::move(moved);
}

// The columns without the group's; a twin in another feature stands in for one that leaves.
std::vector<Eigen::Index> churn_study::columns_without(const churn_group& group) const {
  std::vector<Eigen::Index> columns;
  std::vector<char> taken(data_.columns.size(), 0);
  for (std::size_t j = 0; j < data_.columns.size(); ++j) {
    const auto& out = group.features;
    if (std::find(out.begin(), out.end(), data_.columns[j].feature) != out.end()) continue;
    char& twins = taken[static_cast<std::size_t>(data_.twin[j])];
    if (twins == 0) columns.push_back(static_cast<Eigen::Index>(j));
    twins = 1;
  }
  return columns;
}

double churn_study::advance_ablation() {
  if (groups_.empty()) return 1;
  const churn_group& group = groups_[ablations_.size()];
  const std::vector<Eigen::Index> columns = columns_without(group);
  std::vector<churn_solution> starts;
  std::vector<churn_outcome> predicted;
  if (group.baseline) {
    churn_problem flat = data_.problem;
    flat.basis = Eigen::MatrixXd::Ones(flat.basis.rows(), 1);
    predicted = predict_folds(flat, columns, penalty_, starts);
  } else {
    starts = starts_;
    predicted = predict_folds(data_.problem, columns, penalty_, starts);
  }
  ablations_.push_back({group.name, judge_churn(predicted, 0, 1)});
  return static_cast<double>(ablations_.size()) / static_cast<double>(groups_.size());
}

std::string churn_study::status() const {
  if (!converged_) return "not_converged";
  if (separable_) return "separable";
  const bool chosen = options_.penalty <= 0;
  const bool edge = penalty_ == grid.front() || penalty_ == grid.back();
  return chosen && edge ? "penalty_at_edge" : "converged";
}

std::string churn_study::reason() const {
  const std::string is = status();
  if (is == "not_converged")
    return "Newton's method stopped before the optimum; use a larger penalty";
  if (is == "separable") {
    return "a sum of the features tells every churner from every other: the coefficients are "
           "finite "
           "by the penalty only";
  }
  if (is == "penalty_at_edge") return "the best penalty is the first or last of the grid";
  return "";
}

}  // namespace clv
