// Decisions with what came of them: the rows that a lift is measured on. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/table.hpp"

namespace clv::retention {

// One decision whose window has passed.
struct measured_decision {
  std::size_t row = 0;       // of the decision log
  std::size_t customer = 0;  // into measured_log::customers
  std::int64_t time = 0, matured = 0;
  bool held = false;            // arm holdout
  bool held_of_all = false;     // by the global holdout, as far as the receipt says
  std::optional<double> share;  // of the global holdout then; nullopt: there is no receipt
  double own_share = 0;         // of the action's own, nested in it
  double propensity = 0;        // of what was done, as logged
  // What it was about: what was done, or for one held out what would have been. "": nothing.
  std::string plugin, action;
  std::string segment;
  double response = 0, unsubscribed = 0;  // 0 or 1
  double value = 0, cost = 0;             // sums over the window
};

struct measure_options {
  double window_days = 30;
  std::int64_t since = 0, as_of = 0;
  bool has_since = false, has_as_of = false;
};

struct measured_log {
  std::vector<std::string> customers;        // rising
  std::vector<measured_decision> decisions;  // by time, then by decision_id
  std::int64_t as_of = 0;
  bool recorded_costs = false;  // else those of acted decisions are the expected ones of the log
  // Decisions and outcomes that are not among them, by why.
  double pending = 0, forgotten = 0, before = 0, outcomes_unmatched = 0, outcomes_outside = 0;
};

// Joins by decision_id. A decision counts when its window has ended by as_of (left out: the last
// time in either table); one without outcomes then has none: no response, value 0. An outcome
// counts when it lies between the decision and the end of its window. The order of rows changes
// nothing, not a bit. Throws error{data} for a decision_id that is there twice, another customer in
// the outcome than in its decision, an unknown kind or a value that is no number.
measured_log read_measured_log(const table& decision_log,
                               const table& outcomes,
                               const measure_options& options);

}  // namespace clv::retention
