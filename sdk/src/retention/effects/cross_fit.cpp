#include "retention/effects/cross_fit.hpp"

namespace clv::retention {
namespace {

std::size_t place(Eigen::Index i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

std::vector<double> noise_of(const cross_fitted& f) {
  std::vector<double> out;
  for (Eigen::Index a = 0; a < f.mu.cols(); ++a) {
    out.push_back((f.score.col(a) - f.mu.col(a)).squaredNorm() / static_cast<double>(f.mu.rows()));
  }
  return out;
}

cross_fit::cross_fit(const learning& how,
                     const experiment& of,
                     const Eigen::MatrixXd& z,
                     std::vector<double> y,
                     bool chances,
                     int folds)
    : of_(of),
      z_(z),
      y_(std::move(y)),
      learner_(how, of, z, y_, chances),
      rows_of_(static_cast<std::size_t>(folds)),
      outcomes_(static_cast<std::size_t>(folds)) {
  const auto arms = static_cast<Eigen::Index>(of.arms.size());
  for (std::size_t i = 0; i < of.units(); ++i) {
    rows_of_[static_cast<std::size_t>(of.fold[i])].push_back(static_cast<Eigen::Index>(i));
  }
  for (int k = folds - 1; k >= 0; --k) {
    left_out_.emplace_back(k, k);
    for (int j = k - 1; how.kind == learner_kind::dr && j >= 0; --j) left_out_.emplace_back(j, k);
  }
  fits_ = left_out_.size();
  found_.mu = Eigen::MatrixXd::Zero(z.rows(), arms);
  found_.score = found_.mu;
  found_.tau = found_.mu;
  found_.past_tau = found_.mu;
  found_.past_control = Eigen::VectorXd::Zero(z.rows());
  pseudo_.assign(static_cast<std::size_t>(folds), Eigen::MatrixXd());
  if (how.kind == learner_kind::dr) {
    for (Eigen::MatrixXd& p : pseudo_) p = Eigen::MatrixXd::Zero(z.rows(), arms);
  }
}

std::vector<Eigen::Index> cross_fit::without(int one, int other) const {
  std::vector<Eigen::Index> out;
  for (std::size_t i = 0; i < of_.units(); ++i) {
    if (of_.fold[i] != one && of_.fold[i] != other) out.push_back(static_cast<Eigen::Index>(i));
  }
  return out;
}

double cross_fit::score_of(const std::vector<base_model>& mu,
                           Eigen::Index row,
                           std::size_t arm) const {
  const double predicted = mu[arm].at(z_, row);
  const std::size_t i = place(row);
  if (of_.arm[i] != arm) return predicted;
  return predicted + (y_[i] - predicted) / of_.propensity[i];
}

void cross_fit::keep_outcomes(int fold, std::vector<base_model> mu) {
  for (const base_model& m : mu) found_.converged = found_.converged && m.converged;
  for (const Eigen::Index i : rows_of_[static_cast<std::size_t>(fold)]) {
    for (std::size_t a = 0; a < mu.size(); ++a) {
      found_.mu(i, static_cast<Eigen::Index>(a)) = mu[a].at(z_, i);
      found_.score(i, static_cast<Eigen::Index>(a)) = score_of(mu, i, a);
    }
  }
  outcomes_[static_cast<std::size_t>(fold)] = std::move(mu);
}

void cross_fit::keep_pseudo(int out, int own, const std::vector<base_model>& mu) {
  Eigen::MatrixXd& to = pseudo_[static_cast<std::size_t>(out)];
  for (const Eigen::Index i : rows_of_[static_cast<std::size_t>(own)]) {
    const double control = score_of(mu, i, 0);
    for (std::size_t a = 1; a < mu.size(); ++a) {
      to(i, static_cast<Eigen::Index>(a)) = score_of(mu, i, a) - control;
    }
  }
}

double cross_fit::advance_outcomes() {
  const auto [one, other] = left_out_.back();
  left_out_.pop_back();
  std::vector<base_model> mu = learner_.outcomes(without(one, other));
  if (one == other) {
    keep_outcomes(one, std::move(mu));
  } else {
    keep_pseudo(one, other, mu);
    keep_pseudo(other, one, mu);
  }
  return 1 - static_cast<double>(left_out_.size()) / static_cast<double>(fits_);
}

void cross_fit::keep_past(int fold) {
  std::vector<Eigen::Index> before;
  for (std::size_t i = 0; i < of_.units(); ++i) {
    if (of_.fold[i] < fold) before.push_back(static_cast<Eigen::Index>(i));
  }
  const auto k = static_cast<std::size_t>(fold);
  const std::vector<base_model> mu = learner_.outcomes(before);
  const std::vector<effect_model> effects = learner_.effects(before, mu, pseudo_[k]);
  for (const Eigen::Index i : rows_of_[k]) {
    found_.past_control[i] = mu[0].at(z_, i);
    for (std::size_t a = 1; a < of_.arms.size(); ++a) {
      found_.past_tau(i, static_cast<Eigen::Index>(a)) = effect_at(effects[a], z_, i);
    }
  }
}

double cross_fit::advance_effects() {
  const auto k = static_cast<std::size_t>(effects_done_);
  found_.models.push_back(
      learner_.effects(without(effects_done_, effects_done_), outcomes_[k], pseudo_[k]));
  for (const Eigen::Index i : rows_of_[k]) {
    for (std::size_t a = 1; a < of_.arms.size(); ++a) {
      found_.tau(i, static_cast<Eigen::Index>(a)) = effect_at(found_.models[k][a], z_, i);
    }
  }
  if (k > 0) keep_past(effects_done_);
  pseudo_[k].resize(0, 0);
  return static_cast<double>(++effects_done_) / static_cast<double>(rows_of_.size());
}

}  // namespace clv::retention
