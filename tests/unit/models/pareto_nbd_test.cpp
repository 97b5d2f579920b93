#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "clv/csv.hpp"
#include "clv/model.hpp"
#include "clv/summary.hpp"
#include "math/random.hpp"
#include "support/golden.hpp"
#include "support/shared_data.hpp"

using clv::observation;
using clv::test::golden;
using clv::test::golden_row;
using clv::test::relative_error;

namespace {

const clv::model& pareto_nbd_model() {
  return clv::find_model("pareto_nbd");
}

std::vector<double> pareto_nbd_parameters(const golden_row& row) {
  return {row["r"], row["alpha"], row["s"], row["beta"]};
}

observation pareto_nbd_customer(const golden_row& row) {
  return {.x = row["x"], .t_x = row["t_x"], .T = row["T"]};
}

// Maximum likelihood of the CDNOW sample, the paper's rounded estimates, those of all 78 weeks.
const std::vector<double> pareto_nbd_estimates{.553277, 10.577683, .606240, 11.668734};
const std::vector<double> pareto_nbd_paper{.55, 10.56, .61, 11.64};
const std::vector<double> all_weeks{.5629966, 12.559037, .4081095, 10.5148048};
const observation customer_1516{.x = 26, .t_x = 216.0 / 7, .T = 31};

// Checks every row of a function: relative 1e-12, of logs absolute times 1 + |value|. Below 1e-290
// a double has no such digits.
template <class quantity>
void expect_golden(const char* function, double budget, const quantity& value_of) {
  for (const auto& row : golden("pareto_nbd.csv", function)) {
    const double value = value_of(row), expected = row["value"];
    if (std::fabs(expected) < 1e-290) {
      EXPECT_TRUE(value >= 0 && value < 1e-290) << row.inputs;
    } else {
      EXPECT_LE(relative_error(value, expected), budget) << row.inputs << "\nis " << value;
    }
  }
}

}  // namespace

TEST(pareto_nbd, log_likelihood_equals_direct_integration) {
  for (const auto& row : golden("pareto_nbd.csv", "log_likelihood")) {
    const double value =
        pareto_nbd_model().log_likelihood(pareto_nbd_parameters(row), pareto_nbd_customer(row));
    EXPECT_NEAR(value, row["value"], 1e-13 * (1 + std::fabs(row["value"]))) << row.inputs;
  }
}

TEST(pareto_nbd, accumulated_likelihood_equals_direct_integration) {
  for (const auto& row : golden("pareto_nbd.csv", "log_likelihood")) {
    const clv::tuples one{.x = {row["x"]}, .t_x = {row["t_x"]}, .T = {row["T"]}, .weight = {1}};
    clv::likelihood_sum sum{.value = 0, .gradient = std::vector<double>(4)};
    pareto_nbd_model().accumulate(pareto_nbd_parameters(row), one, 0, 1, sum);
    EXPECT_NEAR(sum.value, row["value"], 1e-13 * (1 + std::fabs(row["value"]))) << row.inputs;
  }
}

TEST(pareto_nbd, p_alive_equals_direct_integration) {
  expect_golden("p_alive", 1e-12, [](const golden_row& row) {
    return pareto_nbd_model().p_alive(pareto_nbd_parameters(row), pareto_nbd_customer(row));
  });
}

TEST(pareto_nbd, expectations_equal_direct_integration) {
  expect_golden("expected_purchases", 1e-12, [](const golden_row& row) {
    return pareto_nbd_model().expected_purchases(
        pareto_nbd_parameters(row), pareto_nbd_customer(row), row["t"]);
  });
  expect_golden("expected_new", 1e-12, [](const golden_row& row) {
    return pareto_nbd_model().expected_new(pareto_nbd_parameters(row), row["t"]);
  });
}

TEST(pareto_nbd, residual_equals_direct_integration) {
  expect_golden("residual", 1e-12, [](const golden_row& row) {
    return pareto_nbd_model().residual(
        pareto_nbd_parameters(row), pareto_nbd_customer(row), row["t"]);
  });
}

TEST(pareto_nbd, survival_equals_direct_integration) {
  expect_golden("survival_ahead", 1e-12, [](const golden_row& row) {
    return pareto_nbd_model().survival_ahead(
        pareto_nbd_parameters(row), pareto_nbd_customer(row), row["t"]);
  });
}

