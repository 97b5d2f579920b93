// Reports desk_triage and desk_rank: the order of work with every part of the number.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "desk/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::text;

constexpr std::string_view log_of_three =
    "ticket,customer,time,kind,agent,category,severity,subject,outage,event_id\n"
    "T1,ann@x,2026-01-05T09:00Z,created,,billing,low,Where is my invoice,,e1\n"
    "T2,bob,2026-01-05T09:30Z,created,,network,high,Everything is DOWN,1,e2\n"
    "T2,bob,2026-01-05T09:40Z,assigned,kim,,,,,e3\n"
    "T3,cat,2026-01-05T08:00Z,created,,network,high,slow,,e4\n"
    "T3,cat,2026-01-05T08:10Z,message_out,kim,,,,,e5\n"
    "T3,cat,2026-01-05T08:11Z,waiting_customer,kim,,,,,e6\n"
    "T4,dan,2026-01-05T08:00Z,created,,network,high,slow,,e7\n"
    "T4,dan,2026-01-05T08:10Z,resolved,kim,,,,,e8\n"
    "T4,dan,2026-01-05T08:20Z,split,kim,,,,,e9\n";

constexpr std::string_view desk = R"({"severities": ["low", "high"],
  "policies": [{"name": "all", "first_response": 120, "tiers": {"vip": {"first_response": 60}}}],
  "priority": {"delay_cost": {"low": 1, "high": 6}, "words": {"down": 8}, "outage_cost": 30,
               "churn_per_hour": 0.01, "ageing": 0.5, "handle_minutes": 30}})";

report_inputs inputs(std::string_view log = log_of_three) {
  report_inputs in;
  in.tables["ticket_events"] = test::table_of(log, "ticket_events");
  return in;
}

std::string options(std::string_view more = "") {
  return R"({"as_of": "2026-01-05T10:00Z", "desk": )" + std::string(desk) + std::string(more) + "}";
}

TEST(desk_triage, ranks_what_waits_for_us) {
  const outcome out = run_report(desk_triage_report, inputs(), options());
  ASSERT_EQ(out.tables.at("")->rows(), 2u) << "T3 waits for the customer, T4 is resolved";
  EXPECT_EQ(text(out, "ticket", 0), "T2");
  EXPECT_EQ(text(out, "ticket", 1), "T1");
  EXPECT_EQ(number(out, "rank", 1), 2);
  EXPECT_EQ(text(out, "agent", 0), "kim");
  EXPECT_TRUE(test::absent(out, "agent", 1));
  EXPECT_TRUE(test::absent(out, "clv_at_risk", 0));
  EXPECT_EQ(number(out, "severity_cost", 0), 6);
  EXPECT_EQ(number(out, "words_cost", 0), 8);
  EXPECT_EQ(number(out, "outage_cost", 0), 30);
  EXPECT_EQ(number(out, "wait_minutes", 0), 30);
  EXPECT_EQ(number(out, "slack_minutes", 0), 90);
  EXPECT_EQ(text(out, "minutes_source", 0), "policy");
  EXPECT_EQ(
      text(out, "reason", 0),
      "It is an outage (30.00 an hour) and its subject says 'down' (8.00 an hour); 30 minutes "
      "of work left.");
}

TEST(desk_triage, refuses_a_severity_that_the_rules_do_not_name) {
  const auto with_severity = [](std::string_view kind) {
    return "ticket,customer,time,kind,severity,event_id\nT1,a,2026-01-05T09:00Z,created,low,e1\n"
           "T1,a,2026-01-05T09:10Z,changed,urgent,e2\nT1,a,2026-01-05T09:20Z," +
           std::string(kind) + ",,e3\n";
  };
  try {
    run_report(desk_triage_report, inputs(with_severity("note")), options());
    FAIL() << "it was taken";
  } catch (const error& e) {
    EXPECT_EQ(e.details().message,
              "table 'ticket_events': row 2, ticket 'T1', column 'severity': 'urgent' is not one "
              "of the rules' severities (low, high)");
  }
  // Levels change; a ticket that is done keeps the word of its time.
  EXPECT_NO_THROW(run_report(desk_triage_report, inputs(with_severity("resolved")), options()));
}

