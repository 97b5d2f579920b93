#include "rules.hpp"

namespace clv::test {
namespace {

told lapsed(double p_alive, double x, double t_x, double T, const char* unit = "week") {
  return {{"p_alive", p_alive},
          {"x", x},
          {"t_x", fact(t_x, unit)},
          {"T", fact(T, unit)},
          {"clv", fact(120, "EUR")},
          {"mean_spend", fact(50, "EUR")},
          {"expected_spend", fact(60, "EUR")}};
}
const told late = lapsed(.4, 10, 10, 14);

std::vector<proposed> winback(const told& story, const std::string& config = "{}") {
  return ask("winback", story, config);
}

TEST(winback, writes_to_a_weekly_buyer_who_is_three_weeks_late) {
  EXPECT_FALSE(winback(late).empty());
}

TEST(winback, leaves_a_yearly_buyer_who_is_three_weeks_late_alone) {
  EXPECT_TRUE(winback(lapsed(.4, 3, 156, 156 + 52 + 3)).empty());
}

TEST(winback, leaves_customers_alone_who_are_probably_there_or_have_no_rhythm) {
  EXPECT_TRUE(winback(lapsed(.6, 10, 10, 14)).empty());  // p_alive
  EXPECT_TRUE(winback(lapsed(.4, 0, 0, 40)).empty());    // never came back
}

TEST(winback, offers_a_reminder_without_benefit_and_a_dearer_discount) {
  const auto made = winback(late);
  ASSERT_EQ(actions(made), "winback.nudge winback.discount");
  EXPECT_EQ(made[0].benefit, 0);
  EXPECT_EQ(made[0].benefit_kind, "");
  EXPECT_EQ(made[1].benefit, 500);
  EXPECT_EQ(made[1].benefit_kind, "discount");
  EXPECT_DOUBLE_EQ(made[1].discount_share, .1);  // EUR 5 of the careful order of EUR 50
  EXPECT_GT(made[1].effect_mean, made[0].effect_mean);
  EXPECT_EQ(made[0].effect_n, 0);  // an opinion
}

TEST(winback, only_reminds_while_a_reminder_may_still_do) {
  // (10 / 12)^10 = .16: late, but not so late that a reminder would have brought them back.
  EXPECT_EQ(actions(winback(lapsed(.4, 10, 10, 12))), "winback.nudge");
  EXPECT_EQ(winback(lapsed(.4, 10, 10, 12), R"({"discount_chance": 0.2})").size(), 2U);
}

TEST(winback, gives_at_most_a_share_of_what_the_order_earns) {
  const told small = with(late, "mean_spend", fact(20, "EUR"));
  EXPECT_EQ(the(winback(small), "winback.discount").benefit, 300);  // .5 x .3 x EUR 20
  const told yen =
      with(with(late, "mean_spend", fact(2000, "JPY")), "expected_spend", fact(2000, "JPY"));
  EXPECT_EQ(the(winback(yen), "winback.discount").benefit, 300);
  EXPECT_EQ(actions(winback(without(without(late, "mean_spend"), "expected_spend"))),
            "winback.nudge");  // nobody knows what an order earns
}

TEST(winback, gives_no_discount_to_those_who_buy_on_discount_only) {
  const told deals = with(with(late, "orders", 10), "discounted_orders", 8);
  EXPECT_EQ(actions(winback(deals)), "winback.nudge");
  EXPECT_EQ(winback(with(deals, "discounted_orders", 7)).size(), 2U);
  EXPECT_EQ(winback(with(with(deals, "orders", 2), "discounted_orders", 2)).size(), 2U);
}

TEST(winback, says_rhythm_and_silence_in_days_whatever_the_unit) {
  EXPECT_EQ(winback(lapsed(.1, 10, 90, 131, "day"))[0].reason,
            "Bought every 9 days, silent for 41; expected to bring EUR 120 more.");
  EXPECT_EQ(winback(lapsed(.1, 10, 20, 30))[0].reason,
            "Bought every 14 days, silent for 70; expected to bring EUR 120 more.");
  EXPECT_EQ(winback(lapsed(.1, 50, 50, 60, "day"))[0].reason,
            "Bought every day, silent for 10; expected to bring EUR 120 more.");
  EXPECT_EQ(winback(lapsed(.1, 10, 20, 30, ""))[0].reason,
            "Bought every 2 periods, silent for 10; expected to bring EUR 120 more.");
}

TEST(winback, takes_its_settings) {
  const auto made =
      winback(late, R"({"discount_minor": 700, "email_cost_minor":3,"horizon_days" : 14})");
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[1].benefit, 700);
  EXPECT_EQ(made[1].contact_cost, 3);
  EXPECT_EQ(made[1].horizon_us, 14 * 86'400'000'000);
  EXPECT_EQ(winback(late, R"({"discount_minor": 0})").size(), 1U);
  EXPECT_TRUE(winback(late, R"({"overdue_chance": 0.01})").empty());
  EXPECT_TRUE(winback(late, R"({"alive_below": 0.3})").empty());
}

TEST(winback, refuses_a_setting_given_twice) {
  plugin_instance mine(entry_of("winback"), R"({"horizon_days": 3, "horizon_days": 4})");
  EXPECT_EQ(mine.created(), CLV_E_INVALID);
  EXPECT_EQ(mine.said(), "winback: setting 'horizon_days' is given twice");
}

}  // namespace
}  // namespace clv::test