TEST(pareto_nbd, no_purchase_equals_direct_integration) {
  for (const auto& row : golden("pareto_nbd.csv", "no_purchase")) {
    const double value = pareto_nbd_model().no_purchase(
        pareto_nbd_parameters(row), pareto_nbd_customer(row), row["t"]);
    EXPECT_NEAR(value, row["value"], 1e-14) << row.inputs;  // 1 minus something of order 1
  }
}

TEST(pareto_nbd, counts_equal_direct_integration) {
  std::vector<double> p;
  expect_golden("purchase_tail", 1e-12, [&](const golden_row& row) {
    pareto_nbd_model().purchase_tail(
        pareto_nbd_parameters(row), pareto_nbd_customer(row), row["t"], p);
    return p.at(static_cast<std::size_t>(row["i"]));
  });
  expect_golden("pmf", 1e-12, [&](const golden_row& row) {
    p.assign(100, 0);
    pareto_nbd_model().pmf(pareto_nbd_parameters(row), row["t"], p);
    return p.at(static_cast<std::size_t>(row["i"]));
  });
}

TEST(pareto_nbd, gives_the_published_expectations) {
  EXPECT_LE(relative_error(pareto_nbd_model().expected_new(pareto_nbd_estimates, 52), 1.4734342),
            5e-8);
  EXPECT_LE(relative_error(pareto_nbd_model().p_alive(pareto_nbd_estimates, {0, 0, 39}), .29427629),
            5e-8);
  EXPECT_LE(
      relative_error(pareto_nbd_model().expected_purchases(pareto_nbd_estimates, customer_1516, 52),
                     25.455183),
      5e-8);
  EXPECT_LE(
      relative_error(pareto_nbd_model().p_alive(pareto_nbd_estimates, customer_1516), .9978734),
      5e-8);
  const std::vector<std::pair<double, double>> silent{
      {10, .70588838}, {15, .14415074}, {20, .022490145}, {25, .0030900667}};
  for (const auto& [x, expected] : silent) {
    const double value = pareto_nbd_model().expected_purchases(
        pareto_nbd_estimates, {.x = x, .t_x = 20, .T = 39}, 52);
    EXPECT_LE(relative_error(value, expected), 5e-8) << x;
  }
  const std::vector<double> by_week{.05077821,
                                    .09916088,
                                    .14542507,
                                    .18979930,
                                    .23247466,
                                    .27361274,
                                    .31335159,
                                    .35181024,
                                    .38909211};
  for (std::size_t i = 0; i < by_week.size(); ++i) {
    EXPECT_NEAR(pareto_nbd_model().expected_new(pareto_nbd_paper, static_cast<double>(i + 1)),
                by_week[i],
                6e-9)
        << i;
  }
  EXPECT_NEAR(
      pareto_nbd_model().expected_purchases(pareto_nbd_paper, {10, 35, 39}, 2), .388412, 5e-7);
}

TEST(pareto_nbd, gives_the_published_count_probabilities) {
  std::vector<double> p(21);
  pareto_nbd_model().pmf(pareto_nbd_paper, 2, p);
  EXPECT_LE(relative_error(p[10], 1.8937e-09), 1e-5);
  pareto_nbd_model().pmf(pareto_nbd_paper, 39, p);
  EXPECT_NEAR(p[0], .595938, 5e-7);
  pareto_nbd_model().pmf(pareto_nbd_paper, 30, p);
  const std::vector<double> from_11{.00188994,
                                    .00133228,
                                    .000943244,
                                    .00067025,
                                    .000477746,
                                    .000341443,
                                    .000244594,
                                    .000175574,
                                    .000126256,
                                    .0000909373};
  for (std::size_t i = 0; i < from_11.size(); ++i) {
    EXPECT_LE(relative_error(p[11 + i], from_11[i]), 5e-6) << 11 + i;  // half a last digit
  }
}