TEST(desk_triage, has_parts_that_sum_to_the_number_in_every_row) {
  report_inputs in = inputs();
  in.tables["scores"] = test::table_of("customer,clv_at_risk\nann@x,250\nbob,100\n");
  const outcome out = run_report(desk_triage_report, in, options());
  for (std::size_t row = 0; row < 2; ++row) {
    double cost = 0;
    for (const char* part :
         {"severity_cost", "words_cost", "outage_cost", "sla_cost", "value_cost"}) {
      cost += number(out, part, row);
    }
    EXPECT_DOUBLE_EQ(number(out, "delay_cost", row), cost);
    EXPECT_DOUBLE_EQ(number(out, "index", row),
                     cost / (number(out, "minutes_left", row) / 60) + number(out, "ageing", row));
  }
  EXPECT_EQ(number(out, "clv_at_risk", 1), 250);
  EXPECT_DOUBLE_EQ(number(out, "value_cost", 1), 2.5);
}

TEST(desk_triage, knows_the_customer_behind_an_address) {
  report_inputs in = inputs();
  in.tables["identities"] = test::table_of(
      "customer,identity,time,kind,linked\nann,ann@x,2026-01-01,email,1\n", "identities");
  in.tables["scores"] = test::table_of("customer,clv_at_risk\nann,250\n");
  in.tables["segments"] =
      test::table_of("customer,scheme,segment\nann,value_tier,vip\n", "segments");
  const outcome out = run_report(desk_triage_report, in, options());
  ASSERT_EQ(text(out, "ticket", 1), "T1");
  EXPECT_EQ(text(out, "customer", 1), "ann");
  EXPECT_EQ(number(out, "clv_at_risk", 1), 250);
  EXPECT_EQ(number(out, "slack_minutes", 1), 0) << "the target of the tier vip";
  EXPECT_EQ(number(out, "sla_cost", 1), 10);
}

TEST(desk_triage, gives_the_first_ones_only_when_asked) {
  const outcome out = run_report(desk_triage_report, inputs(), options(R"(, "top": 1)"));
  ASSERT_EQ(out.tables.at("")->rows(), 1u);
  EXPECT_EQ(text(out, "ticket"), "T2");
}

TEST(desk_triage, sets_aside_what_cannot_have_happened) {
  const outcome out = run_report(desk_triage_report, inputs(), options());
  ASSERT_EQ(out.tables.at("refused")->rows(), 1u);
  EXPECT_EQ(number(out, "row", 0, "refused"), 9);
  EXPECT_EQ(text(out, "ticket", 0, "refused"), "T4");
}

