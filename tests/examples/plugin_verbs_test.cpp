// clv plugins, and clv segment and decide with plugins that compute and sort.
#include <gtest/gtest.h>

#include <string>

#include "command.hpp"

namespace clv::test {
namespace {

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

class plugin_verbs : public testing::Test {
 protected:
  const scratch folder_;
  const std::string log_ = folder_.path("log.csv");
  const std::string scores_ = folder_.path("scores.csv");
  const std::string store_ = folder_.path("shop.clv");

  void SetUp() override {
    ASSERT_EQ(run_clv({"simulate", "--customers", "300", "--seed", "5", "--out", log_}).status, 0);
    ASSERT_EQ(run_clv({"score", "--log", log_, "--out", scores_}).status, 0);
  }
  void fill_store() {
    ASSERT_EQ(run_clv({"import", log_, "--store", store_}).status, 0);
    ASSERT_EQ(run_clv({"fit", "--store", store_}).status, 0);
    ASSERT_EQ(run_clv({"score", "--store", store_}).status, 0);
  }
};

TEST_F(plugin_verbs, say_what_plugins_read_and_do) {
  const outcome o = run_clv({"plugins", "--plugin", "lifecycle", "--plugin", "buying_habits"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(has(o.out, "clv.lifecycle")) << o.out;
  EXPECT_TRUE(has(o.out, "sorts into new, one_time, active")) << o.out;
  EXPECT_TRUE(has(o.out, "computes overdue, deal_share")) << o.out;
  const outcome json = run_clv({"plugins", "--plugin", "lifecycle", "--json"});
  EXPECT_TRUE(has(json.out, R"("capabilities": "clv.segmentation/1")")) << json.out;
}

TEST_F(plugin_verbs, segment_scores_and_a_store_alike) {
  const std::string of_scores = folder_.path("a.csv"), of_store = folder_.path("b.csv");
  const outcome first =
      run_clv({"segment", "--scores", scores_, "--plugin", "lifecycle", "--out", of_scores});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_TRUE(has(first.out, "cooling")) << first.out;
  fill_store();
  const outcome second =
      run_clv({"segment", "--store", store_, "--plugin", "lifecycle", "--out", of_store, "--json"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_TRUE(has(second.out, R"("scheme": "plugin:clv.lifecycle")")) << second.out;
  const auto a = csv_cells(read_all(of_scores)), b = csv_cells(read_all(of_store));
  ASSERT_EQ(a.size(), 301U);
  EXPECT_EQ(a, b);
  EXPECT_TRUE(has(read_all(of_store), "plugin:clv.lifecycle"));
  EXPECT_TRUE(has(read_all(of_store), ",one_time,"));
  const outcome days = run_clv(
      {"segment", "--scores", scores_, "--plugin", "lifecycle", "--unit", "day", "--out", "-"});
  EXPECT_FALSE(has(days.out, ",one_time,")) << "nobody is known for 60 days, of weeks read as days";
  EXPECT_TRUE(has(days.out, ",new,"));
}

TEST_F(plugin_verbs, say_which_plugin_sorts_nothing_and_which_proposes_nothing) {
  const outcome sorts = run_clv({"segment", "--scores", scores_, "--plugin", "winback"});
  EXPECT_EQ(sorts.status, 2);
  EXPECT_TRUE(has(sorts.err, "clv.winback (clv.action/1)")) << sorts.err;
  fill_store();
  const outcome decides = run_clv({"decide", "--store", store_, "--plugin", "lifecycle"});
  EXPECT_EQ(decides.status, 1);
  EXPECT_TRUE(has(decides.err, "clv.lifecycle (clv.segmentation/1)")) << decides.err;
}

TEST_F(plugin_verbs, take_a_plugins_settings_and_no_schemes) {
  const outcome strict = run_clv({"segment",
                                  "--scores",
                                  scores_,
                                  "--plugin",
                                  "lifecycle",
                                  "--plugin-config",
                                  R"(clv.lifecycle={"active_from": 1, "lost_below": 1})",
                                  "--out",
                                  "-"});
  ASSERT_EQ(strict.status, 0) << strict.err;
  EXPECT_FALSE(has(strict.out, "cooling")) << "between 1 and 1 there is nobody";
  for (const char* option : {"--scheme", "--rule", "--options", "--save-rule"}) {
    const outcome o =
        run_clv({"segment", "--scores", scores_, "--plugin", "lifecycle", option, "{}"});
    EXPECT_EQ(o.status, 2) << option << o.err;
  }
}

}  // namespace
}  // namespace clv::test
