// The features of a customer, each named, documented and computed in one row of one table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "features/feedback.hpp"
#include "features/moment.hpp"
#include "features/rhythm.hpp"
#include "features/touches.hpp"

namespace clv::features {

// The knobs of the formulas, from a report's options.
struct knobs {
  double decay_days = 30, satisfaction_days = 365, satisfaction_prior = 5, trend_days = 90;
};

// Everything known of one customer at the moment.
struct person {
  const moment* at = nullptr;
  const knobs* with = nullptr;
  rhythm buys;
  double minor_per_major = 100;
  std::span<const touch> touches;
  std::span<const response> responses;
  bool touches_given = false;             // the input was there, so none means none
  std::optional<double> overall;          // everybody's satisfaction
  std::int64_t discount = 0, priced = 0;  // minor units, of the orders whose discount is known
  bool discount_known = false;
  std::map<std::string, double> categories, order_channels;  // lines by word
};

struct feature {
  std::string_view name, unit, window, formula, missing;  // missing: when the cell is absent
  std::optional<double> (*of)(const person&);
};

// One column per window of days: "purchases_" becomes purchases_30d, ...
struct windowed_feature {
  std::string_view stem, unit, window, formula, missing;
  std::optional<double> (*of)(const person&, double days);
};

std::span<const feature> features();
std::span<const windowed_feature> windowed_features();
std::string windowed_name(const windowed_feature& f, double days);

}  // namespace clv::features
