// One decision as a story for the person who meets the customer.
#pragma once

#include <cstdint>
#include <string>

#include "handles.hpp"

namespace cli {

// What clv_engine_export hands over of one customer; all but the log may be null or empty.
struct customer_case {
  std::string customer;
  result log;        // decision_log: every decision, one row each
  result decisions;  // of the last run, with its sentences
  result refusals;   // likewise
  result scores;
  result outcomes;
  std::int64_t row = 0;  // of log: the decision to tell
};

// The row of the last decision.
std::int64_t last_decision(const result& log);
std::string story_of(const customer_case& c);

}  // namespace cli
