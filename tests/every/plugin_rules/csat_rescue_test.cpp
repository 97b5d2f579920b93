#include "rules.hpp"

namespace clv::test {
namespace {

const told unhappy{{"csat", 2},
                   {"days_since_feedback", 3},
                   {"ticket_cost", minor(800)},
                   {"clv_p10", fact(90, "EUR")}};

std::vector<proposed> rescue(const told& story, const std::string& config = "{}") {
  return ask("csat_rescue", story, config);
}

TEST(csat_rescue, follows_up_says_sorry_and_offers_a_credit) {
  const auto made = rescue(unhappy);
  ASSERT_EQ(actions(made), "csat_rescue.follow_up csat_rescue.apology csat_rescue.credit");
  for (const proposed& p : made) EXPECT_EQ(p.category, "service");
  EXPECT_EQ(made[0].reason, "Rated our service 2 of 5, 3 days ago: call within 8 business hours.");
  EXPECT_EQ(made[2].reason,
            "Rated our service 2 of 5, 3 days ago: say sorry with a credit of EUR 4 on the next "
            "order; the case cost EUR 8.");
  EXPECT_EQ(made[0].response_value, 9'000);
}

TEST(csat_rescue, acts_on_a_low_recommendation_or_a_broken_promise_too) {
  EXPECT_FALSE(rescue({{"nps", 6}, {"days_since_feedback", 3}}).empty());
  EXPECT_EQ(rescue({{"sla_breached", yes()}})[0].reason,
            "Waited longer than we promise: call within 8 business hours.");
  EXPECT_TRUE(rescue({{"sla_breached", yes()}, {"days_since_resolution", 100}}).empty());
  EXPECT_TRUE(rescue({{"nps", 7}, {"csat", 3}, {"days_since_feedback", 3}}).empty());
}

TEST(csat_rescue, leaves_old_scores_and_those_of_unknown_age_alone) {
  EXPECT_TRUE(rescue(with(unhappy, "days_since_feedback", 15)).empty());
  EXPECT_TRUE(rescue(without(unhappy, "days_since_feedback")).empty());
}

TEST(csat_rescue, credits_at_most_a_share_of_what_the_case_cost) {
  EXPECT_EQ(the(rescue(unhappy), "csat_rescue.credit").benefit, 400);
  EXPECT_EQ(the(rescue(with(unhappy, "ticket_cost", minor(90'000))), "csat_rescue.credit").benefit,
            1'000);
  EXPECT_EQ(rescue(unhappy, R"({"credit_share": 0})").size(), 2U);
  EXPECT_EQ(rescue(without(unhappy, "ticket_cost")).size(), 2U);
}

TEST(csat_rescue, offers_the_same_whatever_the_low_score_is) {
  auto worse = rescue(with(unhappy, "csat", 1)), bad = rescue(unhappy);
  ASSERT_EQ(worse.size(), bad.size());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    worse[i].reason = bad[i].reason;  // which names the score
    EXPECT_EQ(worse[i], bad[i]);
    EXPECT_EQ(bad[i].message.find("score"), std::string::npos);  // nothing is asked in return
  }
}

}  // namespace
}  // namespace clv::test
