// The stretch of time a report of figures is about, from its options "from" and "to". [any]
#pragma once

#include <cstdint>

#include "clv/report.hpp"
#include "clv/time.hpp"
#include "data/settings.hpp"
#include "desk/performance/deeds.hpp"

namespace clv::desk {

inline constexpr report_option from_option{
    "from", "", "first instant that counts, a date or a date with a clock (UTC); default: all"};
inline constexpr report_option to_option{
    "to", "", "first instant that no longer counts, likewise; default: as_of and what it holds"};

// Ends at `now` at the latest, which is inside. Throws error{invalid} naming option and value.
inline time_window read_window(const settings& given, std::int64_t now) {
  const auto read = [&](std::string_view option, std::int64_t fallback) {
    if (!given.has(option)) return fallback;
    const auto at = parse_time(given.text(option, ""), zone("UTC"));
    if (!at) given.refuse(option, "a date with or without a clock, like 2026-03-01");
    return *at;
  };
  time_window w{.from = read("from", earliest_time), .to = read("to", now + 1)};
  if (w.to > now + 1) w.to = now + 1;
  if (w.from >= w.to) given.refuse("from", "an instant before 'to' and 'as_of'");
  return w;
}

}  // namespace clv::desk
