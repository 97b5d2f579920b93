// BG/BB: golden table and published figures.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "clv/csv.hpp"
#include "clv/model.hpp"
#include "clv/summary.hpp"
#include "support/golden.hpp"
#include "support/shared_data.hpp"

using clv::observation;
using clv::test::golden;
using clv::test::golden_row;

namespace {

const clv::model& bg_bb_model() {
  return clv::find_model("bg_bb");
}

// The maximum on the donations, the BTYD manual's estimates, and those with two decimals.
const std::vector<double> bg_bb_estimates{1.203522, .749716, .656718, 2.783442};
const std::vector<double> bg_bb_manual{1.203528, .7497260, .6567808, 2.783796};
const std::vector<double> rounded{1.20, .75, .66, 2.78};

observation donor(double x, double t_x, double n = 6) {
  return {.x = x, .t_x = t_x, .T = n};
}

double golden_value(const golden_row& row) {
  const std::vector<double> p{row["alpha"], row["beta"], row["gamma"], row["delta"]};
  const observation o = donor(row["x"], row["t_x"], row["n"]);
  const double t = row["t"];
  const auto i = static_cast<std::size_t>(row["i"]);
  if (row.function == "log_likelihood") return bg_bb_model().log_likelihood(p, o);
  if (row.function == "p_alive") return bg_bb_model().p_alive(p, o);
  if (row.function == "expected_purchases") return bg_bb_model().expected_purchases(p, o, t);
  if (row.function == "expected_new") return bg_bb_model().expected_new(p, t);
  if (row.function == "residual") return bg_bb_model().residual(p, o, t);
  std::vector<double> values(i + 1);
  if (row.function == "pmf") {
    bg_bb_model().pmf(p, t, values);
  } else if (row.function == "purchase_tail") {
    bg_bb_model().purchase_tail(p, o, t, values);
    values.resize(i + 1);
  } else {
    ADD_FAILURE() << row.function;
  }
  return values[i];
}

}  // namespace

TEST(bg_bb, everything_equals_direct_integration) {
  for (const auto& row : golden("bg_bb.csv")) {
    const double value = row["value"], found = golden_value(row);
    double allowed = 1e-12 * std::fabs(value);
    if (row.function == "log_likelihood") allowed = 2e-13 * (1 + std::fabs(value));
    if (row.function == "purchase_tail") allowed += 1e-12;  // where it is cut
    EXPECT_NEAR(found, value, allowed) << row.function << ' ' << row.inputs;
  }
}

TEST(bg_bb, log_likelihoods_of_the_cells_are_the_published_ones) {
  struct cell {
    double x, t_x, value;
  };
  constexpr std::array<cell, 22> cells{
      {{6, 6, -2.18167}, {5, 6, -4.29485}, {4, 6, -5.38473}, {3, 6, -5.80916}, {2, 6, -5.65173},
       {1, 6, -4.88370}, {5, 5, -3.71682}, {4, 5, -5.09558}, {3, 5, -5.61577}, {2, 5, -5.50637},
       {1, 5, -4.76724}, {4, 4, -3.84830}, {3, 4, -5.05936}, {2, 4, -5.19562}, {1, 4, -4.57071},
       {3, 3, -3.52745}, {2, 3, -4.51620}, {1, 3, -4.22466}, {2, 2, -3.01200}, {1, 2, -3.58818},
       {1, 1, -2.28883}, {0, 0, -1.16752}}};
  for (const auto& [x, t_x, value] : cells) {
    EXPECT_NEAR(bg_bb_model().log_likelihood(bg_bb_estimates, donor(x, t_x)), value, 1e-5)
        << x << ' ' << t_x;
  }
}

TEST(bg_bb, expects_the_published_numbers_of_a_new_customer) {
  const std::vector<double> published{
      .4985, .9233, 1.2969, 1.6323, 1.9381, 2.2202, 2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_NEAR(bg_bb_model().expected_new(bg_bb_estimates, static_cast<double>(i + 1)),
                published[i],
                5e-5);
  }
  EXPECT_NEAR(bg_bb_model().expected_new(bg_bb_estimates, 10), 3.179830, 5e-7);
  EXPECT_NEAR(
      bg_bb_model().expected_new(bg_bb_manual, 10), 3.179806, 5e-6);  // its last digit is not ours
}

