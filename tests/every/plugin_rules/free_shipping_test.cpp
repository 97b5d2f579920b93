#include "rules.hpp"

namespace clv::test {
namespace {

const told cart{{"cart_value", minor(4'200)},
                {"shipping_threshold", minor(5'000)},
                {"shipping_cost", minor(490)},
                {"order_value", minor(4'000)},
                {"order_cost", minor(2'400)},
                {"no_purchase", .7}};

TEST(free_shipping, offers_it_for_filling_up_a_cart_that_is_almost_there) {
  const auto made = ask("free_shipping", cart);
  ASSERT_EQ(actions(made), "free_shipping.threshold");
  EXPECT_EQ(made[0].benefit, 490);
  EXPECT_EQ(made[0].benefit_kind, "free_shipping");
  EXPECT_EQ(made[0].response_value, 2'000);  // 40 % of 5000
  EXPECT_EQ(made[0].expires_us, 1'767'225'600'000'000 + 2 * 86'400'000'000);
  EXPECT_EQ(made[0].reason,
            "The cart of EUR 42 is EUR 8 short of free shipping; filled, the order earns EUR 15.10 "
            "after it.");
}

TEST(free_shipping, leaves_carts_alone_that_are_full_or_far_away) {
  EXPECT_TRUE(ask("free_shipping", with(cart, "cart_value", minor(5'000))).empty());
  EXPECT_TRUE(ask("free_shipping", with(cart, "cart_value", minor(3'749))).empty());
  EXPECT_FALSE(ask("free_shipping", with(cart, "cart_value", minor(3'750))).empty());
}

TEST(free_shipping, keeps_a_margin_after_shipping) {
  // 5000 x 14.8 % - 490 = 250, which is the floor of 5 %.
  EXPECT_FALSE(ask("free_shipping", with(cart, "order_cost", minor(3'408))).empty());
  EXPECT_TRUE(ask("free_shipping", with(cart, "order_cost", minor(3'409))).empty());
  EXPECT_TRUE(ask("free_shipping", without(cart, "order_cost")).empty());  // not known
}

TEST(free_shipping, does_not_give_it_to_those_who_buy_anyway) {
  EXPECT_TRUE(ask("free_shipping", with(cart, "no_purchase", .4)).empty());
  EXPECT_TRUE(ask("free_shipping", without(cart, "no_purchase")).empty());
}

TEST(free_shipping, writes_amounts_of_currencies_without_cents) {
  const told yen{{"cart_value", minor(4'200, "JPY")},
                 {"shipping_threshold", minor(5'000, "JPY")},
                 {"shipping_cost", minor(490, "JPY")},
                 {"order_value", minor(4'000, "JPY")},
                 {"order_cost", minor(2'400, "JPY")},
                 {"no_purchase", .7}};
  EXPECT_EQ(ask("free_shipping", yen)[0].reason,
            "The cart of JPY 4200 is JPY 800 short of free shipping; filled, the order earns JPY "
            "1510 after it.");
}

}  // namespace
}  // namespace clv::test
