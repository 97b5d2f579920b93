#include "rules.hpp"

namespace clv::test {
namespace {

TEST(blanket_20pct, gives_everyone_a_fifth_and_says_what_that_costs) {
  const auto made = ask("blanket_20pct", {{"expected_spend", fact(42, "EUR")}});
  ASSERT_EQ(actions(made), "blanket_20pct.discount");
  EXPECT_EQ(made[0].discount_share, .2);
  EXPECT_EQ(made[0].benefit, 840);
  EXPECT_EQ(made[0].worst_case, 4'200);
  EXPECT_EQ(made[0].reason, "Everyone gets 20 % off, here EUR 8.40 of an order of EUR 42.");
}

// expected profit = tau (V - delta) - p0 delta - c: from its own numbers, for whoever might buy.
TEST(blanket_20pct, loses_money_by_its_own_numbers_at_any_usual_margin) {
  const proposed p = ask("blanket_20pct", {{"expected_spend", fact(42, "EUR")}}).front();
  for (const double margin : {.2, .4, .6, .8}) {
    for (const double p0 : {.1, .3, .6}) {
      const double value = margin * 4'200, given = static_cast<double>(p.benefit);
      EXPECT_LT(p.effect_mean * (value - given) - p0 * given - 1, 0) << margin << " " << p0;
    }
  }
}

}  // namespace
}  // namespace clv::test
