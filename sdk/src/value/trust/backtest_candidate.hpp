// One model of a backtest: fitted to the calibration days, held against the days after them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/fit.hpp"
#include "value/trust/forecast_error.hpp"
#include "value/trust/stepped_job.hpp"

namespace clv {

// What is known of the calibration's customers and of the days after it; vectors by its rows.
struct backtest_case {
  std::shared_ptr<const table> calibration;  // a summary
  double holdout = 0;                        // length in units of the summary
  std::vector<double> purchases, value;      // what happened in the holdout; value in major units
  std::vector<std::size_t> order;            // rows so that equal (x, t_x, T) are neighbours
  std::optional<estimates> spend;            // of the calibration; none: nothing is said of value
  fit_options fit;                           // model is filled in by each candidate
};

inline constexpr std::size_t backtest_groups = 8;  // x = 0 ... 6, and 7 or more
inline std::size_t backtest_group(double x) {
  return x >= 7.0 ? 7 : static_cast<std::size_t>(x);
}

// Shares of customers inside their 80 % interval: what happened, and what the model itself expects
// of intervals that cannot split a whole number (or the point mass at zero).
struct interval_coverage {
  double actual = 0, expected = 0;
};

struct backtest_result {
  const model* which = nullptr;
  bool tested = false;  // else nothing below `reason` says anything
  std::string status;   // name_of(fit_status), "not_applicable" or "failed"
  std::string reason;   // why, when it was not tested or is not converged
  int parameters = 0;   // estimated ones
  double log_likelihood = 0, aic = 0, bic = 0;
  forecast_error purchases;
  std::optional<forecast_error> value;
  interval_coverage counts, values;
  double log_score = 0;  // mean ln of the chance that the model gave to the count that happened
  std::array<double, backtest_groups> predicted_by_x{};  // sums
  std::vector<double> loss;                              // per customer, of the criterion
};

enum class criterion { mae, rmse, log_score };

class backtest_candidate {
 public:
  backtest_candidate(const model& m, criterion by) : by_(by) { out_.which = &m; }
  // Fits, scores and compares, a little each call; 1: finished. What a fit or a score throws about
  // this data (error{data, numeric, invalid}) becomes the reason.
  double advance(const backtest_case& on);
  backtest_result take() { return std::move(out_); }

 private:
  double fit(const backtest_case& on);
  double score(const backtest_case& on);
  double count(const backtest_case& on);
  double measure(const backtest_case& on);
  double measure_value(const backtest_case& on);
  double step(const backtest_case& on);

  criterion by_;
  backtest_result out_;
  std::size_t stage_ = 0, row_ = 0;
  stepped_job inner_;
  std::shared_ptr<const fitted_model> model_;
  std::shared_ptr<const table> scores_;
};

}  // namespace clv
