#include "rules.hpp"

namespace clv::test {
namespace {

const told best{{"launch", "spring-2026"},
                {"segment", "high"},
                {"clv", fact(900, "EUR")},
                {"clv_p10", fact(300, "EUR")}};

TEST(early_access, invites_the_best_customers_to_a_seat_of_the_launch) {
  const auto made = ask("early_access", best);
  ASSERT_EQ(actions(made), "early_access.invite");
  EXPECT_EQ(made[0].resource, "seats.spring-2026");
  EXPECT_EQ(made[0].resource_units, 1);
  EXPECT_EQ(made[0].benefit_kind, "early_access");
  EXPECT_EQ(made[0].benefit, 0);
  EXPECT_EQ(made[0].reason,
            "Invite to 'spring-2026' before others: one of our best customers, expected to bring "
            "EUR 900.");
}

TEST(early_access, ranks_by_a_bar_where_one_is_set) {
  const std::string no_lot = R"({"threshold": 300, "draw_share": 0})";
  EXPECT_EQ(ask("early_access", with(best, "segment", "low"), no_lot).size(), 1U);
  EXPECT_TRUE(ask("early_access", with(best, "clv_p10", fact(299, "EUR")), no_lot).empty());
}

TEST(early_access, proposes_nothing_without_a_launch_or_with_a_name_that_would_be_cut) {
  EXPECT_TRUE(ask("early_access", without(best, "launch")).empty());
  EXPECT_TRUE(ask("early_access", with(best, "launch", "")).empty());
  const std::string endless(101, 'a');
  EXPECT_TRUE(ask("early_access", with(best, "launch", endless.c_str())).empty());
}

sample crowd(int n) {
  sample s;
  for (int i = 0; i < n; ++i) {
    s[std::string(who)].texts.push_back("c" + std::to_string(i));
    s[std::string(who)].known.push_back(true);
    s["launch"].texts.emplace_back("spring-2026");
    s["launch"].known.push_back(true);
    s["segment"].texts.emplace_back("low");
    s["segment"].known.push_back(true);
  }
  for (auto& [name, c] : s) c.type = CLV_T_UTF8;
  return s;
}

TEST(early_access, draws_a_share_of_the_others_and_says_that_their_effect_is_unknown) {
  const auto drawn = ask("early_access", crowd(2'000));
  // Binomial(2000, .1) has a standard deviation of 13.4; four of them.
  EXPECT_NEAR(static_cast<double>(drawn.size()), 200, 54);
  for (const proposed& p : drawn) {
    EXPECT_EQ(p.action, "early_access.draw");
    EXPECT_EQ(p.effect_sd, 0);
  }
  EXPECT_EQ(ask("early_access", crowd(2'000)), drawn);  // the lot can be drawn again
  EXPECT_TRUE(ask("early_access", crowd(100), R"({"draw_share": 0})").empty());
  EXPECT_EQ(ask("early_access", crowd(100), R"({"draw_share": 1})").size(), 100U);
}

}  // namespace
}  // namespace clv::test
