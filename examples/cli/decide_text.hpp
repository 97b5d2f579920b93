// The table a salesperson reads: the most valuable customers and what to do about each.
#pragma once

#include <cstdint>
#include <string>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

struct decided {
  result scores;     // row for row with decisions
  result decisions;  // one row per customer
  result segments;   // row for row with scores, or null
  result budget;     // one row
  result refusals;   // proposals not chosen
  result resources;  // what the policy limits: used, shadow price
};

// Both at most 120 columns wide: the `top` customers whose action is expected to earn most, and the
// `top` without an action by value (where the scores have none, by expected purchases).
std::string top_actions(const decided& tables, std::int64_t top, const diag& d);
std::string top_untreated(const decided& tables, std::int64_t top, const diag& d);
// What was decided in all, in a few sentences.
std::string decision_summary(const decided& tables);
std::string decision_json(const decided& tables, const std::string& store, const diag& d);

}  // namespace cli
