#include "rules.hpp"

namespace clv::test {
namespace {

TEST(feedback_reward, encloses_a_thank_you_with_a_survey) {
  const auto made = ask("feedback_reward", {{"survey_sent", yes()}, {"days_since_order", 5}});
  ASSERT_EQ(actions(made), "feedback_reward.thank_you");
  EXPECT_EQ(made[0].category, "research");
  EXPECT_EQ(made[0].benefit, 0);        // not paid for responding,
  EXPECT_EQ(made[0].contact_cost, 26);  // but enclosed for everyone
  EXPECT_EQ(made[0].flags, CLV_PROPOSAL_HAS_P0 + 0U);
  EXPECT_EQ(made[0].response_p0, .1);  // of an answer, not of a purchase
  EXPECT_EQ(made[0].reason,
            "A survey is out 5 days after the last order: enclose a small thank-you, whatever the "
            "answer will be.");
}

TEST(feedback_reward, gives_it_once_per_survey) {
  EXPECT_TRUE(ask("feedback_reward", {{"days_since_order", 5}}).empty());
  fact no(0);
  no.type = CLV_T_I64;
  EXPECT_TRUE(ask("feedback_reward", {{"survey_sent", no}}).empty());
}

TEST(feedback_reward, cannot_depend_on_the_score_because_it_does_not_read_it) {
  const std::string manifest = entry_of("feedback_reward")->manifest_json;
  EXPECT_EQ(manifest.find("csat"), std::string::npos);
  EXPECT_EQ(manifest.find("nps"), std::string::npos);
  const told asked{{"survey_sent", yes()}};
  const auto expected = ask("feedback_reward", asked);
  for (const double score : {0., 5., 10.}) {
    EXPECT_EQ(ask("feedback_reward", with(with(asked, "csat", score), "nps", score)), expected);
  }
}

TEST(feedback_reward, reads_settings_as_json_writes_numbers) {
  const told asked{{"survey_sent", yes()}};
  const auto cost = [&](const std::string& config) {
    return ask("feedback_reward", asked, config).front().contact_cost;
  };
  EXPECT_EQ(cost(R"({"reward_minor": 40})"), 41);
  EXPECT_EQ(cost(R"({ "reward_minor" : 4e1 , "email_cost_minor":2.5E0})"), 43);
  EXPECT_EQ(cost(R"({"reward_minor": 4000E-2})"), 41);
  EXPECT_EQ(ask("feedback_reward", asked, R"({"effect_mean": -0.125})")[0].effect_mean, -.125);
  plugin_instance twice(entry_of("feedback_reward"), R"({"reward_minor": 1, "reward_minor": 2})");
  EXPECT_EQ(twice.created(), CLV_E_INVALID);
  EXPECT_EQ(twice.said(),
            "setting 'reward_minor' must be a number within its range, and given once");
}

}  // namespace
}  // namespace clv::test