TEST(bg_bb, expects_the_published_numbers_of_donors) {
  EXPECT_NEAR(bg_bb_model().expected_purchases(bg_bb_manual, donor(0, 0), 10), .1302169, 5e-7);
  EXPECT_NEAR(bg_bb_model().expected_purchases(bg_bb_manual, donor(4, 5), 10), 3.627858, 5e-6);
}

TEST(bg_bb, is_alive_at_the_next_opportunity_with_the_published_probability) {
  EXPECT_NEAR(bg_bb_model().survival_ahead(bg_bb_estimates, donor(0, 0), 1), .1081, 5e-5);
  EXPECT_NEAR(bg_bb_model().survival_ahead(bg_bb_estimates, donor(2, 4), 1), .5897, 5e-5);
  EXPECT_NEAR(bg_bb_model().survival_ahead(bg_bb_estimates, donor(6, 6), 1), .9304, 5e-5);
}

TEST(bg_bb, residual_is_the_published_one_and_rises_with_frequency) {
  EXPECT_NEAR(bg_bb_model().residual(rounded, donor(3, 4), .1), 1.621379, 5e-6);
  const std::vector<double> published{1.8020, 2.6212, 3.4403, 4.2594, 5.0785, 5.8976};
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_NEAR(bg_bb_model().residual(rounded, donor(static_cast<double>(i + 1), 6), .1),
                published[i],
                5e-5);
  }
}

TEST(bg_bb, residual_without_discount_is_exact_or_infinite) {
  const std::vector<double> p{1, 3, 2.5, 4};
  EXPECT_NEAR(bg_bb_model().residual(p, {}, 0), .25 * 4 / 1.5, 1e-15);
  EXPECT_TRUE(std::isinf(bg_bb_model().residual(bg_bb_estimates, donor(3, 4), 0)));
}

