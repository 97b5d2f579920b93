// What a business calendar holds: its rules, their hours, and its zone's stretches of one offset,
// in each of which elapsed time is a difference of wall-clock times. [any]
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "desk/calendar/business_calendar.hpp"
#include "desk/calendar/civil_hours.hpp"

namespace clv::desk {

using stretch = zone::offset_stretch;

struct business_calendar::state {
  calendar_rules rules;
  civil_hours hours;  // borrows rules

  explicit state(calendar_rules given) : rules(std::move(given)), hours(rules) {}
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  // The stretch that holds `at`, from there to at most `end`.
  stretch stretch_from(std::int64_t at, std::int64_t end) const {
    const stretch s = rules.where.stretch_at(at);
    return {at, std::min(s.to, end), s.offset};
  }
  // The one that ends at `at` or holds it, back to at least earliest_time.
  stretch stretch_to(std::int64_t at) const {
    const stretch s = rules.where.stretch_at(at - 1);
    return {std::max(s.from, earliest_time), at, s.offset};
  }
  std::int64_t open_in(std::int64_t at, const stretch& s) const {
    return hours.before(s.to + s.offset) - hours.before(at + s.offset);
  }
};

}  // namespace clv::desk
