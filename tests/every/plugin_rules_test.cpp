// What the sample plugins promise in their READMEs, beyond the battery of plugin_test.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugin_harness.hpp"

namespace clv::test {
namespace {

const clv_plugin_entry* entry_of(const std::string& path) {
  return load_entry(path, CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR));
}

struct client {
  double p_alive, x, t_x, T, clv = 120;
};

sample clients(const std::vector<client>& all, const std::string& unit) {
  sample s;
  const auto add = [&](const char* name, double value, const std::string& of = "") {
    s[name].numbers.push_back(value);
    s[name].known.push_back(true);
    s[name].unit = of;
  };
  for (const client& c : all) {
    add("p_alive", c.p_alive);
    add("x", c.x);
    add("t_x", c.t_x, unit);
    add("T", c.T, unit);
    add("clv", c.clv, "EUR");
  }
  return s;
}

std::vector<proposed> winback(const std::vector<client>& all,
                              const std::string& unit = "week",
                              const std::string& config = "{}") {
  plugin_instance mine(entry_of(CLV_WINBACK), config);
  EXPECT_EQ(mine.created(), CLV_OK) << mine.said();
  return mine.propose(clients(all, unit)).proposals;
}

TEST(winback, writes_to_a_weekly_buyer_who_is_three_weeks_late) {
  EXPECT_FALSE(winback({{.4, 10, 10, 14}}).empty());
}

TEST(winback, leaves_a_yearly_buyer_who_is_three_weeks_late_alone) {
  EXPECT_TRUE(winback({{.4, 3, 156, 156 + 52 + 3}}).empty());
}

TEST(winback, leaves_customers_alone_who_are_probably_there_or_have_no_rhythm) {
  EXPECT_TRUE(winback({{.6, 10, 10, 14}}).empty());  // p_alive
  EXPECT_TRUE(winback({{.4, 0, 0, 40}}).empty());    // never came back
}

TEST(winback, offers_a_reminder_without_benefit_and_a_dearer_discount) {
  const auto made = winback({{.4, 10, 10, 14}});
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].action, "winback.nudge");
  EXPECT_EQ(made[0].benefit, 0);
  EXPECT_EQ(made[1].action, "winback.discount");
  EXPECT_EQ(made[1].benefit, 500);
  EXPECT_GT(made[1].effect_mean, made[0].effect_mean);
  EXPECT_EQ(made[0].effect_n, 0);  // an opinion
}

TEST(winback, says_rhythm_and_silence_in_days_whatever_the_unit) {
  EXPECT_EQ(winback({{.1, 10, 90, 131}}, "day")[0].reason,
            "Bought every 9 days, silent for 41; expected to bring EUR 120 more.");
  EXPECT_EQ(winback({{.1, 10, 20, 30}}, "week")[0].reason,
            "Bought every 14 days, silent for 70; expected to bring EUR 120 more.");
  EXPECT_EQ(winback({{.1, 50, 50, 60}}, "day")[0].reason,
            "Bought every day, silent for 10; expected to bring EUR 120 more.");
}

TEST(winback, takes_its_settings) {
  const std::vector<client> late{{.4, 10, 10, 14}};
  const auto made = winback(
      late, "week", R"({"discount_minor": 1000, "email_cost_minor":3,"horizon_days" : 14})");
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[1].benefit, 1000);
  EXPECT_EQ(made[1].contact_cost, 3);
  EXPECT_EQ(made[1].horizon_us, 14 * 86'400'000'000);
  EXPECT_EQ(winback(late, "week", R"({"discount_minor": 0})").size(), 1U);
  EXPECT_TRUE(winback(late, "week", R"({"overdue_chance": 0.01})").empty());
  EXPECT_TRUE(winback(late, "week", R"({"alive_below": 0.3})").empty());
}

TEST(winback, refuses_a_setting_given_twice) {
  plugin_instance mine(entry_of(CLV_WINBACK), R"({"horizon_days": 3, "horizon_days": 4})");
  EXPECT_EQ(mine.created(), CLV_E_INVALID);
  EXPECT_EQ(mine.said(), "winback: setting 'horizon_days' is given twice");
}

sample valued(const std::string& segment, double p10, const std::string& money) {
  sample s;
  s["segment"] = {.numbers = {}, .texts = {segment}, .known = {true}, .unit = ""};
  s["clv"] = {.numbers = {2 * p10}, .texts = {}, .known = {true}, .unit = money};
  s["clv_p10"] = {.numbers = {p10}, .texts = {}, .known = {true}, .unit = money};
  return s;
}

std::vector<proposed> concierge(const sample& s, const std::string& config = "{}") {
  plugin_instance mine(entry_of(CLV_VIP_CONCIERGE), config);
  EXPECT_EQ(mine.created(), CLV_OK) << mine.said();
  return mine.propose(s).proposals;
}

TEST(vip_concierge, calls_the_segment_high_and_nobody_else) {
  EXPECT_EQ(concierge(valued("high", 300, "EUR")).size(), 1U);
  EXPECT_TRUE(concierge(valued("higher", 300, "EUR")).empty());
  EXPECT_TRUE(concierge(valued("low", 1e6, "EUR")).empty());
}

TEST(vip_concierge, calls_from_a_threshold_on_the_careful_value) {
  const std::string config = R"({"threshold": 250})";
  EXPECT_EQ(concierge(valued("low", 250, "EUR"), config).size(), 1U);
  EXPECT_TRUE(concierge(valued("low", 249, "EUR"), config).empty());
}

TEST(vip_concierge, values_staying_at_the_careful_value_in_minor_units) {
  const auto euro = concierge(valued("high", 300, "EUR"));
  ASSERT_EQ(euro.size(), 1U);
  EXPECT_EQ(euro[0].response_value, 30'000);
  EXPECT_EQ(euro[0].agent_minutes, 10);
  EXPECT_EQ(euro[0].benefit, 0);
  const auto yen = concierge(valued("high", 30'000, "JPY"), R"({"minor_per_major": 1})");
  EXPECT_EQ(yen[0].response_value, 30'000);
  EXPECT_EQ(euro[0].reason,
            "One of the most valuable customers: expected to bring EUR 600, at least EUR 300 in "
            "nine cases of ten; a personal call keeps the relationship.");
}

}  // namespace
}  // namespace clv::test
