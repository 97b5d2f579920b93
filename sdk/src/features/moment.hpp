// The date a feature vector is of, and what was known by then.
#pragma once

#include <cstdint>
#include <string_view>

#include "clv/table.hpp"
#include "clv/time.hpp"
#include "data/settings.hpp"

namespace clv::features {

// What happened before `cutoff` is known, everything else is the future and is never looked at.
struct moment {
  zone where{"UTC"};
  std::int64_t cutoff = 0;  // microseconds UTC
  std::int32_t day = 0;     // the civil day that holds the last known instant

  bool knows(std::int64_t time) const { return time < cutoff; }
  double age_days(std::int64_t time) const {
    return static_cast<double>(cutoff - time) / static_cast<double>(us_per_day);
  }
};

// From the options "as_of" and "time_zone". A date ("2011-06-09") is known to its end: the cutoff
// is the next midnight in the zone. A date with a clock is the cutoff itself. Without as_of it is
// the end of the day of the last event in `log` (an empty log: 1970-01-01).
// Throws error{invalid} naming option and value.
moment read_moment(const settings& given, const column& log_times);

// The whole day `day` is the last one known.
moment end_of(zone where, std::int64_t day);
// The moment `days` later (as many civil days, at the same time of day).
moment later(const moment& at, std::int64_t days);
// The day of the last event.
std::int64_t last_day(const column& log_times, const zone& where);

}  // namespace clv::features
