#include "value/fitting/search.hpp"

#include <algorithm>
#include <utility>

namespace clv {
namespace {

constexpr std::size_t first_sample = 1024;
constexpr std::size_t second_sample = 8192;
constexpr std::size_t few_tuples = 20'000;  // whose second derivatives may cost twice as much
constexpr double sample_tolerance = 1e-6;   // of a sample: enough to tell the hills apart
constexpr double small_difference = 2e-6;   // of one-sided differences: their error is of its size

}  // namespace

search::search(const fit_problem& p,
               std::vector<Eigen::VectorXd> starts,
               search_options o,
               bool final)
    : problem_(p), starts_(std::move(starts)), options_(o), final_(final) {
  for (const std::size_t size : {first_sample, second_sample}) {
    if (2 * p.own().size() > 3 * size) samples_.push_back(sample_of(p.own(), size));
  }
}

void search::begin(const tuples& t, const Eigen::VectorXd& at, Eigen::MatrixXd hessian) {
  const bool whole = &t == &problem_.own();
  const bool large = t.size() > few_tuples;
  math::maximize_options o{.tolerance = std::max(options_.tolerance, sample_tolerance),
                           .max_iterations = options_.max_iterations,
                           .limit = search_limit};
  o.least_gain = level_ > 0 ? 1e-10 : 1e-7;  // of the log-likelihood per customer
  o.patience = level_ > 0 ? 10 : 5;
  if (whole && final_ && level_ > 0) o.tolerance = options_.tolerance;
  if (large || level_ == 0) {
    o.one_sided = true;
    o.difference = small_difference;
    o.refresh_above = 0.5;  // updates mend the sample's Hessian more cheaply than n evaluations
  }
  o.hessian_at_end = level_ > 0 && (final_ || !whole);
  const math::smooth_function f = [this, &t, threads = options_.threads](
                                      const Eigen::VectorXd& y, double& v, Eigen::VectorXd& g) {
    return problem_.objective(t, threads, y, v, g);
  };
  now_.emplace(f, at, o, std::move(hessian));
}

// The best start so far; the last one decides what the next level begins with.
void search::end_start() {
  if (!winner_ || now_->value() > winner_->value()) winner_ = std::move(now_);
  now_.reset();
  if (++start_ == starts_.size()) next_level();
}

void search::next_level() {
  iterations_ += winner_->iterations();
  ++level_;
  const tuples& t = level_ < samples_.size() ? samples_[level_] : problem_.own();
  const Eigen::VectorXd at = winner_->at();
  Eigen::MatrixXd hessian = winner_->hessian();
  begin(t, at, std::move(hessian));
}

double search::advance() {
  const std::size_t levels = samples_.size() + 1;
  if (level_ == 0 && !now_) {
    begin(samples_.empty() ? problem_.own() : samples_[0], starts_[start_], {});
  }
  const double done = 0.8 * static_cast<double>(start_) / static_cast<double>(starts_.size());
  if (!now_->advance()) return level_ == 0 ? done : 0.9;
  if (level_ == 0) {
    const bool whole = samples_.empty();
    if (whole) evaluations_ += now_->evaluations();
    end_start();
    if (!(level_ == 1 && whole)) return done;
    return 0.9;
  }
  if (level_ + 1 < levels) {
    winner_ = std::move(now_);
    next_level();
    return 0.9;
  }
  iterations_ += now_->iterations();
  evaluations_ += now_->evaluations();
  return 1.0;
}

}  // namespace clv