// The last row rises with x and then falls: of two customers silent since week 30 the busier one
// has more surely left.
TEST(pareto_nbd, gives_the_published_discounted_residual_transactions) {
  EXPECT_LE(
      relative_error(pareto_nbd_model().residual(all_weeks, {7, 35, 77.86}, .0027), 1.8641833),
      5e-8);
  const std::vector<double> paradox{
      2.19916, 2.84353, 2.86713, 2.44541, 1.84050, 1.26242, .80962, .49480, .29202, .16793};
  for (std::size_t i = 0; i < paradox.size(); ++i) {
    const observation o{.x = static_cast<double>(i + 1), .t_x = 30, .T = 77.86};
    EXPECT_NEAR(pareto_nbd_model().residual(all_weeks, o, .0027), paradox[i], 6e-6) << o.x;
  }
  const std::vector<std::pair<observation, double>> at_maximum{{{0, 0, 39}, .474764},
                                                               {{2, 30.43, 38.86}, 6.482033},
                                                               {{7, 35, 38.86}, 20.652508},
                                                               {customer_1516, 86.024366}};
  for (const auto& [o, expected] : at_maximum) {
    EXPECT_NEAR(pareto_nbd_model().residual(pareto_nbd_estimates, o, .0027), expected, 6e-7) << o.x;
  }
}

// A package forms exp(delta (beta+T)) and gets NaN: https://github.com/bachmannpatrick/CLVTools
// issue 163.
TEST(pareto_nbd, residual_stays_finite_for_a_large_beta) {
  for (const double beta : {1e4, 1e6, 1e9}) {
    const std::vector<double> p{.5, 10, .6, beta};
    const observation o{.x = 3, .t_x = 20, .T = 30};
    // Hardly anybody dies before the discount has eaten the rest: (r+x)/((alpha+T) delta).
    const double expected = pareto_nbd_model().p_alive(p, o) * 3.5 / 40 / .1;
    EXPECT_NEAR(pareto_nbd_model().residual(p, o, .1), expected, expected * 10 / beta) << beta;
  }
}

TEST(pareto_nbd, residual_without_discount_is_finite_only_if_lives_are) {
  EXPECT_TRUE(std::isinf(pareto_nbd_model().residual(pareto_nbd_estimates, {2, 30, 39}, 0)));
  const std::vector<double> p{.5, 10, 1.5, 12};
  const observation o{.x = 2, .t_x = 30, .T = 39};
  EXPECT_LE(relative_error(pareto_nbd_model().residual(p, o, 0),
                           pareto_nbd_model().p_alive(p, o) * 2.5 / 49 * 51 / .5),
            1e-14);
}

TEST(pareto_nbd, survives_the_published_stress_cases) {
  const std::vector<double> many{10.465, .00798565181, 3.0516, 2.82};
  const std::vector<double> tools{.5143, 2.8845, .2856, 14.1087};
  struct stress {
    std::vector<double> p;
    observation o;
    double log_likelihood, p_alive;
  };
  const std::vector<stress> rows{
      {many, {400, 5, 6}, 1323.18893096782, 5.13745811332e-31},
      {many, {500, 1, 37}, 2594.40445462276, 0},
      {many, {500, 4, 37}, 1888.82124973894, 0},
      {many, {40, 5, 6}, -5.71902158522311, .00188512818736},
      {many, {50, 1, 37}, 116.301264610116, 1.41714429129e-96},
      {tools, {221, 103.42857, 103.57143}, -61.584648561729, .999596052318},
      {tools, {254, 97.14286, 97.28571}, -19.623292217512, .999558226123},
      {tools, {161, 94.71429, 98}, -87.429254863309, .749487752258},
      {tools, {204, 98.57143, 99.42857}, -65.198342189260, .994255079638}};
  for (const auto& row : rows) {
    EXPECT_LE(relative_error(pareto_nbd_model().log_likelihood(row.p, row.o), row.log_likelihood),
              2e-14)
        << row.o.x;
    EXPECT_NEAR(pareto_nbd_model().p_alive(row.p, row.o), row.p_alive, 5e-12 * row.p_alive)
        << row.o.x;
  }
  const std::vector<double> lifetimes{.55, 10.58, .61, 11.67};
  EXPECT_LE(relative_error(pareto_nbd_model().expected_purchases(lifetimes, {132, 200, 200}, 10),
                           6.206051788963),
            1e-12);
  EXPECT_LE(relative_error(pareto_nbd_model().expected_purchases(lifetimes, {133, 200, 200}, 10),
                           6.252872247574),
            1e-12);
}

TEST(pareto_nbd, a_customer_of_the_last_day_says_nothing) {
  EXPECT_EQ(pareto_nbd_model().log_likelihood(pareto_nbd_estimates, {0, 0, 0}), 0);
  EXPECT_EQ(pareto_nbd_model().p_alive(pareto_nbd_estimates, {0, 0, 0}), 1);
}

