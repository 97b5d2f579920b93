#include "desk/calendar/business_calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"

namespace clv::desk {
namespace {

constexpr std::int64_t minute = 60 * us_per_second;
constexpr std::int64_t hour = 60 * minute;

std::int64_t at(std::string_view local, const char* zone_name = "UTC") {
  const auto found = parse_time(local, zone(zone_name));
  EXPECT_TRUE(found) << local;
  return found.value_or(0);
}

std::int64_t day(std::string_view text) {
  return at(text) / us_per_day;
}

opening hours(std::int32_t from, std::int32_t to) {
  return {60 * from, 60 * to};
}

calendar_rules every_day(std::vector<opening> hours, const char* zone_name = "UTC") {
  calendar_rules rules;
  rules.name = "test";
  rules.where = zone(zone_name);
  rules.week.fill(std::move(hours));
  return rules;
}

calendar_rules monday_to_friday(const std::vector<opening>& hours, const char* zone_name = "UTC") {
  calendar_rules rules = every_day(hours, zone_name);
  rules.week[5].clear();
  rules.week[6].clear();
  return rules;
}

TEST(business_calendar, of_no_rules_counts_all_time) {
  const business_calendar all;
  EXPECT_EQ(all.between(at("2026-03-01"), at("2027-03-01")), 365 * us_per_day);
  EXPECT_EQ(all.add(at("2026-02-28T12:00"), 3 * us_per_day), at("2026-03-03T12:00"));
  EXPECT_EQ(all.subtract(at("2024-03-01"), us_per_day), at("2024-02-29"));
  EXPECT_EQ(all.next_open(17), 17);
  EXPECT_TRUE(all.open_at(-1));
  const std::vector<span_of_time> one = all.openings(5, 3 * us_per_day);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].from, 5);
  EXPECT_EQ(one[0].to, 3 * us_per_day);
}

TEST(business_calendar, counts_nothing_backwards) {
  const business_calendar office(monday_to_friday({hours(9, 17)}));
  EXPECT_EQ(office.between(at("2026-03-04"), at("2026-03-03")), 0);
  EXPECT_EQ(office.between(at("2026-03-04T12:00"), at("2026-03-04T12:00")), 0);
  EXPECT_TRUE(office.openings(at("2026-03-04"), at("2026-03-03")).empty());
  EXPECT_TRUE(office.explain(at("2026-03-04"), at("2026-03-03")).empty());
}

TEST(business_calendar, that_is_never_open_is_refused) {
  calendar_rules closed;
  closed.name = "nobody";
  closed.holidays[day("2026-12-25")] = "Christmas";
  closed.special[day("2026-12-24")] = {};
  try {
    const business_calendar never(closed);
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    EXPECT_NE(std::string(e.what()).find("'nobody' is never open"), std::string::npos);
  }
}

TEST(business_calendar, that_was_open_once_says_when_it_will_never_be_again) {
  calendar_rules once;
  once.special[day("2026-12-24")] = {hours(9, 12)};
  const business_calendar fair(once);
  EXPECT_EQ(fair.next_open(at("1999-01-01")), at("2026-12-24T09:00"));
  EXPECT_EQ(fair.add(at("1999-01-01"), 3 * hour), at("2026-12-24T12:00"));
  EXPECT_EQ(fair.add(at("1999-01-01"), 3 * hour + 1), end_of_time);
  EXPECT_EQ(fair.next_open(at("2026-12-24T12:00")), end_of_time);
  EXPECT_EQ(fair.subtract(at("2100-01-01"), 3 * hour), at("2026-12-24T09:00"));
  EXPECT_EQ(fair.subtract(at("2100-01-01"), 3 * hour + 1), earliest_time);
  EXPECT_EQ(fair.between(earliest_time, end_of_time), 3 * hour);
}

TEST(business_calendar, a_special_day_wins_over_a_holiday_and_the_week) {
  calendar_rules rules = monday_to_friday({hours(9, 17)});
  rules.holidays[day("2026-12-24")] = "Christmas Eve";
  rules.holidays[day("2026-12-25")] = "Christmas";
  rules.special[day("2026-12-24")] = {hours(9, 12)};
  rules.special[day("2026-12-26")] = {hours(10, 11)};  // a saturday
  rules.special[day("2026-12-28")] = {};
  const business_calendar office(rules);
  EXPECT_EQ(office.between(at("2026-12-24"), at("2026-12-25")), 3 * hour);
  EXPECT_EQ(office.between(at("2026-12-25"), at("2026-12-26")), 0);
  EXPECT_EQ(office.between(at("2026-12-26"), at("2026-12-29")), hour);
  EXPECT_EQ(office.add(at("2026-12-24T11:00"), 2 * hour), at("2026-12-26T11:00"));
}

