// The closed forms of one retention rate, and what a contract of a heterogeneous base is worth.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "math/quadrature.hpp"
#include "support/reports.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;

std::string refusal(const report& r, const std::string& json, report_inputs in = {}) {
  try {
    run_report(r, std::move(in), json);
  } catch (const error& e) {
    EXPECT_TRUE(e.details().code == status::invalid || e.details().code == status::unsupported);
    return e.details().message;
  }
  return "";
}

// Gupta & Lehmann's forms at r = .8, i = .1.
TEST(retention_multiples, have_the_published_values_each_in_its_own_column) {
  const outcome o =
      run_report(retention_multiples_report,
                 {},
                 R"({"retention": 0.8, "discount": 0.1, "growth": 0.05, "periods": 5})");
  EXPECT_NEAR(number(o, "first_margin_ahead"), 2.6667, 5e-5);
  EXPECT_NEAR(number(o, "margin_now"), 3.6667, 5e-5);
  EXPECT_NEAR(number(o, "growing"), 3.0769, 5e-5);
  EXPECT_NEAR(number(o, "finite"), 2.124097, 5e-7);
  EXPECT_NEAR(number(o, "lifespan"), 5, 1e-14);
}

TEST(retention_multiples, finite_is_the_sum_it_stands_for) {
  const outcome o =
      run_report(retention_multiples_report,
                 {},
                 R"({"retention": 0.6, "discount": 0.02, "margin": 30, "periods": 40})");
  double sum = 0;
  for (int t = 1; t <= 40; ++t) sum += 30 * std::pow(0.6 / 1.02, t);
  EXPECT_NEAR(number(o, "finite"), sum, 1e-13 * sum);
  EXPECT_NEAR(number(o, "growing"), number(o, "first_margin_ahead"), 1e-13 * sum);
}

TEST(retention_multiples, without_end_and_without_retention_are_plain) {
  const outcome all =
      run_report(retention_multiples_report, {}, R"({"retention": 0.8, "discount": 0.1})");
  EXPECT_EQ(number(all, "finite"), number(all, "first_margin_ahead"));
  const outcome none =
      run_report(retention_multiples_report, {}, R"({"retention": 0, "discount": 0, "margin": 7})");
  EXPECT_EQ(number(none, "first_margin_ahead"), 0);
  EXPECT_EQ(number(none, "margin_now"), 7);
  EXPECT_EQ(number(none, "finite"), 0);
  EXPECT_EQ(number(none, "lifespan"), 1);
}

