#include "rules.hpp"

namespace clv::test {
namespace {

const told promoter{{"nps", 9},
                    {"days_since_feedback", 10},
                    {"open_tickets", 0},
                    {"last_order_delivered", yes()},
                    {"referral_value", minor(5'000)}};

TEST(referral_ask, asks_a_promoter_when_all_is_well) {
  const auto made = ask("referral_ask", promoter);
  ASSERT_EQ(actions(made), "referral_ask.ask");
  EXPECT_EQ(made[0].reason,
            "Would recommend us (9 of 10), the last order has arrived and a friend is worth EUR "
            "50: ask.");
}

TEST(referral_ask, rewards_both_sides_within_a_share_of_what_a_friend_is_worth) {
  const proposed p = ask("referral_ask", promoter).front();
  EXPECT_EQ(p.response_value, 5'000);
  EXPECT_EQ(p.benefit, 1'500);     // .3 x 5000, a half for each
  EXPECT_EQ(p.worst_case, 1'501);  // and the e-mail
  EXPECT_EQ(p.flags, CLV_PROPOSAL_HAS_P0 + 0U);
  EXPECT_EQ(p.response_p0, .002);  // of a friend who comes unasked, not of a purchase
  EXPECT_EQ(p.message,
            R"({"reward_each_minor": 750, "currency": "EUR", )"
            R"("paid_after": "the friend's second paid order"})");
  const proposed rich =
      ask("referral_ask", with(promoter, "referral_value", minor(90'000))).front();
  EXPECT_EQ(rich.worst_case, 2'001);  // at most 1000 for each
}

TEST(referral_ask, leaves_those_alone_who_wait_for_something_or_said_less_than_nine) {
  EXPECT_TRUE(ask("referral_ask", with(promoter, "nps", 8)).empty());
  EXPECT_TRUE(ask("referral_ask", without(promoter, "nps")).empty());
  EXPECT_TRUE(ask("referral_ask", with(promoter, "open_tickets", 1)).empty());
  EXPECT_TRUE(ask("referral_ask", with(promoter, "complaint_open", yes())).empty());
  EXPECT_TRUE(ask("referral_ask", without(promoter, "last_order_delivered")).empty());
  EXPECT_TRUE(ask("referral_ask", with(promoter, "referrals_pending", 3)).empty());
  EXPECT_TRUE(ask("referral_ask", with(promoter, "days_since_feedback", 181)).empty());
}

TEST(referral_ask, aims_at_those_whose_friends_are_worth_something) {
  EXPECT_TRUE(ask("referral_ask", with(promoter, "referral_value", minor(1'999))).empty());
  EXPECT_TRUE(ask("referral_ask", without(promoter, "referral_value")).empty());
}

}  // namespace
}  // namespace clv::test
