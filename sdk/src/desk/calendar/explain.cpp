#include <algorithm>
#include <array>
#include <string>

#include "desk/calendar/business_calendar.hpp"
#include "desk/calendar/calendar_state.hpp"

namespace clv::desk {
namespace {

constexpr std::array<std::string_view, 7> weekdays{
    "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"};

// Why nothing of a day counted.
std::string reason_of(const calendar_rules& rules, std::int64_t day) {
  if (const auto own = rules.special.find(day); own != rules.special.end()) {
    return own->second.empty() ? "closed on this day" : "outside its hours";
  }
  if (const auto holiday = rules.holidays.find(day); holiday != rules.holidays.end()) {
    return "holiday: " + holiday->second;
  }
  const std::size_t weekday = weekday_of(day);
  if (rules.week[weekday].empty()) return "closed on " + std::string(weekdays[weekday]);
  return "outside its hours";
}

// Touching steps of one day are one, and a day of which something counts is not skipped.
void append(std::vector<counted>& steps, counted step) {
  counted* last = steps.empty() || steps.back().day != step.day ? nullptr : &steps.back();
  if (last == nullptr || (step.skipped.empty() && last->skipped.empty() && last->to != step.from)) {
    steps.push_back(std::move(step));
  } else if (step.skipped.empty() == last->skipped.empty()) {
    last->to = step.to;
  } else if (step.skipped.empty()) {
    *last = std::move(step);
  }
}

// Calls visit(day, from, to) for every civil day of [from, to), a day that a clock change cuts in
// two parts, and hours(day, from, to) with the openings of each part.
template <class Day, class Hours>
void each_day(const business_calendar& of,
              const civil_hours& hours,
              span_of_time within,
              const Day& visit,
              const Hours& open) {
  for (std::int64_t at = within.from; at < within.to;) {
    const stretch s = of.where().stretch_at(at);
    const std::int64_t day = civil_day(at + s.offset);
    const std::int64_t midnight = day * us_per_day - s.offset;
    const std::int64_t end = std::min({s.to, within.to, midnight + us_per_day});
    for (const opening& o : hours.on(day)) {
      const std::int64_t from = std::max(at, midnight + o.from * us_per_minute);
      const std::int64_t to = std::min(end, midnight + o.to * us_per_minute);
      if (from < to) open(day, from, to);
    }
    visit(day, at, end);
    at = end;
  }
}

span_of_time travelling(std::int64_t from, std::int64_t to) {
  return {std::max(from, earliest_time), std::min(to, end_of_time)};
}

}  // namespace

std::vector<counted> business_calendar::explain(std::int64_t from, std::int64_t to) const {
  std::vector<counted> steps;
  bool counts = false;
  each_day(
      *this,
      state_->hours,
      travelling(from, to),
      [&](std::int64_t day, std::int64_t begin, std::int64_t end) {
        if (!counts) append(steps, {day, begin, end, reason_of(state_->rules, day)});
        counts = false;
      },
      [&](std::int64_t day, std::int64_t begin, std::int64_t end) {
        append(steps, {day, begin, end, ""});
        counts = true;
      });
  return steps;
}

std::vector<span_of_time> business_calendar::openings(std::int64_t from, std::int64_t to) const {
  std::vector<span_of_time> found;
  each_day(
      *this,
      state_->hours,
      travelling(from, to),
      [](std::int64_t, std::int64_t, std::int64_t) {},
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        if (!found.empty() && found.back().to == begin) {
          found.back().to = end;
        } else {
          found.push_back({begin, end});
        }
      });
  return found;
}

}  // namespace clv::desk
