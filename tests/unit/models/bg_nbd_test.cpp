#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "clv/model.hpp"
#include "drop_out_golden.hpp"
#include "models/geometric_drop_out.hpp"
#include "support/golden.hpp"

using clv::observation;
using clv::test::golden;
using clv::test::golden_row;
using clv::test::relative_error;

namespace {

const clv::model& model() {
  return clv::find_model("bg_nbd");
}

std::vector<double> parameters(const golden_row& row) {
  return {row["r"], row["alpha"], row["a"], row["b"]};
}

observation customer(const golden_row& row) {
  return {.x = row["x"], .t_x = row["t_x"], .T = row["T"]};
}

// What the BTYD manual was printed with, and the paper's rounded estimates.
const std::vector<double> manual{.2425982, 4.413684, .7929899, 2.426167};
const std::vector<double> estimates{.242595, 4.413602, .792922, 2.425907};
const std::vector<double> paper{.243, 4.414, .793, 2.426};

double pmf(const std::vector<double>& p, double t, std::size_t j) {
  std::vector<double> tail;
  model().purchase_tail(p, {}, t, tail);
  if (j == 0) return 1 - tail.at(0);
  return tail.at(j - 1) - (j < tail.size() ? tail[j] : 0);
}

}  // namespace

TEST(bg_nbd, log_likelihood_equals_direct_integration) {
  for (const auto& row : golden("bg_nbd.csv", "log_likelihood")) {
    const double value = model().log_likelihood(parameters(row), customer(row));
    EXPECT_LE(relative_error(value, row["value"]), 1e-13) << row.inputs;
  }
}

TEST(bg_nbd, p_alive_equals_direct_integration) {
  for (const auto& row : golden("bg_nbd.csv", "p_alive")) {
    const double value = model().p_alive(parameters(row), customer(row));
    if (row["value"] < 1e-300) {
      EXPECT_LT(value, 1e-300) << row.inputs;
      EXPECT_GE(value, 0) << row.inputs;
    } else {
      EXPECT_LE(relative_error(value, row["value"]), 1e-13) << row.inputs;
    }
  }
}

TEST(bg_nbd, expected_purchases_equals_direct_integration) {
  for (const auto& row : golden("bg_nbd.csv", "expected_purchases")) {
    const double value = model().expected_purchases(parameters(row), customer(row), row["t"]);
    if (row["value"] < 1e-300) {
      EXPECT_LT(value, 1e-299) << row.inputs;
    } else {
      EXPECT_LE(relative_error(value, row["value"]), 1e-13) << row.inputs;
    }
  }
}

TEST(bg_nbd, expected_new_equals_direct_integration) {
  for (const auto& row : golden("bg_nbd.csv", "expected_new")) {
    const double value = model().expected_new(parameters(row), row["t"]);
    EXPECT_LE(relative_error(value, row["value"]), 1e-13) << row.inputs;
  }
}

TEST(bg_nbd, no_purchase_equals_direct_integration) {
  for (const auto& row : golden("bg_nbd.csv", "no_purchase")) {
    const double value = model().no_purchase(parameters(row), customer(row), row["t"]);
    EXPECT_NEAR(value, row["value"], 1e-14) << row.inputs;  // 1 minus something of order 1
  }
}

TEST(bg_nbd, purchase_tail_equals_direct_integration) {
  std::vector<double> tail;
  for (const auto& row : golden("bg_nbd.csv", "purchase_tail")) {
    model().purchase_tail(parameters(row), customer(row), row["t"], tail);
    const auto i = static_cast<std::size_t>(row["i"]);
    ASSERT_LT(i, tail.size()) << row.inputs;
    EXPECT_LE(relative_error(tail[i], row["value"]), 1e-12) << row.inputs;
  }
}

TEST(bg_nbd, further_quantities_equal_direct_integration) {
  for (const char* function : {"pmf", "survival", "survival_ahead", "residual"}) {
    for (const auto& row : golden("bg_nbd.csv", function)) {
      clv::test::expect_answer(model(), parameters(row), row, 1e-12);
    }
  }
}

