#include <gtest/gtest.h>

#include <cmath>

#include "clv/score.hpp"
#include "scores.hpp"

namespace clv {
namespace {

using test::assigned;
using test::scored;

// P(CLV > 100) for mu = ln 100 + 1, sigma = 1 is .841 (1 - no_purchase).
const double above_100 = std::log(100.0) + 1.0;

TEST(value_tier, takes_the_highest_cut_that_is_exceeded_with_confidence) {
  const std::vector<scored> rows{{.no_purchase = 0.0, .mu = above_100},
                                 {.no_purchase = 0.06, .mu = above_100},  // .791 < .8
                                 {.no_purchase = 0.0, .mu = above_100 + 3},
                                 {.no_purchase = 0.9, .mu = above_100 + 9}};
  const table t = assigned("value_tier", rows, R"({"cuts":[100,1000],"confidence":0.8})");
  EXPECT_EQ(test::names_in(t), (std::vector<std::string>{"medium", "low", "high", "low"}));
  EXPECT_EQ(t.numbers("cut")[0], 100);
  EXPECT_EQ(t.numbers("cut")[1], 100);  // the cut it did not pass
  EXPECT_EQ(t.numbers("cut")[2], 1000);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(t.numbers("p_above")[i],
              probability_above(t.numbers("cut")[i], rows[i].no_purchase, rows[i].mu, 1.0));
    EXPECT_EQ(t.numbers("p_above")[i] >= 0.8, test::names_in(t)[i] != "low");
  }
  EXPECT_EQ(t.find("cut")->unit(), "EUR");
}

TEST(value_tier, calls_a_customer_without_a_value_unknown) {
  const table t = assigned("value_tier",
                           {{.no_purchase = 0.0, .mu = above_100}, {.has_value = false}},
                           R"({"cuts":[100]})");
  EXPECT_EQ(test::names_in(t), (std::vector<std::string>{"high", "unknown"}));
  EXPECT_FALSE(t.find("p_above")->present(1));
}

TEST(value_tier, cuts_at_the_quartiles_of_what_is_nearly_sure_by_default) {
  std::vector<scored> rows;
  for (int i = 0; i < 100; ++i) rows.push_back({.no_purchase = 0.01, .mu = 3.0 + 0.01 * i});
  for (int i = 0; i < 300; ++i) rows.push_back({.no_purchase = 0.5, .mu = 3.0});
  const table t = assigned("value_tier", rows);
  int low = 0;
  int medium = 0;
  int high = 0;
  for (const std::string& name : test::names_in(t)) {
    low += name == "low" ? 1 : 0;
    medium += name == "medium" ? 1 : 0;
    high += name == "high" ? 1 : 0;
  }
  // A customer exactly at a quartile may fall to either side of it by rounding.
  EXPECT_NEAR(high, 25, 1);
  EXPECT_NEAR(medium, 50, 2);
  EXPECT_EQ(low + medium + high, 400);
}

TEST(value_tier, has_one_tier_when_nobody_is_sure_to_come_back) {
  const table t = assigned("value_tier", {{.no_purchase = 0.5}, {.no_purchase = 0.9}});
  EXPECT_EQ(test::names_in(t), (std::vector<std::string>{"low", "low"}));
  EXPECT_FALSE(t.find("cut")->present(0));
}

TEST(value_tier, takes_names_of_the_user) {
  const table t = assigned("value_tier",
                           {{.no_purchase = 0.0, .mu = above_100}},
                           R"({"cuts":[100],"names":["standard","gold"]})");
  EXPECT_EQ(test::names_in(t)[0], "gold");
}

TEST(value_tier, refuses_options_by_name_and_value) {
  EXPECT_EQ(test::complaint("value_tier", R"({"cut":[1]})"),
            "value_tier has no option 'cut' | known: cuts, names, confidence");
  const auto says = [](const char* json, const char* text) {
    EXPECT_NE(test::complaint("value_tier", json).find(text), std::string::npos)
        << test::complaint("value_tier", json);
  };
  says(R"({"confidence":1})", "'confidence' is 1, expected a probability");
  says(R"({"cuts":[0,5]})", "'cuts' is [0, 5], expected amounts above zero");
  says(R"({"cuts":[5,4]})", "'cuts' is [5, 4], expected a list of finite numbers");
  says(R"({"cuts":[5],"names":["a"]})", "expected 2 names");
  says(R"({"cuts":[5],"names":["a","a"]})", "expected a list of different texts");
  says(R"({"cuts":[5],"names":["a","unknown"]})", "expected other names");
  says(R"({"names":["a","b"]})", "'cuts' is missing");
}

}  // namespace
}  // namespace clv
