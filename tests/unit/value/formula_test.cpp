#include "value/worth/formula.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "clv/error.hpp"
#include "support/reports.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using test::absent;
using test::number;
using test::run_report;
using test::text;

// The hand table of reference: value = A F L - (CAC + C).
TEST(formula, gives_the_values_of_the_hand_table_to_the_bit) {
  EXPECT_EQ(value_by_formula({50, 4, 3, 120, 0}).value, 480);
  EXPECT_EQ(value_by_formula({50, 4, 3, 60, 20, true}).value, 480);
  const formula_value with_margin = value_by_formula({50, 4, 3, 120, 0, false, 0.4});
  EXPECT_EQ(with_margin.margin_value, 120);
  EXPECT_EQ(with_margin.value, 480);
  EXPECT_EQ(value_by_formula({25.50, 2.5, 4, 250, 50}).value, -45);
  EXPECT_EQ(value_by_formula({0, 4, 3, 120, 0}).value, -120);
  EXPECT_EQ(value_by_formula({40, 3, 1, 100, 20}).value, 0);
}

TEST(formula, has_elasticities_except_where_the_value_is_zero) {
  const formula_value v = value_by_formula({50, 4, 3, 120, 0});
  EXPECT_EQ(v.of_transaction_value, 1.25);
  EXPECT_EQ(v.of_annual_frequency, 1.25);
  EXPECT_EQ(v.of_lifespan, 1.25);
  EXPECT_EQ(v.of_acquisition_cost, -0.25);
  EXPECT_FALSE(value_by_formula({40, 3, 1, 100, 20}).of_lifespan.has_value());
}

TEST(formula, counts_a_yearly_service_cost_against_the_lifespan) {
  // 600 - 60 - 60: one per cent more lifespan earns 6 and costs .6.
  EXPECT_DOUBLE_EQ(*value_by_formula({50, 4, 3, 60, 20, true}).of_lifespan, (600.0 - 60) / 480);
}

TEST(formula, refuses_what_is_no_amount_and_names_it) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(value_by_formula({nan, 4, 3}), error);
  EXPECT_THROW(value_by_formula({50, -1, 3}), error);
  EXPECT_THROW(value_by_formula({50, 4, 3, 0, 0, false, 1.5}), error);
  EXPECT_THROW(value_by_formula({1e200, 1e200, 1}), error);
  try {
    value_by_formula({50, 4, 3, -7});
    FAIL();
  } catch (const error& e) {
    EXPECT_STREQ(e.what(), "formula: 'acquisition_cost' is -7, expected a number of 0 or more");
  }
}

TEST(formula, rounds_once_and_half_to_even) {
  EXPECT_EQ(rounded_to_minor(0.125, 100), 12);
  EXPECT_EQ(rounded_to_minor(0.375, 100), 38);
  EXPECT_EQ(rounded_to_minor(-0.125, 100), -12);
  EXPECT_EQ(rounded_to_minor(2.5, 1), 2);
  EXPECT_THROW(rounded_to_minor(1e17, 100), error);
}

TEST(formula_report, says_the_same_as_a_table) {
  const outcome o = run_report(formula_report,
                               {},
                               R"({"transaction_value":50,"annual_frequency":4,"lifespan":3,
                                   "acquisition_cost":120,"margin":0.4,"currency":"EUR"})");
  EXPECT_EQ(number(o, "value"), 480);
  EXPECT_EQ(number(o, "margin_value"), 120);
  EXPECT_EQ(number(o, "value_rounded"), 48000);
  EXPECT_EQ(number(o, "of_lifespan"), 1.25);
  EXPECT_EQ(text(o, "status"), "OK");
  const outcome zero = run_report(
      formula_report,
      {},
      R"({"transaction_value":40,"annual_frequency":3,"lifespan":1,"acquisition_cost":120})");
  EXPECT_TRUE(absent(zero, "of_lifespan"));
  EXPECT_THROW(run_report(formula_report, {}, R"({"lifespan":3})"), error);
}

}  // namespace
}  // namespace clv
