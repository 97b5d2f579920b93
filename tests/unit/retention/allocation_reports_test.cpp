// The reports allocate and budget_curve.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::table_of;
using test::text;

// The 6 x 3 oracle of the reference, section 5; optimum 27.36 at cost 5.64 of 6.
constexpr const char* oracle = R"(customer,action,net,cost,minutes
1,a,6.11,.52,1
1,b,6.53,.59,1
1,c,-2.17,2.93,1
2,a,.31,1.02,1
2,b,1.72,2.93,1
2,c,1.16,2.05,1
3,a,3.09,2.77,1
3,b,8.06,1.58,1
3,c,1.60,1.33,1
4,a,3.90,2.03,1
4,b,1.81,2.89,1
4,c,3.91,1.37,1
5,a,3.21,1.45,1
5,b,5.91,2.72,1
5,c,1.15,1.50,1
6,a,1.68,1.59,1
6,b,8.86,2.10,1
6,c,-5.97,2.46,1
)";

outcome on_choices(const report& r, const char* csv, std::string_view options) {
  report_inputs in;
  in.tables["choices"] = table_of(csv);
  return run_report(r, std::move(in), options);
}

std::string complaint(const report& r, report_inputs in, std::string_view options) {
  try {
    run_report(r, std::move(in), options);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

TEST(allocate_report, gives_the_optimum_of_the_oracle_with_its_bound_and_price) {
  const outcome o =
      on_choices(allocate_report, oracle, R"({"limits": {"cost": 6, "minutes": null}})");
  ASSERT_EQ(o.tables.at("")->rows(), 4U);
  EXPECT_EQ(text(o, "customer", 3), "6");
  EXPECT_EQ(text(o, "action", 3), "b");
  EXPECT_EQ(number(o, "net", 3), 8.86);
  EXPECT_EQ(number(o, "row", 3), 17);
  EXPECT_EQ(text(o, "resource", 0, "resources"), "cost");
  EXPECT_NEAR(number(o, "used", 0, "resources"), 5.64, 1e-12);
  EXPECT_NEAR(number(o, "shadow_price", 0, "resources"), 2.213793, 1e-6);  // printed so
  EXPECT_EQ(number(o, "used", 1, "resources"), 4);
  EXPECT_FALSE(o.tables.at("resources")->get("limit", type::f64).present(1));
  EXPECT_EQ(number(o, "customers", 0, "totals"), 6);
  EXPECT_EQ(number(o, "treated", 0, "totals"), 4);
  EXPECT_NEAR(number(o, "value", 0, "totals"), 27.36, 1e-12);
  EXPECT_NEAR(number(o, "bound", 0, "totals"), 28.156966, 1e-6);
  EXPECT_NEAR(number(o, "gap", 0, "totals"), 28.156966 - 27.36, 1e-6);
}

TEST(allocate_report, without_limits_gives_everybody_the_best) {
  const outcome o = on_choices(allocate_report, oracle, "");
  EXPECT_NEAR(number(o, "value", 0, "totals"), 34.99, 1e-12);
  EXPECT_EQ(o.tables.at("resources")->rows(), 0U);
}

TEST(allocate_report, names_what_is_wrong_with_limits_and_rows) {
  const auto why = [](const char* csv, std::string_view options) {
    report_inputs in;
    in.tables["choices"] = table_of(csv);
    return complaint(allocate_report, std::move(in), options);
  };
  const auto has = [](const std::string& all, const char* part) {
    return all.find(part) != std::string::npos;
  };
  EXPECT_TRUE(has(why(oracle, R"({"limits": {"cost": -1}})"), "'limits'"));
  EXPECT_TRUE(has(why(oracle, R"({"limits": [1]})"), "an object of numbers"));
  EXPECT_TRUE(has(why(oracle, R"({"limits": {"gifts": 1}})"), "no column 'gifts'"));
  EXPECT_TRUE(has(why("customer,action,net,cost\n1,a,2,-3\n", R"({"limits": {"cost": 1}})"),
                  "row 1, column 'cost': is below 0"));
}

TEST(budget_curve, tells_what_a_given_budget_earns_and_what_its_last_unit_earns) {
  const outcome o = on_choices(budget_curve_report, oracle, R"({"budget": 6})");
  EXPECT_EQ(text(o, "point", 0, "at"), "budget");
  EXPECT_NEAR(number(o, "profit", 0, "at"), 27.36, 1e-12);
  EXPECT_NEAR(number(o, "spent", 0, "at"), 5.64, 1e-12);
  EXPECT_NEAR(number(o, "profit_bound", 0, "at"), 28.156966, 1e-6);  // printed with six decimals
  EXPECT_NEAR(number(o, "marginal_profit", 0, "at"), 3.21 / 1.45, 1e-12);
  EXPECT_EQ(number(o, "customers", 0, "at"), 4);
}

// Left of what earns at least the hurdle: customer 2's increments earn .57 and less, all others
// more than 1.
TEST(budget_curve, says_where_the_marginal_profit_falls_below_the_hurdle) {
  const outcome o = on_choices(budget_curve_report, oracle, "");
  EXPECT_EQ(text(o, "point", 0, "at"), "hurdle");
  EXPECT_NEAR(number(o, "profit", 0, "at"), 34.99 - 1.72, 1e-12);
  EXPECT_NEAR(number(o, "marginal_profit", 0, "at"), 1.72 / 2.93, 1e-12);
  EXPECT_EQ(number(o, "customers", 0, "at"), 5);
  EXPECT_EQ(text(o, "point", 1, "at"), "all");
  EXPECT_NEAR(number(o, "profit", 1, "at"), 34.99, 1e-12);
  EXPECT_EQ(number(o, "marginal_profit", 1, "at"), 0);
  const outcome high = on_choices(budget_curve_report, oracle, R"({"hurdle": 1000})");
  EXPECT_EQ(number(high, "customers", 0, "at"), 0);
}

TEST(budget_curve, rises_with_falling_slopes_from_nothing_to_all) {
  const outcome o = on_choices(budget_curve_report, oracle, R"({"points": 40, "doublings": 3})");
  const std::size_t rows = o.tables.at("")->rows();
  EXPECT_EQ(rows, 1U + 40 + 0);  // a half, a quarter and an eighth are among the fortieths
  EXPECT_EQ(number(o, "budget", 0), 0);
  EXPECT_EQ(number(o, "profit", 0), 0);
  EXPECT_NEAR(number(o, "budget", rows - 1), 11.29, 1e-12);
  for (std::size_t row = 1; row < rows; ++row) {
    EXPECT_GE(number(o, "profit", row), number(o, "profit", row - 1));
    EXPECT_LE(number(o, "marginal_profit", row), number(o, "marginal_profit", row - 1));
    EXPECT_LE(number(o, "spent", row), number(o, "budget", row) * (1 + 1e-9));
    EXPECT_GE(number(o, "profit_bound", row), number(o, "profit", row));
  }
}

constexpr const char* decisions = R"(customer,arm,reason_code,action,reason,net,cost,receipt
1,exploit,CHOSEN,a,good,6,2,{}
2,holdout,HOLDOUT,,held out,,,{}
3,none,OVER_BUDGET,,no money,,,{}
)";
constexpr const char* refusals = R"(customer,plugin,action,reason_code,reason,net,cost
1,p,b,LOST_ARBITRATION,less,5,1
1,p,c,NO_CONSENT,none,90,1
2,p,a,HOLDOUT,held out,8,2
3,p,a,OVER_BUDGET,no money,1,2
)";

