// What tickets are about: weights change the order, and a trend is claimed only where one can show.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "desk/reports.hpp"

namespace clv::test {
namespace {

std::shared_ptr<const table> tickets_of(const std::string& rows) {
  return table_of("ticket,customer,time,kind,category,subject,into\n" + rows, "ticket_events");
}

// Delivery comes most, from customers with little to lose; billing costs the most.
const char* const rows =
    "t1,a,2026-03-01,created,delivery,Where is my Order,\n"
    "t2,b,2026-03-02,created,delivery,order late,\n"
    "t3,a,2026-03-03,created,delivery,late again,\n"
    "t4,c,2026-03-04,created,delivery,late,\n"
    "t5,big,2026-03-05,created,billing,Wrong bill for the order,\n"
    "t6,new,2026-03-06,created,billing,bill,\n"
    "t7,a,2026-03-06,created,,no category,\n";
const char* const scores =
    "customer,clv,churn_probability\na,100,.1\nb,100,.2\nc,100,.3\nbig,1000,.5\n";

outcome topics(const std::string& events, const std::string& options, bool weighted = true) {
  report_inputs in{.tables = {{"ticket_events", tickets_of(events)}}};
  if (weighted) in.tables["scores"] = table_of(scores);
  return run_report(desk_topics_report, std::move(in), options);
}

TEST(desk_topics, weights_change_the_order) {
  const outcome plain = topics(rows, R"({"weights":"none"})");
  EXPECT_EQ(text(plain, "topic", 0), "delivery");
  const outcome weighed = topics(rows, "");
  EXPECT_EQ(text(weighed, "topic", 0), "billing");
  EXPECT_EQ(number(weighed, "rank_by_tickets", 0), 2);
  EXPECT_EQ(rows_in(weighed), 2U);
}

TEST(desk_topics, each_customer_counts_once_per_topic) {
  const outcome o = topics(rows, "");
  const std::size_t delivery = row_of(o, "topic", "delivery"),
                    billing = row_of(o, "topic", "billing");
  EXPECT_EQ(number(o, "tickets", delivery), 4);
  EXPECT_EQ(number(o, "customers", delivery), 3);
  EXPECT_DOUBLE_EQ(number(o, "at_risk", delivery), 10 + 20 + 30);
  EXPECT_DOUBLE_EQ(number(o, "at_risk", billing), 500);
  EXPECT_EQ(number(o, "customers_without_value", billing), 1);
  EXPECT_DOUBLE_EQ(number(o, "share", billing), 500.0 / 560);
  EXPECT_DOUBLE_EQ(number(o, "cumulative_share", delivery), 1);
}

TEST(desk_topics, words_of_subjects_are_topics_too) {
  const outcome o = topics(rows, R"({"by":"subject","weights":"none","ignore":["again","where"]})");
  EXPECT_EQ(number(o, "tickets", row_of(o, "topic", "order")), 3);
  EXPECT_EQ(number(o, "tickets", row_of(o, "topic", "late")), 3);
  EXPECT_EQ(number(o, "tickets", row_of(o, "topic", "bill")), 2);
  const table& t = *o.tables.at("");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    EXPECT_GE(t.get("topic", type::utf8).text(row).size(), 4U);
    EXPECT_NE(t.get("topic", type::utf8).text(row), "again");
  }
  EXPECT_EQ(rows_in(topics(rows, R"({"by":"subject","least":3})")), 2U);
}

TEST(desk_topics, a_merged_ticket_is_not_a_second_one) {
  const outcome o = topics(std::string(rows) + "t2,b,2026-03-07,merged,,,t1\n", "");
  EXPECT_EQ(number(o, "tickets", row_of(o, "topic", "delivery")), 3);
}

// In period p of `periods` of 30 days, p + 1 tickets.
std::string rising(int periods) {
  std::string all;
  int id = 0;
  for (int p = 0; p < periods; ++p) {
    for (int i = 0; i <= p; ++i) {
      const std::int64_t day = at("2026-01-01") / us_per_day + 30 * p + 15;
      all += "t" + std::to_string(id++) + ",a," + format_day(day) + ",created,app,,\n";
    }
  }
  return all;
}

std::string until(int periods) {
  const std::int64_t day = at("2026-01-01") / us_per_day + 30 * periods;
  return R"({"as_of":")" + format_day(day) + R"(","window_days":)" + std::to_string(30 * periods) +
         "}";
}

TEST(desk_topics, a_rising_topic_is_called_rising_when_five_periods_say_so) {
  const outcome five = topics(rising(5), until(5), false);
  EXPECT_EQ(text(five, "trend"), "rising");
  EXPECT_EQ(number(five, "trend_tau"), 1);
  EXPECT_EQ(number(five, "trend_p_value"), number(five, "trend_least_p_value"));
}

TEST(desk_topics, four_periods_have_no_power_and_say_so) {
  const outcome four = topics(rising(4), until(4), false);
  EXPECT_EQ(text(four, "trend"), "no power");
  // The strictest order of four: S = 6, variance 26/3: p = 2 (1 - Phi(5 / sqrt(26/3))).
  EXPECT_NEAR(number(four, "trend_least_p_value"), 0.0894, 1e-4);
  bool said = false;
  for (const issue& n : four.notes) said = said || n.message.find("4 periods") == 0;
  EXPECT_TRUE(said);
}

TEST(desk_topics, one_outburst_among_silence_has_no_power) {
  // Six periods, five of them empty: no order of 0 0 0 0 0 9 is significant.
  std::string all;
  for (int i = 0; i < 9; ++i) all += "t" + std::to_string(i) + ",a,2026-06-15,created,app,,\n";
  EXPECT_EQ(text(topics(all, until(6), false), "trend"), "no power");
}

TEST(desk_topics, tickets_after_the_date_do_not_count) {
  const outcome o = topics(rows, R"({"as_of":"2026-03-02","weights":"none"})");
  EXPECT_EQ(number(o, "tickets"), 2);
}

}  // namespace
}  // namespace clv::test
