#include "rules.hpp"

namespace clv::test {
namespace {

const told fresh{{"x", 0}, {"days_since_order", 24}, {"second_order_day", 28}};

TEST(second_order, reminds_first_time_customers_around_the_day_of_most_second_orders) {
  const auto made = ask("second_order", fresh);
  ASSERT_EQ(actions(made), "second_order.nudge second_order.benefit");
  EXPECT_EQ(made[0].benefit, 0);
  EXPECT_EQ(made[0].reason,
            "First order 24 days ago; those who order again mostly do so around day 28.");
  EXPECT_TRUE(ask("second_order", with(fresh, "days_since_order", 22)).empty());
  EXPECT_FALSE(ask("second_order", with(fresh, "days_since_order", 33)).empty());
  EXPECT_TRUE(ask("second_order", with(fresh, "days_since_order", 34)).empty());
}

TEST(second_order, leaves_the_benefit_to_exploration) {
  const auto made = ask("second_order", fresh);
  EXPECT_EQ(made[1].effect_sd, 0);  // unknown
  EXPECT_EQ(made[1].benefit, 300);
  EXPECT_GT(made[0].effect_sd, 0);
  EXPECT_EQ(ask("second_order", fresh, R"({"benefit_minor": 0})").size(), 1U);
}

TEST(second_order, is_not_for_those_who_came_back_nor_where_the_day_is_not_known) {
  EXPECT_TRUE(ask("second_order", with(fresh, "x", 1)).empty());
  EXPECT_TRUE(ask("second_order", without(fresh, "x")).empty());
  EXPECT_TRUE(ask("second_order", without(fresh, "second_order_day")).empty());
}

TEST(second_order, takes_the_age_in_the_unit_of_the_model_where_the_crm_says_nothing) {
  const told aged = without(fresh, "days_since_order");
  EXPECT_EQ(ask("second_order", with(aged, "T", fact(4, "week")))[0].reason,
            "First order 28 days ago; those who order again mostly do so around day 28.");
  EXPECT_FALSE(ask("second_order", with(aged, "T", fact(28, "day"))).empty());
  EXPECT_TRUE(ask("second_order", with(aged, "T", fact(28, "moon"))).empty());
}

}  // namespace
}  // namespace clv::test