TEST(budget_curve, takes_from_decisions_what_passed_the_gate_and_nothing_else) {
  const auto all_of = [](std::string_view options) {
    report_inputs in;
    in.tables["decisions"] = table_of(decisions, "decisions");
    in.tables["refusals"] = table_of(refusals, "refusals");
    return run_report(budget_curve_report, std::move(in), options);
  };
  const outcome o = all_of(R"({"hurdle": 0})");
  EXPECT_EQ(number(o, "profit", 1, "at"), 6 + 1);
  EXPECT_EQ(number(o, "spent", 1, "at"), 4);
  const outcome everybody = all_of(R"({"held_out": true, "budget": 1})");
  EXPECT_EQ(number(everybody, "profit", 2, "at"), 6 + 1 + 8);
  EXPECT_EQ(number(everybody, "profit", 0, "at"), 5);  // the cheaper action of customer 1
}

TEST(budget_curve, wants_choices_or_decisions_and_not_both) {
  report_inputs both;
  both.tables["choices"] = table_of(oracle);
  both.tables["refusals"] = table_of(refusals, "refusals");
  EXPECT_NE(complaint(budget_curve_report, std::move(both), "").find("either"), std::string::npos);
  report_inputs half;
  half.tables["decisions"] = table_of(decisions, "decisions");
  EXPECT_NE(complaint(budget_curve_report, std::move(half), "").find("either"), std::string::npos);
}

}  // namespace
}  // namespace clv
