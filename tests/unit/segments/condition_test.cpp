#include "segments/condition.hpp"

#include <gtest/gtest.h>

#include <string>

#include "clv/error.hpp"
#include "scores.hpp"

namespace clv {
namespace {

// Row 0: x 3, clv 10, status OK; row 1: x 0, clv absent, status PRIOR_ONLY.
table sample() {
  table t;
  column& x = t.add("x", type::f64);
  x.push(3.0);
  x.push(0.0);
  column& clv = t.add("clv", type::f64);
  clv.push(10.0);
  clv.push_absent();
  column& status = t.add("clv_status", type::utf8);
  status.push("OK");
  status.push("PRIOR_ONLY");
  column& revenue = t.add("revenue", type::money, "EUR");
  revenue.push(std::int64_t{1250});
  revenue.push(std::int64_t{0});
  return t;
}

bool holds(const char* text, std::size_t row = 0) {
  const table t = sample();
  return condition(text, t).holds(row);
}

std::string complaint(const std::string& text) {
  const table t = sample();
  try {
    condition(text, t);
  } catch (const error& e) {
    return e.what();
  }
  return "accepted";
}

TEST(condition, compares_numbers_texts_and_money) {
  EXPECT_TRUE(holds("x == 3"));
  EXPECT_TRUE(holds("x != 4"));
  EXPECT_TRUE(holds("x >= 3 and x <= 3"));
  EXPECT_FALSE(holds("x < 3"));
  EXPECT_FALSE(holds("x > 3"));
  EXPECT_TRUE(holds("clv_status == 'OK'"));
  EXPECT_TRUE(holds("clv_status != 'OK'", 1));
  EXPECT_TRUE(holds("revenue == 12.5"));  // in major units
}

TEST(condition, binds_and_before_or_and_not_before_both) {
  EXPECT_TRUE(holds("x == 3 or x == 4 and x == 5"));
  EXPECT_FALSE(holds("(x == 3 or x == 4) and x == 5"));
  EXPECT_TRUE(holds("not x == 4 and x == 3"));
}

TEST(condition, calculates_products_before_sums_and_from_left_to_right) {
  EXPECT_TRUE(holds("1 + 2 * x == 7"));
  EXPECT_TRUE(holds("10 - 4 - 3 == x"));
  EXPECT_TRUE(holds("-x + 3 == 0"));
  EXPECT_TRUE(holds("12 / 2 / 2 == x"));
  EXPECT_FALSE(holds("x / 0 > 1")) << "no number, so absent";
}

TEST(condition, is_false_where_a_value_is_absent_whichever_way_it_is_asked) {
  EXPECT_FALSE(holds("clv > 5", 1));
  EXPECT_FALSE(holds("not clv > 5", 1));
  EXPECT_FALSE(holds("clv != 5", 1));
  EXPECT_TRUE(holds("missing(clv)", 1));
  EXPECT_FALSE(holds("missing(clv)", 0));
  EXPECT_TRUE(holds("clv > 5 or x == 0", 1));
  EXPECT_FALSE(holds("clv > 5 and x == 0", 1));
}

TEST(condition, says_where_it_stops_being_one) {
  EXPECT_EQ(complaint("x >"),
            "rule 'x >', position 4: expected a number, a text in '', a column or '('");
  EXPECT_NE(complaint("y > 3").find("there is no 'y'"), std::string::npos);
  EXPECT_NE(complaint("x > 'a'").find("two numbers or two texts"), std::string::npos);
  EXPECT_NE(complaint("x").find("a comparison"), std::string::npos);
  EXPECT_NE(complaint("x > 3 x").find("position 7"), std::string::npos);
  EXPECT_NE(complaint("clv_status + 1 > 3").find("a number to calculate with"), std::string::npos);
  EXPECT_NE(complaint("x > 3 and 4").find("a comparison"), std::string::npos);
  EXPECT_NE(complaint("clv_status == 'OK").find("the end of the text"), std::string::npos);
  EXPECT_NE(complaint("(x > 3").find("')'"), std::string::npos);
  EXPECT_NE(complaint("").find("expected"), std::string::npos);
}

TEST(condition, limits_its_depth) {
  EXPECT_NE(complaint(std::string(100'000, '(')).find("100 levels"), std::string::npos);
  EXPECT_NE(complaint(std::string(100'000, '-') + "x > 1").find("100 levels"), std::string::npos);
  EXPECT_TRUE(holds((std::string(40, '(') + "x > 1" + std::string(40, ')')).c_str()));
}

TEST(condition, limits_its_length) {
  std::string sum = "x", either = "x > 1";
  for (int i = 0; i < 100'000; ++i) {
    sum += " + 1";
    either += " or x > 1";
  }
  EXPECT_NE(complaint(sum + " > 1").find("1000 operations"), std::string::npos);
  EXPECT_NE(complaint(either).find("1000 operations"), std::string::npos);
}

TEST(rules, give_the_first_name_that_holds) {
  const std::vector<test::scored> rows{
      {.x = 0, .T = 3}, {.x = 9, .t_x = 2, .T = 3}, {.x = 1, .t_x = 1, .T = 3}};
  EXPECT_EQ(test::names_in(test::assigned(
                "rules",
                rows,
                R"({"rules":[{"name":"many","when":"x > 5"},{"name":"some","when":"x > 0"}],
                    "default":"none"})")),
            (std::vector<std::string>{"none", "many", "some"}));
  EXPECT_NE(test::complaint("rules", R"({"rules":[{"name":"a"}]})").find("'when'"),
            std::string::npos);
  EXPECT_NE(test::complaint("rules", R"({"rules":[{"name":"a","when":"x >"}]})").find("position 4"),
            std::string::npos);
}

}  // namespace
}  // namespace clv
