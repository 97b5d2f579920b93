#include "rules.hpp"

namespace clv::test {
namespace {

const told weekly{{"x", 10},
                  {"t_x", fact(70, "day")},
                  {"T", fact(91, "day")},
                  {"orders", 8},
                  {"discounted_orders", 2}};

TEST(buying_habits, counts_silence_in_the_customers_own_intervals) {
  EXPECT_DOUBLE_EQ(feature("buying_habits", "overdue", weekly), 3);
  EXPECT_DOUBLE_EQ(feature("buying_habits", "overdue", with(weekly, "T", fact(70, "day"))), 0);
  const told yearly{{"x", 3}, {"t_x", fact(1095, "day")}, {"T", fact(1116, "day")}};
  EXPECT_NEAR(feature("buying_habits", "overdue", yearly), 21. / 365, 1e-15);
}

TEST(buying_habits, knows_no_rhythm_without_a_repeat_purchase) {
  EXPECT_TRUE(std::isnan(feature("buying_habits", "overdue", with(weekly, "x", 0))));
  EXPECT_TRUE(std::isnan(feature("buying_habits", "overdue", without(weekly, "t_x"))));
  EXPECT_TRUE(std::isnan(feature("buying_habits", "overdue", with(weekly, "T", fact(60, "day")))));
}

TEST(buying_habits, bounds_what_a_long_silence_says) {
  const told gone = with(weekly, "T", fact(7000, "day"));
  EXPECT_DOUBLE_EQ(feature("buying_habits", "overdue", gone), 20);
  EXPECT_DOUBLE_EQ(feature("buying_habits", "overdue", gone, R"({"most_overdue": 5})"), 5);
}

TEST(buying_habits, counts_the_orders_that_used_a_discount) {
  EXPECT_DOUBLE_EQ(feature("buying_habits", "deal_share", weekly), .25);
  EXPECT_TRUE(std::isnan(feature("buying_habits", "deal_share", with(weekly, "orders", 2))));
  EXPECT_TRUE(
      std::isnan(feature("buying_habits", "deal_share", with(weekly, "discounted_orders", 9))));
}

}  // namespace
}  // namespace clv::test
