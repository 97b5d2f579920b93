#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "clv/error.hpp"
#include "cohort.hpp"
#include "math/normal.hpp"
#include "support/reports.hpp"
#include "support/shared_data.hpp"
#include "value/fitting/spend_frequency.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using test::absent;
using test::customer;
using test::number;
using test::run_report;
using test::text;

// Customers with x = 1 ... 12 whose spend is `factor`(x) times that of one Gamma-Gamma.
template <typename Factor>
std::vector<customer> spenders(std::size_t n, Factor factor) {
  const std::array truth{6.0, 4.0, 15.0};  // mean 6 * 15 / 3 = 30
  std::vector<customer> rows;
  std::vector<double> amounts;
  for (std::size_t i = 0; i < n; ++i) {
    random_source random(5, i);
    const std::size_t x = 1 + i % 12;
    find_model("gamma_gamma").simulate_spend(truth, x, random, amounts);
    const double sum = std::accumulate(amounts.begin(), amounts.end(), 0.0);
    const auto count = static_cast<double>(x);
    rows.push_back({.x = count, .t_x = 5, .T = 30, .mean_spend = factor(count) * sum / count});
  }
  return rows;
}

double same(double) {
  return 1;
}
double rising(double x) {
  return 0.5 + x / 8;
}

outcome bands_of(const std::vector<customer>& rows, const char* options = "") {
  report_inputs in;
  in.tables["summary"] = test::summary_of(rows);
  return run_report(spend_by_frequency_report, std::move(in), options);
}

// Where nothing goes with frequency, no band is far from the common model.
TEST(spend_by_frequency, finds_no_bias_where_there_is_none) {
  const outcome o = bands_of(spenders(6000, same));
  ASSERT_EQ(o.tables.at("")->rows(), 4U);
  const char* names[] = {"1", "2-3", "4-7", "8+"};
  for (std::size_t b = 0; b < 4; ++b) {
    EXPECT_EQ(text(o, "band", b), names[b]);
    EXPECT_LT(std::abs(number(o, "bias", b)), 3 * number(o, "expected_spend_se", b)) << b;
    EXPECT_NEAR(number(o, "expected_spend", b), 30, 4 * number(o, "expected_spend_se", b)) << b;
    EXPECT_GT(number(o, "correlation_p_value", b), 1e-3) << b;
  }
}

// Spend rises with x: the common model is too high for rare buyers and too low for frequent ones.
TEST(spend_by_frequency, says_how_far_the_common_model_is_off) {
  const outcome o = bands_of(spenders(6000, rising));
  const double wanted[] = {rising(1) * 30, rising(2.5) * 30, rising(5.5) * 30, rising(10) * 30};
  for (std::size_t b = 0; b < 4; ++b) {
    EXPECT_NEAR(number(o, "expected_spend", b), wanted[b], 4 * number(o, "expected_spend_se", b));
    EXPECT_GT(number(o, "weight", b), 0.95);  // large bands keep what they show
    EXPECT_NEAR(number(o, "bias", b),
                number(o, "pooled_expected_spend", b) - number(o, "expected_spend", b),
                1e-12);
  }
  EXPECT_GT(number(o, "bias", 0), 5 * number(o, "expected_spend_se", 0));
  EXPECT_LT(number(o, "bias", 3), 0);
  EXPECT_EQ(text(o, "status", 0), "converged");
  EXPECT_GT(number(o, "q", 0), 1);
}

TEST(spend_by_frequency, a_small_band_keeps_the_common_model_and_says_so) {
  auto rows = spenders(600, same);
  rows.push_back({.x = 40, .t_x = 5, .T = 30, .mean_spend = 500});
  const outcome o = bands_of(rows, R"({"bands":[1,3,13]})");
  ASSERT_EQ(o.tables.at("")->rows(), 3U);
  EXPECT_EQ(text(o, "band", 2), "13+");
  EXPECT_EQ(number(o, "customers", 2), 1);
  EXPECT_TRUE(absent(o, "expected_spend", 2));
  EXPECT_TRUE(absent(o, "bias", 2));
  EXPECT_EQ(number(o, "weight", 2), 0);
  EXPECT_EQ(text(o, "status", 2), "too_few");
  EXPECT_EQ(text(o, "reason", 2), "fewer than 30 customers: the common model has to do");
}

