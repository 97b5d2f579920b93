// Reports "experiment_plan" and "sample_ratio".
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "clv/error.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::table_of;
using test::text;

outcome plan(const std::string& options) {
  return test::run_report(experiment_plan_report, {}, options);
}

// Fleiss, Levin & Paik without continuity correction: 10 % against 12 %, equal arms, 5 %, 80 %:
// (1.95996 + .84162)^2 (.1 * .9 + .12 * .88) / .02^2 = 3838.1 per arm.
TEST(experiment_plan, equals_the_textbook_formula_for_rates) {
  const outcome o = plan(R"({"rate":0.1,"effect":0.02,"share":0.5,"flow":1000})");
  EXPECT_NEAR(number(o, "treated"), 3839, 1);
  EXPECT_NEAR(number(o, "held_out"), 3839, 1);
  EXPECT_NEAR(number(o, "weeks"), 7.678, .002);
}

// sd 10, effect 1, equal arms: 16 sd^2 / effect^2 = 1600 (Lehr's rule), exactly 1570 per arm.
TEST(experiment_plan, equals_the_textbook_formula_for_means) {
  const outcome o = plan(R"({"sd":10,"effect":1,"share":0.5})");
  EXPECT_EQ(number(o, "treated"), 1570);
  EXPECT_TRUE(test::absent(o, "weeks"));
}

TEST(experiment_plan, a_small_holdout_costs_customers_and_the_sequence_costs_more) {
  const outcome half = plan(R"({"sd":10,"effect":1,"share":0.5})");
  const outcome tenth = plan(R"({"sd":10,"effect":1,"share":0.1})");
  // 1 / .9 + 1 / .1 against 4.
  EXPECT_NEAR(number(tenth, "customers") / number(half, "customers"), 11.1111 / 4, 1e-3);
  const double factor = (3.0354 + .84162) / (1.95996 + .84162);
  EXPECT_NEAR(number(half, "customers", 1) / number(half, "customers", 0), factor * factor, 2e-3);
}

TEST(experiment_plan, the_planned_size_has_the_planned_power) {
  const outcome o = plan(R"({"sd":2,"effect":0.5,"share":0.2,"power":0.9})");
  const auto treated = static_cast<int>(number(o, "treated"));
  const auto held = static_cast<int>(number(o, "held_out"));
  int found = 0;
  constexpr int runs = 4000;
  for (int run = 0; run < runs; ++run) {
    random_source random(5, static_cast<std::uint64_t>(run));
    double t = 0, h = 0;
    for (int i = 0; i < treated; ++i) t += .5 + 2 * random.normal();
    for (int i = 0; i < held; ++i) h += 2 * random.normal();
    const double z = (t / treated - h / held) / (2 * std::sqrt(1.0 / treated + 1.0 / held));
    found += std::fabs(z) > 1.959964 ? 1 : 0;
  }
  // Four standard deviations: sqrt(.9 * .1 / 4000) = .0047.
  EXPECT_NEAR(found / static_cast<double>(runs), .9, .019);
}

TEST(experiment_plan, shows_what_peeking_costs) {
  const outcome o = plan(R"({"sd":1,"effect":0.1,"looks":28})");
  const table& t = *o.tables.at("peeking");
  EXPECT_EQ(number(o, "looks", t.rows() - 1, "peeking"), 28);
  for (std::size_t row = 0; row < t.rows(); ++row) {
    EXPECT_LE(number(o, "sequence_false_positive", row, "peeking"), .05);
    EXPECT_LE(number(o, "sequence_power", row, "peeking"),
              number(o, "plain_power", row, "peeking"));
  }
  EXPECT_NEAR(number(o, "plain_false_positive", 0, "peeking"), .05, 1e-12);
  EXPECT_NEAR(number(o, "plain_power", 0, "peeking"), .8, 1e-4);  // the other side adds 1e-6
  EXPECT_NEAR(number(o, "plain_false_positive", 4, "peeking"), .142, 5e-4);  // five looks
  EXPECT_GT(number(o, "plain_false_positive", t.rows() - 1, "peeking"), .25);
}

TEST(experiment_plan, refuses_what_cannot_be_planned) {
  for (const char* options : {"",
                              R"({"effect":0.1})",
                              R"({"effect":0,"sd":1})",
                              R"({"effect":0.1,"sd":1,"rate":0.1})",
                              R"({"effect":0.95,"rate":0.1})",
                              R"({"effect":0.1,"sd":1,"share":1})",
                              R"({"effect":0.1,"sd":-1})",
                              R"({"effect":0.1,"sd":1,"looks":1000})"}) {
    EXPECT_THROW(plan(options), error) << options;
  }
}

outcome ratio(const std::string& csv, const std::string& options = "") {
  report_inputs in;
  in.tables["arms"] = table_of(csv);
  return test::run_report(sample_ratio_report, std::move(in), options);
}

// 821,588 against 815,482 where half was asked for: the example of Kohavi, Tang & Xu (2020), ch.
// 21, p = 1.8e-6.
TEST(sample_ratio, finds_the_published_mismatch) {
  const outcome o = ratio("arm,customers,share\ntreated,821588,0.5\nheld,815482,0.5\n");
  EXPECT_NEAR(number(o, "p_value"), 1.8e-6, 1e-7);
  EXPECT_EQ(text(o, "status"), "SRM");
  EXPECT_EQ(number(o, "degrees_of_freedom"), 1);
}

TEST(sample_ratio, judges_each_experiment_and_any_number_of_arms) {
  const outcome o = ratio(
      "experiment,arm,customers,share\n"
      "x,a,100,0.5\nx,b,110,0.3\nx,c,0,0.2\n"
      "w,a,50,0.5\nw,b,50,0.5\n");
  EXPECT_EQ(text(o, "experiment", 0), "w");
  EXPECT_EQ(number(o, "chi_square", 0), 0);
  EXPECT_EQ(number(o, "p_value", 0), 1);
  EXPECT_EQ(text(o, "status", 1), "SRM");
  EXPECT_EQ(number(o, "degrees_of_freedom", 1), 2);
  // (100 - 105)^2 / 105 + (110 - 63)^2 / 63 + 42
  EXPECT_NEAR(number(o, "chi_square", 1), 25. / 105 + 47. * 47 / 63 + 42, 1e-12);
}

TEST(sample_ratio, refuses_shares_that_do_not_make_one) {
  EXPECT_THROW(ratio("arm,customers,share\na,1,0.5\nb,1,0.4\n"), error);
  EXPECT_THROW(ratio("arm,customers,share\na,1,1\n"), error);
  EXPECT_THROW(ratio("arm,customers,share\na,-1,0.5\nb,1,0.5\n"), error);
}

}  // namespace
}  // namespace clv
