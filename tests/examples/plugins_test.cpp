// clv validate and clv decide with plugins that behave, and with files that are none.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

// The build's plugins lie beside the command, as `clv decide` finds them too.
std::string built(const std::string& name) {
  const char* command = std::getenv("CLV_COMMAND");
  const auto here = std::filesystem::path(command == nullptr ? "" : command).parent_path();
  return (here / "../../plugins" / name / (name + ".so")).lexically_normal().string();
}

// Each is tried on customers it is meant for: what finds nothing to propose was not tried.
TEST(validate, accepts_every_sample_plugin_and_has_customers_for_it) {
  const std::string all = CLV_PLUGIN_NAMES;
  int tried = 0;
  for (std::size_t at = 0; at < all.size(); ++tried) {
    const std::size_t end = std::min(all.find('|', at), all.size());
    const std::string name = all.substr(at, end - at);
    const outcome o = run_clv({"validate", built(name)});
    EXPECT_EQ(o.status, 0) << name << "\n" << o.out << o.err;
    EXPECT_EQ(o.out.find("FAILED"), std::string::npos) << o.out;
    EXPECT_EQ(o.out.find("not run"), std::string::npos) << o.out;
    EXPECT_NE(o.out.find(" for 2,000 simulated customers"), std::string::npos) << o.out;
    EXPECT_EQ(o.out.find(" 0 proposals"), std::string::npos) << name << "\n" << o.out;
    EXPECT_EQ(o.out.find(" 0 features"), std::string::npos) << name << "\n" << o.out;
    EXPECT_EQ(o.out.find(" 0 segments"), std::string::npos) << name << "\n" << o.out;
    at = end + 1;
  }
  EXPECT_GE(tried, 16);
}

TEST(validate, refuses_a_plugin_that_fails_and_one_that_looks_at_other_rows) {
  const outcome failing = run_clv({"validate", CLV_FAILING_PLUGIN});
  EXPECT_EQ(failing.status, 1);
  EXPECT_NE(failing.out.find("the price list cannot be read"), std::string::npos) << failing.out;
  const outcome peeking = run_clv({"validate", CLV_PEEKING_PLUGIN});
  EXPECT_EQ(peeking.status, 1);
  EXPECT_NE(peeking.out.find("depends on the other rows"), std::string::npos) << peeking.out;
}

TEST(validate, refuses_a_file_that_is_no_plugin) {
  const scratch folder;
  const std::string text = folder.file("text.so", "not a library\n");
  for (const std::string& path : {text, folder.file("nothing.so", "")}) {
    const outcome o = run_clv({"validate", "--json", path});
    EXPECT_EQ(o.status, 1) << o.out << o.err;
    EXPECT_NE(o.out.find("\"valid\": false"), std::string::npos) << o.out;
  }
}

TEST(validate, refuses_settings_that_the_plugin_does_not_know) {
  const outcome o =
      run_clv({"validate", built("winback"), "--config", R"({"no_such_setting": 1})"});
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.out.find("no_such_setting"), std::string::npos) << o.out;
}

