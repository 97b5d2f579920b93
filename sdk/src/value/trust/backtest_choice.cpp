#include "value/trust/backtest_choice.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace clv {
namespace {

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

// Whether a's mean loss is above b's by at most one standard error of the difference.
bool as_good(const backtest_result& a, const backtest_result& b) {
  const auto n = static_cast<double>(a.loss.size());
  const double gap = mean(a.loss) - mean(b.loss);
  double square = 0;
  for (std::size_t i = 0; i < a.loss.size(); ++i) {
    const double d = a.loss[i] - b.loss[i] - gap;
    square += d * d;
  }
  return gap <= std::sqrt(square / (n * std::max(1.0, n - 1.0)));
}

std::string sentence(const backtest_result& best, const backtest_result& chosen, criterion by) {
  const char* what = by == criterion::mae    ? "mean absolute error"
                     : by == criterion::rmse ? "squared error"
                                             : "predictive score";
  const std::string name(chosen.which->name);
  if (&best == &chosen) return name + " has the best " + what + " in the holdout";
  return name + " is within one standard error of the best " + what + " (" +
         std::string(best.which->name) + ") and has fewer parameters, " +
         std::to_string(chosen.parameters) + " against " + std::to_string(best.parameters);
}

}  // namespace

backtest_choice choose_model(std::span<const backtest_result> results, criterion by) {
  backtest_choice out;
  std::vector<double> loss(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].tested) continue;
    loss[i] = mean(results[i].loss);
    out.ranking.push_back(i);
  }
  std::ranges::stable_sort(out.ranking, [&](auto a, auto b) { return loss[a] < loss[b]; });
  for (const fit_status wanted : {fit_status::converged, fit_status::at_boundary}) {
    std::optional<std::size_t> best;
    for (const std::size_t i : out.ranking) {
      if (results[i].status != name_of(wanted)) continue;
      if (!best) best = out.chosen = i;
      if (results[i].parameters < results[*out.chosen].parameters &&
          as_good(results[i], results[*best])) {
        out.chosen = i;
      }
    }
    if (!best) continue;
    out.why = sentence(results[*best], results[*out.chosen], by);
    if (wanted == fit_status::at_boundary)
      out.why += "; no model converged, this one is at a boundary";
    return out;
  }
  out.why = "no model converged on the calibration days";
  return out;
}

}  // namespace clv
