// The rules of sdk/DESK.md, Clocks, one by one. 2 March 2026 is a Monday.
#include "desk/clocks/clock.hpp"

#include <gtest/gtest.h>

#include "clock_setup.hpp"
#include "clv/error.hpp"

namespace clv::desk {
namespace {

using test::clock_case;
using test::minute;
using test::one_policy;

constexpr auto clock_first = clock_kind::first_response;
constexpr auto clock_next = clock_kind::next_response;
constexpr auto clock_resolution = clock_kind::resolution;

std::string clock_office(const std::string& policy) {
  return one_policy("UTC", test::weekdays(R"("08:00-18:00")"), policy);
}

TEST(clock, a_ticket_that_no_policy_fits_has_none) {
  clock_case c(R"({"severities":["high"],"policies":[
    {"name":"high","when":{"severity":["high"]},"first_response":60}]})");
  c.event("2026-03-02T09:00", "created");
  EXPECT_TRUE(c.clocks("2026-03-02T12:00").clocks.empty());
  EXPECT_EQ(c.clocks("2026-03-02T12:00").due(), std::nullopt);
}

TEST(clock, an_unset_target_is_no_clock_and_not_a_target_of_nothing) {
  clock_case c(clock_office(R"("resolution":60)"));
  c.event("2026-03-02T09:00", "created");
  const auto view = c.clocks("2026-03-02T09:30");
  ASSERT_EQ(view.clocks.size(), 1u);
  EXPECT_EQ(view.clocks[0].kind, clock_resolution);
}

TEST(clock, an_answer_at_the_due_time_is_in_time_and_a_moment_later_it_is_not) {
  clock_case in_time(clock_office(R"("first_response":60)")),
      late(clock_office(R"("first_response":60)"));
  in_time.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "message_out");
  late.event("2026-03-02T09:00", "created").event("2026-03-02T10:00:00.000001", "message_out");
  EXPECT_EQ(in_time.clock(clock_first, "2026-03-02T11:00").state, clock_state::hit);
  EXPECT_EQ(late.clock(clock_first, "2026-03-02T11:00").state, clock_state::missed);
  EXPECT_EQ(late.clock(clock_first, "2026-03-02T11:00").elapsed_us, 60 * minute + 1);
}

TEST(clock, at_its_due_time_a_clock_without_an_answer_is_missed_and_stays_active) {
  clock_case c(clock_office(R"("first_response":60)"));
  c.event("2026-03-02T09:00", "created");
  EXPECT_EQ(c.clock(clock_first, "2026-03-02T09:59").state, clock_state::running);
  const ticket_clock at = c.clock(clock_first, "2026-03-02T10:00");
  EXPECT_EQ(at.state, clock_state::missed);
  EXPECT_TRUE(at.active);
  EXPECT_EQ(c.wall(c.clocks("2026-03-04T10:00").due()), "2026-03-02T10:00");
}

TEST(clock, what_was_due_in_the_evening_is_late_at_night_though_no_hour_counted_since) {
  clock_case c(clock_office(R"("first_response":60)"));
  c.event("2026-03-06T17:00", "created").event("2026-03-07T11:00", "message_out");
  const ticket_clock k = c.clock(clock_first, "2026-03-09T09:00");
  EXPECT_EQ(c.wall(k.due), "2026-03-06T18:00");
  EXPECT_EQ(k.state, clock_state::missed);
  EXPECT_EQ(k.elapsed_us, k.target_us);
}

