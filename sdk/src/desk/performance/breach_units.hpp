// Who breaches are compared on: each customer's first ticket in the window, whether its promise was
// broken, what was known when it came, and whether the customer left afterwards. [any]
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/performance/clock_results.hpp"
#include "desk/performance/deeds.hpp"
#include "desk/performance/purchases.hpp"

namespace clv::desk {

struct breach_rules {
  time_window window;
  std::optional<clock_kind> clock;  // absent: any of them
  std::int64_t horizon_us = 0;
  bool from_resolution = false;  // the horizon begins there, else at the creation
  std::uint64_t seed = 1;        // of the order of the units, which makes the folds
  std::vector<std::string> covariates;
};

// What was known of the customers after, given by the caller.
struct known_outcomes {
  by_text<double> churned;            // 1 or 0
  std::shared_ptr<const table> rows;  // covariates of the caller's own
  by_text<std::size_t> row_of;
};
// Columns customer (an address of theirs will do), churned or bought (0 or 1). Throws
// error{invalid} for neither, error{data} naming row, column and value for another number and a
// customer twice.
known_outcomes read_outcomes(std::shared_ptr<const table> rows, const identity_map& who);

struct breach_unit {
  const ticket* of = nullptr;
  bool breached = false;
  double hours = 0;  // business hours beyond the due time, of the clock that was worst
  double churned = 0;
};

struct breach_units {
  std::vector<breach_unit> units;  // by hash of the customer and the seed: no order of rows matters
  std::map<std::string, std::int64_t, std::less<>> left_out;  // why -> customers
};

// Exactly one of `outcomes` and `purchases` is not null.
struct breach_sources {
  const desk_view& view;
  const known_outcomes* outcomes = nullptr;
  const purchase_book* purchases = nullptr;
};
breach_units read_units(const breach_sources& from, const breach_rules& rules);

// The covariates of the units as columns, in their order.
inline constexpr std::string_view default_covariates =
    "category,severity,channel,hour,weekday,backlog,length,outage,recency,frequency,spend,tenure";
// Throws error{invalid} for a name that is neither known nor a column of the outcomes. Of the
// default ones those are left out whose data are not there.
table covariates_of(const breach_units& units,
                    const breach_sources& from,
                    const std::vector<std::string>& names,
                    std::vector<std::string>& used);

}  // namespace clv::desk
