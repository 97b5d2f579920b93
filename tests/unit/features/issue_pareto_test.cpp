#include "features/reports.hpp"
#include "tables.hpp"

namespace clv {
namespace {

using test::complaint;
using test::run;
using test::texts;
using test::value_of;

// Delivery is mentioned most, by customers with little to lose; billing costs the most.
std::shared_ptr<const table> tickets() {
  return texts({"customer", "time", "topics"},
               {{"a", "2020-03-01", "delivery"},
                {"b", "2020-03-02", "delivery"},
                {"c", "2020-03-03", "delivery; billing"},
                {"a", "2020-03-04", "delivery"},
                {"big", "2020-03-05", "billing"},
                {"new", "2020-03-06", "billing"}});
}

std::shared_ptr<const table> values() {
  return texts({"customer", "clv", "churn_probability"},
               {{"a", "100", ".1"}, {"b", "100", ".2"}, {"c", "100", ".3"}, {"big", "1000", ".5"}});
}

std::string topic(const table& t, std::size_t row) {
  return std::string(t.get("topic", type::utf8).text(row));
}

TEST(issue_pareto, weights_change_the_order) {
  const outcome plain =
      run(issue_pareto_report, {{"feedback", tickets()}}, R"({"weights":"none"})");
  EXPECT_EQ(topic(*plain.tables.at(""), 0), "delivery");
  const outcome weighed = run(issue_pareto_report, {{"feedback", tickets()}, {"values", values()}});
  EXPECT_EQ(topic(*weighed.tables.at(""), 0), "billing");
}

TEST(issue_pareto, each_customer_counts_once_per_issue) {
  const outcome out = run(issue_pareto_report, {{"feedback", tickets()}, {"values", values()}});
  const table& t = *out.tables.at("");
  const auto cell = [&](const char* topic, const char* name) {
    return *value_of(t, "topic", topic, name);
  };
  EXPECT_EQ(cell("delivery", "complaints"), 4);
  EXPECT_EQ(cell("delivery", "customers"), 3);
  EXPECT_DOUBLE_EQ(cell("delivery", "at_risk"), 10 + 20 + 30);
  EXPECT_DOUBLE_EQ(cell("billing", "at_risk"), 30 + 500);
  EXPECT_EQ(cell("billing", "customers_without_value"), 1);
  EXPECT_DOUBLE_EQ(cell("billing", "share"), 530.0 / 590);
  EXPECT_DOUBLE_EQ(cell("delivery", "cumulative_share"), 1);
  EXPECT_EQ(cell("billing", "rank"), 1);
  EXPECT_EQ(cell("billing", "rank_by_complaints"), 2);
}

TEST(issue_pareto, praise_is_no_complaint) {
  const auto feedback =
      texts({"customer", "time", "topics", "kind", "score"},
            {{"a", "2020-03-01", "speed", "CSAT", "5"}, {"b", "2020-03-01", "price", "CSAT", "1"}});
  const outcome out = run(issue_pareto_report, {{"feedback", feedback}}, R"({"weights":"none"})");
  EXPECT_EQ(out.tables.at("")->rows(), 1U);
  EXPECT_EQ(topic(*out.tables.at(""), 0), "price");
}

TEST(issue_pareto, a_rising_issue_is_called_rising) {
  std::vector<std::vector<std::string>> rows;
  for (int month = 0; month < 6; ++month) {
    for (int i = 0; i <= month * 2; ++i) {
      rows.push_back(
          {"c" + std::to_string(i), "2020-0" + std::to_string(month + 1) + "-15", "app"});
    }
    rows.push_back({"d", "2020-0" + std::to_string(month + 1) + "-15", "shop"});
  }
  const outcome out = run(issue_pareto_report,
                          {{"feedback", texts({"customer", "time", "topics"}, rows)}},
                          R"({"as_of":"2020-06-30","window_days":180,"weights":"none"})");
  const table& t = *out.tables.at("");
  EXPECT_EQ(test::text_of(t, "topic", "app", "trend"), "rising");
  EXPECT_EQ(test::text_of(t, "topic", "shop", "trend"), "none");
  EXPECT_EQ(value_of(t, "topic", "app", "trend_tau"), 1);
}

TEST(issue_pareto, values_without_risk_are_refused) {
  const auto bare = texts({"customer", "clv"}, {{"a", "5"}});
  EXPECT_EQ(complaint([&] {
              run(issue_pareto_report, {{"feedback", tickets()}, {"values", bare}});
            }),
            "report 'issue_pareto': table 'values' has neither clv_at_risk nor clv with "
            "churn_probability or p_alive");
}

TEST(issue_pareto, complaints_after_the_date_do_not_count) {
  const outcome out = run(
      issue_pareto_report, {{"feedback", tickets()}}, R"({"as_of":"2020-03-01","weights":"none"})");
  EXPECT_EQ(value_of(*out.tables.at(""), "topic", "delivery", "complaints"), 1);
}

}  // namespace
}  // namespace clv