TEST(clock, automatic_messages_start_and_end_nothing) {
  clock_case c(clock_office(R"("first_response":60,"next_response":60)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T09:01", "message_out", {.automatic = true});
  EXPECT_TRUE(c.clock(clock_first, "2026-03-02T09:30").active);
  c.event("2026-03-02T09:40", "message_out")
      .event("2026-03-02T09:41", "message_in", {.automatic = true});
  EXPECT_EQ(c.clocks("2026-03-02T09:50").due(), std::nullopt);
}

TEST(clock, in_a_pausing_state_it_has_no_due_time_and_the_next_one_is_later_by_the_pause) {
  clock_case c(clock_office(R"("resolution":240)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "waiting_customer");
  const ticket_clock paused = c.clock(clock_resolution, "2026-03-02T16:00");
  EXPECT_EQ(paused.state, clock_state::paused);
  EXPECT_TRUE(paused.stands);
  EXPECT_EQ(paused.due, std::nullopt);
  EXPECT_EQ(paused.elapsed_us, 60 * minute);
  c.event("2026-03-02T17:00", "message_in");
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-02T17:30").due), "2026-03-03T10:00");
}

TEST(clock, only_the_states_that_the_policy_names_pause) {
  clock_case c(clock_office(R"("resolution":240,"pauses":["pending"])"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "waiting_customer")
      .event("2026-03-02T11:00", "pending")
      .event("2026-03-02T12:00", "opened");
  EXPECT_EQ(c.clock(clock_resolution, "2026-03-02T12:00").elapsed_us, 120 * minute);
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-02T12:00").due), "2026-03-02T14:00");
}

TEST(clock, one_that_is_late_stays_missed_while_the_ticket_pauses_and_is_due_no_more_then) {
  clock_case c(clock_office(R"("resolution":60)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T11:00", "pending");
  const ticket_clock k = c.clock(clock_resolution, "2026-03-02T12:00");
  EXPECT_EQ(k.state, clock_state::missed);
  EXPECT_TRUE(k.stands);
  EXPECT_EQ(c.wall(k.due), "2026-03-02T10:00");
  EXPECT_EQ(c.clocks("2026-03-02T12:00").due(), std::nullopt);
}

TEST(clock, next_response_has_a_run_for_each_time_the_customer_waited) {
  clock_case c(clock_office(R"("next_response":60)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T09:10", "message_out")
      .event("2026-03-02T10:00", "message_in")
      .event("2026-03-02T10:20", "message_in")  // still waits: the clock goes on
      .event("2026-03-02T10:30", "message_out")
      .event("2026-03-02T11:00", "message_in");
  const auto runs = c.all(clock_next, "2026-03-02T13:00");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].elapsed_us, 30 * minute);
  EXPECT_EQ(runs[0].state, clock_state::hit);
  EXPECT_EQ(runs[1].state, clock_state::missed);
  EXPECT_EQ(c.wall(runs[1].due), "2026-03-02T12:00");
}

TEST(clock, a_ticket_that_an_agent_opened_by_writing_owes_no_first_response) {
  clock_case c(clock_office(R"("first_response":60,"next_response":120)"));
  c.event("2026-03-02T09:00", "message_out").event("2026-03-02T10:00", "message_in");
  EXPECT_TRUE(c.all(clock_first, "2026-03-02T10:30").empty());
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T10:30").due()), "2026-03-02T12:00");
}

TEST(clock, resolved_in_time_without_an_answer_the_response_is_neither_kept_nor_missed) {
  clock_case c(clock_office(R"("first_response":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "resolved");
  EXPECT_TRUE(c.all(clock_first, "2026-03-02T17:00").empty());
  // The customer still has no answer: it goes on where it stood.
  c.event("2026-03-02T15:00", "reopened");
  EXPECT_EQ(c.wall(c.clock(clock_first, "2026-03-02T15:30").due), "2026-03-02T16:00");
}

TEST(clock, an_answer_after_the_resolution_is_an_answer) {
  clock_case c(clock_office(R"("first_response":120)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "resolved")
      .event("2026-03-02T10:05", "message_out");
  EXPECT_EQ(c.clock(clock_first, "2026-03-02T17:00").state, clock_state::hit);
  EXPECT_EQ(c.clock(clock_first, "2026-03-02T17:00").elapsed_us, 60 * minute);
}

TEST(clock, resolved_late_without_an_answer_the_response_was_missed_and_a_new_message_waits_anew) {
  clock_case c(clock_office(R"("first_response":60,"next_response":30)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T11:00", "closed")
      .event("2026-03-02T12:00", "message_in");
  const ticket_clock late = c.clock(clock_first, "2026-03-02T12:10");
  EXPECT_EQ(late.state, clock_state::missed);
  EXPECT_EQ(c.wall(late.ended), "2026-03-02T11:00");
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T12:10").due()), "2026-03-02T12:30");
}

TEST(clock, a_reopened_resolution_goes_on_or_begins_anew_as_the_policy_says) {
  for (const bool anew : {false, true}) {
    clock_case c(clock_office(std::string(R"("resolution":240,"reopen":)") +
                              (anew ? R"("restart")" : R"("resume")")));
    c.event("2026-03-02T09:00", "created")
        .event("2026-03-02T12:00", "resolved")
        .event("2026-03-02T13:00", "reopened");
    const ticket_clock k = c.clock(clock_resolution, "2026-03-02T13:30");
    EXPECT_EQ(c.wall(k.started), "2026-03-02T13:00");
    EXPECT_EQ(k.carried_us, anew ? 0 : 180 * minute);
    EXPECT_EQ(c.wall(k.due), anew ? "2026-03-02T17:00" : "2026-03-02T14:00");
  }
}

TEST(clock, one_that_was_late_before_it_was_reopened_stays_late) {
  clock_case c(clock_office(R"("resolution":60)"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T12:00", "resolved")
      .event("2026-03-02T13:00", "reopened");
  const ticket_clock k = c.clock(clock_resolution, "2026-03-02T13:30");
  EXPECT_EQ(k.state, clock_state::missed);
  EXPECT_EQ(k.elapsed_us, 210 * minute);
  EXPECT_EQ(c.wall(k.due), "2026-03-02T10:00");
}

TEST(clock, a_merge_that_is_taken_back_counts_nothing_of_the_time_between) {
  clock_case c(clock_office(R"("first_response":120,"resolution":240)"));
  c.event("2026-03-02T08:00", "created", {.ticket = "t2"})
      .event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "merged", {.into = "t2"})
      .event("2026-03-02T15:00", "split");
  EXPECT_TRUE(c.clocks("2026-03-02T12:00").clocks.empty());
  EXPECT_EQ(c.wall(c.clock(clock_first, "2026-03-02T15:30").due), "2026-03-02T16:00");
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-02T15:30").due), "2026-03-02T18:00");
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-02T15:30").started), "2026-03-02T09:00");
}

TEST(clock, a_message_that_reaches_a_merged_ticket_is_waited_for_in_the_one_that_goes_on) {
  clock_case c(clock_office(R"("next_response":60)"));
  c.event("2026-03-02T08:00", "created", {.ticket = "t2"})
      .event("2026-03-02T08:30", "message_out", {.ticket = "t2"})
      .event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "merged", {.into = "t2"})
      .event("2026-03-02T11:00", "message_in");
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T11:30", "t2").due()), "2026-03-02T12:00");
  EXPECT_EQ(c.clocks("2026-03-02T11:30", "t1").due(), std::nullopt);
}

TEST(clock, a_change_of_policy_applies_to_the_whole_run_at_once) {
  clock_case c(R"({"severities":["low","high"],"policies":[
    {"name":"high","when":{"severity":["high"]},"resolution":60},
    {"name":"rest","resolution":600}]})");
  c.event("2026-03-02T09:00", "created", {.severity = "low"});
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T12:00").due()), "2026-03-02T19:00");
  c.event("2026-03-02T12:00", "changed", {.severity = "high"});
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T12:00").due()), "2026-03-02T10:00");
}

TEST(clock, a_holiday_that_is_added_moves_the_due_times_of_open_tickets) {
  const auto rules = [](const std::string& more) {
    return one_policy("UTC", test::weekdays(R"("08:00-18:00")"), R"("resolution":720)", more);
  };
  clock_case c(rules(""));
  c.event("2026-03-02T12:00", "created");
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T13:00").due()), "2026-03-03T14:00");
  c.set_desk(rules(R"("holidays":{"2026-03-03":"Carnival"})"));
  EXPECT_EQ(c.wall(c.clocks("2026-03-02T13:00").due()), "2026-03-04T14:00");
}

TEST(clock, tiers_replace_targets_and_follow_the_segment_of_now) {
  clock_case c(clock_office(R"("first_response":240,"resolution":480,
                         "tiers":{"high":{"first_response":60}})"));
  c.event("2026-03-02T09:00", "created");
  EXPECT_EQ(c.wall(c.clock(clock_first, "2026-03-02T09:30").due), "2026-03-02T13:00");
  c.set_tier("high");
  EXPECT_EQ(c.wall(c.clock(clock_first, "2026-03-02T09:30").due), "2026-03-02T10:00");
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-02T09:30").due), "2026-03-02T17:00");
  c.set_tier("low");
  EXPECT_EQ(c.wall(c.clock(clock_first, "2026-03-02T09:30").due), "2026-03-02T13:00");
}

TEST(clock, an_hour_that_a_clock_change_skips_is_not_counted) {
  // 29 March 2026, 02:00 to 03:00 does not exist in Berlin.
  clock_case c(
      one_policy("Europe/Berlin", test::every_day(R"("00:00-24:00")"), R"("resolution":1440)"),
      "Europe/Berlin");
  c.event("2026-03-28T12:00", "created");
  EXPECT_EQ(c.wall(c.clock(clock_resolution, "2026-03-28T12:00").due), "2026-03-29T13:00");
}

TEST(clock, a_recorded_result_stays_whatever_the_rules_become) {
  clock_case c(clock_office(R"("first_response":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "message_out");
  c.record(c.run(desk_due_report, "2026-03-02T12:00"));
  for (const std::string& rules : {clock_office(R"("first_response":5)"), std::string("{}")}) {
    c.set_desk(rules);
    const ticket_clock k = c.clock(clock_first, "2026-03-02T12:00");
    EXPECT_EQ(k.state, clock_state::hit);
    EXPECT_TRUE(k.frozen);
    EXPECT_EQ(k.target_us, 120 * minute);
    EXPECT_EQ(c.wall(k.due), "2026-03-02T11:00");
  }
  c.set_desk(clock_office(R"("first_response":5)"));
  EXPECT_FALSE(c.clock(clock_first, "2026-03-02T09:30").frozen) << "not yet recorded then";
}

TEST(clock, a_recorded_hit_that_new_rules_call_late_is_missed_only_when_it_is_reopened) {
  clock_case c(clock_office(R"("resolution":120)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "resolved");
  c.record(c.run(desk_due_report, "2026-03-02T12:00"));
  c.set_desk(clock_office(R"("resolution":30)"));
  c.event("2026-03-02T13:00", "reopened");
  const auto runs = c.all(clock_resolution, "2026-03-02T14:00");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].state, clock_state::hit);
  EXPECT_EQ(runs[1].state, clock_state::missed);
  EXPECT_EQ(c.wall(runs[1].due), "2026-03-02T13:00");
}

TEST(recorded_clocks, rows_that_are_no_clock_events_are_refused_by_their_cell) {
  const std::string head =
      "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes\n";
  const auto complaint = [&](const std::string& row) {
    try {
      recorded_clocks(*test::table_of(head + row, "clock_events"), end_of_time);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(complaint("t,c,2026-03-02,resolution,hit,2026-03-01,1,2\n"), "");
  const std::string unknown = complaint("t,c,2026-03-02,lunch,hit,2026-03-01,1,2\n");
  EXPECT_NE(unknown.find("row 1, column 'clock': 'lunch'"), std::string::npos) << unknown;
  const std::string word = complaint("t,c,2026-03-02,resolution,bang,2026-03-01,1,2\n");
  EXPECT_NE(word.find("row 1, column 'kind': 'bang'"), std::string::npos) << word;
}

TEST(recorded_clocks, of_two_results_of_a_run_the_earlier_counts_in_any_order_of_rows) {
  const std::string head =
      "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes\n";
  const std::string hit = "t,c,2026-03-03,resolution,hit,2026-03-01,1,2\n";
  const std::string missed = "t,c,2026-03-04,resolution,missed,2026-03-01,3,2\n";
  for (const std::string& rows : {hit + missed, missed + hit}) {
    const recorded_clocks all(*test::table_of(head + rows, "clock_events"), end_of_time);
    const auto started = parse_time("2026-03-01", zone("UTC")).value();
    ASSERT_NE(all.of("t").result(clock_resolution, started), nullptr);
    EXPECT_EQ(all.of("t").result(clock_resolution, started)->word, clock_word::hit);
    EXPECT_EQ(all.of("t").result(clock_first, started), nullptr);
    EXPECT_TRUE(all.of("u").empty());
  }
}

}  // namespace
}  // namespace clv::desk
