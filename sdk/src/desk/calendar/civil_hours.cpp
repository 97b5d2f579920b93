#include "desk/calendar/civil_hours.hpp"

#include <algorithm>

namespace clv::desk {
namespace {

std::int64_t length_of(std::span<const opening> hours) {
  std::int64_t minutes = 0;
  for (const opening& o : hours) minutes += o.to - o.from;
  return minutes * us_per_minute;
}

// Open time of a day before an instant of it.
std::int64_t open_before(std::span<const opening> hours, std::int64_t inside) {
  std::int64_t open = 0;
  for (const opening& o : hours) {
    const std::int64_t from = o.from * us_per_minute;
    if (inside <= from) break;
    open += std::min(inside, o.to * us_per_minute) - from;
  }
  return open;
}

}  // namespace

civil_hours::civil_hours(const calendar_rules& rules) : rules_(&rules) {
  for (std::size_t i = 0; i < 7; ++i) week_[i + 1] = week_[i] + length_of(rules.week[i]);
  auto holiday = rules.holidays.begin();
  for (const auto& [day, hours] : rules.special) {
    for (; holiday != rules.holidays.end() && holiday->first < day; ++holiday) {
      add_odd_day(holiday->first, {});
    }
    if (holiday != rules.holidays.end() && holiday->first == day) ++holiday;
    add_odd_day(day, hours);
  }
  for (; holiday != rules.holidays.end(); ++holiday) add_odd_day(holiday->first, {});
  never_open_ =
      week_[7] == 0 && std::ranges::all_of(odd_, [](const odd_day& d) { return d.hours.empty(); });
}

void civil_hours::add_odd_day(std::int64_t day, std::span<const opening> hours) {
  const std::size_t weekday = weekday_of(day);
  const std::int64_t usual = week_[weekday + 1] - week_[weekday];
  const std::int64_t before = odd_.empty() ? 0 : odd_.back().more;
  odd_.push_back({day, hours, before + length_of(hours) - usual});
}

std::vector<civil_hours::odd_day>::const_iterator civil_hours::first_odd(std::int64_t day) const {
  return std::ranges::lower_bound(odd_, day, {}, &odd_day::day);
}

std::span<const opening> civil_hours::on(std::int64_t day) const {
  const auto odd = first_odd(day);
  if (odd != odd_.end() && odd->day == day) return odd->hours;
  return rules_->week[weekday_of(day)];
}

bool civil_hours::open_at(std::int64_t civil) const {
  const std::int64_t day = civil_day(civil), inside = civil - day * us_per_day;
  return std::ranges::any_of(on(day), [&](const opening& o) {
    return inside >= o.from * us_per_minute && inside < o.to * us_per_minute;
  });
}

std::int64_t civil_hours::at_start_of(std::int64_t day) const {
  const auto weekday = weekday_of(day);
  const std::int64_t weeks = (day + 3 - static_cast<std::int64_t>(weekday)) / 7;
  const auto odd = first_odd(day);
  return weeks * week_[7] + week_[weekday] + (odd == odd_.begin() ? 0 : std::prev(odd)->more);
}

std::int64_t civil_hours::before(std::int64_t civil) const {
  const std::int64_t day = civil_day(civil);
  return at_start_of(day) + open_before(on(day), civil - day * us_per_day);
}

// The first day from that of `from` whose end is past what is looked for. Steps are doubled first:
// most targets are hours away, few are years.
template <class Past>
std::int64_t civil_hours::first_day(std::int64_t from, std::int64_t until, const Past& past) const {
  std::int64_t low = civil_day(from), step = 1;
  const std::int64_t last = civil_day(until);
  while (low < last && !past(at_start_of(std::min(low + step, last)))) {
    low = std::min(low + step, last);
    step *= 2;
  }
  std::int64_t high = std::min(low + step, last);  // past, or the last day
  while (low + 1 < high) {
    const std::int64_t middle = low + (high - low) / 2;
    (past(at_start_of(middle)) ? high : low) = middle;
  }
  return low;
}

std::int64_t civil_hours::reach(std::int64_t amount, std::int64_t from, std::int64_t until) const {
  if (before(from) >= amount) return from;
  const auto past = [&](std::int64_t open) { return open >= amount; };
  const std::int64_t day = first_day(from, until, past);
  std::int64_t left = amount - at_start_of(day);
  for (const opening& o : on(day)) {
    const std::int64_t length = (o.to - o.from) * us_per_minute;
    if (left <= length) return std::min(until, day * us_per_day + o.from * us_per_minute + left);
    left -= length;
  }
  return until;
}

std::int64_t civil_hours::leave(std::int64_t amount, std::int64_t from, std::int64_t until) const {
  const auto past = [&](std::int64_t open) { return open > amount; };
  const std::int64_t day = first_day(from, until, past);
  std::int64_t left = amount - at_start_of(day);
  for (const opening& o : on(day)) {
    const std::int64_t length = (o.to - o.from) * us_per_minute;
    if (left < length) return std::min(until, day * us_per_day + o.from * us_per_minute + left);
    left -= length;
  }
  return until;
}

}  // namespace clv::desk
