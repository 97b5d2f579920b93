// Whom to ask: reference retention.md 7.4 and T9 of 1d.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "desk/reports.hpp"

namespace clv::desk {
namespace {

using test::number;
using test::row_of;
using test::rows_in;
using test::text;

constexpr std::string_view desk_surveys_rules =
    R"({"surveys":{"kind":"CSAT","delay":60,"cool_down_days":30}})";

std::string desk_surveys_options(std::string_view as_of,
                                 std::string_view desk = desk_surveys_rules,
                                 std::string_view more = "") {
  return R"({"desk":)" + std::string(desk) + R"(,"as_of":")" + std::string(as_of) + "\"" +
         std::string(more) + "}";
}

struct given {
  std::string_view events, feedback = "", identities = "";
};

outcome surveys(const given& log, const std::string& options_json) {
  report_inputs in;
  in.tables["ticket_events"] = test::events_of(log.events);
  if (!log.feedback.empty()) in.tables["feedback"] = test::feedback_of(log.feedback);
  if (!log.identities.empty()) in.tables["identities"] = test::identities_of(log.identities);
  return test::run_report(desk_surveys_report, std::move(in), options_json);
}

std::string code(const outcome& o, std::string_view ticket) {
  return text(o, "code", row_of(o, "ticket", ticket));
}

constexpr std::string_view resolved =
    "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n";

TEST(desk_surveys, asks_once_the_delay_has_passed) {
  const outcome early = surveys({resolved}, desk_surveys_options("2026-03-02T10:59Z"));
  EXPECT_EQ(code(early, "t1"), "NOT_YET");
  EXPECT_EQ(rows_in(early, "events"), 0U);
  const outcome due = surveys({resolved}, desk_surveys_options("2026-03-02T11:00Z"));
  EXPECT_EQ(code(due, "t1"), "SEND");
  EXPECT_EQ(number(due, "send"), 1);
  EXPECT_EQ(text(due, "agent"), "ada");
  EXPECT_EQ(text(due, "kind"), "CSAT");
}

TEST(desk_surveys, delay_is_business_time) {
  constexpr std::string_view office =
      R"({"calendars":{"o":{"time_zone":"UTC","week":{"mon":["09:00-17:00"],"tue":["09:00-17:00"]}}},)"
      R"("calendar":"o","surveys":{"delay":60}})";
  constexpr std::string_view late =
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T16:30Z,resolved,ada,,,,,,\n";  // a monday
  EXPECT_EQ(code(surveys({late}, desk_surveys_options("2026-03-03T09:29Z", office)), "t1"),
            "NOT_YET");
  EXPECT_EQ(code(surveys({late}, desk_surveys_options("2026-03-03T09:30Z", office)), "t1"), "SEND");
}

TEST(desk_surveys, records_the_same_event_for_the_same_resolution) {
  const outcome once = surveys({resolved}, desk_surveys_options("2026-03-02T12:00Z"));
  const outcome again = surveys({resolved}, desk_surveys_options("2026-03-02T12:00Z"));
  ASSERT_EQ(rows_in(once, "events"), 1U);
  EXPECT_EQ(text(once, "kind", 0, "events"), "survey_sent");
  EXPECT_EQ(text(once, "event_id", 0, "events"), "survey/t1/2026-03-02T10:00:00Z");
  EXPECT_EQ(once.tables.at("events")->fingerprint(), again.tables.at("events")->fingerprint());
}

TEST(desk_surveys, each_resolution_is_asked_about_once) {
  const std::string sent = std::string(resolved) + "t1,c,2026-03-02T11:00Z,survey_sent,,,,,,,\n";
  const outcome o = surveys({sent}, desk_surveys_options("2026-03-03T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "ALREADY_SENT");
  EXPECT_EQ(rows_in(o, "events"), 0U);
}

TEST(desk_surveys, a_second_resolution_has_a_survey_of_its_own_after_the_cool_down) {
  const std::string again = std::string(resolved) +
                            "t1,c,2026-03-02T11:00Z,survey_sent,,,,,,,\n"
                            "t1,c,2026-04-20T09:00Z,message_in,,,,,,,\n"
                            "t1,c,2026-04-20T10:00Z,resolved,bob,,,,,,\n";
  const outcome o = surveys({again}, desk_surveys_options("2026-04-20T12:00Z"));
  ASSERT_EQ(rows_in(o), 1U);  // the first one is beyond the window
  EXPECT_EQ(code(o, "t1"), "SEND");
  EXPECT_EQ(text(o, "agent"), "bob");
}

TEST(desk_surveys, nobody_is_asked_about_what_a_rule_resolved) {
  const outcome o = surveys({"t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
                             "t1,c,2026-03-02T10:00Z,resolved,,,,,1,,\n"},
                            desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "AUTOMATIC");
  EXPECT_EQ(number(o, "send"), 0);
}

TEST(desk_surveys, nobody_is_asked_about_what_was_reopened_or_merged) {
  const std::string log = std::string(resolved) +
                          "t1,c,2026-03-02T10:30Z,message_in,,,,,,,\n"
                          "t2,d,2026-03-02T09:00Z,created,,,,,,,\n"
                          "t2,d,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
                          "t2,d,2026-03-02T10:30Z,merged,,,,,,t3,\n"
                          "t3,d,2026-03-02T09:00Z,created,,,,,,,\n";
  const outcome o = surveys({log}, desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "REOPENED");
  EXPECT_EQ(code(o, "t2"), "MERGED");
  EXPECT_EQ(rows_in(o, "events"), 0U);
}

constexpr std::string_view two_tickets =
    "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
    "t2,chat:c,2026-03-02T09:00Z,created,,,,,,,\n"
    "t2,chat:c,2026-03-02T10:30Z,resolved,bob,,,,,,\n";

TEST(desk_surveys, the_cool_down_is_of_the_customer_over_all_addresses) {
  const outcome apart = surveys({two_tickets}, desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(rows_in(apart, "events"), 2U);
  const outcome one = surveys({.events = two_tickets, .identities = "c,chat:c,2026-01-01,1\n"},
                              desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(one, "t1"), "SEND");
  EXPECT_EQ(code(one, "t2"), "COOL_DOWN");
  EXPECT_EQ(text(one, "customer", 0, "events"), "c");
}

TEST(desk_surveys, an_answer_starts_the_cool_down_too) {
  const outcome o = surveys({.events = resolved, .feedback = "c,2026-02-20,NPS,9,,,a1\n"},
                            desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "COOL_DOWN");
  const outcome later = surveys({.events = resolved, .feedback = "c,2026-01-20,NPS,9,,,a1\n"},
                                desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(later, "t1"), "SEND");
}

TEST(desk_surveys, an_unasked_complaint_starts_none) {
  const outcome o = surveys({.events = resolved, .feedback = "c,2026-02-28,complaint,1,,,a1\n"},
                            desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "SEND");
}

TEST(desk_surveys, what_was_answered_unasked_needs_no_survey) {
  const outcome o = surveys({.events = resolved, .feedback = "c,2026-03-02T10:30Z,CSAT,4,t1,,a1\n"},
                            desk_surveys_options("2026-03-02T12:00Z"));
  EXPECT_EQ(code(o, "t1"), "ANSWERED");
}

// What the cool-down swallows is dropped, not put off: nobody is asked weeks later.
TEST(desk_surveys, a_swallowed_survey_does_not_come_back) {
  const std::string log =
      "t0,c,2026-02-02T09:00Z,created,,,,,,,\n"
      "t0,c,2026-02-02T10:00Z,resolved,ada,,,,,,\n"
      "t0,c,2026-02-02T12:00Z,survey_sent,,,,,,,\n" +
      std::string(resolved);
  EXPECT_EQ(code(surveys({log}, desk_surveys_options("2026-03-02T12:00Z")), "t1"), "COOL_DOWN");
  EXPECT_EQ(code(surveys({log}, desk_surveys_options("2026-03-06T12:00Z")), "t1"), "COOL_DOWN");
}

TEST(desk_surveys, an_old_log_is_not_asked_about) {
  EXPECT_EQ(rows_in(surveys({resolved}, desk_surveys_options("2026-06-01"))), 0U);
  EXPECT_EQ(rows_in(surveys(
                {resolved},
                desk_surveys_options("2026-06-01", desk_surveys_rules, R"(,"window_days":365)"))),
            1U);
}

TEST(desk_surveys, without_a_rule_nobody_is_asked) {
  const outcome o = surveys({resolved}, desk_surveys_options("2026-03-02T12:00Z", "{}"));
  EXPECT_EQ(rows_in(o), 0U);
  ASSERT_EQ(o.notes.size(), 1U);
  EXPECT_NE(o.notes[0].message.find("no surveys"), std::string::npos);
}

TEST(desk_surveys, the_reward_is_one_number_and_never_a_table_by_score) {
  const outcome o =
      surveys({two_tickets},
              desk_surveys_options("2026-03-02T12:00Z", desk_surveys_rules, R"(,"reward":2.5)"));
  EXPECT_EQ(number(o, "reward", 0), 2.5);
  EXPECT_EQ(number(o, "reward", 1), 2.5);
  for (const char* tied :
       {R"(,"reward":{"5":3,"1":0})", R"(,"reward":[0,1,2])", R"(,"reward":-1)"}) {
    const std::string told = test::complaint_of([&] {
      surveys({resolved}, desk_surveys_options("2026-03-02T12:00Z", desk_surveys_rules, tied));
    });
    EXPECT_NE(told.find("whatever the score"), std::string::npos) << told;
  }
  for (const report_option& option : desk_surveys_report.options) {
    EXPECT_EQ(option.name.find("score"), std::string_view::npos) << option.name;
  }
}

TEST(desk_surveys, the_order_of_rows_changes_nothing) {
  constexpr std::string_view turned =
      "t2,chat:c,2026-03-02T10:30Z,resolved,bob,,,,,,\n"
      "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
      "t2,chat:c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n";
  const outcome a = surveys({two_tickets}, desk_surveys_options("2026-03-02T12:00Z"));
  const outcome b = surveys({turned}, desk_surveys_options("2026-03-02T12:00Z"));
  for (const char* name : {"", "events"}) {
    EXPECT_EQ(a.tables.find(name)->second->fingerprint(),
              b.tables.find(name)->second->fingerprint());
  }
}

}  // namespace
}  // namespace clv::desk