// The two ways to the expectation, in every corner that the regularised 2F1 form does not survive.
TEST(bg_nbd, expected_count_equals_the_sum_of_its_tail) {
  struct corner {
    clv::drop_out_mixture m;
    double t;
  };
  const std::vector<corner> corners{{{20, 1, .3, .1}, 9},
                                    {{50, 1, .3, .1}, 9},
                                    {{.01, 4, .8, 2.5}, 52},
                                    {{.001, 4, .8, 2.5}, 52},
                                    {{.24, 4.4, 1, 2.4}, 52},
                                    {{.24, 4.4, 1 + 1e-6, 2.4}, 52},
                                    {{.24, 4.4, 1 - 1e-6, 2.4}, 52},
                                    {{.24, 4.4, 1 + 1e-13, 2.4}, 52},
                                    {{.24, 4.4, 5e3, 2e4}, 52},
                                    {{40.2, 35, 9e3, 9.1e3}, 500},
                                    {{.3, 4, .05, .05}, 52},
                                    {{1e4, 40, .8, 1e4}, 52},
                                    {{300, 900, .8, 2.5}, 52},
                                    {{1.3, 4.4, .6, .4}, 4e3}};
  std::vector<double> tail;
  for (const auto& c : corners) {
    clv::count_tail(c.m, c.t, tail);
    const double sum = std::accumulate(tail.rbegin(), tail.rend(), 0.0);
    // The tail leaves out entries below 1e-12, which fall no slower than z^i.
    const double left_out = 2e-12 * (1 + c.t / c.m.rate);
    EXPECT_NEAR(sum, clv::expected_count(c.m, c.t), 1e-11 * sum + left_out)
        << c.m.shape << ' ' << c.m.rate << ' ' << c.m.a << ' ' << c.m.b << ' ' << c.t;
  }
}

// https://www.brucehardie.com/notes/004 and the BTYD manual; printed digits.
TEST(bg_nbd, gives_the_published_cdnow_predictions) {
  EXPECT_LE(relative_error(model().expected_new(manual, 52), 1.444004), 1e-5);
  const observation customer_1516{.x = 26, .t_x = 216.0 / 7, .T = 31};
  EXPECT_LE(relative_error(model().expected_purchases(manual, customer_1516, 52), 25.75659), 1e-5);
  EXPECT_LE(relative_error(model().p_alive(manual, customer_1516), .9688523), 1e-5);
  const std::vector<std::pair<double, double>> paradox{
      {10, .34746025}, {15, .042833953}, {20, .0041589855}, {25, .00035837041}};
  for (const auto& [x, expected] : paradox) {
    const double value = model().expected_purchases(manual, {.x = x, .t_x = 20, .T = 39}, 52);
    EXPECT_LE(relative_error(value, expected), 1e-7) << x;
  }
  EXPECT_LE(relative_error(model().expected_purchases(estimates, {2, 30.43, 38.86}, 39), 1.2259071),
            1e-6);
  EXPECT_LE(relative_error(model().expected_purchases(estimates, {2, 213.0 / 7, 272.0 / 7}, 39),
                           1.2259947),
            1e-6);
}

TEST(bg_nbd, gives_the_published_growth_of_a_new_customer) {
  const std::vector<std::pair<double, double>> published{{.1429, .007816},
                                                         {1, .0531844},
                                                         {3, .1506311},
                                                         {31.8571, 1.040491},
                                                         {32, 1.043734},
                                                         {78, 1.857962}};
  for (const auto& [t, expected] : published) {
    // Half a unit of the last printed digit, and the rounding of the estimates.
    EXPECT_NEAR(model().expected_new(estimates, t), expected, 1e-6 + 1e-6 * expected) << t;
  }
}

