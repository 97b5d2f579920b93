// Hours on the wall clock: which civil instants are open, as the count of open time before each.
// Civil time is microseconds since 1970-01-01T00:00 on that clock; no zone is known here. [any]
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "desk/calendar/business_calendar.hpp"

namespace clv::desk {

// The civil day of a civil instant, rounded down.
constexpr std::int64_t civil_day(std::int64_t civil) {
  const std::int64_t day = civil / us_per_day;
  return civil % us_per_day < 0 ? day - 1 : day;
}
// Monday is 0; 1970-01-01 was a Thursday.
constexpr std::size_t weekday_of(std::int64_t day) {
  return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
}

class civil_hours {
 public:
  // Borrows the rules.
  explicit civil_hours(const calendar_rules& rules);

  std::span<const opening> on(std::int64_t day) const;
  bool open_at(std::int64_t civil) const;
  // Open time in [monday 1969-12-29, civil), negative before it: differences are what counts. Whole
  // weeks are multiplied and days that are not as their weekday are corrected by a search, so it
  // costs the same for a day and for a century.
  std::int64_t before(std::int64_t civil) const;
  // The least civil c >= from with before(c) >= amount, and the greatest with before(c) <= amount;
  // `until` when there is none before it. Need before(from) <= amount and from <= until.
  std::int64_t reach(std::int64_t amount, std::int64_t from, std::int64_t until) const;
  std::int64_t leave(std::int64_t amount, std::int64_t from, std::int64_t until) const;
  bool never_open() const { return never_open_; }

 private:
  // A day with hours of its own; `more` is what it and those before it have beyond their weekdays.
  struct odd_day {
    std::int64_t day;
    std::span<const opening> hours;
    std::int64_t more;
  };
  std::int64_t at_start_of(std::int64_t day) const;
  void add_odd_day(std::int64_t day, std::span<const opening> hours);
  std::vector<odd_day>::const_iterator first_odd(std::int64_t day) const;
  template <class Past>
  std::int64_t first_day(std::int64_t from, std::int64_t until, const Past& past) const;

  const calendar_rules* rules_;
  std::array<std::int64_t, 8> week_{};  // open time before each weekday; [7] the whole week
  std::vector<odd_day> odd_;            // rising
  bool never_open_ = false;
};

}  // namespace clv::desk