TEST(business_calendar, an_hour_that_a_clock_change_skips_or_repeats_counts_as_it_was) {
  const business_calendar night(every_day({hours(1, 5)}, "Europe/Berlin"));
  const char* berlin = "Europe/Berlin";
  EXPECT_EQ(night.between(at("2026-03-29", berlin), at("2026-03-30", berlin)), 3 * hour);
  EXPECT_EQ(night.between(at("2026-10-25", berlin), at("2026-10-26", berlin)), 5 * hour);
  EXPECT_EQ(night.add(at("2026-03-29", berlin), 2 * hour), at("2026-03-29T04:00", berlin));
  EXPECT_EQ(night.add(at("2026-10-25", berlin), 4 * hour), at("2026-10-25T04:00", berlin));
}

TEST(business_calendar, what_the_clock_shows_twice_is_open_twice) {
  calendar_rules rules = every_day({{150, 180}}, "Europe/Berlin");  // 02:30 to 03:00
  const business_calendar half(rules);
  const auto open = half.openings(at("2026-10-25T00:00Z"), at("2026-10-25T12:00Z"));
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].from, at("2026-10-25T00:30Z"));
  EXPECT_EQ(open[0].to, at("2026-10-25T01:00Z"));
  EXPECT_EQ(open[1].from, at("2026-10-25T01:30Z"));
  EXPECT_EQ(open[1].to, at("2026-10-25T02:00Z"));
  EXPECT_EQ(half.between(at("2026-03-28T23:00Z"), at("2026-03-29T22:00Z")), 0);  // skipped
}

TEST(business_calendar, a_day_that_the_zone_never_had_has_no_hours) {
  const char* apia = "Pacific/Apia";  // 2011-12-30 was left out
  const business_calendar office(every_day({hours(9, 17)}, apia));
  EXPECT_EQ(office.between(at("2011-12-29", apia), at("2012-01-01", apia)), 16 * hour);
  EXPECT_EQ(office.add(at("2011-12-29T16:00", apia), 2 * hour), at("2011-12-31T10:00", apia));
  for (const counted& c : office.explain(at("2011-12-28", apia), at("2012-01-02", apia))) {
    EXPECT_NE(c.day, day("2011-12-30"));
  }
}

TEST(business_calendar, a_leap_day_is_a_day) {
  const business_calendar office(every_day({hours(9, 17)}));
  EXPECT_EQ(office.between(at("2024-02-28"), at("2024-03-01")), 16 * hour);
  EXPECT_EQ(office.between(at("2023-02-28"), at("2023-03-01")), 8 * hour);
  EXPECT_EQ(office.add(at("2024-02-28T17:00"), 8 * hour), at("2024-02-29T17:00"));
}

TEST(business_calendar, a_century_of_holidays_is_the_sum_of_its_days) {
  calendar_rules rules = monday_to_friday({hours(9, 13), hours(14, 18)}, "America/New_York");
  for (std::int64_t d = day("1971-01-01"); d < day("2070-01-01"); d += 37) rules.holidays[d] = "h";
  for (std::int64_t d = day("1971-01-05"); d < day("2070-01-01"); d += 53) {
    rules.special[d] = {{61, 62}, {600, 1440}};
  }
  const business_calendar office(rules);
  const std::int64_t from = at("1970-02-03T11:17"), to = at("2069-11-05T23:59");
  std::int64_t sum = 0;
  for (const span_of_time& s : office.openings(from, to)) sum += s.to - s.from;
  EXPECT_EQ(office.between(from, to), sum);
  EXPECT_EQ(office.between(office.subtract(to, sum), to), sum);
  EXPECT_EQ(office.between(from, office.add(from, sum)), sum);
}

TEST(business_calendar, work_that_takes_nothing_starts_when_it_opens) {
  const business_calendar office(monday_to_friday({hours(9, 17)}));
  EXPECT_EQ(office.add(at("2026-03-06T18:00"), 0), at("2026-03-09T09:00"));
  EXPECT_EQ(office.add(at("2026-03-06T10:00"), 0), at("2026-03-06T10:00"));
  EXPECT_EQ(office.add(at("2026-03-06T17:00"), 0), at("2026-03-09T09:00"));
  EXPECT_EQ(office.subtract(at("2026-03-07T12:00"), 0), at("2026-03-07T12:00"));
}

TEST(business_calendar, work_ends_at_closing_time_and_not_at_the_next_opening) {
  const business_calendar office(monday_to_friday({hours(9, 17)}));
  EXPECT_EQ(office.add(at("2026-03-06T16:00"), hour), at("2026-03-06T17:00"));
  EXPECT_EQ(office.subtract(at("2026-03-09T10:00"), hour), at("2026-03-09T09:00"));
  EXPECT_EQ(office.subtract(at("2026-03-09T09:00"), hour), at("2026-03-06T16:00"));
}

// zammad#390: a regional holiday counted, and nobody could see why.
TEST(business_calendar, holidays_move_a_due_time_and_are_listed) {
  calendar_rules rules = every_day({hours(9, 21)});
  rules.holidays[day("2026-11-11")] = "Saint Martin";
  rules.holidays[day("2026-11-13")] = "Founders";
  const business_calendar office(rules);
  const std::int64_t created = at("2026-11-09T23:00");
  const std::int64_t due = office.add(created, 48 * hour);
  EXPECT_EQ(due, at("2026-11-15T21:00"));
  std::vector<std::string> told;
  for (const counted& c : office.explain(created, due)) {
    told.push_back(format_day(c.day) + " " + (c.skipped.empty() ? "counted" : c.skipped));
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{"2026-11-09 outside its hours",
                                      "2026-11-10 counted",
                                      "2026-11-11 holiday: Saint Martin",
                                      "2026-11-12 counted",
                                      "2026-11-13 holiday: Founders",
                                      "2026-11-14 counted",
                                      "2026-11-15 counted"}));
}

