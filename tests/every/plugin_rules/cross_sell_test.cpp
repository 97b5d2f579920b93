#include "rules.hpp"

namespace clv::test {
namespace {

const told buyer{{"next_category", "garden \"tools\""},
                 {"next_category_p", .2},
                 {"next_category_margin", minor(1'500)},
                 {"next_category_support", 400},
                 {"next_category_lift_low", 1.2},
                 {"days_since_order", 20}};

TEST(cross_sell, shows_the_category_that_goes_with_the_purchase) {
  const auto made = ask("cross_sell", buyer);
  ASSERT_EQ(actions(made), "cross_sell.category");
  EXPECT_EQ(made[0].response_value, 1'500);
  EXPECT_DOUBLE_EQ(made[0].effect_mean, .02);  // a tenth more than the 20 % who would anyway
  EXPECT_EQ(made[0].message, R"({"category": "garden \"tools\""})");
  EXPECT_EQ(made[0].reason,
            "Ordered 20 days ago; 400 customers with the same purchases also bought 'garden "
            "\"tools\"', which earns EUR 15.");
}

TEST(cross_sell, needs_support_and_a_lift_that_is_not_chance) {
  EXPECT_TRUE(ask("cross_sell", with(buyer, "next_category_support", 29)).empty());
  EXPECT_TRUE(ask("cross_sell", with(buyer, "next_category_lift_low", 1)).empty());
  EXPECT_TRUE(ask("cross_sell", without(buyer, "next_category_lift_low")).empty());
  EXPECT_TRUE(ask("cross_sell", with(buyer, "next_category_margin", minor(0))).empty());
}

TEST(cross_sell, waits_while_anything_is_open_at_the_desk) {
  EXPECT_TRUE(ask("cross_sell", with(buyer, "complaint_open", yes())).empty());
  EXPECT_TRUE(ask("cross_sell", with(buyer, "open_tickets", 1)).empty());
  EXPECT_FALSE(ask("cross_sell", with(buyer, "open_tickets", 0)).empty());
}

TEST(cross_sell, comes_neither_with_the_parcel_nor_months_later) {
  EXPECT_TRUE(ask("cross_sell", with(buyer, "days_since_order", 6)).empty());
  EXPECT_TRUE(ask("cross_sell", with(buyer, "days_since_order", 46)).empty());
  EXPECT_TRUE(ask("cross_sell", without(buyer, "days_since_order")).empty());
}

}  // namespace
}  // namespace clv::test