TEST(bg_nbd, gives_the_published_count_probabilities) {
  EXPECT_LE(relative_error(pmf(paper, 2, 10), 1.07869e-07), 1e-5);
  EXPECT_LE(relative_error(pmf(paper, 39, 0), .5737864), 1e-7);
  const std::vector<double> from_11{.0019995214,
                                    .0015170236,
                                    .0011633150,
                                    .0009003148,
                                    .0007023638,
                                    .0005517902,
                                    .0004361913,
                                    .0003467171,
                                    .0002769613,
                                    .0002222260};
  std::vector<double> direct(11 + from_11.size());
  model().pmf(paper, 30, direct);
  for (std::size_t i = 0; i < from_11.size(); ++i) {
    EXPECT_NEAR(pmf(paper, 30, 11 + i), from_11[i], 6e-11) << 11 + i;  // the last printed digit
    EXPECT_NEAR(direct[11 + i], from_11[i], 6e-11) << 11 + i;
  }
}

// Note 039, eq. 34; the first line is where a package forgets that x = 0 means alive.
TEST(bg_nbd, gives_the_published_probabilities_of_no_purchase) {
  EXPECT_NEAR(model().no_purchase(paper, {0, 0, 10}, 10), .879809, 5e-7);
  EXPECT_NEAR(model().no_purchase(paper, {2, 30.43, 38.86}, 39), .445373, 5e-7);
  EXPECT_NEAR(model().no_purchase(paper, {3, 100, 500}, 3), .999378, 5e-7);
  EXPECT_NEAR(model().no_purchase(paper, {100, 100, 100}, 30), .007758, 5e-7);
}

TEST(bg_nbd, survives_the_published_stress_cases) {
  const std::vector<double> p{.25, 4, .8, 2.5};
  EXPECT_LE(relative_error(model().log_likelihood(p, {0, 0, 40}), -.5994738182), 1e-10);
  EXPECT_LE(relative_error(model().log_likelihood(p, {200, 38, 40}), 100.795693093), 1e-10);
}

TEST(bg_nbd, p_alive_is_one_without_repeat_purchases) {
  for (const double T : {0.0, 1.0, 1e4}) EXPECT_EQ(model().p_alive(estimates, {0, 0, T}), 1);
}

TEST(bg_nbd, a_customer_of_the_last_day_says_nothing) {
  EXPECT_EQ(model().log_likelihood(estimates, {0, 0, 0}), 0);
  for (const double t : {1.0, 52.0}) {
    EXPECT_EQ(model().expected_purchases(estimates, {}, t), model().expected_new(estimates, t));
  }
}

