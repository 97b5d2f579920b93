// clv validate --market: what a plugin earns where the truth is known.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "../command.hpp"

namespace clv::test {
namespace {

std::string sample_plugin(const std::string& name) {
  const char* command = std::getenv("CLV_COMMAND");
  const auto here = std::filesystem::path(command == nullptr ? "" : command).parent_path();
  return (here / "../../plugins" / name / (name + ".so")).lexically_normal().string();
}

outcome try_in_market(const std::string& path, const std::vector<std::string>& more = {}) {
  std::vector<std::string> call{
      "validate", path, "--check", "market", "--json", "--seconds", "300"};
  call.insert(call.end(), more.begin(), more.end());
  return run_clv(call);
}

TEST(market, refuses_what_would_lose_money_and_says_what_it_would_have_lost) {
  const outcome o = try_in_market(sample_plugin("blanket_20pct"));
  ASSERT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_EQ(json_number(o.out, "treated"), 0);
  EXPECT_EQ(json_number(o.out, "profit_gated"), 0);
  EXPECT_LT(json_number(o.out, "profit_all_done"), 0);
  EXPECT_GT(json_number(o.out, "violations_all_done"), 0);
}

TEST(market, never_breaks_a_cap_and_earns_no_more_than_the_oracle) {
  const outcome o = try_in_market(sample_plugin("winback"), {"--markets", "2"});
  ASSERT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_GT(json_number(o.out, "treated"), 0);
  EXPECT_EQ(json_number(o.out, "violations_gated"), 0);
  EXPECT_GT(json_number(o.out, "violations_all_done"), 0);
  EXPECT_GT(json_number(o.out, "profit_gated"), 0);
  EXPECT_NEAR(json_number(o.out, "regret"),
              json_number(o.out, "oracle") - json_number(o.out, "profit_gated"),
              1e-6);  // both are printed exactly
  EXPECT_GT(json_number(o.out, "regret"), 0);
  EXPECT_GT(json_number(o.out, "milliseconds_per_1000"), 0);
}

TEST(market, tries_a_plugin_of_others_with_what_it_believes_or_with_given_effects) {
  const scratch folder;
  const std::string plugin = std::string(CLV_HOSTILE_PLUGINS) + "/none.so";
  const outcome believed = try_in_market(plugin, {"--markets", "1"});
  ASSERT_EQ(believed.status, 0) << believed.out << believed.err;
  EXPECT_NE(believed.out.find("what the plugin expects"), std::string::npos) << believed.out;
  const auto under = [&](const std::string& effect) {
    const std::string file =
        folder.file("effects.json",
                    R"([{"name": "hostile.ask", "contact_cost": 0.01, "effect": {"lapsing": )" +
                        effect + "}}]");
    return json_number(try_in_market(plugin, {"--markets", "1", "--effects", file}).out,
                       "profit_all_done");
  };
  EXPECT_LT(under("0"), 0);    // the contacts cost something
  EXPECT_GT(under("0.5"), 0);  // half of those who left lately come back
}

TEST(market, is_not_applicable_where_nothing_is_proposed_which_is_no_fault) {
  const std::string segments = sample_plugin("lifecycle");
  const outcome json = try_in_market(segments);
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_NE(json.out.find("\"market_not_applicable\": \"it does not offer clv.action/1"),
            std::string::npos)
      << json.out;
  EXPECT_EQ(json.out.find("market_error"), std::string::npos) << json.out;
  const outcome text = run_clv({"validate", segments, "--market", "--check", "float"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("--market is not applicable"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("is a valid plugin"), std::string::npos) << text.out;
}

// What it believes is said in minor units, a file of effects in major ones: EUR 0.01 is 1.
TEST(market, takes_the_same_amounts_believed_or_given_for_the_same_money) {
  const scratch folder;
  const std::string plugin = std::string(CLV_HOSTILE_PLUGINS) + "/none.so";
  const std::string given =
      folder.file("effects.json",
                  R"([{"name": "hostile.ask", "channel": "email", "contact_cost": 0.01,
           "effect": {"top": 0.004, "heavy": 0.004, "light": 0.004, "lapsing": 0.004,
                      "lost": 0.004, "complaint": 0.004}}])");
  const outcome believed = try_in_market(plugin, {"--markets", "1"});
  const outcome stated = try_in_market(plugin, {"--markets", "1", "--effects", given});
  ASSERT_EQ(believed.status, 0) << believed.out << believed.err;
  ASSERT_EQ(stated.status, 0) << stated.out << stated.err;
  EXPECT_NE(json_number(believed.out, "profit_all_done"), 0);
  for (const char* what : {"profit_gated", "profit_all_done", "oracle"}) {
    // The mean of equal effects is theirs but for rounding.
    EXPECT_NEAR(json_number(believed.out, what), json_number(stated.out, what), 1e-9) << what;
  }
}

TEST(market, names_an_action_that_the_effects_leave_out) {
  const scratch folder;
  const std::string given =
      folder.file("effects.json", R"([{"name": "other.ask", "effect": {"lost": 0.1}}])");
  const outcome o = try_in_market(std::string(CLV_HOSTILE_PLUGINS) + "/none.so",
                                  {"--markets", "1", "--effects", given});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.out.find("it proposes the action 'hostile.ask', of which nothing is said"),
            std::string::npos)
      << o.out;
}

}  // namespace
}  // namespace clv::test
