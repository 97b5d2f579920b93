// What went wrong with clocks in other desks, each as it was reported there (repository#number).
// 2 March 2026 is a Monday.
#include <gtest/gtest.h>

#include <algorithm>

#include "clock_setup.hpp"

namespace clv::desk {
namespace {

using test::clock_case;
using test::minute;
using test::one_policy;
using lines = std::vector<std::string>;

constexpr auto first = clock_kind::first_response;
constexpr auto next = clock_kind::next_response;
constexpr auto resolution = clock_kind::resolution;

const std::string office_hours = test::weekdays(R"("08:00-18:00")");

std::string office(const std::string& policy) {
  return one_policy("UTC", office_hours, policy);
}

// The reasons of the explanation's rows of a clock, with their day.
lines explained(const outcome& o, std::string_view clock) {
  const table& t = *o.tables.at("explanation");
  lines out;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.find("clock")->text(row) != clock) continue;
    out.push_back(std::string(t.find("day")->text(row)) + " " +
                  std::to_string(static_cast<int>(t.numbers("minutes")[row])) + " " +
                  std::string(t.find("reason")->text(row)));
  }
  return out;
}

TEST(clock_regressions, zammad_390_a_due_time_behind_holidays_can_be_followed) {
  clock_case c(one_policy("Europe/Berlin",
                          test::every_day(R"("09:00-21:00")"),
                          R"("resolution":2880)",
                          R"("holidays":{"2026-11-11":"St. Martin","2026-11-13":"Regional day"})"),
               "Europe/Berlin");
  c.event("2026-11-09T23:00", "created");
  EXPECT_EQ(c.wall(c.clock(resolution, "2026-11-10T12:00").due), "2026-11-15T21:00");
  EXPECT_EQ(explained(c.explained("2026-11-10T12:00"), "resolution"),
            (lines{"2026-11-09 0 outside its hours",
                   "2026-11-10 720 counted",
                   "2026-11-11 0 holiday: St. Martin",
                   "2026-11-12 720 counted",
                   "2026-11-13 0 holiday: Regional day",
                   "2026-11-14 720 counted",
                   "2026-11-15 720 counted"}));
}

TEST(clock_regressions, zammad_188_any_pausing_state_pauses_and_each_reopening_goes_on) {
  clock_case c(office(R"("resolution":600)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "pending")
      .event("2026-03-02T11:00", "opened")
      .event("2026-03-02T12:00", "closed")  // used: 2 h
      .event("2026-03-02T14:00", "reopened")
      .event("2026-03-02T15:00", "waiting_customer")
      .event("2026-03-02T16:00", "opened")
      .event("2026-03-02T17:00", "closed")  // used: 4 h
      .event("2026-03-03T09:00", "message_in");
  const auto runs = c.all(resolution, "2026-03-03T10:00");
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].state, clock_state::hit);
  EXPECT_EQ(runs[0].elapsed_us, 120 * minute);
  EXPECT_EQ(runs[1].state, clock_state::hit);
  EXPECT_EQ(runs[1].elapsed_us, 240 * minute);
  EXPECT_EQ(runs[2].state, clock_state::running);
  EXPECT_EQ(runs[2].carried_us, 240 * minute);
  EXPECT_EQ(runs[2].elapsed_us, 300 * minute);
  EXPECT_EQ(c.wall(runs[2].due), "2026-03-03T15:00");
}

