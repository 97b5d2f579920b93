// Costs of benefits, seats and stock.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::text;

outcome cost(const std::string& customers,
             const std::string& benefits,
             const std::string& more = "") {
  report_inputs in;
  in.tables["customers"] = test::table_of(customers);
  return run_report(benefits_report, in, "{\"benefits\":" + benefits + more + "}");
}

const std::string two =
    "customer,basket,largest_basket,redemption,zone,value\n"
    "a,50,200,0.5,home,10\nb,30,,,abroad,20\n";

TEST(benefits, cost_redemption_times_depth_times_basket_and_all_of_it_at_worst) {
  const auto o = cost(two, R"([{"name":"d","kind":"discount","depth":0.1,"redemption":0.2}])");
  EXPECT_DOUBLE_EQ(number(o, "expected_cost", 0), 0.5 * 0.1 * 50);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 0), 0.1 * 200);
  EXPECT_DOUBLE_EQ(number(o, "expected_cost", 1), 0.2 * 0.1 * 30);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 1), 0.1 * 200) << "the largest basket of all";
  EXPECT_DOUBLE_EQ(number(o, "expected_cost", 0, "totals"), 3.1);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 0, "totals"), 40);
  EXPECT_EQ(text(o, "benefit", 1, "totals"), "all");
}

TEST(benefits, cost_no_more_than_the_most_of_one_discount) {
  const auto o = cost(two, R"([{"name":"d","kind":"discount","depth":0.1,"most":4}])");
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 0), 4);
  EXPECT_DOUBLE_EQ(number(o, "expected_cost", 0), 0.5 * 4);
}

TEST(benefits, ship_by_zone_and_take_an_unknown_zone_for_the_dearest) {
  const auto o = cost(
      "customer,zone\na,home\nb,abroad\nc,moon\n",
      R"([{"name":"s","kind":"free_shipping","zones":{"home":5,"abroad":12},"redemption":0.5}])");
  EXPECT_DOUBLE_EQ(number(o, "expected_cost", 0), 2.5);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 1), 12);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost", 2), 12);
}

TEST(benefits, cost_points_at_their_redemption) {
  const auto o =
      cost("customer\na\n",
           R"([{"name":"p","kind":"points","points":500,"cost_per_point":0.01,"redemption":0.7}])");
  EXPECT_DOUBLE_EQ(number(o, "expected_cost"), 3.5);
  EXPECT_DOUBLE_EQ(number(o, "worst_cost"), 5);
}

TEST(benefits, give_gifts_by_value_while_stock_lasts) {
  const auto o = cost("customer,value\na,1\nb,3\nc,2\n",
                      R"([{"name":"g","kind":"gift","unit_cost":4,"stock":2}])");
  EXPECT_EQ(number(o, "given", 0), 0);
  EXPECT_EQ(text(o, "by", 0), "none_left");
  EXPECT_EQ(number(o, "given", 1), 1);
  EXPECT_EQ(number(o, "given", 2), 1);
  EXPECT_EQ(number(o, "left", 0, "totals"), 0);
  EXPECT_EQ(number(o, "next_value", 0, "totals"), 1);
  EXPECT_EQ(number(o, "worst_cost", 0, "totals"), 8) << "who gets nothing costs nothing";
}

std::string crowd(std::size_t n, std::uint64_t seed, bool turned = false) {
  random_source random(seed);
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double basket = random.gamma(2, 0.05);
    rows.push_back("c" + std::to_string(i) + "," + std::to_string(basket) + "," +
                   std::to_string(basket * (1 + random.uniform())) + "," +
                   std::to_string(random.uniform()) + "," +
                   (random.uniform() < 0.5 ? "home" : "abroad") + "," +
                   std::to_string(random.uniform() * 100) + "\n");
  }
  if (turned) std::reverse(rows.begin(), rows.end());
  std::string out = "customer,basket,largest_basket,redemption,zone,value\n";
  for (const std::string& r : rows) out += r;
  return out;
}

const std::string all_kinds =
    R"([{"name":"d","kind":"discount","depth":0.13,"most":9},)"
    R"({"name":"s","kind":"free_shipping","zones":{"home":4.9,"abroad":11.3}},)"
    R"({"name":"e","kind":"early_access","seats":20,"draw":"value","learning":0.1,"unit_cost":2},)"
    R"({"name":"l","kind":"early_access","seats":20,"draw":"lottery"},)"
    R"({"name":"g","kind":"gift","unit_cost":3.3,"stock":15},)"
    R"({"name":"p","kind":"points","points":500,"cost_per_point":0.01}])";

TEST(benefits, cost_at_worst_never_less_than_expected) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto o = cost(crowd(1 + seed % 60, seed), all_kinds);
    for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
      ASSERT_GE(number(o, "worst_cost", row), number(o, "expected_cost", row));
      ASSERT_GE(number(o, "expected_cost", row), 0);
    }
    for (std::size_t row = 0; row < 7; ++row) {
      ASSERT_GE(number(o, "worst_cost", row, "totals"), number(o, "expected_cost", row, "totals"));
    }
  }
}

