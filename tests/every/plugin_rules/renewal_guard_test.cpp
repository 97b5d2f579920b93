#include "rules.hpp"

namespace clv::test {
namespace {

const told contract{
    {"renewal_days", 45}, {"p_renew", .6}, {"contract_value", minor(120'000)}, {"plan_use", .2}};

TEST(renewal_guard, reviews_fits_the_plan_and_offers_a_term) {
  const auto made = ask("renewal_guard", contract);
  ASSERT_EQ(actions(made), "renewal_guard.review renewal_guard.plan_fit renewal_guard.term_offer");
  EXPECT_EQ(made[0].agent_minutes, 20);
  EXPECT_EQ(made[0].response_value, 60'000);
  EXPECT_EQ(made[1].message, R"({"plan": "smaller", "plan_use": 0.2})");
  EXPECT_EQ(made[2].response_value, 60'000);
  EXPECT_EQ(made[2].benefit, 6'000);  // 5 % of the price, to all who renew
  EXPECT_EQ(made[2].contact_cost, 1);
  EXPECT_EQ(made[2].discount_share, .05);
  EXPECT_EQ(made[2].worst_case, 12'001);  // two years of it, and the e-mail
  EXPECT_EQ(made[2].reason,
            "A contract of EUR 1200 ends in 45 days, renewed with a chance of 60 %: offer 5 % off "
            "for a longer term.");
}

TEST(renewal_guard, states_the_chance_of_a_renewal_as_that_of_the_response_where_it_is_known) {
  for (const proposed& p : ask("renewal_guard", contract)) {
    EXPECT_EQ(p.flags & CLV_PROPOSAL_HAS_P0, CLV_PROPOSAL_HAS_P0 + 0U) << p.action;
    EXPECT_EQ(p.response_p0, .6) << p.action;
  }
  for (const auto& unknown : {without(contract, "p_renew"), with(contract, "p_renew", 1.5)}) {
    for (const proposed& p : ask("renewal_guard", unknown)) {
      EXPECT_EQ(p.flags & CLV_PROPOSAL_HAS_P0, 0U) << p.action;
    }
  }
}

TEST(renewal_guard, says_that_nobody_knows_what_a_better_plan_does) {
  const auto made = ask("renewal_guard", contract);
  EXPECT_EQ(the(made, "renewal_guard.plan_fit").effect_sd, 0);
  EXPECT_GT(the(made, "renewal_guard.review").effect_sd, 0);
}

TEST(renewal_guard, gives_no_discount_to_those_who_renew_anyway) {
  EXPECT_EQ(actions(ask("renewal_guard", with(contract, "p_renew", .91))),
            "renewal_guard.review renewal_guard.plan_fit");
  EXPECT_EQ(actions(ask("renewal_guard", without(contract, "p_renew"))),
            "renewal_guard.review renewal_guard.plan_fit");
}

TEST(renewal_guard, fits_a_plan_that_is_too_small_and_leaves_one_that_fits) {
  const auto made = ask("renewal_guard", with(contract, "plan_use", 1.3));
  EXPECT_NE(the(made, "renewal_guard.plan_fit").reason.find("used to 130 %: offer a larger plan."),
            std::string::npos);
  EXPECT_EQ(actions(ask("renewal_guard", with(contract, "plan_use", .7))),
            "renewal_guard.review renewal_guard.term_offer");
}

TEST(renewal_guard, acts_one_to_two_months_before) {
  EXPECT_TRUE(ask("renewal_guard", with(contract, "renewal_days", 29)).empty());
  EXPECT_FALSE(ask("renewal_guard", with(contract, "renewal_days", 30)).empty());
  EXPECT_FALSE(ask("renewal_guard", with(contract, "renewal_days", 60)).empty());
  EXPECT_TRUE(ask("renewal_guard", with(contract, "renewal_days", 61)).empty());
}

}  // namespace
}  // namespace clv::test