TEST(clock_regressions, zammad_5177_before_the_first_reply_only_the_first_response_is_due) {
  clock_case c(office(R"("first_response":480,"next_response":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "message_in");
  const clock_view view = c.clocks("2026-03-02T11:00");
  ASSERT_EQ(view.clocks.size(), 1u);
  EXPECT_EQ(view.clocks[0].kind, first);
  EXPECT_EQ(c.wall(view.due()), "2026-03-02T17:00");
}

TEST(clock_regressions, zammad_3140_no_clock_runs_when_the_agent_answered_last) {
  clock_case c(office(R"("first_response":480,"next_response":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "message_out");
  EXPECT_EQ(c.clocks("2026-03-02T17:00").due(), std::nullopt);
  c.event("2026-03-02T11:00", "message_in").event("2026-03-02T11:30", "message_out");
  EXPECT_EQ(c.clocks("2026-03-02T17:00").due(), std::nullopt);
  EXPECT_EQ(c.clock(next, "2026-03-02T17:00").state, clock_state::hit);
  EXPECT_EQ(c.clock(next, "2026-03-02T17:00").elapsed_us, 30 * minute);
}

TEST(clock_regressions, zammad_1322_a_customers_web_note_starts_the_next_response) {
  clock_case c(office(R"("first_response":480,"next_response":120)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "message_out")
      .event("2026-03-02T12:00", "message_in", {.channel = "web"});
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T12:30").due()), "2026-03-02T14:00");
}

TEST(clock_regressions,
     zammad_1620_what_the_customer_sees_is_a_reply_and_an_internal_note_is_none) {
  clock_case c(office(R"("first_response":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T09:30", "note", {.agent = "ann"});
  EXPECT_EQ(c.clock(first, "2026-03-02T10:00").state, clock_state::running);
  c.event("2026-03-02T09:45", "message_out", {.agent = "ann", .channel = "web"});
  EXPECT_EQ(c.clock(first, "2026-03-02T10:00").state, clock_state::hit);
  EXPECT_EQ(c.clock(first, "2026-03-02T10:00").elapsed_us, 45 * minute);
}

TEST(clock_regressions, zammad_2082_the_first_reply_ends_the_first_response_not_the_second) {
  clock_case c(office(R"("first_response":120,"resolution":600)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "message_out")
      .event("2026-03-02T16:00", "message_out");
  EXPECT_EQ(c.wall(c.clock(first, "2026-03-02T17:00").ended), "2026-03-02T10:00");
  EXPECT_EQ(c.clock(first, "2026-03-02T17:00").state, clock_state::hit);
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T17:00").due()), "2026-03-03T09:00");
}

TEST(clock_regressions, zammad_2579_closing_always_writes_what_was_used_and_what_was_left) {
  for (const std::string way : {"resolved", "closed"}) {
    clock_case c(office(R"("resolution":600)"));
    c.event("2026-03-02T09:00", "created").event("2026-03-02T13:00", way);
    const outcome o = c.run(desk_clocks_report, "2026-03-05T12:00", R"("active":false)");
    ASSERT_EQ(o.tables.at("")->rows(), 1u) << way;
    EXPECT_EQ(test::text(o, "state"), "hit");
    EXPECT_EQ(test::number(o, "elapsed_minutes"), 240);
    EXPECT_EQ(test::number(o, "remaining_minutes"), 360);
    EXPECT_EQ(c.due("2026-03-05T12:00"), (lines{"2026-03-02T13:00 resolution hit"})) << way;
  }
}

TEST(clock_regressions, zammad_904_a_merged_ticket_has_no_running_clock_and_says_nothing) {
  clock_case c(office(R"("first_response":60,"resolution":600,"warn_before":[15])"));
  c.event("2026-03-02T09:00", "created", {.ticket = "t2"})
      .event("2026-03-02T09:05", "message_out", {.ticket = "t2"})
      .event("2026-03-02T09:10", "created")
      .event("2026-03-02T09:20", "merged", {.into = "t2"});
  EXPECT_TRUE(c.clocks("2026-03-03T17:00").clocks.empty());
  const outcome said = c.run(desk_due_report, "2026-03-03T17:00");
  for (std::size_t row = 0; row < said.tables.at("")->rows(); ++row) {
    EXPECT_EQ(test::text(said, "ticket", row), "t2");
  }
}

TEST(clock_regressions, zammad_4353_a_policy_that_is_switched_off_leaves_no_clock_and_no_mail) {
  clock_case c(office(R"("first_response":60)"));
  c.event("2026-03-02T09:00", "created");
  EXPECT_EQ(c.due("2026-03-02T12:00"), (lines{"2026-03-02T10:00 first_response breach"}));
  c.set_desk("{}");
  EXPECT_TRUE(c.clocks("2026-03-02T12:00").clocks.empty());
  EXPECT_EQ(c.due("2026-03-02T12:00"), lines{});
}

TEST(clock_regressions, zammad_5624_a_policy_without_next_response_takes_the_clock_away) {
  clock_case c(R"({"severities":["low","high"],"policies":[
    {"name":"high","when":{"severity":["high"]},"next_response":60,"resolution":600},
    {"name":"rest","resolution":1200}]})");
  c.event("2026-03-02T09:00", "created", {.severity = "high"})
      .event("2026-03-02T09:10", "message_out")
      .event("2026-03-02T09:20", "message_in");
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T09:30").due()), "2026-03-02T10:20");
  c.event("2026-03-02T09:40", "changed", {.severity = "low"});
  EXPECT_TRUE(c.all(next, "2026-03-02T12:00").empty());
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T12:00").due()), "2026-03-03T05:00");
  EXPECT_EQ(c.due("2026-03-02T12:00"), lines{});
}

TEST(clock_regressions, zammad_4432_and_2157_reminders_come_in_the_hours_of_either_zone) {
  for (const std::string where : {"America/New_York", "Asia/Kolkata"}) {
    clock_case c(one_policy(where,
                            test::weekdays(R"("09:00-17:00")"),
                            R"("first_response":240,"warn_before":[180,60])"),
                 where);
    // Friday 16:00: one hour is left that day, due on Monday at 12:00. Counted back on the wall,
    // the reminder of three hours would fall on the opening and one of more into the night.
    c.event("2026-03-06T16:00", "created");
    EXPECT_EQ(c.wall(c.clock(first, "2026-03-06T16:30").due), "2026-03-09T12:00") << where;
    EXPECT_EQ(c.due("2026-03-09T11:30"),
              (lines{"2026-03-09T09:00 first_response warning",
                     "2026-03-09T11:00 first_response warning"}))
        << where;
    EXPECT_EQ(c.due("2026-03-09T08:59"), lines{}) << where;
  }
  // Two hours before ten o'clock in business time is on the day before.
  clock_case late(one_policy("Europe/London",
                             test::weekdays(R"("09:00-17:00")"),
                             R"("first_response":240,"warn_before":[120])"),
                  "Europe/London");
  late.event("2026-03-02T14:00", "created");
  EXPECT_EQ(late.due("2026-03-03T09:30"), (lines{"2026-03-02T16:00 first_response warning"}));
}

TEST(clock_regressions, glpi_22678_warnings_are_placed_within_the_hours) {
  const std::string rules = R"("first_response":240,"warn_before":[60])";
  clock_case monday(office(rules));
  monday.event("2026-03-02T10:00", "created");
  EXPECT_EQ(monday.wall(monday.clock(first, "2026-03-02T10:00").due), "2026-03-02T14:00");
  EXPECT_EQ(monday.due("2026-03-02T13:30"), (lines{"2026-03-02T13:00 first_response warning"}));
  clock_case evening(office(rules));
  evening.event("2026-03-02T17:00", "created");
  EXPECT_EQ(evening.wall(evening.clock(first, "2026-03-02T17:00").due), "2026-03-03T11:00");
  EXPECT_EQ(evening.due("2026-03-03T10:30"), (lines{"2026-03-03T10:00 first_response warning"}));
  clock_case halves(one_policy("UTC", test::weekdays(R"("08:00-12:00","13:00-18:00")"), rules));
  halves.event("2026-03-02T10:00", "created");
  EXPECT_EQ(halves.due("2026-03-02T14:30"), (lines{"2026-03-02T14:00 first_response warning"}));
}

TEST(clock_regressions, glpi_687_a_ticket_that_comes_outside_hours_has_a_due_time) {
  for (const std::string when : {"2026-03-07T22:00", "2026-03-09T03:00"}) {
    clock_case c(office(R"("first_response":60,"resolution":240)"));
    c.event(when, "created");
    EXPECT_EQ(c.wall(c.clock(first, when).due), "2026-03-09T09:00") << when;
    EXPECT_EQ(c.wall(c.clock(resolution, when).due), "2026-03-09T12:00") << when;
  }
}

TEST(clock_regressions, osticket_6847_a_lunch_break_is_not_counted) {
  clock_case c(
      one_policy("UTC", test::weekdays(R"("09:00-13:00","14:00-18:00")"), R"("resolution":300)"));
  c.event("2026-03-02T12:00", "created");
  EXPECT_EQ(c.wall(c.clock(resolution, "2026-03-02T12:00").due), "2026-03-02T18:00");
}

TEST(clock_regressions, frappe_2449_a_hold_over_a_night_and_a_holiday_adds_nothing) {
  const std::string desk = one_policy(
      "UTC", office_hours, R"("resolution":600)", R"("holidays":{"2026-03-03":"Carnival"})");
  clock_case held(desk), free(desk), part(desk);
  for (clock_case* c : {&held, &free, &part}) c->event("2026-03-02T14:00", "created");
  held.event("2026-03-02T18:00", "pending").event("2026-03-04T08:00", "opened");
  part.event("2026-03-02T17:30", "pending").event("2026-03-04T08:15", "opened");
  const auto due = [](const clock_case& c) {
    return c.wall(c.clock(resolution, "2026-03-04T09:00").due);
  };
  EXPECT_EQ(due(free), "2026-03-04T14:00");
  EXPECT_EQ(due(held), due(free));
  EXPECT_EQ(due(part), "2026-03-04T14:45");  // 30 minutes of Monday and 15 of Wednesday
}

}  // namespace
}  // namespace clv::desk
