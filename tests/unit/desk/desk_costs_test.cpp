// What tickets cost, and that the value formula sees it.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "clv/error.hpp"
#include "desk/reports.hpp"
#include "value/reports.hpp"

namespace clv::test {
namespace {

const char* const log_rows =
    "t1,x,2026-03-02T10:00,created,,,billing,,,,\n"
    "t1,x,2026-03-02T10:05,assigned,ana,,,,,,\n"
    "t1,x,2026-03-02T10:30,message_out,,,,,,,10\n"
    "t1,x,2026-03-02T11:00,worked,bob,,,,,,7\n"
    "t2,y,2026-03-02T11:00,created,,,login,,,,\n"
    "t2,y,2026-03-02T12:00,worked,cid,,,,,,30\n";

std::shared_ptr<const table> agents() {
  return table_of("agent,status,cost_hour\nana,deleted,30\nbob,available,45.50\ncid,available,\n",
                  "agents");
}

outcome costs(const std::string& options = "", const std::string& events = log_rows) {
  return run_report(desk_costs_report,
                    {.tables = {{"ticket_events", events_of(events)}, {"agents", agents()}}},
                    options);
}

std::int64_t minor(const outcome& o, std::size_t row) {
  return o.tables.at("costs")->integers("amount", type::money)[row];
}

TEST(desk_costs, minutes_cost_what_the_agent_costs) {
  const outcome o = costs();
  ASSERT_EQ(rows_in(o, "costs"), 2U);
  EXPECT_EQ(minor(o, 0), 500);  // 10 minutes of ana at 30: who had the ticket
  EXPECT_EQ(minor(o, 1), 531);  // 7 minutes of bob at 45.50: 5.3083
  EXPECT_EQ(number(o, "cost", row_of(o, "ticket", "t1")), 10.31);
  EXPECT_EQ(number(o, "agents", row_of(o, "ticket", "t1")), 2);
  EXPECT_EQ(o.tables.at("costs")->get("amount", type::money).unit(), "EUR");
}

TEST(desk_costs, an_hour_without_a_cost_is_said_and_not_taken_for_free) {
  const outcome o = costs();
  const std::size_t row = row_of(o, "ticket", "t2");
  EXPECT_TRUE(absent(o, "cost", row));
  EXPECT_EQ(number(o, "minutes_without_cost", row), 30);
  ASSERT_EQ(o.notes.size(), 1U);
  EXPECT_NE(o.notes[0].message.find("30 minutes"), std::string::npos);
  const outcome priced = costs(R"({"cost_hour":24})");
  EXPECT_EQ(number(priced, "cost", row_of(priced, "ticket", "t2")), 12);
  EXPECT_TRUE(priced.notes.empty());
}

TEST(desk_costs, halves_go_to_the_even_cent) {
  // 1 minute at 3.90 is 6.5 cents, at 5.10 8.5 cents.
  const std::string event =
      "t1,x,2026-03-02T10:00,created,,,,,,,\nt1,x,2026-03-02T10:01,worked,d,,,,,,1\n";
  EXPECT_EQ(minor(costs(R"({"cost_hour":3.9})", event), 0), 6);
  EXPECT_EQ(minor(costs(R"({"cost_hour":5.1})", event), 0), 8);
}

TEST(desk_costs, the_same_minutes_have_the_same_id_in_every_window) {
  const std::string twice = std::string(log_rows) + "t1,x,2026-03-02T11:00,worked,bob,,,,,,8\n";
  const outcome all = costs("", twice);
  const outcome late = costs(R"({"from":"2026-03-02T11:00Z"})", twice);
  ASSERT_EQ(rows_in(all, "costs"), 3U);
  ASSERT_EQ(rows_in(late, "costs"), 2U);
  for (std::size_t row = 0; row < 2; ++row) {
    EXPECT_EQ(text(late, "event_id", row, "costs"), text(all, "event_id", row + 1, "costs"));
  }
  EXPECT_NE(text(all, "event_id", 1, "costs"), text(all, "event_id", 2, "costs"));
}

TEST(desk_costs, hours_without_a_currency_are_refused) {
  try {
    run_report(desk_costs_report,
               {.tables = {{"ticket_events", events_of(log_rows)}}},
               R"({"cost_hour":9})");
    FAIL();
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("currency"), std::string::npos);
  }
}

TEST(desk_costs, the_formula_of_value_reads_them_as_service_cost) {
  const auto summary =
      table_of("customer,x,t_x,T,revenue\nx,3,20,52,100\ny,1,10,52,50\n", "summary");
  const outcome said = costs(R"({"cost_hour":24})");
  const outcome o =
      run_report(formula_elements_report,
                 {.tables = {{"summary", summary}, {"costs", said.tables.at("costs")}}},
                 R"({"retention":0.5})");
  // 22.31 over two customers' 52 weeks each.
  EXPECT_NEAR(number(o, "value", row_of(o, "element", "service_cost")),
              22.31 / (2 * 52 * 7 / 365.25),
              1e-9);
}

}  // namespace
}  // namespace clv::test