TEST(decide, names_a_configuration_that_fits_no_plugin) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), store = folder.path("s.clv");
  ASSERT_EQ(run_clv({"simulate", "--customers", "200", "--out", log}).status, 0);
  ASSERT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  ASSERT_EQ(run_clv({"fit", "--store", store}).status, 0);
  ASSERT_EQ(run_clv({"score", "--store", store}).status, 0);
  const outcome o = run_clv(
      {"decide", "--store", store, "--plugin", built("winback"), "--plugin-config", "no.such={}"});
  EXPECT_EQ(o.status, 2);
  EXPECT_NE(o.err.find("no.such"), std::string::npos) << o.err;
  const outcome missing = run_clv({"decide", "--store", store, "--plugin", "nowhere.so"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_NE(missing.err.find("nowhere.so"), std::string::npos) << missing.err;
}

// A store of 600 simulated customers, scored.
std::string scored_store(const scratch& folder) {
  const std::string log = folder.path("log.csv"), store = folder.path("s.clv");
  EXPECT_EQ(run_clv({"simulate", "--customers", "600", "--out", log}).status, 0);
  EXPECT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  EXPECT_EQ(run_clv({"fit", "--store", store}).status, 0);
  EXPECT_EQ(run_clv({"score", "--store", store}).status, 0);
  return store;
}

TEST(decide, says_that_a_plugin_failed) {
  const scratch folder;
  const std::string store = scored_store(folder);
  const std::vector<std::string> call{
      "decide", "--store", store, "--plugin", CLV_FAILING_PLUGIN, "--plugin", built("winback")};
  const outcome text = run_clv(call);
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.err.find("the price list cannot be read"), std::string::npos) << text.err;
  std::vector<std::string> as_json = call;
  as_json.emplace_back("--json");
  const outcome json = run_clv(as_json);
  const std::size_t warnings = json.out.find("\"warnings\": [");
  ASSERT_NE(warnings, std::string::npos) << json.out;
  EXPECT_NE(json.out.find("org.example.failing", warnings), std::string::npos) << json.out;
  EXPECT_NE(json.out.find("the price list cannot be read", warnings), std::string::npos);
}

TEST(decide, shows_first_who_gets_an_action_and_why_others_get_none) {
  const scratch folder;
  const std::string store = scored_store(folder);
  const outcome o = run_clv({"decide", "--store", store, "--holdout", ".5"});
  ASSERT_EQ(o.status, 0) << o.err;
  const std::size_t actions = o.out.find("The actions expected to earn most");
  const std::size_t others = o.out.find("The most valuable customers without an action");
  ASSERT_NE(actions, std::string::npos) << o.out;
  ASSERT_NE(others, std::string::npos) << o.out;
  EXPECT_LT(actions, others);
  EXPECT_EQ(o.out.substr(actions, others - actions).find("(none)"), std::string::npos) << o.out;
  EXPECT_NE(o.out.find("held out to measure the effect", others), std::string::npos) << o.out;
  EXPECT_EQ(o.out.find("…"), std::string::npos) << o.out;  // no reason is cut
}

TEST(decide, refuses_amounts_and_times_in_one_sentence) {
  const scratch folder;
  const std::string store = scored_store(folder);
  const std::vector<std::vector<std::string>> calls{
      {"--budget", "5.001"}, {"--budget", "-1"}, {"--now", "yesterday"}};
  for (const auto& wrong : calls) {
    const outcome o = run_clv({"decide", "--store", store, wrong[0], wrong[1]});
    EXPECT_EQ(o.status, 2) << o.err;
    EXPECT_EQ(o.err.find("clv: " + wrong[0] + " '" + wrong[1] + "' "), 0U) << o.err;
    EXPECT_EQ(o.err.find('\n'), o.err.size() - 1) << o.err;
    EXPECT_EQ(o.err.find("row"), std::string::npos) << o.err;
  }
}

TEST(decide, spends_no_more_than_the_budget) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), store = folder.path("s.clv");
  ASSERT_EQ(run_clv({"simulate", "--customers", "600", "--out", log}).status, 0);
  ASSERT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
  ASSERT_EQ(run_clv({"fit", "--store", store}).status, 0);
  ASSERT_EQ(run_clv({"score", "--store", store}).status, 0);
  const outcome free = run_clv({"decide", "--store", store, "--json"});
  ASSERT_EQ(free.status, 0) << free.err;
  ASSERT_GT(json_number(free.out, "spent"), .05);
  const outcome bound = run_clv({"decide", "--store", store, "--json", "--budget", "0.05"});
  ASSERT_EQ(bound.status, 0) << bound.err;
  EXPECT_EQ(json_number(bound.out, "budget_limit"), .05);
  EXPECT_LE(json_number(bound.out, "spent"), .05);
  EXPECT_LT(json_number(bound.out, "customers_treated"),
            json_number(free.out, "customers_treated"));
}

}  // namespace
}  // namespace clv::test
