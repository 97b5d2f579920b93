#include "retention/experiments/sequence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "math/normal.hpp"
#include "math/random.hpp"

namespace clv::retention {
namespace {

constexpr double z95 = 1.959963984540054;

// Armitage, McPherson & Rowe (1969), table 2: chance of significance at 5 % at any of so many
// looks; as reprinted in Jennison & Turnbull (2000), table 2.1, to three digits.
TEST(chance_of_crossing, equals_the_published_table_of_repeated_looks) {
  const std::vector<std::pair<std::size_t, double>> published{
      {1, .050}, {2, .083}, {3, .107}, {4, .126}, {5, .142}, {10, .193}, {20, .248}, {50, .320}};
  for (const auto& [looks, chance] : published) {
    EXPECT_NEAR(chance_of_crossing(std::vector<double>(looks, z95), 0), chance, 5e-4) << looks;
  }
}

TEST(chance_of_crossing, of_one_look_is_the_normal_tail) {
  const std::vector<double> one{z95};
  EXPECT_NEAR(chance_of_crossing(one, 0), .05, 1e-12);
  EXPECT_NEAR(chance_of_crossing(one, 2.8),
              math::normal_cdf(2.8 - z95) + math::normal_cdf(-2.8 - z95),
              1e-12);
}

TEST(chance_of_crossing, equals_simulation_with_drift_and_uneven_bounds) {
  const std::vector<double> bounds{3, 2.5, 2.2, 2.1, 2, 1.9};
  int crossed = 0;
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i) {
    random_source random(11, static_cast<std::uint64_t>(i));
    double sum = 0;
    for (std::size_t k = 0; k < bounds.size(); ++k) {
      sum += .4 + random.normal();
      if (std::fabs(sum) > bounds[k] * std::sqrt(static_cast<double>(k + 1))) {
        ++crossed;
        break;
      }
    }
  }
  // Four standard deviations of a share: sqrt(.25 / 2e5) = .0011.
  EXPECT_NEAR(chance_of_crossing(bounds, .4), crossed / static_cast<double>(n), .0045);
}

TEST(chance_of_crossing, never_falls_with_another_look_and_stays_a_probability) {
  double before = 0;
  for (std::size_t looks = 1; looks <= 60; ++looks) {
    const double chance = chance_of_crossing(std::vector<double>(looks, z95), 0);
    EXPECT_GT(chance, before);
    before = chance;
  }
  EXPECT_LT(before, 1);
  EXPECT_NEAR(chance_of_crossing(std::vector<double>(5, z95), 50), 1, 1e-12);
}

// Howard, Ramdas, McAuliffe & Sekhon (2021), equation for the two-sided normal mixture, written
// with rho^2 = 1 / eta: the root of it is the factor.
TEST(sequence_factor, is_the_normal_mixture_boundary) {
  const double level = .05, tuned = 700, t = 1234;
  const double rho2 = (-2 * std::log(level) + std::log(-2 * std::log(level) + 1)) / tuned;
  const double boundary =
      std::sqrt(2 * (t * rho2 + 1) / rho2 * std::log(std::sqrt(t * rho2 + 1) / level));
  EXPECT_NEAR(sequence_factor(t, tuned, level), boundary / std::sqrt(t), 1e-12);
}

TEST(sequence_factor, is_tightest_about_where_it_is_tuned_and_wider_than_one_look) {
  const double there = sequence_factor(1000, 1000, .05);
  EXPECT_NEAR(there, 3.04, .01);
  EXPECT_GT(there, z95);
  // Width goes with factor / sqrt t; by the optimum the factor is flat within a factor 2 of it.
  EXPECT_GT(sequence_factor(50, 1000, .05), there + .5);
  EXPECT_GT(sequence_factor(100'000, 1000, .05), there + .2);
  EXPECT_LT(sequence_factor(1000, 1000, .1), there);
}

// Over 365 daily looks the sequence stays within its level, and one plain interval a day does not.
TEST(sequence_factor, keeps_its_level_at_a_look_every_day_of_a_year) {
  for (const double tuned : {10.0, 100.0, 365.0}) {
    std::vector<double> bounds;
    for (int day = 1; day <= 365; ++day) bounds.push_back(sequence_factor(day, tuned, .05));
    const double chance = chance_of_crossing(bounds, 0);
    EXPECT_LE(chance, .05) << tuned;
    EXPECT_GE(chance, .005) << tuned;  // and is not vacuous
  }
  EXPECT_GT(chance_of_crossing(std::vector<double>(365, z95), 0), .4);
}

}  // namespace
}  // namespace clv::retention
