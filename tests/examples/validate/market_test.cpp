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

TEST(market, says_that_there_is_nothing_to_try_where_nothing_is_proposed) {
  const outcome o = try_in_market(sample_plugin("lifecycle"));
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.out.find("it proposes no actions"), std::string::npos) << o.out;
}

}  // namespace
}  // namespace clv::test
