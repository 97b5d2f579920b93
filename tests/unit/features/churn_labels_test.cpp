#include "features/reports.hpp"
#include "tables.hpp"

namespace clv {
namespace {

using test::complaint;
using test::run;
using test::sale;
using test::sales;
using test::value_of;

std::vector<sale> churn_labels_shop() {
  return {{"ann", "2010-01-01"},
          {"ann", "2010-03-31"},
          {"bob", "2010-01-05"},
          {"cem", "2010-02-01"},
          {"cem", "2010-04-01"},
          {"dan", "2010-01-31"},
          {"dan", "2010-02-15", -100},
          {"eve", "2010-02-20"}};
}

constexpr const char* february = R"({"as_of":"2010-01-31","horizon_days":60})";

// The window is 1 February to 1 April, both days with it.
TEST(churn_labels, no_purchase_in_the_horizon_is_churn) {
  const outcome out =
      run(churn_labels_report, {{"transactions", sales(churn_labels_shop())}}, february);
  const table& t = *out.tables.at("");
  EXPECT_EQ(t.rows(), 3U);  // cem and eve were not there yet
  EXPECT_EQ(value_of(t, "customer", "ann", "churned"), 0);
  EXPECT_EQ(value_of(t, "customer", "bob", "churned"), 1);
  EXPECT_EQ(value_of(t, "customer", "dan", "churned"), 1);  // a refund is no purchase
  EXPECT_EQ(out.tables.at("labels")->numbers("churn_rate")[0], 2.0 / 3);
}

TEST(churn_labels, features_see_nothing_of_the_horizon) {
  const outcome out =
      run(churn_labels_report, {{"transactions", sales(churn_labels_shop())}}, february);
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "ann", "frequency"), 1);
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "ann", "recency_days"), 30);
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "dan", "return_rate"), 0);
}

TEST(churn_labels, the_last_day_of_the_horizon_counts_and_the_next_does_not) {
  const std::vector<sale> rows{
      {"a", "2010-01-31"}, {"a", "2010-02-10"}, {"b", "2010-01-31"}, {"b", "2010-02-11"}};
  const outcome out = run(churn_labels_report,
                          {{"transactions", sales(rows)}},
                          R"({"as_of":"2010-01-31","horizon_days":10})");
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "a", "churned"), 0);
  EXPECT_EQ(value_of(*out.tables.at(""), "customer", "b", "churned"), 1);
}

TEST(churn_labels, what_follows_the_horizon_changes_nothing) {
  auto later = churn_labels_shop();
  later.push_back({"bob", "2010-04-02"});
  const outcome a =
      run(churn_labels_report, {{"transactions", sales(churn_labels_shop())}}, february);
  const outcome b = run(churn_labels_report, {{"transactions", sales(later)}}, february);
  EXPECT_EQ(a.tables.at("")->fingerprint(), b.tables.at("")->fingerprint());
}

TEST(churn_labels, a_horizon_that_the_log_does_not_cover_is_refused) {
  const std::string said = complaint([] {
    run(churn_labels_report,
        {{"transactions", sales(churn_labels_shop())}},
        R"({"as_of":"2010-01-31","horizon_days":61})");
  });
  EXPECT_NE(said.find("the log ends on 2010-04-01"), std::string::npos) << said;
}

TEST(churn_labels, the_default_date_is_the_horizon_before_the_end_of_the_log) {
  const outcome out = run(churn_labels_report,
                          {{"transactions", sales(churn_labels_shop())}},
                          R"({"horizon_days":60})");
  EXPECT_EQ(out.tables.at("labels")->integers("as_of", type::time)[0], test::instant("2010-02-01"));
}

TEST(churn_labels, only_active_customers_can_be_asked_for) {
  const outcome out = run(churn_labels_report,
                          {{"transactions", sales(churn_labels_shop())}},
                          R"({"as_of":"2010-01-31","horizon_days":60,"active_days":10})");
  EXPECT_EQ(out.tables.at("")->rows(), 1U);  // dan bought on the last day
}

}  // namespace
}  // namespace clv
