// Business time: which instants count, by weekly hours, holidays and special days on the wall clock
// of a zone: an instant counts when that clock then shows an hour that is open. Elapsed business
// time is counted in UTC, so an hour that a clock change skips or repeats counts as long as it
// really was. A question about a century costs about as much as one about an hour, but for the two
// clock changes a year. [any] Immutable.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/time.hpp"

namespace clv::desk {

inline constexpr std::int64_t us_per_minute = 60 * us_per_second;
constexpr double minutes_of(std::int64_t us) {
  return static_cast<double>(us) / static_cast<double>(us_per_minute);
}

// Minutes of the local day, [from, to), 0 <= from < to <= 1440.
struct opening {
  std::int32_t from = 0, to = 1440;
};

struct calendar_rules {
  std::string name;
  zone where{"UTC"};
  std::array<std::vector<opening>, 7> week;              // Monday first; rising, not overlapping
  std::map<std::int64_t, std::string> holidays;          // day since 1970-01-01 -> its name
  std::map<std::int64_t, std::vector<opening>> special;  // wins over week and holidays
};

// [from, to) in microseconds UTC.
struct span_of_time {
  std::int64_t from = 0, to = 0;
};

// One step of an explanation: hours that were counted, or the part of a day of which nothing was
// and why ("holiday: Christmas", "closed on sundays", "outside its hours").
struct counted {
  std::int64_t day = 0;  // civil, since 1970-01-01
  std::int64_t from = 0, to = 0;
  std::string skipped;  // "" = counted
};

class business_calendar {
 public:
  business_calendar();  // all time counts, UTC
  // Throws error{invalid} for rules that are never open in any week and on no special day.
  explicit business_calendar(calendar_rules rules);

  const std::string& name() const;
  const zone& where() const;
  bool open_at(std::int64_t us) const;
  // The first open instant at or after it; end_of_time when there is none.
  std::int64_t next_open(std::int64_t us) const;
  // Open microseconds in [from, to); 0 when to <= from.
  std::int64_t between(std::int64_t from, std::int64_t to) const;
  // The earliest t >= from with between(from, t) == amount and, for amount 0, next_open(from):
  // work that starts outside hours starts at the next opening. end_of_time when never. amount >= 0.
  std::int64_t add(std::int64_t from, std::int64_t amount) const;
  // The latest t <= to that has between(t, to) == amount and is open; for warnings before a due
  // time. For amount 0 it is `to`. earliest_time when never.
  std::int64_t subtract(std::int64_t to, std::int64_t amount) const;
  // Day by day what counts between the two, and which days do not.
  std::vector<counted> explain(std::int64_t from, std::int64_t to) const;
  // Every open stretch that meets [from, to), cut to it, rising; those that touch are one.
  std::vector<span_of_time> openings(std::int64_t from, std::int64_t to) const;

 private:
  struct state;
  std::shared_ptr<const state> state_;
};

}  // namespace clv::desk
