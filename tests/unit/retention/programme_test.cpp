// Profit and loss of a programme, against sums by hand and simulated lifts.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::text;

outcome value(const std::string& lift, const std::string& options = "{}") {
  report_inputs in;
  in.tables["lift"] = test::table_of(lift);
  return test::run_report(programme_report, in, options);
}

TEST(programme, adds_up_by_hand) {
  // 100 members: lift 5, rewards 2 of which a quarter breaks: 100 x (5 - 1.5) - 50 = 300 a month.
  const auto o = value(
      "segment,members,margin_lift,margin_lift_sd,reward,purchases,baseline\nall,100,5,0.4,2,1.2,0."
      "9\n",
      R"({"months":12,"annual_discount":0,"running_cost":50,"setup_cost":1000,"breakage":0.25,)"
      R"("currency":"EUR"})");
  EXPECT_DOUBLE_EQ(number(o, "npv"), 12 * 300 - 1000);
  EXPECT_DOUBLE_EQ(number(o, "npv_sd"), 12 * 100 * 0.4);
  EXPECT_EQ(number(o, "payback_month"), 4);
  EXPECT_EQ(number(o, "cannibalisation", 0, "profit_and_loss"), -12 * 200 * 0.75);
  EXPECT_EQ(number(o, "rewards_on_incremental", 0, "profit_and_loss"), -12 * 200 * 0.25);
  EXPECT_EQ(number(o, "breakage", 0, "profit_and_loss"), 12 * 50);
  EXPECT_EQ(number(o, "cumulative", 3, "months"), 200);
  EXPECT_EQ(text(o, "verdict"), "pays");
  EXPECT_EQ(
      text(o, "sentence"),
      "The programme pays: 2600.00 EUR over 12 months (from 1810.47 EUR to 3389.53 EUR), paid "
      "back in month 4");
}

TEST(programme, rows_add_up_to_their_profit_and_months_to_the_present_value) {
  const auto o = value(
      "segment,members,margin_lift,margin_lift_sd,reward,purchases,baseline\n"
      "a,100,5,0.4,2,1.2,0.9\nb,1000,0.5,0.2,0.7,0.3,0.4\nc,10,-3,1,1,,\n",
      R"({"running_cost":50,"setup_cost":1000,"breakage":0.1,"attrition":0.02})");
  const char* parts[] = {"incremental_margin",
                         "rewards_on_incremental",
                         "cannibalisation",
                         "breakage",
                         "running_cost",
                         "setup_cost"};
  double segments = 0;
  for (std::size_t row = 0; row < 4; ++row) {
    double sum = 0;
    for (const char* p : parts) sum += number(o, p, row, "profit_and_loss");
    EXPECT_NEAR(sum, number(o, "profit", row, "profit_and_loss"), 1e-9) << "rounding of six sums";
    if (row < 3) segments += number(o, "profit", row, "profit_and_loss");
  }
  EXPECT_NEAR(segments + number(o, "running_cost", 3, "profit_and_loss") +
                  number(o, "setup_cost", 3, "profit_and_loss"),
              number(o, "npv"),
              1e-8);
  EXPECT_NEAR(number(o, "discounted_cumulative", 35, "months"), number(o, "npv"), 1e-8);
  double square = 0;
  for (std::size_t row = 0; row < 3; ++row) {
    square += std::pow(number(o, "profit_sd", row, "profit_and_loss"), 2);
  }
  EXPECT_NEAR(std::sqrt(square), number(o, "npv_sd"), 1e-9);
}

TEST(programme, discounts_an_annuity_by_its_closed_form) {
  const auto o = value("segment,members,margin_lift,margin_lift_sd\nall,1,100,0\n",
                       R"({"months":24,"annual_discount":0.12})");
  const double q = std::pow(1.12, -1.0 / 12);
  EXPECT_NEAR(number(o, "npv"), 100 * q * (1 - std::pow(q, 24)) / (1 - q), 1e-9);
  EXPECT_EQ(number(o, "p_pays"), 1) << "a lift without error";
}

TEST(programme, is_not_proven_where_the_interval_holds_zero_and_loses_below) {
  const auto verdict = [](const char* lift) {
    return text(value("segment,members,margin_lift,margin_lift_sd,reward\nall,100," +
                          std::string(lift) + ",1,2\n",
                      R"({"annual_discount":0})"),
                "verdict");
  };
  EXPECT_EQ(verdict("3.7"), "pays");
  EXPECT_EQ(verdict("3.6"), "not proven") << "1.6 is less than 1.645 standard errors";
  EXPECT_EQ(verdict("0.4"), "not proven");
  EXPECT_EQ(verdict("0.3"), "loses");
}

TEST(programme, does_not_pay_back_when_a_later_loss_takes_it_again) {
  // Members leave, the running cost stays.
  const auto o = value("segment,members,margin_lift,margin_lift_sd\nall,100,2,0.1\n",
                       R"({"months":60,"annual_discount":0,"running_cost":150,"attrition":0.1})");
  EXPECT_GT(number(o, "cumulative", 0, "months"), 0);
  EXPECT_LT(number(o, "cumulative", 59, "months"), 0);
  EXPECT_TRUE(test::absent(o, "payback_month"));
  EXPECT_EQ(text(o, "verdict"), "loses");
}

TEST(programme, covers_the_true_value_as_often_as_its_level_says) {
  random_source random(7);
  int covered = 0;
  constexpr int runs = 1000;
  for (int i = 0; i < runs; ++i) {
    const double a = 5 + 0.5 * random.normal(), b = 1 + 0.25 * random.normal();
    const auto o = value("segment,members,margin_lift,margin_lift_sd\na,100," + std::to_string(a) +
                             ",0.5\nb,400," + std::to_string(b) + ",0.25\n",
                         R"({"months":12,"annual_discount":0})");
    const double truth = 12 * (100 * 5 + 400 * 1);
    covered += number(o, "npv_low") <= truth && truth <= number(o, "npv_high") ? 1 : 0;
  }
  EXPECT_NEAR(covered, 0.9 * runs, 4 * 9.5) << "four standard errors of the count";
}

TEST(programme, names_the_row_that_cannot_be) {
  try {
    value("segment,members,margin_lift,margin_lift_sd\na,1,1,1\nb,1,1,-1\n");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2, column 'margin_lift_sd': -1 is negative"),
              std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace clv
