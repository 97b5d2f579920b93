#include "desk/priority/handle_quality.hpp"

#include <array>
#include <cmath>

namespace clv::desk {
namespace {

constexpr std::size_t folds = 5;

double mean_minutes(std::span<const handle_case> done) {
  double sum = 0;
  for (const handle_case& c : done) sum += c.minutes;
  return sum / static_cast<double>(done.size());
}

struct error_sums {
  double squares = 0, squares_of_mean = 0, sizes = 0, sizes_of_mean = 0;
  double foretold = 0, spent = 0;
  std::size_t n = 0;

  void add(double minutes, double model, double mean) {
    squares += (model - minutes) * (model - minutes);
    squares_of_mean += (mean - minutes) * (mean - minutes);
    sizes += std::abs(model - minutes);
    sizes_of_mean += std::abs(mean - minutes);
    foretold += model;
    spent += minutes;
    ++n;
  }
  handle_quality as(std::string_view knows) const {
    const double count = static_cast<double>(n);
    return {.knows = knows,
            .n = n,
            .rmse = std::sqrt(squares / count),
            .rmse_of_mean = std::sqrt(squares_of_mean / count),
            .mae = sizes / count,
            .mae_of_mean = sizes_of_mean / count,
            .bias = foretold / spent - 1};
  }
};

}  // namespace

std::vector<handle_quality> cross_validated(std::span<const handle_case> done) {
  error_sums at_creation, with_history;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<handle_case> known, asked;
    for (std::size_t i = 0; i < done.size(); ++i) {
      (i % folds == fold ? asked : known).push_back(done[i]);
    }
    const handle_model model(known);
    if (!model.learnt()) return {};
    const double mean = mean_minutes(known);
    for (const handle_case& c : asked) {
      handle_case fresh = c;
      fresh.reopened = fresh.reassigned = 0;
      at_creation.add(c.minutes, expected_minutes(model.under_way(fresh)), mean);
      with_history.add(c.minutes, expected_minutes(model.finished(c)), mean);
    }
  }
  return {at_creation.as("creation"), with_history.as("history")};
}

}  // namespace clv::desk