TEST(bg_nbd, a_long_silence_after_many_purchases_is_certain_death_not_a_nan) {
  const observation o{.x = 10'000, .t_x = 10, .T = 4000};
  EXPECT_EQ(model().p_alive(estimates, o), 0);
  EXPECT_EQ(model().expected_purchases(estimates, o, 52), 0);
  EXPECT_EQ(model().no_purchase(estimates, o, 52), 1);
  EXPECT_TRUE(std::isfinite(model().log_likelihood(estimates, o)));
}

TEST(bg_nbd, count_probabilities_sum_to_one_and_their_mean_is_the_expectation) {
  for (const double t : {0.0, 1.0, 39.0, 780.0}) {
    std::vector<double> probabilities(20'000);
    model().pmf(estimates, t, probabilities);
    double sum = 0, mean = 0;
    for (std::size_t j = probabilities.size(); j-- > 0;) {
      sum += probabilities[j];
      mean += static_cast<double>(j) * probabilities[j];
    }
    EXPECT_NEAR(sum, 1, 1e-12) << t;
    EXPECT_NEAR(mean, model().expected_new(estimates, t), 1e-12 * mean) << t;
  }
}

TEST(bg_nbd, residual_without_discount_is_closed_above_a_one_and_infinite_below) {
  const observation o{.x = 2, .t_x = 30.43, .T = 38.86};
  const std::vector<double> above{.243, 4.414, 1.4, 2.426};
  const double limit = model().p_alive(above, o) * (1.4 + 2.426 + 2 - 1) / .4;
  EXPECT_LE(relative_error(model().residual(above, o, 0), limit), 1e-14);
  // The approach is like (delta (alpha+T))^(a-1), here 7e-5, times a few.
  EXPECT_NEAR(model().residual(above, o, 1e-12), limit, 1e-3 * limit);
  EXPECT_TRUE(std::isinf(model().residual(estimates, o, 0)));
  EXPECT_TRUE(std::isinf(model().residual(std::vector{.243, 4.414, 1., 2.426}, o, 0)));
}

TEST(bg_nbd, residual_is_the_discounted_sum_of_what_is_expected_week_by_week) {
  const observation o{.x = 2, .t_x = 30.43, .T = 38.86};
  const double delta = .0027;
  double sum = 0, before = 0;
  for (int week = 1; week <= 12'000; ++week) {
    const double now = model().expected_purchases(estimates, o, week);
    sum += (now - before) * std::exp(-delta * (week - .5));
    before = now;
  }
  // Midpoints are off by delta/24 of the rate's slope a week; e^{-.0027 * 12000} is 8e-15.
  EXPECT_LE(relative_error(model().residual(estimates, o, delta), sum), 1e-5);
}

TEST(bg_nbd, without_drop_out_it_is_the_nbd) {
  const std::vector<double> p{.4, 12, 1e-8, 1};  // a/(a+b) = 1e-8
  EXPECT_NEAR(model().expected_new(p, 52), .4 * 52 / 12, 1e-5);
  EXPECT_NEAR(model().expected_purchases(p, {3, 20, 30}, 10), 3.4 * 10 / 42, 1e-5);
}

// Beyond what a model file may hold: no crash, an end, and probabilities.
TEST(count_tail, of_extreme_parameters_holds_probabilities) {
  constexpr double extremes[] = {1e-308, 1e-100, 1.0, 1e100, 1e308, HUGE_VAL};
  std::vector<double> tail;
  for (const double shape : extremes) {
    for (const double rate : extremes) {
      for (const double t : {1e-300, 1.0, 1e15, 1e308}) {
        clv::count_tail({.shape = shape, .rate = rate, .a = 1, .b = 1}, t, tail);
        EXPECT_LE(tail.size(), 20'000U);
        for (const double p : tail) {
          ASSERT_TRUE(p >= 0 && p <= 1) << "shape " << shape << " rate " << rate << " t " << t;
        }
      }
    }
  }
}

TEST(expected_count, of_extreme_parameters_ends_and_is_never_negative) {
  constexpr double extremes[] = {1e-100, 1.0, 1e100};
  for (const double shape : extremes) {
    for (const double rate : extremes) {
      for (const double a : extremes) {
        for (const double b : extremes) {
          const double count =
              clv::expected_count({.shape = shape, .rate = rate, .a = a, .b = b}, 1e15);
          EXPECT_TRUE(std::isfinite(count) && count >= 0)
              << shape << ' ' << rate << ' ' << a << ' ' << b << ": " << count;
        }
      }
    }
  }
}

// The regular form's sum overflows here before it turns; the tail is summed another way.
TEST(bg_nbd, expects_the_sum_of_its_tail_for_nearly_equal_rates) {
  std::vector<double> tail;
  for (const double shape : {1e3, 1e4, 1e5, 1e6}) {
    for (const double mean : {50.0, 300.0, 900.0, 1000.0}) {
      const clv::drop_out_mixture m{shape, shape, 1, 2.5};
      clv::count_tail(m, mean, tail);
      const double sum = std::accumulate(tail.rbegin(), tail.rend(), 0.0);
      EXPECT_NEAR(clv::expected_count(m, mean), sum, 1e-11 * sum) << shape << ' ' << mean;
    }
  }
}

TEST(bg_nbd, survival_is_not_above_one_by_rounding) {
  const std::vector<double> p{1.3685983021572264e-06, 1.1282063569326015e-06, 1e-08, 1e8};
  EXPECT_LE(model().survival(p, 1.6572300125589543e-06), 1);
}
