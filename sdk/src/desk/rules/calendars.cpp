#include <algorithm>
#include <optional>

#include "clv/error.hpp"
#include "desk/rules/reader.hpp"

namespace clv::desk::rules {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

// "09:30" as the minute of the day; "24:00" is its end.
std::optional<std::int32_t> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  std::int32_t clock = 0;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    clock = 10 * clock + (text[i] - '0');
  }
  const std::int32_t minute = clock / 100 * 60 + clock % 100;
  if (clock % 100 > 59 || minute > 1440) return std::nullopt;
  return minute;
}

opening read_opening(const node& at) {
  const std::string text = at.text();
  const auto dash = text.find('-');
  if (dash != std::string::npos) {
    const auto from = minute_of(std::string_view(text).substr(0, dash));
    const auto to = minute_of(std::string_view(text).substr(dash + 1));
    if (from && to && *from < *to) return {*from, *to};
  }
  at.refuse(
      "hours of one day such as \"09:00-17:30\", from before to; what passes midnight is two: "
      "\"22:00-24:00\", and \"00:00-06:00\" of the next day");
}

std::vector<opening> read_openings(const node& at) {
  std::vector<opening> hours;
  for (const node& item : at.items()) {
    const opening read = read_opening(item);
    const auto before = std::ranges::find_if(
        hours, [&](const opening& o) { return read.from < o.to && o.from < read.to; });
    if (before != hours.end()) item.refuse("hours that do not overlap others of the same day");
    hours.push_back(read);
  }
  std::ranges::sort(hours, {}, &opening::from);
  return hours;
}

void read_week(const node& at, calendar_rules& rules) {
  at.allow(weekdays);
  for (std::size_t i = 0; i < weekdays.size(); ++i) {
    if (at.has(weekdays[i])) rules.week[i] = read_openings(at.at(weekdays[i]));
  }
}

// The civil day that names a member.
std::int64_t day_named(const node& of, std::string_view name) {
  const auto at = parse_time(name, zone("UTC"));
  if (name.size() != 10 || !at) {
    of.refuse_member(name, "no day", "name a day like 2026-12-25");
  }
  return *at / us_per_day - (*at % us_per_day < 0 ? 1 : 0);
}

business_calendar read_one(const node& at, std::string_view name) {
  only(at, std::array<std::string_view, 4>{"time_zone", "week", "holidays", "days"});
  calendar_rules rules{.name = std::string(name)};
  if (at.has("time_zone")) rules.where = zone(at.at("time_zone").time_zone());
  if (at.has("week")) read_week(at.at("week"), rules);
  if (at.has("holidays")) {
    const node holidays = at.at("holidays");
    for (const std::string_view day : holidays.names()) {
      rules.holidays.emplace(day_named(holidays, day), holidays.at(day).text());
    }
  }
  if (at.has("days")) {
    const node days = at.at("days");
    for (const std::string_view day : days.names()) {
      rules.special.emplace(day_named(days, day), read_openings(days.at(day)));
    }
  }
  try {
    return business_calendar(std::move(rules));
  } catch (const error&) {
    at.refuse("a calendar that is open at some time: give it hours in week or days");
  }
}

}  // namespace

void read_calendars(const node& at, desk_policy& desk) {
  desk.calendars.clear();
  for (const std::string_view name : at.names()) {
    if (name.empty()) at.refuse("calendars that have names");
    desk.calendars.push_back(read_one(at.at(name), name));
  }
  if (desk.calendars.empty()) desk.calendars.emplace_back();
}

std::size_t find_calendar(const node& at, const desk_policy& desk) {
  const std::string name = at.text();
  const auto found = std::ranges::find(desk.calendars, name, &business_calendar::name);
  if (found != desk.calendars.end()) {
    return static_cast<std::size_t>(found - desk.calendars.begin());
  }
  std::string known;
  for (const business_calendar& c : desk.calendars) {
    if (!c.name().empty()) known += (known.empty() ? " (" : ", ") + c.name();
  }
  at.refuse("a calendar of $.calendars" + (known.empty() ? ", where none is" : known + ")"));
}

void read_calendar(const node& at, desk_policy& desk) {
  desk.calendar = find_calendar(at, desk);
}

}  // namespace clv::desk::rules
