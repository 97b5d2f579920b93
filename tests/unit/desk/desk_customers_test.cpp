// What the desk tells the gate and the plugins of a customer.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "clv/decide.hpp"
#include "desk/care/customer_standing.hpp"
#include "desk/reports.hpp"
#include "features/reports.hpp"
#include "retention/gate/customer_facts.hpp"

namespace clv::desk {
namespace {

using test::number;
using test::row_of;
using test::rows_in;

constexpr std::string_view rules = R"({"severities":["low","normal","high","critical"],)"
                                   R"("policies":[{"name":"all","first_response":30}]})";

constexpr std::string_view log =
    "t1,c,2026-03-02T09:00Z,created,,,,low,,,\n"
    "t1,c,2026-03-02T09:10Z,message_out,ada,,,,,,12\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,3\n"
    "t2,c,2026-03-03T09:00Z,created,,,,high,,,\n"
    "t2,c,2026-03-03T09:20Z,message_out,ada,,,,,,\n"
    "t3,c,2026-03-03T10:00Z,created,,,,normal,,,\n"
    "t3,c,2026-03-03T10:20Z,message_out,ada,,,,,,20\n"
    "t4,d,2026-03-02T09:00Z,created,,,,low,,,\n"
    "t4,d,2026-03-02T09:20Z,message_out,bob,,,,,,\n"
    "t4,d,2026-03-02T10:00Z,resolved,bob,,,,,,\n";

std::string options(std::string_view as_of, std::string_view more = "") {
  return R"({"desk":)" + std::string(rules) + R"(,"as_of":")" + std::string(as_of) + "\"" +
         std::string(more) + "}";
}

report_inputs inputs_of(std::string_view events, std::string_view feedback = "") {
  report_inputs in;
  in.tables["ticket_events"] = test::events_of(events);
  if (!feedback.empty()) in.tables["feedback"] = test::feedback_of(feedback);
  return in;
}

outcome customers(report_inputs in, const std::string& options_json) {
  return test::run_report(desk_customers_report, std::move(in), options_json);
}

double of(const outcome& o, std::string_view customer, std::string_view column) {
  return number(o, column, row_of(o, "customer", customer));
}
bool unknown(const outcome& o, std::string_view customer, std::string_view column) {
  return test::absent(o, column, row_of(o, "customer", customer));
}

TEST(desk_customers, counts_open_tickets_and_the_gravest_of_them) {
  const outcome o = customers(inputs_of(log), options("2026-03-04T10:00Z"));
  EXPECT_EQ(of(o, "c", "open_tickets"), 2);
  EXPECT_EQ(of(o, "c", "ticket_severity"), 3);
  EXPECT_EQ(of(o, "d", "open_tickets"), 0);
  EXPECT_TRUE(unknown(o, "d", "ticket_severity"));
  EXPECT_EQ(of(o, "d", "days_since_resolution"), 2);
}

TEST(desk_customers, severity_is_1_to_4_however_many_levels_there_are) {
  desk_policy desk;
  desk.severities = {"a", "b", "c"};
  EXPECT_EQ(severity_from_1_to_4(desk, "a"), 1);
  EXPECT_EQ(severity_from_1_to_4(desk, "b"), 2.5);
  EXPECT_EQ(severity_from_1_to_4(desk, "c"), 4);
  EXPECT_EQ(severity_from_1_to_4(desk, "z"), std::nullopt);
  desk.severities = {"only"};
  EXPECT_EQ(severity_from_1_to_4(desk, "only"), 1);
}

TEST(desk_customers, a_grave_open_ticket_is_an_open_complaint_until_it_is_resolved) {
  const outcome open = customers(inputs_of(log), options("2026-03-04T10:00Z"));
  EXPECT_EQ(of(open, "c", "complaint_open"), 1);
  EXPECT_EQ(of(open, "d", "complaint_open"), 0);
  const std::string done = std::string(log) + "t2,c,2026-03-04T09:00Z,resolved,ada,,,,,,\n";
  EXPECT_EQ(of(customers(inputs_of(done), options("2026-03-04T10:00Z")), "c", "complaint_open"), 0);
}

TEST(desk_customers, so_is_a_ticket_of_a_category_of_complaints) {
  const std::string more = std::string(log) + "t5,d,2026-03-03T09:00Z,created,,,complaint,low,,,\n";
  EXPECT_EQ(of(customers(inputs_of(more), options("2026-03-04T10:00Z")), "d", "complaint_open"), 1);
  EXPECT_EQ(of(customers(inputs_of(more),
                         options("2026-03-04T10:00Z", R"(,"complaint_categories":["claim"])")),
               "d",
               "complaint_open"),
            0);
}

TEST(desk_customers, a_bad_answer_is_a_complaint_until_it_is_settled) {
  constexpr std::string_view bad = "d,2026-03-03,CSAT,1,t4,,a1\n";
  auto in = inputs_of(log, bad);
  EXPECT_EQ(of(customers(in, options("2026-03-04")), "d", "complaint_open"), 1);
  EXPECT_EQ(of(customers(in, options("2026-03-20")), "d", "complaint_open"), 0);  // 14 days
  in.tables["follow_ups"] = test::table_of(
      "follow_up,customer,time,kind\ndetractor/a1,d,2026-03-03T12:00Z,done\n", "follow_ups");
  EXPECT_EQ(of(customers(in, options("2026-03-04")), "d", "complaint_open"), 0);
  const std::string again = std::string(log) +
                            "t4,d,2026-03-03T10:00Z,message_in,,,,,,,\n"
                            "t4,d,2026-03-03T11:00Z,resolved,bob,,,,,,\n";
  EXPECT_EQ(of(customers(inputs_of(again, bad), options("2026-03-04")), "d", "complaint_open"), 0);
}

TEST(desk_customers, a_broken_promise_is_known_while_it_lasts_and_some_days_more) {
  const std::string late = "t9,e,2026-03-02T09:00Z,created,,,,low,,,\n";
  const std::string answered = late + "t9,e,2026-03-02T12:00Z,message_out,ada,,,,,,\n";
  const auto breached = [](std::string_view events, std::string_view as_of) {
    return of(customers(inputs_of(events), options(as_of)), "e", "sla_breached");
  };
  EXPECT_EQ(breached(late, "2026-03-02T09:29Z"), 0);
  EXPECT_EQ(breached(late, "2026-03-02T10:00Z"), 1);
  EXPECT_EQ(breached(late, "2026-06-02T10:00Z"), 1);
  EXPECT_EQ(breached(answered, "2026-03-03"), 1);
  EXPECT_EQ(breached(answered, "2026-03-20"), 0);
  EXPECT_EQ(of(customers(inputs_of(log), options("2026-03-04")), "d", "sla_breached"), 0);
}

TEST(desk_customers, scores_are_the_last_ones_on_the_scales_that_plugins_expect) {
  const auto feedback = test::table_of(
      "customer,time,kind,score,scale\n"
      "d,2026-03-01,CSAT,5,\n"
      "d,2026-03-02,CSAT,10,10\n"
      "d,2026-03-03,NPS,9,\n"
      "d,2026-03-02T12:00Z,NPS,2,\n",
      "feedback");
  auto in = inputs_of(log);
  in.tables["feedback"] = feedback;
  const outcome o = customers(in, options("2026-03-04"));
  EXPECT_EQ(of(o, "d", "csat"), 5);
  EXPECT_EQ(of(o, "d", "nps"), 9);
  EXPECT_EQ(of(o, "d", "days_since_feedback"), 1);
  EXPECT_TRUE(unknown(o, "c", "csat"));
  EXPECT_TRUE(unknown(o, "c", "days_since_feedback"));
}

// csat_rescue would say "rated us 1 of 5, today" of an answer of last year.
TEST(desk_customers, a_score_that_is_older_than_the_last_feedback_is_left_out) {
  const outcome o = customers(inputs_of(log, "d,2025-03-01,CSAT,1,,,a1\nd,2026-03-03,NPS,8,,,a2\n"),
                              options("2026-03-04"));
  EXPECT_TRUE(unknown(o, "d", "csat"));
  EXPECT_EQ(of(o, "d", "nps"), 8);
  EXPECT_EQ(of(o, "d", "days_since_feedback"), 1);
}

TEST(desk_customers, a_survey_waits_until_it_is_answered_or_old) {
  const std::string sent = std::string(log) + "t4,d,2026-03-02T11:00Z,survey_sent,,,,,,,\n";
  const auto waits = [](std::string_view events, std::string_view said, std::string_view as_of) {
    return of(customers(inputs_of(events, said), options(as_of)), "d", "survey_sent");
  };
  EXPECT_EQ(waits(log, "", "2026-03-04"), 0);
  EXPECT_EQ(waits(sent, "", "2026-03-04"), 1);
  EXPECT_EQ(waits(sent, "d,2026-03-01,CSAT,5,,,a0\n", "2026-03-04"), 1);
  EXPECT_EQ(waits(sent, "d,2026-03-03,CSAT,5,t4,,a1\n", "2026-03-04"), 0);
  EXPECT_EQ(waits(sent, "", "2026-03-20"), 0);
}

TEST(desk_customers, cost_is_minutes_of_the_last_ticket_at_the_price_of_who_worked) {
  auto in = inputs_of(log);
  EXPECT_TRUE(unknown(customers(in, options("2026-03-04")), "c", "ticket_cost"));
  in.tables["agents"] = test::table_of("agent,cost_hour\nada,30\n", "agents");
  const outcome o = customers(in, options("2026-03-04"));
  EXPECT_EQ(of(o, "c", "ticket_cost"), 1000);  // t3: 20 minutes at 30 EUR an hour, in cents
  EXPECT_EQ(o.tables.at("")->find("ticket_cost")->unit(), "EUR");
  EXPECT_TRUE(unknown(o, "d", "ticket_cost"));  // nobody said how long it took
  const outcome early = customers(in, options("2026-03-02T12:00Z"));
  EXPECT_EQ(of(early, "c", "ticket_cost"), 750);  // t1: 15 minutes
}

TEST(desk_customers, cost_of_agents_without_a_price_is_the_options) {
  const outcome o =
      customers(inputs_of(log), options("2026-03-04", R"(,"cost_hour":60,"currency":"USD")"));
  EXPECT_EQ(of(o, "c", "ticket_cost"), 2000);
  EXPECT_EQ(o.tables.at("")->find("ticket_cost")->unit(), "USD");
  auto in = inputs_of(log);
  in.tables["agents"] = test::table_of("agent,cost_hour\nada,30\n", "agents");
  const std::string told =
      test::complaint_of([&] { customers(in, options("2026-03-04", R"(,"currency":"USD")")); });
  EXPECT_NE(told.find("table 'agents', EUR"), std::string::npos) << told;
}

TEST(desk_customers, minutes_that_are_known_to_be_none_cost_nothing) {
  auto in = inputs_of(
      "t1,c,2026-03-02T09:00Z,created,,,,low,,,\n"
      "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,0\n");
  in.tables["agents"] = test::table_of("agent,cost_hour\nada,30\n", "agents");
  EXPECT_EQ(of(customers(in, options("2026-03-04")), "c", "ticket_cost"), 0);
}

TEST(desk_customers, one_person_on_four_channels_is_one_row) {
  auto in = inputs_of(
      "t1,mail:c,2026-03-02T09:00Z,created,,,,low,,,\n"
      "t2,tel:c,2026-03-02T09:00Z,created,,,,low,,,\n"
      "t3,chat:c,2026-03-02T09:00Z,created,,,,low,,,\n"
      "t4,c,2026-03-02T09:00Z,created,,,,low,,,\n");
  in.tables["identities"] =
      test::identities_of("c,mail:c,2026-01-01,1\nc,tel:c,2026-01-01,1\nc,chat:c,2026-01-01,1\n");
  const outcome o = customers(in, options("2026-03-02T09:10Z"));
  ASSERT_EQ(rows_in(o), 1U);
  EXPECT_EQ(of(o, "c", "open_tickets"), 4);
}

TEST(desk_customers, the_order_of_rows_changes_no_bit) {
  constexpr std::string_view said = "d,2026-03-03,CSAT,1,t4,,a1\nc,2026-03-03,NPS,9,,,a2\n";
  test::expect_same_tables(
      customers(inputs_of(log, said), options("2026-03-04")),
      customers(inputs_of(test::turned(log), test::turned(said)), options("2026-03-04")));
}

// What was recorded of somebody who has neither tickets nor answers any more (an address that was
// linked to a customer since) is taken back; others' facts are no reason for a row.
TEST(desk_customers, clears_what_is_true_no_more) {
  auto in = inputs_of(log);
  in.tables["customers"] =
      test::table_of("customer,open_tickets,csat,orders\nmail:c,2,1,\nstranger,,,7\n", "customers");
  const outcome o = customers(in, options("2026-03-04"));
  EXPECT_EQ(rows_in(o), 3U);
  EXPECT_EQ(of(o, "mail:c", "open_tickets"), 0);
  EXPECT_TRUE(unknown(o, "mail:c", "csat"));
  // Only its own columns: orders and tags of the CRM stay as they are.
  EXPECT_EQ(o.tables.at("")->find("orders"), nullptr);
}

// The gate reads the table as it is: an open complaint stops marketing.
TEST(desk_customers, the_gate_holds_marketing_for_an_open_complaint) {
  const outcome o = customers(inputs_of(log), options("2026-03-04T10:00Z"));
  retention::people who;
  const retention::customer_facts facts(o.tables.at("").get(), nullptr, who);
  const auto held = [&](std::string_view id) {
    return facts.complaining(static_cast<std::uint32_t>(row_of(o, "customer", id)));
  };
  ASSERT_TRUE(held("c").has_value());
  EXPECT_EQ(held("c")->code, retention::reason_code::complaint_open);
  EXPECT_FALSE(held("d").has_value());
}

// Churn models learn from it as attributes beside the features of the same moment.
TEST(desk_customers, is_a_table_of_attributes_for_the_churn_features) {
  const outcome o = customers(inputs_of(log), options("2026-03-04T10:00Z"));
  const auto orders =
      test::table_of("customer,time,amount\nc,2026-01-05,10\nd,2026-01-06,10\n", "transactions");
  job vector =
      features_report.begin({.tables = {{"transactions", orders}, {"attributes", o.tables.at("")}}},
                            R"({"as_of":"2026-03-04T10:00Z"})");
  vector.run();
  EXPECT_EQ(number(vector.result(), "open_tickets", row_of(vector.result(), "customer", "c")), 2);
  EXPECT_EQ(number(vector.result(), "complaint_open", row_of(vector.result(), "customer", "c")), 1);
}

}  // namespace
}  // namespace clv::desk
