// Calendar months of civil days.
#pragma once

#include <cstdint>
#include <string>

namespace clv {

// 12 * year + (month - 1) of a day since 1970-01-01. [any]
std::int64_t month_of(std::int64_t day);
std::int64_t first_day_of(std::int64_t month);
std::string format_month(std::int64_t month);  // "1997-01"

}  // namespace clv