// glpi PR#22678: with several intervals the warning was set to 00:00.
TEST(business_calendar, a_warning_falls_into_hours_on_the_same_day) {
  const business_calendar office(monday_to_friday({hours(8, 18)}));
  const std::int64_t due = office.add(at("2026-03-02T10:00"), 4 * hour);
  EXPECT_EQ(due, at("2026-03-02T14:00"));
  EXPECT_EQ(office.subtract(due, hour), at("2026-03-02T13:00"));
}

TEST(business_calendar, a_warning_falls_into_hours_on_the_next_day) {
  for (const std::vector<opening>& week :
       {std::vector{hours(8, 18)}, std::vector{hours(8, 12), hours(12, 18)}}) {
    const business_calendar office(monday_to_friday(week));
    const std::int64_t due = office.add(at("2026-03-02T17:00"), 4 * hour);
    EXPECT_EQ(due, at("2026-03-03T11:00"));
    EXPECT_EQ(office.subtract(due, hour), at("2026-03-03T10:00"));
  }
}

// glpi#687: a ticket created outside hours had no due time.
TEST(business_calendar, what_comes_outside_hours_starts_at_the_next_opening) {
  const business_calendar office(monday_to_friday({hours(8, 18)}));
  for (const char* created : {"2026-03-06T18:00", "2026-03-07T03:30", "2026-03-09T07:59"}) {
    EXPECT_EQ(office.add(at(created), 4 * hour), at("2026-03-09T12:00")) << created;
  }
}

// osTicket#6847: a lunch break broke the due time.
TEST(business_calendar, a_lunch_break_is_not_counted) {
  const business_calendar office(every_day({hours(9, 13), hours(14, 18)}));
  EXPECT_EQ(office.add(at("2026-03-02T12:00"), 5 * hour), at("2026-03-02T18:00"));
  EXPECT_EQ(office.between(at("2026-03-02T12:00"), at("2026-03-02T15:00")), 2 * hour);
  EXPECT_FALSE(office.open_at(at("2026-03-02T13:00")));
  EXPECT_TRUE(office.open_at(at("2026-03-02T14:00")));
}

// frappe/helpdesk PR#2449: time on hold was added to the creation time.
TEST(business_calendar, a_hold_over_a_night_and_a_holiday_adds_nothing) {
  calendar_rules rules = monday_to_friday({hours(9, 17)});
  rules.holidays[day("2026-03-05")] = "holiday";
  const business_calendar office(rules);
  const std::int64_t created = at("2026-03-04T10:00");
  const std::int64_t held = office.between(at("2026-03-04T17:00"), at("2026-03-06T09:00"));
  EXPECT_EQ(held, 0);
  EXPECT_EQ(office.add(created, 8 * hour + held), office.add(created, 8 * hour));
  EXPECT_EQ(office.add(created, 8 * hour), at("2026-03-06T10:00"));
}

TEST(business_calendar, an_explanation_cuts_hours_and_names_closed_weekdays) {
  calendar_rules rules = monday_to_friday({hours(9, 13), hours(14, 18)});
  rules.special[day("2026-03-09")] = {};
  const business_calendar office(rules);
  const auto told = office.explain(at("2026-03-06T12:00"), at("2026-03-10T10:00"));
  ASSERT_EQ(told.size(), 6U);
  EXPECT_EQ(told[0].from, at("2026-03-06T12:00"));
  EXPECT_EQ(told[0].to, at("2026-03-06T13:00"));
  EXPECT_EQ(told[1].to, at("2026-03-06T18:00"));
  EXPECT_EQ(told[2].skipped, "closed on saturdays");
  EXPECT_EQ(told[2].from, at("2026-03-07"));
  EXPECT_EQ(told[2].to, at("2026-03-08"));
  EXPECT_EQ(told[3].skipped, "closed on sundays");
  EXPECT_EQ(told[4].skipped, "closed on this day");
  EXPECT_EQ(told[5].skipped, "");
  EXPECT_EQ(told[5].to, at("2026-03-10T10:00"));
}

TEST(business_calendar, a_day_with_a_clock_change_is_told_once) {
  const char* berlin = "Europe/Berlin";
  const business_calendar morning(every_day({hours(1, 5)}, berlin));
  const auto told = morning.explain(at("2026-10-25", berlin), at("2026-10-26", berlin));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].to - told[0].from, 5 * hour);
  const business_calendar office(every_day({hours(9, 17)}, berlin));
  const auto one = office.explain(at("2026-10-25", berlin), at("2026-10-26", berlin));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].skipped, "");
}

}  // namespace
}  // namespace clv::desk
