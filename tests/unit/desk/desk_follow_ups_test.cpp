// Promises to look after customers: T8 of retention.md 1d.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "desk/reports.hpp"

namespace clv::desk {
namespace {

using test::row_of;
using test::rows_in;
using test::text;

constexpr std::string_view desk_follow_ups_rules =
    R"({"follow_ups":{"detractor":{"within":120,"owner":"assignee"},)"
    R"("resolved_high_value":{"within":4320,"clv_at_risk":100},)"
    R"("breach":{"within":240,"owner":"team"},"escalate_after":480}})";

constexpr std::string_view desk_follow_ups_log =
    "t1,c,2026-03-02T09:00Z,created,,billing,,,,,\n"
    "t1,c,2026-03-02T09:10Z,assigned,ada,,,,,,\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n";
constexpr std::string_view bad_answer = "c,2026-03-02T12:00Z,CSAT,1,t1,,a1\n";

std::string desk_follow_ups_options(std::string_view as_of,
                                    std::string_view desk = desk_follow_ups_rules,
                                    std::string_view more = "") {
  return R"({"desk":)" + std::string(desk) + R"(,"as_of":")" + std::string(as_of) + "\"" +
         std::string(more) + "}";
}

report_inputs desk_follow_ups_inputs_of(std::string_view events, std::string_view feedback = "") {
  report_inputs in;
  in.tables["ticket_events"] = test::events_of(events);
  if (!feedback.empty()) in.tables["feedback"] = test::feedback_of(feedback);
  return in;
}

outcome follow_ups(report_inputs in, const std::string& options_json) {
  return test::run_report(desk_follow_ups_report, std::move(in), options_json);
}

std::shared_ptr<const table> agents_of(std::string_view rows) {
  return test::table_of("agent,team,status,until\n" + std::string(rows), "agents");
}

std::shared_ptr<const table> recorded(std::string_view rows) {
  return test::table_of(
      "follow_up,customer,time,kind,trigger,ticket,owner,due,reason\n" + std::string(rows),
      "follow_ups");
}

std::string time_in(const outcome& o, std::string_view column, std::size_t row = 0) {
  const auto& c = *o.tables.find("")->second->find(column);
  return c.present(row) ? format_time(c.integers()[row]) : "";
}

TEST(desk_follow_ups, a_detractor_opens_one_with_a_clock_of_its_own) {
  const outcome o = follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                               desk_follow_ups_options("2026-03-02T13:00Z"));
  ASSERT_EQ(rows_in(o), 1U);
  EXPECT_EQ(text(o, "follow_up"), "detractor/a1");
  EXPECT_EQ(text(o, "trigger"), "detractor");
  EXPECT_EQ(text(o, "owner"), "ada");
  EXPECT_EQ(text(o, "state"), "open");
  EXPECT_EQ(time_in(o, "due"), "2026-03-02T14:00:00Z");
  ASSERT_EQ(rows_in(o, "records"), 1U);
  EXPECT_EQ(text(o, "kind", 0, "records"), "opened");
  EXPECT_EQ(text(o, "event_id", 0, "records"), "detractor/a1/opened");
}

TEST(desk_follow_ups, only_a_detractor_does) {
  constexpr std::string_view answers =
      "c,2026-03-02T12:00Z,CSAT,3,t1,,a1\n"
      "c,2026-03-02T12:01Z,NPS,7,,,a2\n"
      "c,2026-03-02T12:02Z,CES,3,,,a3\n"
      "d,2026-03-02T12:03Z,CSAT,2,,,b1\n"
      "d,2026-03-02T12:04Z,NPS,6,,,b2\n"
      "d,2026-03-02T12:05Z,CES,2,,,b3\n";
  const outcome o = follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, answers),
                               desk_follow_ups_options("2026-03-02T13:00Z"));
  ASSERT_EQ(rows_in(o), 3U);
  for (std::size_t row = 0; row < 3; ++row) EXPECT_EQ(text(o, "customer", row), "d");
}

TEST(desk_follow_ups, an_answer_without_event_id_or_sent_twice_opens_one) {
  constexpr std::string_view twice =
      "c,2026-03-02T12:00Z,CSAT,1,t1,,\n"
      "c,2026-03-02T12:00Z,CSAT,1,t1,,\n";
  const outcome o = follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, twice),
                               desk_follow_ups_options("2026-03-02T13:00Z"));
  ASSERT_EQ(rows_in(o), 1U);
  EXPECT_EQ(text(o, "follow_up"), "detractor/c/t1/CSAT/2026-03-02T12:00:00Z");
}

