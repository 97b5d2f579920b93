// What a model expects of the next days, given every customer's history up to now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clv/fit.hpp"
#include "value/trust/histories.hpp"

namespace clv {

// Sum over customers of the mean and variance of the purchases in the days [from, to), by the exact
// conditional distribution of each count. Customers who first buy within these days are known to
// have done so, and count from that day on. [one]
class period_forecast {
 public:
  // Both must outlive it; days_per_unit converts the model's unit.
  period_forecast(const histories& of, const estimates& by, double days_per_unit);

  // Forecasts must be asked for in the order of time.
  void begin(std::int64_t from, std::int64_t to);
  bool advance();  // a bounded number of customers' states; true: mean() and variance() are there
  double mean() const { return mean_; }
  double variance() const { return variance_; }
  double actual() const { return actual_; }
  // sqrt(g' C g) / mean over the coming `units` from the state at begin(), where C is the
  // covariance of the estimates and g the derivative of the mean by them; 0 without a covariance.
  double relative_error(double units) const;

 private:
  struct cell {
    observation state;
    double ahead;  // units of time
    double customers;
  };
  void collect(std::vector<std::uint64_t>& keys, std::vector<double>& born);
  void add(const cell& c);

  const histories* of_;
  const estimates* by_;
  double days_per_unit_;
  std::int64_t from_ = 0, to_ = 0;
  std::vector<std::size_t> bought_;  // purchase days before `from_`, per customer
  std::vector<cell> cells_;
  std::size_t at_ = 0;
  double mean_ = 0, variance_ = 0, actual_ = 0;
  std::vector<double> tail_;
};

}  // namespace clv