TEST(desk_triage, does_not_depend_on_the_order_of_rows) {
  std::string reversed(log_of_three.substr(0, log_of_three.find('\n') + 1));
  std::string_view rest = log_of_three.substr(reversed.size());
  std::string rows;
  while (!rest.empty()) {
    const auto end = rest.find('\n') + 1;
    rows.insert(0, std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  const auto first = run_report(desk_triage_report, inputs(), options());
  const auto second = run_report(desk_triage_report, inputs(reversed + rows), options());
  EXPECT_EQ(first.tables.at("")->fingerprint(), second.tables.at("")->fingerprint());
}

// Two endless indices share nothing, and nobody would get either ticket.
TEST(desk_triage, refuses_a_value_at_risk_that_no_customer_has) {
  report_inputs in = inputs();
  in.tables["scores"] = test::table_of("customer,clv_at_risk\nann,5\nbob,1e300\n");
  try {
    run_report(desk_triage_report, in, "{}");
    ADD_FAILURE() << "1e300 was taken";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2, column 'clv_at_risk': '1e+300'"),
              std::string::npos)
        << e.what();
  }
}

TEST(desk_triage, is_as_of_the_last_event_also_before_1970) {
  const report_inputs in = inputs(
      "ticket,customer,time,kind\na,ann,1970-01-01T00:00Z,created\n"
      "b,bob,1969-12-31T23:00Z,created\n");
  const outcome out = run_report(desk_triage_report, in, "{}");
  EXPECT_EQ(out.tables.at("")->rows(), 2U);
}

TEST(desk_triage, names_what_is_wrong_with_its_options) {
  EXPECT_THROW(desk_triage_report.begin(inputs(), R"({"top": -1})"), error);
  EXPECT_THROW(desk_triage_report.begin(inputs(), R"({"desk": {"priority": {"ageing": -1}}})"),
               error);
}

outcome rank(std::string_view csv, std::string_view more = "{}") {
  report_inputs in;
  in.tables["tickets"] = test::table_of(csv);
  return run_report(desk_rank_report, in, more);
}

TEST(desk_rank, orders_by_cost_over_work) {
  const outcome out = rank("ticket,delay_cost,minutes\na,6,60\nb,5,30\nc,1,60\n");
  EXPECT_EQ(text(out, "ticket", 0), "b");
  EXPECT_EQ(text(out, "ticket", 1), "a");
  EXPECT_EQ(text(out, "ticket", 2), "c");
  EXPECT_DOUBLE_EQ(number(out, "index", 0), 10);
  EXPECT_TRUE(test::absent(out, "severity_cost")) << "the whole was given, not its parts";
  EXPECT_EQ(text(out, "minutes_source"), "given");
}

TEST(desk_rank, says_the_same_as_triage_of_the_same_facts) {
  const outcome all = run_report(desk_triage_report, inputs(), options());
  const outcome out = rank(
      "ticket,severity,subject,outage,slack_minutes,wait_minutes\n"
      "T1,low,Where is my invoice,,60,60\nT2,high,Everything is DOWN,1,90,30\n",
      R"({"desk": )" + std::string(desk) + "}");
  for (std::size_t row = 0; row < 2; ++row) {
    EXPECT_EQ(text(out, "ticket", row), text(all, "ticket", row));
    EXPECT_EQ(text(out, "reason", row), text(all, "reason", row));
    for (const char* name : {"index",
                             "delay_cost",
                             "severity_cost",
                             "words_cost",
                             "outage_cost",
                             "sla_cost",
                             "ageing",
                             "minutes_left",
                             "beyond_bound"}) {
      EXPECT_EQ(number(out, name, row), number(all, name, row)) << name;
    }
  }
}

TEST(desk_rank, takes_parts_as_they_are_given) {
  const outcome out = rank("ticket,sla_cost,value_cost,minutes\na,1,2,60\nb,3,,60\n");
  EXPECT_EQ(number(out, "delay_cost", 0), 3);
  EXPECT_EQ(number(out, "delay_cost", 1), 3);
  EXPECT_EQ(text(out, "ticket", 0), "a") << "equal numbers: by id";
  EXPECT_EQ(number(out, "severity_cost"), 0) << "nothing was said of severity";
}

TEST(desk_rank, lets_nobody_wait_beyond_the_bound) {
  const outcome out = rank("ticket,delay_cost,wait_minutes\na,1000,0\nb,0,100\nc,0,101\nd,0,99\n",
                           R"({"desk": {"priority": {"max_wait": 100}}})");
  EXPECT_EQ(text(out, "ticket", 0), "c");
  EXPECT_EQ(text(out, "ticket", 1), "b");
  EXPECT_EQ(text(out, "ticket", 2), "a");
  EXPECT_EQ(number(out, "beyond_bound", 1), 1);
  EXPECT_EQ(number(out, "beyond_bound", 2), 0);
}

std::string complaint(std::string_view csv) {
  try {
    rank(csv);
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

TEST(desk_rank, names_row_column_and_value_of_what_it_refuses) {
  EXPECT_NE(complaint("ticket,delay_cost\na,1\nb,-2\n").find("row 2, column 'delay_cost': -2"),
            std::string::npos);
  EXPECT_NE(complaint("ticket,delay_cost,minutes\na,1,-7\n").find("column 'minutes': -7"),
            std::string::npos);
  EXPECT_NE(complaint("ticket,delay_cost\na,1e308\n").find("row 1, column 'delay_cost': 1e+308"),
            std::string::npos);
  EXPECT_NE(complaint("ticket,delay_cost\na,1\na,2\n").find("'a'"), std::string::npos);
  EXPECT_NE(complaint("ticket,minutes\na,1\n").find("neither delay_cost nor a part"),
            std::string::npos);
}

}  // namespace
}  // namespace clv
