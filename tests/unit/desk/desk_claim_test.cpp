// One ticket to one agent: the report desk_claim.
#include <gtest/gtest.h>

#include <string>

#include "routing_support.hpp"

namespace clv {
namespace {

using test::number;
using test::options;
using test::run_report;
using test::table_of;
using test::text;

constexpr const char* log_of_events = R"(ticket,customer,time,kind,channel,agent,into,language
T1,ada,2026-03-02T09:00Z,created,chat,,,de
T2,bob,2026-03-02T09:00Z,created,chat,,,en
T2,bob,2026-03-02T09:01Z,assigned,,anna,,
T3,cid,2026-03-02T09:00Z,created,mail,,,
T3,cid,2026-03-02T09:02Z,resolved,,,,
T4,cid,2026-03-02T09:00Z,created,mail,,,
T4,cid,2026-03-02T09:03Z,merged,,,T1,
)";

report_inputs desk_claim_inputs() {
  report_inputs in;
  in.tables["ticket_events"] = table_of(log_of_events, "ticket_events");
  in.tables["agents"] = table_of(
      "agent,team,languages,channels,status\n"
      "anna,first,de;en,chat:1,\nbert,first,de,chat:1;mail:1,\nolga,second,en,,\n"
      "gone,,,,deleted\nill,,,,absent\n",
      "agents");
  return in;
}

std::string claimed_by(const char* agent, const char* ticket, const char* more = "") {
  return options("{}",
                 R"("as_of": "2026-03-02T10:00Z", "ticket": ")" + std::string(ticket) +
                     R"(", "agent": ")" + agent + "\"" + more);
}

// "code: reason", and whether it was granted and recorded.
std::string ruling(const outcome& o) {
  const bool granted = number(o, "granted") == 1;
  const bool recorded = o.tables.at("events")->rows() == 1;
  return text(o, "code") + (granted ? " granted" : "") + (recorded ? " recorded" : "");
}

TEST(desk_claim, gives_a_ticket_that_nobody_has) {
  const outcome o = run_report(desk_claim_report, desk_claim_inputs(), claimed_by("bert", "T1"));
  EXPECT_EQ(ruling(o), "GRANTED granted recorded");
  EXPECT_EQ(text(o, "ticket", 0, "events"), "T1");
  EXPECT_EQ(text(o, "customer", 0, "events"), "ada");
  EXPECT_EQ(text(o, "kind", 0, "events"), "assigned");
  EXPECT_EQ(text(o, "agent", 0, "events"), "bert");
  EXPECT_EQ(number(o, "automatic", 0, "events"), 0) << "somebody asked for it";
}

TEST(desk_claim, refuses_what_another_has_and_says_who) {
  const outcome o = run_report(desk_claim_report, desk_claim_inputs(), claimed_by("olga", "T2"));
  EXPECT_EQ(ruling(o), "TAKEN");
  EXPECT_EQ(text(o, "reason"), "anna has it");
  const outcome over = run_report(
      desk_claim_report, desk_claim_inputs(), claimed_by("olga", "T2", R"(, "override": true)"));
  EXPECT_EQ(ruling(over), "TAKEN") << "override asks no rule, but takes nothing from others";
}

TEST(desk_claim, records_nothing_when_one_has_it_already) {
  const outcome o = run_report(desk_claim_report, desk_claim_inputs(), claimed_by("anna", "T2"));
  EXPECT_EQ(ruling(o), "ALREADY granted") << "full as her chats are";
}

TEST(desk_claim, refuses_what_is_not_active) {
  EXPECT_EQ(
      text(run_report(desk_claim_report, desk_claim_inputs(), claimed_by("bert", "T3")), "reason"),
      "it is resolved");
  const outcome o = run_report(desk_claim_report, desk_claim_inputs(), claimed_by("bert", "T4"));
  EXPECT_EQ(ruling(o), "NOT_ACTIVE");
  EXPECT_EQ(text(o, "reason"), "it is merged into 'T1'");
}

TEST(desk_claim, asks_the_rules_unless_they_are_overridden) {
  const auto code = [](const char* agent, const char* more) {
    return ruling(
        run_report(desk_claim_report, desk_claim_inputs(), claimed_by(agent, "T1", more)));
  };
  EXPECT_EQ(code("anna", ""), "CAPACITY");
  EXPECT_EQ(code("olga", ""), "LANGUAGE");
  EXPECT_EQ(code("ill", ""), "ABSENT");
  EXPECT_EQ(code("gone", ""), "DELETED");
  const char* over = R"(, "override": true)";
  EXPECT_EQ(code("anna", over), "OVERRIDE granted recorded");
  EXPECT_EQ(code("ill", over), "OVERRIDE granted recorded");
  EXPECT_EQ(code("gone", over), "DELETED");
}

TEST(desk_claim, wins_once_when_two_ask_one_after_the_other) {
  report_inputs in = desk_claim_inputs();
  const outcome first = run_report(desk_claim_report, in, claimed_by("bert", "T1"));
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *first.tables.at("events"));
  const outcome second =
      run_report(desk_claim_report, in, claimed_by("anna", "T1", R"(, "override": true)"));
  EXPECT_EQ(ruling(second), "TAKEN");
  EXPECT_EQ(ruling(run_report(desk_claim_report, in, claimed_by("bert", "T1"))), "ALREADY granted");
}

// Two hosts whose clocks differ: the slow one comes second and must see what was recorded.
TEST(desk_claim, is_not_fooled_by_a_clock_that_is_slow) {
  report_inputs in = desk_claim_inputs();
  const outcome first = run_report(desk_claim_report, in, claimed_by("bert", "T1"));
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *first.tables.at("events"));
  const outcome second =
      run_report(desk_claim_report,
                 in,
                 options("{}", R"("as_of": "2026-03-02T09:30Z", "ticket": "T1", "agent": "anna")"));
  EXPECT_EQ(ruling(second), "TAKEN");
}

TEST(desk_claim, of_a_ticket_given_back_at_this_very_moment_counts) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(
      "ticket,customer,time,kind,agent\nT1,ada,2026-03-02T09:00Z,created,\n"
      "T1,ada,2026-03-02T09:00Z,assigned,anna\nT1,ada,2026-03-02T10:00Z,unassigned,\n",
      "ticket_events");
  in.tables["agents"] = table_of("agent\nanna\nbert\n", "agents");
  const outcome o = run_report(desk_claim_report, in, claimed_by("bert", "T1"));
  EXPECT_EQ(ruling(o), "GRANTED granted recorded");
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *o.tables.at("events"));
  EXPECT_EQ(ruling(run_report(desk_claim_report, in, claimed_by("anna", "T1"))), "TAKEN");
}

TEST(desk_claim, refuses_ids_that_nobody_knows) {
  const auto says = [](const char* agent, const char* ticket) {
    return test::complaint_of(
        [&] { run_report(desk_claim_report, desk_claim_inputs(), claimed_by(agent, ticket)); });
  };
  EXPECT_NE(says("bert", "T9").find("'T9' is not in table 'ticket_events'"), std::string::npos);
  EXPECT_NE(says("zoe", "T1").find("'zoe' is not in table 'agents'"), std::string::npos);
  EXPECT_NE(says("", "T1").find("agent"), std::string::npos);
}

}  // namespace
}  // namespace clv