TEST(retention_multiples, refuse_what_has_no_finite_value_by_name) {
  const auto says = [](const char* json, const char* part) {
    const std::string message = refusal(retention_multiples_report, json);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  says(R"({"retention": 1, "discount": 0.1})", "'retention' is 1");
  says(R"({"retention": -0.1, "discount": 0.1})", "'retention'");
  says(R"({"discount": 0.1})", "'retention' is missing");
  says(R"({"retention": 0.8})", "'discount' is missing");
  says(R"({"retention": 0.8, "discount": 0.1, "growth": 0.375})", "'growth' is 0.375");
  says(R"({"retention": 0.8, "discount": 0.1, "periods": 2.5})", "'periods' is 2.5");
  says(R"({"retention": 0.8, "discount": 0.1, "rate": 1})", "no option 'rate'");
}

report_inputs with_model(const char* name, std::vector<double> parameters) {
  auto m = std::make_shared<fitted_model>();
  m->purchase.which = &find_model(name);
  m->purchase.parameters = std::move(parameters);
  m->unit = "period";
  return {.tables = {}, .model = std::move(m)};
}

// Fader & Hardie (2010), table 3, d = .10, n = 1 ... 5.
TEST(contract_value, has_the_published_residual_lifetimes) {
  const auto check = [](std::vector<double> p, std::vector<double> derl, double within) {
    const outcome o = run_report(contract_value_report, with_model("sbg", std::move(p)));
    for (std::size_t n = 0; n < derl.size(); ++n) {
      EXPECT_NEAR(number(o, "derl", n), derl[n], within) << n + 1;
    }
  };
  check({3.80, 15.20}, {3.3098, 3.4510, 3.5865, 3.7168, 3.8421}, 5e-5);
  check({.067, .267}, {7.6708, 9.4553, 9.8508, 10.0562, 10.1886}, 5e-5);
}

// Fader & Hardie (2007): the fitted curves of the regular cohort.
TEST(contract_value, has_the_published_survival_and_its_ratios_as_retention) {
  const std::vector<double> survival{
      .6267, .4738, .3880, .3321, .2923, .2625, .2390, .2201, .2044, .1912, .1799, .1700};
  const outcome o = run_report(contract_value_report, with_model("sbg", {.704077, 1.182043}));
  double before = 1;
  for (std::size_t n = 0; n < survival.size(); ++n) {
    EXPECT_NEAR(number(o, "survival", n), survival[n], 5e-5) << n + 1;
    EXPECT_NEAR(number(o, "retention", n), number(o, "survival", n) / before, 1e-13) << n + 1;
    before = number(o, "survival", n);
  }
}

// The residual lifetime with every future retention rate times 1 + eps, term by term.
double lifetime_with(const model& m, const std::vector<double>& p, double x, double eps, double d) {
  double sum = 0;
  const observation o{.x = x, .t_x = x, .T = x};
  for (double k = 1; k < 600; ++k) {
    sum += m.survival_ahead(p, o, k) * std::pow(1 + eps, k) * std::pow(1 + d, 1 - k);
  }
  return sum;
}

TEST(contract_value, elasticity_of_the_mean_is_what_a_change_of_all_retention_rates_does) {
  for (const auto& [name, p] : {std::pair("sbg", std::vector{3.8, 15.2}),
                                std::pair("bdw", std::vector{.6, 2.0, 1.4}),
                                std::pair("bdw", std::vector{2.0, 5.0, .6})}) {
    const outcome o = run_report(contract_value_report, with_model(name, p));
    for (const std::size_t n : {0U, 4U}) {
      const double x = static_cast<double>(n), h = 1e-5;
      const double up = lifetime_with(find_model(name), p, x, h, .1);
      const double down = lifetime_with(find_model(name), p, x, -h, .1);
      const double slope = (std::log(up) - std::log(down)) / (std::log1p(h) - std::log1p(-h));
      EXPECT_NEAR(number(o, "elasticity_of_mean", n), slope, 1e-7 * slope) << name;
    }
  }
}

TEST(contract_value, mean_individual_elasticity_is_a_mean_and_below_the_other) {
  const outcome o = run_report(contract_value_report, with_model("sbg", {3.8, 15.2}));
  for (const std::size_t n : {0U, 3U, 11U}) {
    const double x = static_cast<double>(n);
    // Who is still there after x renewals; each one's own lifetime is geometric.
    const double mean = math::beta_expectation(
        3.8, 15.2 + x, 20, [](double theta) { return 1 / (1 - (1 - theta) / 1.1); });
    EXPECT_NEAR(number(o, "mean_individual_elasticity", n), mean, 1e-12 * mean);
    EXPECT_LT(number(o, "mean_individual_elasticity", n), number(o, "elasticity_of_mean", n));
  }
}

TEST(contract_value, of_bdw_goes_over_into_that_of_sbg) {
  const outcome exact = run_report(contract_value_report, with_model("sbg", {.7, 1.2}));
  const outcome near = run_report(contract_value_report, with_model("bdw", {.7, 1.2, 1 + 1e-9}));
  for (const char* column :
       {"survival", "derl", "mean_individual_elasticity", "elasticity_of_mean"}) {
    for (const std::size_t n : {0U, 5U, 11U}) {
      const double value = number(exact, column, n);
      EXPECT_NEAR(number(near, column, n), value, 1e-7 * value) << column;
    }
  }
}

TEST(contract_value, is_refused_for_models_that_know_no_contracts) {
  EXPECT_NE(refusal(contract_value_report, "", with_model("bg_nbd", {1, 2, 3, 4})).find("bg_nbd"),
            std::string::npos);
  report_inputs moved = with_model("sbg", {1, 2});
  auto m = std::make_shared<fitted_model>(*moved.model);
  m->purchase.coefficients.push_back({.covariate = "Age", .life = true, .value = .1});
  moved.model = m;
  EXPECT_NE(refusal(contract_value_report, "", moved).find("covariates"), std::string::npos);
  EXPECT_NE(refusal(contract_value_report, R"({"discount": 0})", with_model("sbg", {1, 2}))
                .find("'discount' is 0"),
            std::string::npos);
}

}  // namespace
}  // namespace clv