TEST(desk_follow_ups, due_is_in_business_time) {
  constexpr std::string_view office =
      R"({"calendars":{"o":{"time_zone":"UTC","week":{"mon":["09:00-13:00"],"tue":["09:00-13:00"]}}},)"
      R"("calendar":"o","follow_ups":{"detractor":{"within":120}}})";
  const outcome o = follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                               desk_follow_ups_options("2026-03-02T13:00Z", office));
  EXPECT_EQ(time_in(o, "due"), "2026-03-03T10:00:00Z");  // an hour on monday, one on tuesday
}

TEST(desk_follow_ups, one_is_late_then_escalated_once) {
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                            desk_follow_ups_options("2026-03-02T14:00Z")),
                 "state"),
            "open");
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                            desk_follow_ups_options("2026-03-02T14:01Z")),
                 "state"),
            "overdue");
  const outcome late = follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                                  desk_follow_ups_options("2026-03-02T23:00Z"));
  EXPECT_EQ(text(late, "state"), "escalated");
  EXPECT_EQ(text(late, "owner"), "team:billing");
  EXPECT_EQ(time_in(late, "escalated"), "2026-03-02T22:00:00Z");
  ASSERT_EQ(rows_in(late, "records"), 2U);
  EXPECT_EQ(text(late, "kind", 1, "records"), "escalated");
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer);
  in.tables["follow_ups"] = late.tables.at("records");
  const outcome again = follow_ups(in, desk_follow_ups_options("2026-03-03T23:00Z"));
  EXPECT_EQ(text(again, "state"), "escalated");
  EXPECT_EQ(rows_in(again, "records"), 0U);
}

TEST(desk_follow_ups, what_was_recorded_is_not_opened_again_and_stays_as_it_was) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer);
  in.tables["follow_ups"] =
      follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z")).tables.at("records");
  // Other rules, another assignee: the promise was given to ada by 14:00.
  const std::string moved =
      std::string(desk_follow_ups_log) + "t1,c,2026-03-02T11:00Z,assigned,bob,,,,,,\n";
  in.tables["ticket_events"] = test::events_of(moved);
  const outcome o = follow_ups(
      in,
      desk_follow_ups_options("2026-03-02T13:30Z",
                              R"({"follow_ups":{"detractor":{"within":999,"owner":"team"}}})"));
  ASSERT_EQ(rows_in(o), 1U);
  EXPECT_EQ(text(o, "owner"), "ada");
  EXPECT_EQ(time_in(o, "due"), "2026-03-02T14:00:00Z");
  EXPECT_EQ(rows_in(o, "records"), 0U);
}

TEST(desk_follow_ups, done_and_cancelled_are_what_was_recorded) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer);
  in.tables["follow_ups"] = recorded("detractor/a1,c,2026-03-02T13:00Z,done,,,,,called\n");
  const outcome done = follow_ups(in, desk_follow_ups_options("2026-03-05"));
  EXPECT_EQ(text(done, "state"), "done");
  EXPECT_EQ(text(done, "reason"), "called");
  EXPECT_EQ(rows_in(done, "records"), 0U);
  in.tables["follow_ups"] = recorded("detractor/a1,c,2026-03-02T13:00Z,cancelled,,,,,\n");
  EXPECT_EQ(text(follow_ups(in, desk_follow_ups_options("2026-03-05")), "state"), "cancelled");
  // As of before it was done, it was not.
  EXPECT_EQ(text(follow_ups(in, desk_follow_ups_options("2026-03-02T12:30Z")), "state"), "open");
}

TEST(desk_follow_ups, one_that_the_host_opened_itself_is_kept_too) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log);
  in.tables["follow_ups"] = recorded(
      "call-back,c,2026-03-02T13:00Z,opened,promise,t1,eve,2026-03-02T15:00Z,promised a call\n");
  const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T16:00Z"));
  ASSERT_EQ(rows_in(o), 1U);
  EXPECT_EQ(text(o, "state"), "overdue");
  EXPECT_EQ(text(o, "owner"), "eve");
}