TEST(pareto_nbd, without_deaths_it_is_the_nbd) {
  const std::vector<double> p{.4, 12, 1e-9, 1};
  EXPECT_NEAR(pareto_nbd_model().expected_new(p, 52), .4 * 52 / 12, 1e-7);
  EXPECT_NEAR(pareto_nbd_model().residual(p, {3, 20, 30}, .1), 3.4 / 42 / .1, 1e-6);
}

namespace {

// Purchases of whole days, so that most times occur often: many equal (x, t_x, T).
clv::tuples whole_days(double days) {
  clv::tuples t;
  clv::random_source random(1997);
  for (double x = 0; x <= 12; ++x) {
    for (double at = x > 0 ? 1 : 0; at <= (x > 0 ? days : 0); at += x > 0 ? 9 : 1) {
      for (double T = std::max(at, 5.0); T <= days; T += 4) {
        t.x.push_back(x);
        t.t_x.push_back(at / 7);
        t.T.push_back(T / 7);
        t.weight.push_back(std::floor(1 + 9 * random.uniform()));
        t.customers += t.weight.back();
      }
    }
  }
  return t;
}

}  // namespace

// Long runs of equal x take the way over the block's grid of times; alone a tuple has its own
// nodes.
TEST(pareto_nbd, a_block_of_equal_times_gives_what_its_tuples_give_alone) {
  const auto t = whole_days(80);
  for (const auto& p : {pareto_nbd_estimates,
                        std::vector<double>{.5, .3, 1, .3},
                        std::vector<double>{3, 400, .01, 1},
                        std::vector<double>{.02, 2, 4, 900}}) {
    clv::likelihood_sum together{.value = 0, .gradient = std::vector<double>(4)};
    clv::likelihood_sum alone = together, size = together;
    pareto_nbd_model().accumulate(p, t, 0, t.size(), together);
    for (std::size_t i = 0; i < t.size(); ++i) {
      clv::likelihood_sum one{.value = 0, .gradient = std::vector<double>(4)};
      pareto_nbd_model().accumulate(p, t, i, i + 1, one);
      alone.value += one.value;
      size.value += std::fabs(one.value);
      for (std::size_t k = 0; k < 4; ++k) {
        alone.gradient[k] += one.gradient[k];
        size.gradient[k] += std::fabs(one.gradient[k]);
      }
    }
    EXPECT_NEAR(together.value, alone.value, 1e-13 * size.value);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(together.gradient[k], alone.gradient[k], 1e-12 * size.gradient[k]) << k;
    }
  }
}

namespace {

clv::tuples cdnow(const std::string& path) {
  clv::job reading =
      clv::read_csv({.path = path, .schema = "summary", .map = "customer=cust,t_x=t.x,T=T.cal"});
  reading.run();
  return clv::distinct(*reading.result().tables.at(""), clv::tuple_key::purchases);
}

}  // namespace

TEST(pareto_nbd, cdnow_has_its_published_maximum_where_the_gradient_is_zero) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const clv::tuples t = cdnow(path);
  clv::likelihood_sum sum{.value = 0, .gradient = std::vector<double>(4)};
  pareto_nbd_model().accumulate(pareto_nbd_estimates, t, 0, t.size(), sum);
  EXPECT_NEAR(sum.value, -9594.97618, 1e-5);
  for (std::size_t k = 0; k < 4; ++k) {
    // The estimates are printed to 6 or 8 digits; second derivatives by ln are up to 1e3.
    EXPECT_NEAR(pareto_nbd_estimates[k] * sum.gradient[k], 0, 2e-3) << k;
  }
}

TEST(pareto_nbd, cdnow_has_the_published_holdout_means_by_frequency) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const clv::tuples t = cdnow(path);
  std::array<double, 8> customers{}, expected{};
  for (std::size_t i = 0; i < t.size(); ++i) {
    const auto cell = static_cast<std::size_t>(std::min(t.x[i], 7.0));
    customers[cell] += t.weight[i];
    expected[cell] += t.weight[i] * pareto_nbd_model().expected_purchases(
                                        pareto_nbd_estimates, {t.x[i], t.t_x[i], t.T[i]}, 39);
  }
  const std::array<double, 8> published{.138, .600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(expected[i] / customers[i], published[i], .001) << i;
  }
  EXPECT_NEAR(std::accumulate(expected.begin(), expected.end(), 0.0), 1665.5, .05);
}
