#include "value/fitting/profile.hpp"

#include <utility>

#include "value/fitting/starts.hpp"

namespace clv {

profile::profile(fit_plan plan, tuples t, search_options o)
    : problem_(std::move(plan), std::move(t)), options_(o) {
  const auto whole = problem_.plan().whole_number();
  if (whole && !problem_.plan().held[*whole]) {
    lacks_litt_ = !problem_.own().has_litt;
    if (!lacks_litt_) most_ = problem_.which().parameters[*whole].most;
  }
  final_ = most_ == 1;
  begin(1, {});
}

void profile::begin(double k, const Eigen::VectorXd& before) {
  if (most_ > 1) problem_.choose(k);
  std::vector<Eigen::VectorXd> starts;
  if (before.size() > 0) starts.push_back(before);
  if (best_k_ == 0) {
    starts = starts_of(problem_);
  } else if (!final_) {
    for (Eigen::VectorXd& at : likely_starts_of(problem_)) starts.push_back(std::move(at));
  }
  running_ = std::make_unique<search>(problem_, std::move(starts), options_, final_);
}

double profile::log_likelihood() const {
  return problem_.log_likelihood(running_->best().at(), running_->best().value());
}

void profile::end_of_k() {
  const double value = log_likelihood();
  iterations_ += running_->iterations();
  evaluations_ += running_->evaluations();
  const Eigen::VectorXd at = running_->best().at();
  if (best_k_ == 0 || value > best_value_) {
    best_value_ = value;
    best_k_ = k_;
    best_at_ = at;
  }
  if (k_ < most_) return begin(++k_, at);
  final_ = true;
  begin(best_k_, best_at_);
}

double profile::advance() {
  const double inside = running_->advance();
  if (final_) return inside < 1.0 ? (most_ == 1 ? inside : 0.9 + 0.1 * inside) : 1.0;
  const double done = 0.9 * (k_ - 1 + inside) / most_;
  if (inside >= 1.0) end_of_k();
  return done;
}

}  // namespace clv