TEST(desk_follow_ups, the_team_stands_in_for_who_is_gone) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer);
  for (const char* gone : {"ada,billing,deleted,\n",
                           "ada,billing,absent,\n",
                           "ada,billing,absent,2026-03-09\n",
                           "bob,billing,available,\n"}) {
    in.tables["agents"] = agents_of(gone);
    const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z"));
    EXPECT_EQ(text(o, "owner"), "team:billing") << gone;
    EXPECT_NE(text(o, "reason").find("'ada' is deleted or absent"), std::string::npos);
  }
  for (const char* there :
       {"ada,billing,available,\n", "ada,billing,away,\n", "ada,billing,absent,2026-03-01\n"}) {
    in.tables["agents"] = agents_of(there);
    EXPECT_EQ(text(follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z")), "owner"), "ada")
        << there;
  }
}

TEST(desk_follow_ups, the_owner_is_who_had_it_then_or_else_whom_the_answer_is_about) {
  const std::string moved =
      std::string(desk_follow_ups_log) + "t1,c,2026-03-02T11:00Z,assigned,bob,,,,,,\n";
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(moved, bad_answer),
                            desk_follow_ups_options("2026-03-02T13:00Z")),
                 "owner"),
            "bob");
  const std::string left =
      std::string(desk_follow_ups_log) + "t1,c,2026-03-02T11:00Z,unassigned,,,,,,,\n";
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(left, bad_answer),
                            desk_follow_ups_options("2026-03-02T13:00Z")),
                 "owner"),
            "ada");
  const std::string after =
      std::string(desk_follow_ups_log) + "t1,c,2026-03-02T12:30Z,assigned,bob,,,,,,\n";
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(after, bad_answer),
                            desk_follow_ups_options("2026-03-02T13:00Z")),
                 "owner"),
            "ada");
}

TEST(desk_follow_ups, the_owner_may_be_named_by_the_rule) {
  constexpr std::string_view named = R"({"follow_ups":{"detractor":{"within":60,"owner":"lead"}}})";
  EXPECT_EQ(text(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                            desk_follow_ups_options("2026-03-02T13:00Z", named)),
                 "owner"),
            "lead");
}

TEST(desk_follow_ups, without_an_agent_or_a_team_one_says_that_it_needs_an_owner) {
  const outcome o = follow_ups(desk_follow_ups_inputs_of("t1,c,2026-03-02T09:00Z,created,,,,,,,\n",
                                                         "d,2026-03-02T12:00Z,NPS,2,,,a1\n"),
                               desk_follow_ups_options("2026-03-02T13:00Z"));
  EXPECT_EQ(text(o, "owner"), "");
  EXPECT_NE(text(o, "reason").find("give it an owner"), std::string::npos);
}

TEST(desk_follow_ups, a_resolution_with_much_at_risk_opens_one) {
  auto in = desk_follow_ups_inputs_of(std::string(desk_follow_ups_log) +
                                      "t2,d,2026-03-02T09:00Z,created,,,,,,,\n"
                                      "t2,d,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
                                      "t3,e,2026-03-02T09:00Z,created,,,,,,,\n"
                                      "t3,e,2026-03-02T10:00Z,resolved,ada,,,,,,\n");
  in.tables["scores"] = test::table_of("customer,clv,churn_probability\nc,1000,.1\nd,1000,.05\n");
  const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z"));
  ASSERT_EQ(rows_in(o), 1U);  // d has 50 at risk, of e nothing is known
  EXPECT_EQ(text(o, "follow_up"), "resolved_high_value/t1/2026-03-02T10:00:00Z");
  EXPECT_EQ(text(o, "owner"), "ada");
  EXPECT_EQ(time_in(o, "due"), "2026-03-05T10:00:00Z");
}

TEST(desk_follow_ups, a_resolution_that_was_reopened_opens_none) {
  auto in = desk_follow_ups_inputs_of(std::string(desk_follow_ups_log) +
                                      "t1,c,2026-03-02T11:00Z,message_in,,,,,,,\n");
  in.tables["scores"] = test::table_of("customer,clv_at_risk\nc,500\n");
  EXPECT_EQ(rows_in(follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z"))), 0U);
}

TEST(desk_follow_ups, a_breach_opens_one_whether_it_was_said_as_breach_or_as_missed) {
  constexpr std::string_view head =
      "ticket,customer,time,clock,kind,due,started,elapsed_minutes,target_minutes,agent\n";
  constexpr std::string_view breach =
      "t1,c,2026-03-02T09:30Z,first_response,breach,2026-03-02T09:30Z,2026-03-02T09:00Z,30,30,"
      "ada\n";
  constexpr std::string_view missed =
      "t1,c,2026-03-02T10:00Z,first_response,missed,2026-03-02T09:30Z,2026-03-02T09:00Z,60,30,"
      "ada\n";
  constexpr std::string_view warning =
      "t1,c,2026-03-02T09:20Z,resolution,warning,2026-03-02T09:40Z,2026-03-02T09:00Z,20,40,ada\n";
  const std::string all = std::string(breach) + std::string(missed) + std::string(warning);
  for (const std::string& said : {all, std::string(missed)}) {
    auto in = desk_follow_ups_inputs_of(desk_follow_ups_log);
    in.tables["clock_events"] = test::table_of(std::string(head) + said, "clock_events");
    const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T10:30Z"));
    ASSERT_EQ(rows_in(o), 1U);
    EXPECT_EQ(text(o, "follow_up"), "breach/t1/first_response/2026-03-02T09:00:00Z");
    EXPECT_EQ(text(o, "owner"), "team:billing");
    EXPECT_EQ(time_in(o, "opened"), "2026-03-02T09:30:00Z");
    EXPECT_EQ(time_in(o, "due"), "2026-03-02T13:30:00Z");
  }
}

TEST(desk_follow_ups, a_breach_that_was_said_later_than_as_of_opens_none) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log);
  in.tables["clock_events"] = test::table_of(
      "ticket,customer,time,clock,kind,due,started,elapsed_minutes,target_minutes\n"
      "t1,c,2026-03-02T10:00Z,first_response,missed,2026-03-02T09:30Z,2026-03-02T09:00Z,60,30\n",
      "clock_events");
  EXPECT_EQ(rows_in(follow_ups(in, desk_follow_ups_options("2026-03-02T09:45Z"))), 0U);
  EXPECT_EQ(rows_in(follow_ups(in, desk_follow_ups_options("2026-03-02T10:00Z"))), 1U);
}

