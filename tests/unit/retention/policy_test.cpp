#include "retention/gate/policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "clv/error.hpp"

namespace clv::retention {
namespace {

std::string policy_page() {
  std::ifstream file(CLV_POLICY_FILE);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The letters and underscores that a text begins with.
std::string_view first_word(std::string_view text) {
  return text.substr(0,
                     std::min(text.size(), text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_")));
}

std::string block_of(const std::string& page) {
  const auto from = page.find("```json\n") + 8;
  return page.substr(from, page.find("```", from) - from);
}

std::string complaint(std::string_view json) {
  try {
    read_policy(json);
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    return e.what();
  }
  return "accepted";
}

TEST(policy, the_documented_one_is_read_as_it_is_documented) {
  const policy p = read_policy(block_of(policy_page()));
  EXPECT_EQ(p.consent, (std::vector<std::string>{"email", "sms", "phone"}));
  EXPECT_EQ(p.exempt, std::vector<std::string>{"transactional"});
  ASSERT_TRUE(p.quiet);
  EXPECT_EQ(p.quiet->channels, (std::vector<std::string>{"sms", "phone"}));
  EXPECT_EQ(p.quiet->from_minute, 21 * 60);
  EXPECT_EQ(p.quiet->to_minute, 8 * 60);
  EXPECT_EQ(p.quiet->zone, "Europe/Berlin");
  ASSERT_EQ(p.caps.size(), 2U);
  EXPECT_EQ(p.caps[0].channel, "email");
  EXPECT_EQ(p.caps[0].category, "");
  EXPECT_EQ(p.caps[0].limit, 1);
  EXPECT_EQ(p.caps[0].days, 7);
  EXPECT_EQ(p.caps[1].category, "marketing");
  EXPECT_EQ(p.caps[1].limit, 8);
  ASSERT_EQ(p.cooldowns.size(), 1U);
  EXPECT_EQ(p.cooldowns[0].action, "winback.*");
  EXPECT_EQ(p.cooldowns[0].days, 30);
  EXPECT_EQ(p.rejections, 3);
  EXPECT_EQ(p.rejection_days, 60);
  ASSERT_EQ(p.conflicts.size(), 1U);
  EXPECT_EQ(p.conflicts[0].second, "free_shipping.*");
  EXPECT_EQ(p.conflict_days, 14);
  EXPECT_TRUE(p.one_open_benefit);
  EXPECT_TRUE(p.needs_time());
}

TEST(policy, the_documented_money_and_learning_are_read_too) {
  const policy p = read_policy(block_of(policy_page()));
  EXPECT_EQ(p.protected_columns, (std::vector<std::string>{"attr.gender", "attr.birth_year"}));
  EXPECT_EQ(p.suspended, std::vector<std::string>{"org.example.paused"});
  EXPECT_EQ(p.margin_floor, .05);
  ASSERT_TRUE(p.deal_seeker);
  EXPECT_EQ(p.deal_seeker->share, .8);
  EXPECT_EQ(p.deal_seeker->orders, 3);
  EXPECT_EQ(p.worst_case_limit, 50);
  ASSERT_EQ(p.budgets.size(), 3U);
  EXPECT_EQ(p.budgets[2].name, "worst_case");
  EXPECT_EQ(p.budgets[2].limit, 2000);
  ASSERT_EQ(p.stock.size(), 2U);
  EXPECT_EQ(p.stock[1].name, "seats.launch");
  EXPECT_EQ(p.stock[1].limit, 25);
  ASSERT_EQ(p.holdouts.size(), 1U);
  EXPECT_EQ(p.holdouts[0].salt, "winback-1");
  EXPECT_EQ(p.explore.method, exploring::thompson);
  EXPECT_EQ(p.explore.share, .05);
  EXPECT_EQ(p.explore.floor, .02);
  EXPECT_EQ(p.explore.budget, 100);
  EXPECT_EQ(p.explore.sd, .05);
  ASSERT_EQ(p.levers.size(), 1U);
  EXPECT_EQ(p.levers[0].add, 1.5);
  EXPECT_EQ(p.levers[0].why, "spring campaign");
}

TEST(policy, the_table_of_members_lists_exactly_the_members_that_are_known) {
  const std::string page = policy_page();
  std::set<std::string> documented{"format", "conflict_days"};  // told beside another member
  const std::string row = "\n| `";
  for (std::size_t at = page.find(row); at != std::string::npos; at = page.find(row, at + 1)) {
    const std::string_view name = first_word(std::string_view(page).substr(at + row.size()));
    if (page.compare(at + row.size() + name.size(), 3, "` |") == 0) documented.emplace(name);
  }
  try {
    read_policy(R"({"no_such_member":1})");
    FAIL() << "accepted";
  } catch (const error& e) {
    std::set<std::string> known;
    const std::string hint = e.details().hint;
    std::string_view rest = std::string_view(hint).substr(hint.find(':'));
    while (!rest.empty()) {
      const std::string_view word = first_word(rest);
      if (!word.empty()) known.emplace(word);
      rest.remove_prefix(std::max<std::size_t>(1, word.size()));
    }
    EXPECT_EQ(known, documented);
  }
}

TEST(policy, without_a_text_has_no_rules) {
  for (const char* text : {"", "{}"}) {
    const policy p = read_policy(text);
    EXPECT_TRUE(p.caps.empty());
    EXPECT_FALSE(p.margin_floor);
    EXPECT_FALSE(p.worst_case_limit);
    EXPECT_EQ(p.explore.method, exploring::nothing);
    EXPECT_FALSE(p.needs_time());
  }
}

TEST(policy, a_member_that_is_there_twice_is_refused) {
  EXPECT_NE(complaint(R"({"suspended": ["a"], "suspended": ["b"]})").find("same member twice"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"explore": {"share": 0.1, "share": 0.2}})").find("same member twice"),
            std::string::npos);
}

TEST(policy, a_limit_of_0_is_a_limit) {
  const policy p = read_policy(
      R"({"caps":[{"limit":0,"days":1}],"worst_case_limit":0,"margin_floor":0,"stock":{"mug":0}})");
  EXPECT_EQ(p.caps.at(0).limit, 0);
  EXPECT_EQ(p.worst_case_limit, 0);
  EXPECT_EQ(p.margin_floor, 0);
  EXPECT_EQ(p.stock.at(0).limit, 0);
}

TEST(policy, every_rule_that_looks_back_needs_the_time) {
  for (const char* text : {R"({"caps":[{"limit":1,"days":1}]})",
                           R"({"cooldowns":[{"action":"a","days":1}]})",
                           R"({"after_rejections":{"count":1,"days":1}})",
                           R"({"conflicts":[["a","b"]]})",
                           R"({"one_open_benefit":true})",
                           R"({"quiet_hours":{"channels":["sms"],"from":"21:00","to":"08:00"}})"}) {
    EXPECT_TRUE(read_policy(text).needs_time()) << text;
  }
  EXPECT_FALSE(read_policy(R"({"consent":["email"],"margin_floor":0.1})").needs_time());
}

TEST(policy, a_star_stands_for_any_rest) {
  EXPECT_TRUE(fits("winback.*", "winback.email"));
  EXPECT_TRUE(fits("winback.*", "winback."));
  EXPECT_FALSE(fits("winback.*", "winback"));
  EXPECT_TRUE(fits("*", "anything"));
  EXPECT_TRUE(fits("winback.email", "winback.email"));
  EXPECT_FALSE(fits("winback.email", "winback.email2"));
}

struct bad_policy {
  const char *json, *path, *value, *wanted;
};

class bad_policies : public testing::TestWithParam<bad_policy> {};

TEST_P(bad_policies, are_refused_with_path_value_and_what_it_should_be) {
  const std::string said = complaint(GetParam().json);
  EXPECT_NE(said.find(GetParam().path), std::string::npos) << said;
  EXPECT_NE(said.find(GetParam().value), std::string::npos) << said;
  EXPECT_NE(said.find(GetParam().wanted), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    each_member,
    bad_policies,
    testing::Values(
        bad_policy{"{", "policy", "line 1", "not JSON"},
        bad_policy{"[]", "$ ", "[]", "an object"},
        bad_policy{R"({"cap":[]})", "$.cap", "", "not a member"},
        bad_policy{R"({"format":"clv.policy/2"})", "$.format", "clv.policy/2", "clv.policy/1"},
        bad_policy{R"({"consent":"email"})", "$.consent", "\"email\"", "a list"},
        bad_policy{R"({"consent":["a","a"]})", "$.consent[1]", "\"a\"", "not there before"},
        bad_policy{R"({"exempt":[""]})", "$.exempt[0]", "\"\"", "not empty"},
        bad_policy{R"({"protected":[1]})", "$.protected[0]", "1", "a text"},
        bad_policy{R"({"suspended":{}})", "$.suspended", "{}", "a list"},
        bad_policy{R"({"quiet_hours":{"channels":[],"from":"21:00","to":"08:00"}})",
                   "$.quiet_hours.channels",
                   "[]",
                   "at least one"},
        bad_policy{R"({"quiet_hours":{"channels":["sms"],"from":"24:00","to":"08:00"}})",
                   "$.quiet_hours.from",
                   "24:00",
                   "a time of day"},
        bad_policy{R"({"quiet_hours":{"channels":["sms"],"from":"9:00","to":"08:00"}})",
                   "$.quiet_hours.from",
                   "9:00",
                   "a time of day"},
        bad_policy{R"({"quiet_hours":{"channels":["sms"],"from":"21:00","to":"21:00"}})",
                   "$.quiet_hours.to",
                   "21:00",
                   "another time"},
        bad_policy{
            R"({"quiet_hours":{"channels":["sms"],"from":"21:00","to":"08:00","zone":"X/Y"}})",
            "$.quiet_hours.zone",
            "X/Y",
            "time zone"},
        bad_policy{R"({"quiet_hours":{"channels":["sms"],"to":"21:00"}})",
                   "$.quiet_hours.from",
                   "",
                   "missing"},
        bad_policy{R"({"caps":[{"limit":1}]})", "$.caps[0].days", "", "missing"},
        bad_policy{R"({"caps":[{"limit":-1,"days":1}]})", "$.caps[0].limit", "-1", "whole"},
        bad_policy{R"({"caps":[{"limit":1.5,"days":1}]})", "$.caps[0].limit", "1.5", "whole"},
        bad_policy{R"({"caps":[{"limit":1,"days":0}]})", "$.caps[0].days", "0", "above 0"},
        bad_policy{R"({"caps":[{"limit":1,"days":1,"hours":2}]})", "$.caps[0].hours", "", "not a"},
        bad_policy{R"({"cooldowns":[{"action":"a*b","days":1}]})",
                   "$.cooldowns[0].action",
                   "a*b",
                   "at its end"}));

INSTANTIATE_TEST_SUITE_P(
    each_later_member,
    bad_policies,
    testing::Values(
        bad_policy{R"({"after_rejections":{"count":0,"days":1}})",
                   "$.after_rejections.count",
                   "0",
                   "1 or more"},
        bad_policy{R"({"conflicts":[["a"]]})", "$.conflicts[0]", "\"a\"", "two actions"},
        bad_policy{R"({"conflict_days":-2})", "$.conflict_days", "-2", "above 0"},
        bad_policy{R"({"one_open_benefit":1})", "$.one_open_benefit", "1", "true or false"},
        bad_policy{R"({"margin_floor":5})", "$.margin_floor", "5", "-1 to 1"},
        bad_policy{R"({"margin_floor":null})", "$.margin_floor", "null", "a number"},
        bad_policy{
            R"({"deal_seeker":{"share":0,"orders":3}})", "$.deal_seeker.share", "0", "above"},
        bad_policy{R"({"deal_seeker":{"share":0.8}})", "$.deal_seeker.orders", "", "missing"},
        bad_policy{R"({"worst_case_limit":-1})", "$.worst_case_limit", "-1", "0 to"},
        bad_policy{R"({"budgets":{"cash":1}})", "$.budgets.cash", "", "not a member"},
        bad_policy{R"({"budgets":{"contacts":"many"}})", "$.budgets.contacts", "many", "a number"},
        bad_policy{R"({"stock":{"mug":-1}})", "$.stock.mug", "-1", "0 to"},
        bad_policy{R"({"stock":[1]})", "$.stock", "[1]", "an object"},
        bad_policy{R"({"holdouts":[{"action":"a","share":1.1,"salt":"s"}]})",
                   "$.holdouts[0].share",
                   "1.1",
                   "0 to 1"},
        bad_policy{
            R"({"holdouts":[{"action":"a","share":0.1}]})", "$.holdouts[0].salt", "", "missing"},
        bad_policy{R"({"explore":{"share":0.1,"method":"greedy"}})",
                   "$.explore.method",
                   "greedy",
                   "uniform"},
        bad_policy{R"({"explore":{"share":0.1,"floor":0.001}})",
                   "$.explore.floor",
                   "0.001",
                   "0.01 to 0.5"},
        bad_policy{R"({"levers":[{"action":"a","add":"1","why":"w"}]})",
                   "$.levers[0].add",
                   "\"1\"",
                   "a number"},
        bad_policy{R"({"levers":[{"action":"a","add":1,"why":""}]})",
                   "$.levers[0].why",
                   "\"\"",
                   "not empty"}));

}  // namespace
}  // namespace clv::retention
