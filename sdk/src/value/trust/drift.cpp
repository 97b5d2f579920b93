#include "value/trust/drift.hpp"

#include <algorithm>
#include <cmath>

#include "math/normal.hpp"

namespace clv {
namespace {

constexpr double least_expected = 20.0;

}  // namespace

drift_watch::drift_watch(double false_alarm, double slack) : slack_(slack) {
  // On the boundary S / sqrt(V + rho) is at least this, whatever V.
  const double lowest = std::sqrt(-2.0 * std::log(false_alarm));
  log_chance_ = std::log(false_alarm * math::normal_cdf(lowest));
}

drift_watch::verdict drift_watch::add(double actual, double expected, double variance) {
  above_ += actual - expected - slack_ * expected;
  below_ += expected - actual - slack_ * expected;
  variance_ += variance;
  expected_ += expected;
  if (rho_ == 0.0) rho_ = variance_;
  verdict v;
  if (!(expected_ >= least_expected) || !(variance_ > 0.0)) return v;
  v.judged = true;
  const double worse = std::max({0.0, above_, below_});
  v.statistic = (above_ > below_ ? worse : -worse) / std::sqrt(variance_);
  const double growth = std::log1p(variance_ / rho_);
  v.bound = std::sqrt((1.0 + rho_ / variance_) * (growth - 2.0 * log_chance_));
  alert_ = alert_ || std::abs(v.statistic) >= v.bound;
  v.alert = alert_;
  return v;
}

}  // namespace clv
