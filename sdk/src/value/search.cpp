#include "value/search.hpp"

#include <cmath>

namespace clv {
namespace {

constexpr std::size_t sample_size = 4096;
constexpr double sample_tolerance = 1e-6;          // of the starts: enough to tell the hills apart
constexpr double factor_log = 1.3862943611198906;  // ln 4

// Row: start. Column: the sign of ln 4 added to parameter i, repeating every four.
constexpr int patterns[][4] = {
    {0, 0, 0, 0}, {-1, -1, -1, -1}, {1, 1, 1, 1}, {1, -1, 1, -1}, {-1, 1, 1, -1}};
constexpr std::size_t starts = std::size(patterns);

Eigen::VectorXd start_point(const model& m, std::size_t start) {
  Eigen::VectorXd at(static_cast<Eigen::Index>(m.parameters.size()));
  for (std::size_t i = 0; i < m.parameters.size(); ++i) {
    at[static_cast<Eigen::Index>(i)] =
        std::log(m.parameters[i].start) + factor_log * patterns[start][i % 4];
  }
  return at;
}

}  // namespace

search::search(const model& m, const tuples& t, search_options options)
    : model_(m), options_(options), units_(scales_of(t)), whole_(scaled(t, units_)) {
  const std::size_t stride = (t.size() + sample_size - 1) / sample_size;
  if (stride > 1) sample_ = scaled(t, units_, stride);
}

void search::begin_start() {
  const tuples& few = sample_.size() > 0 ? sample_ : whole_;
  const math::maximize_options o{.tolerance = std::max(sample_tolerance, options_.tolerance),
                                 .max_iterations = options_.max_iterations,
                                 .limit = search_limit};
  trial_.emplace(mean_likelihood(model_, few, options_.threads), start_point(model_, start_), o);
}

void search::end_start() {
  if (!winner_ || trial_->value() > winner_->value()) {
    winner_ = std::move(trial_);
    iterations_ = winner_->iterations();
  }
  trial_.reset();
  ++start_;
}

void search::begin_polish() {
  const math::maximize_options o{.tolerance = options_.tolerance,
                                 .max_iterations = options_.max_iterations,
                                 .limit = search_limit};
  polish_.emplace(
      mean_likelihood(model_, whole_, options_.threads), winner_->at(), o, winner_->hessian());
}

double search::advance() {
  if (polish_) {
    if (polish_->advance()) return 1.0;
    return 0.9;
  }
  if (start_ == starts) {
    begin_polish();
  } else if (!trial_) {
    begin_start();
  } else if (trial_->advance()) {
    end_start();
  }
  return 0.8 * static_cast<double>(start_) / static_cast<double>(starts);
}

}  // namespace clv
