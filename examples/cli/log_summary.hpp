// From a CSV log to one row per customer, without a store.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "failure.hpp"
#include "handles.hpp"
#include "input.hpp"

namespace cli {

struct log_request {
  csv_source log;
  std::string unit = "week";
  std::string as_of;  // "" = the day of the last event
  bool drop_zero_value = false;
};

// The log is in memory only until the summary stands.
result summary_of(const log_request& o, diag& d);

}  // namespace cli
