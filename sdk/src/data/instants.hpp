// Instants that options give.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "clv/time.hpp"

namespace clv::data {

// Throws error{invalid} naming the option unless it is an instant that travels, or, with the days
// `after`, one that was counted on from such a one.
inline void require_instant(std::string_view name, std::int64_t us, std::int64_t after = 0) {
  if (us >= earliest_time && us < end_of_time + after * us_per_day) return;
  throw error(
      status::invalid,
      std::string(name) + " is " + std::to_string(us) + ", which is not in the years 1678 to 2261",
      "times are microseconds since 1970 in UTC");
}

}  // namespace clv::data
