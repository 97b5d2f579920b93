// Simulated shops to measure on: made once per size and kept, outside what is timed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "clv/fit.hpp"
#include "clv/table.hpp"

namespace clv::bench {

// The published BG/NBD and Gamma-Gamma of CDNOW, weeks, EUR.
std::shared_ptr<const fitted_model> truth();
std::shared_ptr<const table> log_of(std::int64_t customers);      // schema "transactions"
std::shared_ptr<const table> summary_of(std::int64_t customers);  // schema "summary"
const std::string& csv_of(std::int64_t customers);                // the log as CSV text

}  // namespace clv::bench
