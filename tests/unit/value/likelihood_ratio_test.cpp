#include <gtest/gtest.h>

#include <cmath>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "support/reports.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::text;

// Two fits of the same 100 customers; AIC counts the free numbers, not the rows.
std::shared_ptr<const table> fit_table(const char* model, int free, double log_likelihood) {
  fitted_model m;
  m.purchase = {.which = &find_model(model), .parameters = {1, 2}};
  m.purchase.parameters.resize(m.purchase.which->parameters.size(), 3);
  m.purchase.log_likelihood = log_likelihood;
  m.purchase.free_parameters = free;
  m.purchase.customers = 100;
  m.purchase.status = fit_status::converged;
  return std::make_shared<const table>(model_table(m));
}

outcome compare(std::shared_ptr<const table> small, std::shared_ptr<const table> large) {
  report_inputs in;
  in.tables["restricted"] = std::move(small);
  in.tables["full"] = std::move(large);
  return run_report(likelihood_ratio_report, std::move(in));
}

// 2 * 1.9207 is the 95 % point of chi-square with one degree of freedom, 3.841458820694124.
TEST(likelihood_ratio, says_how_likely_the_gain_is_by_chance) {
  const outcome o =
      compare(fit_table("sbg", 2, -1000), fit_table("bdw", 3, -1000 + 1.920729410347062));
  EXPECT_EQ(text(o, "restricted"), "sbg");
  EXPECT_EQ(text(o, "full"), "bdw");
  EXPECT_NEAR(number(o, "statistic"), 3.841458820694124, 1e-9);
  EXPECT_EQ(number(o, "degrees_of_freedom"), 1);
  EXPECT_NEAR(number(o, "p_value"), 0.05, 1e-9);
  EXPECT_NEAR(number(o, "aic_difference"), 2 - 3.841458820694124, 1e-9);
  EXPECT_NEAR(number(o, "bic_difference"), std::log(100) - 3.841458820694124, 1e-9);
}

// A held c leaves the rows as they are and takes one from what is free.
TEST(likelihood_ratio, a_held_parameter_does_not_count) {
  const outcome o = compare(fit_table("bdw", 2, -1000), fit_table("bdw", 3, -995));
  EXPECT_EQ(number(o, "degrees_of_freedom"), 1);
  EXPECT_NEAR(number(o, "p_value"), std::erfc(std::sqrt(5.0)), 1e-14);  // chi-square, 1 degree
}

TEST(likelihood_ratio, refuses_what_is_not_nested_or_not_fitted) {
  const auto why = [](std::shared_ptr<const table> a, std::shared_ptr<const table> b) {
    try {
      compare(std::move(a), std::move(b));
    } catch (const error& e) {
      return std::string(e.what()) + "|" + e.details().hint;
    }
    return std::string("nothing");
  };
  EXPECT_NE(
      why(fit_table("bdw", 3, -9), fit_table("sbg", 2, -8))
          .find("must have more parameters than the restricted one and the same customers|bdw: "
                "3 free parameters, sbg: 2"),
      std::string::npos);
  fitted_model given;
  given.purchase = {.which = &find_model("sbg"), .parameters = {1, 2}};
  EXPECT_NE(why(std::make_shared<const table>(model_table(given)), fit_table("bdw", 3, -9))
                .find("table 'restricted' is not of a fitted model"),
            std::string::npos);
}

}  // namespace
}  // namespace clv
