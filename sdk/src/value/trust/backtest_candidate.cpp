#include "value/trust/backtest_candidate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "clv/error.hpp"
#include "clv/score.hpp"

namespace clv {
namespace {

constexpr std::size_t tuples_a_unit = 512;
constexpr double low = 0.1, high = 0.9;
// purchase_tail() itself ends where a tail is below this, so nothing smaller is known.
constexpr double least_chance = 1e-12;

// The count of the next purchases: P(N <= n) = 1 - p_alive tail[n].
struct count_distribution {
  double p_alive;
  const std::vector<double>& tail;
  double beyond(std::size_t n) const { return n < tail.size() ? p_alive * tail[n] : 0.0; }
  double chance(std::size_t n) const { return (n == 0 ? 1.0 : beyond(n - 1)) - beyond(n); }
  // The smallest n with P(N <= n) >= level.
  std::size_t quantile(double level) const {
    std::size_t n = 0;
    while (1.0 - beyond(n) < level) ++n;
    return n;
  }
};

std::size_t whole(double count) {
  return static_cast<std::size_t>(count);
}

int estimated(const estimates& e) {
  return e.free_parameters > 0 ? e.free_parameters : static_cast<int>(e.parameters.size());
}

double share_of(std::size_t part, std::size_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

double backtest_candidate::advance(const backtest_case& on) {
  try {
    return step(on);
  } catch (const error& e) {
    const status code = e.details().code;
    if (code != status::data && code != status::numeric && code != status::invalid) throw;
    out_.status = "failed";
    out_.reason = e.details().message;
    out_.tested = false;
    return 1.0;
  }
}

double backtest_candidate::step(const backtest_case& on) {
  constexpr std::array stages{&backtest_candidate::fit,
                              &backtest_candidate::score,
                              &backtest_candidate::count,
                              &backtest_candidate::measure,
                              &backtest_candidate::measure_value};
  constexpr auto all = static_cast<double>(stages.size());
  const double done = (this->*stages[stage_])(on);
  if (done < 1.0) return (static_cast<double>(stage_) + done) / all;
  if (++stage_ < stages.size()) return static_cast<double>(stage_) / all;
  scores_.reset();
  out_.tested = true;
  return 1.0;
}

double backtest_candidate::fit(const backtest_case& on) {
  fit_options how = on.fit;
  how.model = out_.which->name;
  const double done = inner_.step([&] { return clv::fit(on.calibration, how); });
  if (done < 1.0) return done;
  auto fitted = std::make_shared<fitted_model>(*inner_.result().model);
  inner_.clear();
  const estimates& e = fitted->purchase;
  out_.status = name_of(e.status);
  out_.reason = e.reason;
  out_.parameters = estimated(e);
  out_.log_likelihood = e.log_likelihood;
  out_.aic = 2.0 * out_.parameters - 2.0 * e.log_likelihood;
  out_.bic = out_.parameters * std::log(e.customers) - 2.0 * e.log_likelihood;
  fitted->spend = on.spend;
  model_ = std::move(fitted);
  return 1.0;
}

double backtest_candidate::score(const backtest_case& on) {
  const double done = inner_.step([&] {
    return clv::score(model_, on.calibration, {.horizon = on.holdout, .threads = on.fit.threads});
  });
  if (done < 1.0) return done;
  scores_ = inner_.main_table();
  inner_.clear();
  out_.loss.resize(on.calibration->rows());
  return 1.0;
}

// The exact distribution of the count, once per distinct (x, t_x, T).
double backtest_candidate::count(const backtest_case& on) {
  const auto x = on.calibration->numbers("x");
  const auto t_x = on.calibration->numbers("t_x");
  const auto T = on.calibration->numbers("T");
  const values p(model_->purchase.parameters);
  std::vector<double> tail;
  for (std::size_t n = 0; n < tuples_a_unit && row_ < on.order.size(); ++n) {
    const std::size_t first = on.order[row_];
    const observation o{.x = x[first], .t_x = t_x[first], .T = T[first]};
    out_.which->purchase_tail(p, o, on.holdout, tail);
    const count_distribution count{out_.which->p_alive(p, o), tail};
    const std::size_t from = count.quantile(low);
    const std::size_t to = count.quantile(high);
    const double inside = (from == 0 ? 1.0 : count.beyond(from - 1)) - count.beyond(to);
    for (; row_ < on.order.size(); ++row_) {
      const std::size_t row = on.order[row_];
      if (x[row] != o.x || t_x[row] != o.t_x || T[row] != o.T) break;
      const std::size_t happened = whole(on.purchases[row]);
      out_.counts.actual += happened >= from && happened <= to ? 1.0 : 0.0;
      out_.counts.expected += inside;
      const double score = std::log(std::max(least_chance, count.chance(happened)));
      out_.log_score += score;
      if (by_ == criterion::log_score) out_.loss[row] = -score;
    }
  }
  return row_ < on.order.size() ? share_of(row_, on.order.size()) : 1.0;
}

double backtest_candidate::measure(const backtest_case& on) {
  const auto expected = scores_->numbers("expected_purchases");
  const auto x = on.calibration->numbers("x");
  const auto customers = static_cast<double>(x.size());
  out_.purchases = compare_forecast(expected, on.purchases);
  out_.counts.actual /= customers;
  out_.counts.expected /= customers;
  out_.log_score /= customers;
  for (std::size_t row = 0; row < x.size(); ++row) {
    out_.predicted_by_x[backtest_group(x[row])] += expected[row];
    const double off = expected[row] - on.purchases[row];
    if (by_ == criterion::mae) out_.loss[row] = std::abs(off);
    if (by_ == criterion::rmse) out_.loss[row] = off * off;
  }
  return 1.0;
}

double backtest_candidate::measure_value(const backtest_case& on) {
  const column* value = scores_->find("clv");
  // No finite mean: nothing to compare.
  if (!on.spend || value == nullptr || !value->all_present()) return 1.0;
  out_.value = compare_forecast(value->numbers(), on.value);
  const auto from = scores_->numbers("clv_p10");
  const auto to = scores_->numbers("clv_p90");
  const auto none = scores_->numbers("no_purchase");
  for (std::size_t row = 0; row < from.size(); ++row) {
    out_.values.actual += on.value[row] >= from[row] && on.value[row] <= to[row] ? 1.0 : 0.0;
    // The interval starts at zero, and holds all of the point mass there, where that is above 10 %.
    out_.values.expected += none[row] <= low ? high - low : std::max(high, none[row]);
  }
  out_.values.actual /= static_cast<double>(from.size());
  out_.values.expected /= static_cast<double>(from.size());
  return 1.0;
}

}  // namespace clv
