// sBG and BdW: golden tables, published figures, and what one is of the other.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "clv/model.hpp"
#include "support/golden.hpp"

using clv::observation;
using clv::test::golden;
using clv::test::golden_row;

namespace {

const clv::model& sbg() {
  return clv::find_model("sbg");
}
const clv::model& bdw() {
  return clv::find_model("bdw");
}

std::vector<double> parameters(const clv::model& m, const golden_row& row) {
  std::vector<double> p;
  for (const auto& parameter : m.parameters) p.push_back(row[std::string(parameter.name)]);
  return p;
}

observation contract(double x, double n) {
  return {.x = x, .t_x = x, .T = n};
}

// Relative where it matters; logarithms absolute times 1 + |value|.
void expect_golden(const clv::model& m, const char* file, double of_logs, double of_others) {
  for (const auto& row : golden(file)) {
    const auto p = parameters(m, row);
    const observation o = contract(row["x"], row["n"]);
    const double value = row["value"], t = row["t"];
    const auto near = [&](double found, double allowed) {
      EXPECT_NEAR(found, value, allowed) << row.function << ' ' << row.inputs;
    };
    if (row.function == "log_likelihood") {
      near(m.log_likelihood(p, o), of_logs * (1 + std::fabs(value)));
    } else if (row.function == "no_purchase") {
      near(1 - m.survival_ahead(p, o, t), 1e-15);
      near(m.no_purchase(p, o, t), of_others * value);
    } else if (row.function == "survival_ahead") {
      near(m.survival_ahead(p, o, t), of_others * value);
    } else if (row.function == "expected_purchases") {
      near(m.expected_purchases(p, o, t), of_others * value);
    } else if (row.function == "residual") {
      near(m.residual(p, o, t), of_others * value);
    } else {
      ADD_FAILURE() << row.function;
    }
  }
}

}  // namespace

TEST(sbg, everything_equals_direct_integration) {
  expect_golden(sbg(), "sbg.csv", 2e-13, 1e-12);
}

TEST(bdw, everything_equals_direct_integration) {
  expect_golden(bdw(), "bdw.csv", 2e-13, 1e-12);
}

// Fader & Hardie (2007), table 1, at the maxima of years 0 to 7.
TEST(sbg, survival_curves_are_the_published_ones) {
  const auto check = [](std::vector<double> p, std::vector<double> survival) {
    for (std::size_t t = 0; t < survival.size(); ++t) {
      EXPECT_NEAR(sbg().survival(p, static_cast<double>(t + 1)), survival[t], 5e-5) << t + 1;
    }
  };
  check({.704077, 1.182043},
        {.6267, .4738, .3880, .3321, .2923, .2625, .2390, .2201, .2044, .1912, .1799, .1700});
  check({.668088, 3.806095},
        {.8507, .7469, .6698, .6099, .5618, .5222, .4889, .4604, .4358, .4142, .3951, .3780});
}

// Fader & Hardie (2010), table 3: n is the renewal faced, so n - 1 were made.
TEST(sbg, residual_lifetimes_are_the_published_ones) {
  const auto check = [](std::vector<double> p, std::vector<double> derl) {
    for (std::size_t i = 0; i < derl.size(); ++i) {
      const double x = static_cast<double>(i);
      EXPECT_NEAR(sbg().residual(p, contract(x, x), .1), derl[i], 5e-5) << i + 1;
    }
  };
  check({3.80, 15.20}, {3.3098, 3.4510, 3.5865, 3.7168, 3.8421});
  check({.067, .267}, {7.6708, 9.4553, 9.8508, 10.0562, 10.1886});
}

TEST(sbg, residual_without_discount_is_exact_or_infinite) {
  EXPECT_NEAR(sbg().residual(std::vector{3.0, 8.0}, contract(4, 4), 0), 6, 1e-15 * 6);
  EXPECT_EQ(sbg().residual(std::vector{1.0, 8.0}, contract(4, 4), 0),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(bdw().residual(std::vector{2.0, 8.0, .5}, contract(4, 4), 0),
            std::numeric_limits<double>::infinity());
}

// alpha c = 3 is beyond 1 by enough for a sum of a million terms to be right to 1e-9.
TEST(bdw, residual_without_discount_is_the_sum_of_survival) {
  const std::vector<double> p{1.5, 2.0, 2.0};
  double sum = 0;
  for (double k = 20'000; k >= 1; --k) sum += bdw().survival(p, k);
  const double rest = bdw().survival(p, 20'000) * 20'000 / 2;  // of a sum of k^-3
  EXPECT_NEAR(bdw().residual(p, contract(0, 0), 0), sum + rest, 1e-8 * sum);
}

TEST(bdw, with_c_one_is_sbg_bit_for_bit) {
  const std::vector<double> two{.7, 1.2}, three{.7, 1.2, 1};
  for (const double x : {0.0, 1.0, 30.0}) {
    for (const double n : {x, x + 1, x + 9}) {
      const observation o = contract(x, n);
      EXPECT_EQ(bdw().log_likelihood(three, o), sbg().log_likelihood(two, o));
      EXPECT_EQ(bdw().residual(three, o, .1), sbg().residual(two, o, .1));
      EXPECT_EQ(bdw().expected_purchases(three, o, 12), sbg().expected_purchases(two, o, 12));
    }
  }
}

TEST(contract, a_loss_is_final_and_a_running_contract_is_alive) {
  const std::vector<double> p{.7, 1.2};
  EXPECT_EQ(sbg().p_alive(p, contract(3, 3)), 1);
  EXPECT_EQ(sbg().p_alive(p, contract(3, 4)), 0);
  EXPECT_EQ(sbg().expected_purchases(p, contract(3, 9), 5), 0);
  EXPECT_EQ(sbg().no_purchase(p, contract(3, 9), 5), 1);
  EXPECT_EQ(sbg().residual(p, contract(3, 9), .1), 0);
  EXPECT_EQ(sbg().survival_ahead(p, contract(3, 9), 1), 0);
  // However long ago it was lost.
  EXPECT_EQ(sbg().log_likelihood(p, contract(3, 4)), sbg().log_likelihood(p, contract(3, 40)));
}

// P(alive) of a running contract t ahead is conditional, S(T+t)/S(T), never S(T+t).
TEST(contract, survival_ahead_is_conditional_on_having_survived) {
  const std::vector<double> p{.7, 1.2};
  EXPECT_NEAR(sbg().survival_ahead(p, contract(3, 3), 4),
              sbg().survival(p, 7) / sbg().survival(p, 3),
              1e-14);
}

TEST(contract, many_years_ahead_take_bounded_time_and_agree_with_the_limit) {
  const std::vector<double> p{3.0, 8.0};
  EXPECT_NEAR(sbg().expected_purchases(p, contract(0, 0), 1e15), 4, 1e-12);
  EXPECT_NEAR(bdw().expected_purchases(std::vector{1.5, 2.0, 2.0}, contract(0, 0), 1e12),
              bdw().residual(std::vector{1.5, 2.0, 2.0}, contract(0, 0), 0),
              1e-11);
}

// The renewals fall off only where an age is no longer a double.
TEST(bdw, residual_that_a_double_cannot_follow_is_infinite) {
  const std::vector<double> p{1e8, 160825.99578301347, 0.0048087986202818775};
  EXPECT_EQ(bdw().residual(p, {.x = 1, .t_x = 1, .T = 1}, 0), HUGE_VAL);
}