TEST(desk_follow_ups, the_order_of_rows_changes_no_bit) {
  constexpr std::string_view said =
      "c,2026-03-02T12:00Z,CSAT,1,t1,,a1\nd,2026-03-02T12:00Z,NPS,1,,,a2\n";
  constexpr std::string_view records =
      "detractor/a1,c,2026-03-02T12:10Z,opened,detractor,t1,ada,2026-03-02T14:00Z,x\n"
      "detractor/a1,c,2026-03-02T12:20Z,cancelled,,,,,\n"
      "detractor/a1,c,2026-03-02T12:30Z,done,,,,,called\n";
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, said);
  in.tables["follow_ups"] = recorded(records);
  auto other = desk_follow_ups_inputs_of(test::turned(desk_follow_ups_log), test::turned(said));
  other.tables["follow_ups"] = recorded(test::turned(records));
  const outcome a = follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z"));
  test::expect_same_tables(a, follow_ups(other, desk_follow_ups_options("2026-03-02T13:00Z")));
  EXPECT_EQ(text(a, "state", row_of(a, "follow_up", "detractor/a1")), "done");
}

TEST(desk_follow_ups, what_is_long_ago_opens_none) {
  EXPECT_EQ(rows_in(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                               desk_follow_ups_options("2026-06-01"))),
            0U);
  EXPECT_EQ(rows_in(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                               desk_follow_ups_options(
                                   "2026-06-01", desk_follow_ups_rules, R"(,"window_days":365)"))),
            1U);
}

TEST(desk_follow_ups, without_rules_there_are_none) {
  EXPECT_EQ(rows_in(follow_ups(desk_follow_ups_inputs_of(desk_follow_ups_log, bad_answer),
                               desk_follow_ups_options("2026-03-02T13:00Z", "{}"))),
            0U);
}

TEST(desk_follow_ups, one_is_of_the_customer_behind_the_address_and_keeps_its_key) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, "mail:c,2026-03-02T12:00Z,NPS,1,,,\n");
  const std::string before =
      text(follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z")), "follow_up");
  in.tables["identities"] = test::identities_of("c,mail:c,2026-03-02T12:30Z,1\n");
  const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z"));
  EXPECT_EQ(text(o, "customer"), "c");
  EXPECT_EQ(text(o, "follow_up"), before);
}

TEST(desk_follow_ups, one_goes_back_with_a_link_that_is_taken_back) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log, "mail:c,2026-03-02T12:00Z,NPS,1,,,\n");
  in.tables["identities"] = test::identities_of("c,mail:c,2026-03-02T12:30Z,1\n");
  in.tables["follow_ups"] =
      follow_ups(in, desk_follow_ups_options("2026-03-02T13:00Z")).tables.at("records");
  in.tables["identities"] =
      test::identities_of("c,mail:c,2026-03-02T12:30Z,1\nc,mail:c,2026-03-02T13:10Z,0\n");
  const outcome o = follow_ups(in, desk_follow_ups_options("2026-03-02T13:30Z"));
  EXPECT_EQ(text(o, "customer"), "mail:c");
  EXPECT_EQ(rows_in(o, "records"), 0U);
}

TEST(desk_follow_ups, a_recorded_kind_that_is_none_is_refused_by_row) {
  auto in = desk_follow_ups_inputs_of(desk_follow_ups_log);
  in.tables["follow_ups"] = recorded("x,c,2026-03-02T13:00Z,finished,,,,,\n");
  const std::string told =
      test::complaint_of([&] { follow_ups(in, desk_follow_ups_options("2026-03-02T14:00Z")); });
  EXPECT_NE(told.find("row 1, column 'kind': 'finished'"), std::string::npos) << told;
}

}  // namespace
}  // namespace clv::desk