// Bands of equal means and little data are drawn together: less spread than they show.
TEST(spend_by_frequency, shrinks_chance_differences_between_bands) {
  const outcome o = bands_of(spenders(480, same), R"({"bands":[1,2,3,4,5,6,7,8,9,10,11,12]})");
  double shown = 0, kept = 0;
  for (std::size_t b = 0; b < 12; ++b) {
    shown += std::pow(number(o, "mean_spend", b) - 30, 2);
    kept += std::pow(number(o, "expected_spend", b) - 30, 2);
    EXPECT_LT(number(o, "weight", b), 1) << b;
  }
  EXPECT_LT(kept, 0.5 * shown);
}

TEST(spend_by_frequency, refuses_options_by_name_and_value) {
  const auto why = [](const char* options) {
    try {
      bands_of(spenders(100, same), options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  EXPECT_NE(why(R"({"bands":[0,2]})").find("rising whole numbers from 1"), std::string::npos);
  EXPECT_NE(why(R"({"min_customers":1})").find("at least 2"), std::string::npos);
  EXPECT_NE(why(R"({"colour":1})").find("colour"), std::string::npos);
}

// Fisher's z by hand: r = 1/2 of 28 customers is atanh(.5) * 5 = 2.7465 standard deviations.
TEST(spend_frequency, tests_independence_by_fishers_z) {
  tuples t;
  const auto add = [&](double x, double z, double weight) {
    t.x.push_back(x);
    t.mean_spend.push_back(z);
    t.weight.push_back(weight);
    t.customers += weight;
  };
  // Correlation 1/2: of 28 customers, 21 agree (both low or both high) and 7 do not.
  add(1, 10, 10.5);
  add(1, 20, 3.5);
  add(2, 10, 3.5);
  add(2, 20, 10.5);
  const spend_frequency f = spend_frequency_of(t);
  EXPECT_NEAR(f.correlation, 0.5, 1e-15);
  EXPECT_EQ(f.customers, 28);
  EXPECT_NEAR(f.p_value, 2 * math::normal_cdf(-5 * std::atanh(0.5)), 1e-15);
}

TEST(spend_frequency, knows_nothing_of_constant_spend_or_three_customers) {
  tuples t{.x = {1, 2, 3}, .mean_spend = {5, 5, 5}, .weight = {9, 9, 9}, .customers = 27};
  EXPECT_EQ(spend_frequency_of(t).correlation, 0);
  EXPECT_EQ(spend_frequency_of(t).p_value, 1);
  t = {.x = {1, 2, 3}, .mean_spend = {5, 6, 7}, .weight = {1, 1, 1}, .customers = 3};
  EXPECT_NEAR(spend_frequency_of(t).correlation, 1, 1e-15);
  EXPECT_EQ(spend_frequency_of(t).p_value, 1);
}

// CDNOW's frequent buyers spend more: .1 over 946 repeaters is more than chance.
TEST(spend_frequency, is_rejected_and_noted_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  job j = fit(test::summary_of(test::cdnow(path)), {});
  j.run();
  const fitted_model& m = *j.result().model;
  EXPECT_NEAR(m.spend_frequency_p_value,
              2 * math::normal_cdf(-std::atanh(m.spend_frequency_correlation) * std::sqrt(943)),
              1e-12);
  EXPECT_LT(m.spend_frequency_p_value, 0.01);
  EXPECT_NE(m.spend->reason.find("spend goes with frequency"), std::string::npos);
  ASSERT_FALSE(j.result().notes.empty());
  EXPECT_NE(j.result().notes.back().message.find("assumes that it does not"), std::string::npos);
}

}  // namespace
}  // namespace clv
