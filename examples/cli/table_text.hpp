// Any table of libclv, for people and for programs.
#pragma once

#include <cstdint>
#include <string>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

// Aligned columns with six significant digits; of more than `most` rows the first, and how many
// more there are. A table wider than the page is shown one row a block.
std::string shown_table(const result& table, std::int64_t most, const diag& d);
// An array of objects, one per row: times as ISO 8601, amounts in major units, null where absent.
std::string json_table(const result& table, const diag& d);
// Microseconds UTC as "2026-03-01T09:00:00Z"; "" for NaN.
std::string iso_time(double us);

}  // namespace cli