TEST(benefits, never_give_more_seats_or_gifts_than_there_are) {
  const double limits[] = {1e9, 1e9, 20, 20, 15, 1e9};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::size_t n = seed % 60;
    const auto o = cost(crowd(n + 1, seed), all_kinds);
    for (std::size_t row = 0; row < 6; ++row) {
      const double given = number(o, "given", row, "totals");
      ASSERT_EQ(given, std::min(limits[row], static_cast<double>(n + 1)));
      if (limits[row] < 1e9) {
        ASSERT_EQ(number(o, "left", row, "totals"), limits[row] - given);
      }
    }
  }
}

TEST(benefits, draw_the_same_seats_whatever_the_order_of_the_customers) {
  const auto one = cost(crowd(50, 1), all_kinds), other = cost(crowd(50, 1, true), all_kinds);
  const table &x = *one.tables.at(""), &y = *other.tables.at("");
  ASSERT_EQ(x.rows(), y.rows());
  for (std::size_t row = 0; row < x.rows(); ++row) {
    ASSERT_EQ(text(one, "customer", row), text(other, "customer", row));
    ASSERT_EQ(number(one, "given", row), number(other, "given", row));
    ASSERT_EQ(number(one, "expected_cost", row), number(other, "expected_cost", row));
  }
  EXPECT_EQ(number(one, "worst_cost", 6, "totals"), number(other, "worst_cost", 6, "totals"));
}

TEST(benefits, rank_most_seats_by_value_and_draw_the_rest_with_a_known_chance) {
  const auto o =
      cost(crowd(100, 3),
           R"([{"name":"e","kind":"early_access","seats":20,"draw":"value","learning":0.1}])");
  double lowest = 1e9, best_without = 0;
  std::size_t drawn = 0;
  for (std::size_t row = 0; row < 100; ++row) {
    drawn += text(o, "by", row) == "lottery" ? 1 : 0;
    if (text(o, "by", row) != "value") {
      EXPECT_DOUBLE_EQ(number(o, "propensity", row), 2.0 / 82);
    }
  }
  EXPECT_EQ(drawn, 2u);
  const table customers = *test::table_of(crowd(100, 3));
  for (std::size_t row = 0; row < 100; ++row) {
    for (std::size_t i = 0; i < 100; ++i) {
      if (customers.find("customer")->text(i) != text(o, "customer", row)) continue;
      const double value = customers.find("value")->numbers()[i];
      if (text(o, "by", row) == "value") lowest = std::min(lowest, value);
      if (text(o, "by", row) == "none_left") best_without = std::max(best_without, value);
      if (text(o, "by", row) == "lottery") {
        EXPECT_NEAR(
            number(o, "opportunity_cost", row), number(o, "next_value", 0, "totals") - value, 1e-12)
            << "rounding of one subtraction";
      }
    }
  }
  EXPECT_GT(lowest, best_without);
  EXPECT_EQ(number(o, "next_value", 0, "totals"), best_without);
}

TEST(benefits, draw_everybody_alike_in_a_lottery) {
  constexpr int seeds = 2000;
  std::vector<int> won(10);
  for (int seed = 0; seed < seeds; ++seed) {
    const auto o =
        cost("customer,value\na0,9\na1,8\na2,7\na3,6\na4,5\na5,4\na6,3\na7,2\na8,1\na9,0\n",
             R"([{"name":"e","kind":"early_access","seats":3,"draw":"lottery"}])",
             ",\"seed\":" + std::to_string(seed));
    for (std::size_t row = 0; row < 10; ++row)
      won[row] += static_cast<int>(number(o, "given", row));
  }
  for (const int w : won) {
    // Binomial with p = 0.3: sd 20.5; five of them for ten customers.
    EXPECT_NEAR(w, 0.3 * seeds, 103);
  }
}

std::string complaint(const std::string& customers, const std::string& benefits) {
  try {
    cost(customers, benefits);
  } catch (const error& e) {
    return e.what();
  }
  return "none";
}

TEST(benefits, name_what_is_wrong) {
  EXPECT_EQ(
      complaint(two, R"([{"name":"d","kind":"discount","depth":1.5}])"),
      "report 'benefits', option 'benefits': $[0].depth is 1.5, expected a number from 0 to 1");
  EXPECT_EQ(complaint(two, R"([{"name":"d","kind":"discount","depth":0.5,"stock":3}])"),
            "report 'benefits', option 'benefits': $[0] has no member 'stock'");
  EXPECT_EQ(complaint("customer,basket,largest_basket\na,5,4\n",
                      R"([{"name":"d","kind":"discount","depth":0.5}])"),
            "report 'benefits', table 'customers', row 1, column 'largest_basket': 4 is below the "
            "expected 5");
  EXPECT_NE(complaint(two, "[]").find("expected a list of benefits"), std::string::npos);
}

}  // namespace
}  // namespace clv
