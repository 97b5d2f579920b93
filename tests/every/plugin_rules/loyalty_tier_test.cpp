#include "rules.hpp"

namespace clv::test {
namespace {

const told member{
    {"tier", "silver"}, {"tier_points", 900}, {"tier_gap", 100}, {"tier_margin_gain", minor(800)}};

TEST(loyalty_tier, helps_over_a_small_gap_with_at_most_a_share_of_what_it_earns) {
  const auto made = ask("loyalty_tier", member);
  ASSERT_EQ(actions(made), "loyalty_tier.perk");
  EXPECT_EQ(made[0].benefit, 400);
  EXPECT_EQ(made[0].benefit_kind, "points");
  EXPECT_EQ(made[0].reason,
            "Misses 100 of 1000 points for the next tier; membership earns EUR 8 a year: help with "
            "EUR 4 in points.");
  const auto rich = ask("loyalty_tier", with(member, "tier_margin_gain", minor(90'000)));
  EXPECT_EQ(rich[0].benefit, 500);
}

TEST(loyalty_tier, gives_no_perk_that_earns_nothing_or_is_far_away) {
  EXPECT_TRUE(ask("loyalty_tier", with(member, "tier_margin_gain", minor(0))).empty());
  EXPECT_TRUE(ask("loyalty_tier", without(member, "tier_margin_gain")).empty());
  EXPECT_TRUE(ask("loyalty_tier", with(member, "tier_gap", 500)).empty());
}

TEST(loyalty_tier, says_at_the_review_who_rises_and_who_stays) {
  const told due = with(member, "tier_review", yes());
  EXPECT_EQ(actions(ask("loyalty_tier", with(due, "tier_gap", 0))), "loyalty_tier.upgrade");
  EXPECT_EQ(actions(ask("loyalty_tier", with(due, "tier_gap", 500))), "loyalty_tier.keep");
  EXPECT_EQ(actions(ask("loyalty_tier", due)), "loyalty_tier.keep loyalty_tier.perk");
}

TEST(loyalty_tier, asks_a_person_about_a_member_whose_tier_loses_money) {
  const told due = with(with(member, "tier_review", yes()), "tier_margin_gain", minor(-2'500));
  const auto made = ask("loyalty_tier", due);
  ASSERT_EQ(actions(made), "loyalty_tier.downgrade");
  EXPECT_EQ(made[0].flags, std::uint32_t{CLV_PROPOSAL_NEEDS_APPROVAL});
  EXPECT_EQ(made[0].response_value, 2'500);
  EXPECT_EQ(made[0].benefit, 0);
}

}  // namespace
}  // namespace clv::test