TEST(bg_bb, ten_thousand_opportunities_have_finite_likelihoods) {
  for (const observation& o : {donor(10'000, 10'000, 10'000),
                               donor(0, 0, 10'000),
                               donor(1, 1, 10'000),
                               donor(5'000, 5'001, 10'000)}) {
    EXPECT_TRUE(std::isfinite(bg_bb_model().log_likelihood(bg_bb_estimates, o))) << o.x;
  }
}

TEST(bg_bb, many_opportunities_ahead_take_bounded_time) {
  const std::vector<double> p{1, 3, 2.5, 4};
  EXPECT_NEAR(bg_bb_model().expected_purchases(p, {}, 1e15), .25 * 4 / 1.5, 1e-13);
  const std::vector<double> short_lived{1, 3, 12, 40};
  std::vector<double> tail;
  bg_bb_model().purchase_tail(short_lived, {}, 1e9, tail);
  ASSERT_LT(tail.size(), 2'000U);
  EXPECT_NEAR(std::accumulate(tail.rbegin(), tail.rend(), 0.0), .25 * 40 / 11, 1e-9);
}

namespace {

// The donations as tuples with weights.
clv::tuples donations(const std::string& path) {
  clv::csv_options options;
  options.path = path;
  options.schema = "summary";
  clv::job read = clv::read_csv(options);
  read.run();
  return clv::distinct(*read.result().tables.at(""), clv::tuple_key::opportunities);
}

template <class function>
double total(const clv::tuples& t, const function& f) {
  double sum = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    sum += t.weight[i] * f(observation{.x = t.x[i], .t_x = t.t_x[i], .T = t.T[i]});
  }
  return sum;
}

}  // namespace

TEST(bg_bb, donations_have_the_published_totals) {
  CLV_REQUIRE_SHARED_DATA(path, "donations_rf.csv");
  const clv::tuples t = donations(path);
  ASSERT_EQ(t.size(), 22U);
  ASSERT_EQ(t.customers, 11'104);
  clv::likelihood_sum sum;
  bg_bb_model().accumulate(bg_bb_estimates, t, 0, t.size(), sum);
  EXPECT_NEAR(sum.value, -33225.58127, 1e-5);
  for (const double slope : sum.gradient) EXPECT_NEAR(slope, 0, .05);  // six printed digits
  clv::likelihood_sum at_rounded;
  bg_bb_model().accumulate(rounded, t, 0, t.size(), at_rounded);
  EXPECT_NEAR(at_rounded.value, -33225.6845, 1e-4);
  EXPECT_NEAR(
      total(t,
            [](const auto& o) { return bg_bb_model().expected_purchases(bg_bb_estimates, o, 5); }),
      12884.2,
      .05);
  std::vector<double> pmf(7);
  bg_bb_model().pmf(bg_bb_estimates, 6, pmf);
  EXPECT_NEAR(11'104 * pmf[0], 3454.9, .05);
  EXPECT_NEAR(11'104 * pmf[6], 1253.1, .05);
}

TEST(bg_bb, annual_totals_are_the_published_ones) {
  const std::vector<double> published{5535.833,
                                      4717.059,
                                      4147.621,
                                      3724.665,
                                      3395.888,
                                      3131.647,
                                      2913.778,
                                      2730.482,
                                      2573.731,
                                      2437.854,
                                      2318.727};
  double before = 0;
  for (std::size_t i = 0; i < published.size(); ++i) {
    const double now =
        11'104 * bg_bb_model().expected_new(bg_bb_manual, static_cast<double>(i + 1));
    EXPECT_NEAR(now - before, published[i], 2e-5 * published[i]) << 1996 + i;
    before = now;
  }
}

TEST(bg_bb, holdout_means_by_frequency_and_recency_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "donations_rf.csv");
  const clv::tuples t = donations(path);
  const auto mean_where = [&](auto chosen) {
    const double people = total(t, [&](const auto& o) { return chosen(o) ? 1 : 0; });
    return total(t,
                 [&](const auto& o) {
                   return chosen(o) ? bg_bb_model().expected_purchases(bg_bb_manual, o, 5) : 0;
                 }) /
           people;
  };
  const std::vector<double> by_x{
      .0728632, .3248841, .7089417, 1.333666, 2.031203, 2.784482, 3.752500};
  const std::vector<double> by_t_x{
      .0728632, .0856939, .1798423, .4041111, .8510811, 1.726323, 3.027190};
  for (std::size_t i = 0; i < by_x.size(); ++i) {
    const double v = static_cast<double>(i);
    EXPECT_NEAR(mean_where([&](const auto& o) { return o.x == v; }), by_x[i], 1e-5 * by_x[i]);
    EXPECT_NEAR(mean_where([&](const auto& o) { return o.t_x == v; }), by_t_x[i], 1e-5 * by_t_x[i]);
  }
}

// Chances per opportunity so small that purchases come after 1e5 to 1e13 of them: the terms of one
// count rise and fall by hundreds of powers of ten on the way.
TEST(bg_bb, rare_purchases_of_a_long_life_add_up) {
  for (const std::vector<double>& p : {std::vector<double>{30, 3e5, 5, 1e6},
                                       std::vector<double>{50, 5e6, 2, 1e4},
                                       std::vector<double>{.3, 3e7, 3, 1e9}}) {
    for (const double n : {1e6, 1e12}) {
      std::vector<double> tail, pmf(20'001);
      bg_bb_model().purchase_tail(p, {}, n, tail);
      bg_bb_model().pmf(p, n, pmf);
      ASSERT_LE(tail.size(), 20'000U);
      const double expected = bg_bb_model().expected_new(p, n);
      const double sum = std::accumulate(tail.rbegin(), tail.rend(), 0.0);
      const double all = std::accumulate(pmf.rbegin(), pmf.rend(), 0.0);
      // What the tail is cut by: entries below 1e-12, or beyond 20,000 what Markov's bound of the
      // second moment allows; the models chosen have one.
      EXPECT_LE(sum, expected * (1 + 1e-9)) << p[0] << ' ' << n;
      EXPECT_GE(sum, expected * (1 - 1e-3)) << p[0] << ' ' << n;
      EXPECT_NEAR(all, 1, 1e-3) << p[0] << ' ' << n;
      double before = 1;
      tail.resize(20'000);
      for (std::size_t j = 0; j < tail.size(); ++j) {
        ASSERT_NEAR(pmf[j], before - tail[j], 2e-10 * before + 2e-12)
            << p[0] << ' ' << n << ' ' << j;
        before = tail[j];
      }
    }
  }
}
