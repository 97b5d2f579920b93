#include "retention/experiments/explore.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "math/normal.hpp"

namespace clv::retention {
namespace {

using numbers = std::vector<double>;

numbers thompson(const numbers& mean, const numbers& sd, double floor = 0) {
  numbers out(mean.size() + 1);
  thompson_propensities(mean, sd, floor, out);
  return out;
}

double sum_of(const numbers& p) {
  return std::accumulate(p.begin(), p.end(), 0.0);
}

TEST(explore, uniform_gives_every_option_and_nothing_the_same) {
  numbers p(4);
  uniform_propensities(p);
  EXPECT_EQ(p, numbers(4, 0.25));
  numbers alone(1);
  uniform_propensities(alone);
  EXPECT_EQ(alone, numbers{1});
}

// P(N(mean, sd) > 0) = Phi(mean / sd).
TEST(explore, one_option_is_drawn_as_often_as_its_profit_is_positive) {
  for (const double mean : {-40., -3., -.5, 0., .1, 2., 6., 50.}) {
    for (const double sd : {1e-9, .3, 1., 7.}) {
      const numbers p = thompson({mean}, {sd});
      EXPECT_NEAR(p[1], math::normal_cdf(mean / sd), 1e-10) << mean << " " << sd;
      EXPECT_NEAR(p[0], math::normal_cdf(-mean / sd), 1e-10) << mean << " " << sd;
    }
  }
}

// Nothing is best when every option is below 0; two options far above 0 leave it no chance and the
// first one Phi of the difference.
TEST(explore, agrees_with_the_cases_that_have_a_closed_form) {
  const numbers mean{-.3, .2, -1, .4}, sd{.5, .1, 2, 1};
  double nothing = 1;
  for (std::size_t k = 0; k < mean.size(); ++k) nothing *= math::normal_cdf(-mean[k] / sd[k]);
  EXPECT_NEAR(thompson(mean, sd)[0], nothing, 1e-9);
  const double apart = math::normal_cdf(1 / std::hypot(.3, 2));
  EXPECT_NEAR(thompson({1e4 + 1, 1e4}, {.3, 2})[1], apart, 1e-9);
  EXPECT_NEAR(thompson({1e4 + 1, 1e4}, {1e-4, 1e-5})[1], 1, 1e-9);
  for (const std::size_t k : {2U, 3U, 20U}) {  // far above 0 and alike
    const numbers p = thompson(numbers(k, 50), numbers(k, .25));
    for (std::size_t i = 1; i <= k; ++i) EXPECT_NEAR(p[i], 1. / static_cast<double>(k), 1e-9);
  }
}

TEST(explore, agrees_with_drawing_the_profits) {
  const std::vector<std::pair<numbers, numbers>> cases{
      {{.5, .3, -.2}, {.2, .4, 1}},
      {{0, 0, 0, 0}, {1, 1, 1, 1}},
      {{1, 1.05, .9, -3, 1}, {.05, .5, .01, 4, .2}},
  };
  std::mt19937_64 random(42);
  std::normal_distribution<double> normal;
  constexpr int draws = 200'000;
  for (const auto& [mean, sd] : cases) {
    numbers share(mean.size() + 1);
    for (int d = 0; d < draws; ++d) {
      double most = 0;
      std::size_t best = 0;
      for (std::size_t k = 0; k < mean.size(); ++k) {
        const double profit = mean[k] + sd[k] * normal(random);
        if (profit <= most) continue;
        most = profit;
        best = k + 1;
      }
      share[best] += 1. / draws;
    }
    const numbers p = thompson(mean, sd);
    for (std::size_t k = 0; k < p.size(); ++k) {
      // Four binomial standard errors, and what a single draw weighs.
      EXPECT_NEAR(share[k], p[k], 4 * std::sqrt(p[k] * (1 - p[k]) / draws) + 1. / draws) << k;
    }
  }
}

TEST(explore, probabilities_sum_to_one_and_none_is_below_the_floor) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int round = 0; round < 500; ++round) {
    numbers mean, sd;
    for (std::size_t k = 0; k < 1 + random() % 6; ++k) {
      mean.push_back(uniform(random) * std::pow(10, 3 * uniform(random)));
      sd.push_back(std::pow(10, 4 * uniform(random)));
    }
    for (const double floor : {0., .01, .05, .5}) {
      const numbers p = thompson(mean, sd, floor);
      const double least = std::min(floor, 1 / static_cast<double>(p.size()));
      EXPECT_NEAR(sum_of(p), 1, 1e-9);
      for (const double each : p) {
        EXPECT_GE(each, least - 1e-15);
        EXPECT_LE(each, 1);
      }
    }
  }
}

TEST(explore, a_floor_that_is_too_high_leaves_every_option_alike) {
  for (const double each : thompson({5, -5, 1}, {1, 1, 1}, .4)) EXPECT_NEAR(each, .25, 1e-15);
}

TEST(explore, survives_means_that_are_a_million_deviations_apart) {
  const numbers p = thompson({1e6, 0, -1e6}, {1, 1, 1});
  EXPECT_NEAR(p[1], 1, 1e-10);
  EXPECT_NEAR(p[0] + p[2] + p[3], 0, 1e-10);
  EXPECT_NEAR(thompson({-1e6, -1e6}, {1, 1})[0], 1, 1e-10);
  EXPECT_NEAR(thompson({1e300, -1e300}, {1e-300, 1e-300})[1], 1, 1e-10);
}

// An option without doubt cuts the other's distribution in two at its mean.
TEST(explore, survives_tiny_deviations_beside_large_ones) {
  for (const double tiny : {1e-6, 1e-12, 1e-15, 1e-30, 1e-300}) {
    const numbers p = thompson({.5, 0}, {tiny, 1});
    EXPECT_NEAR(p[1], math::normal_cdf(.5), 1e-9) << tiny;
    EXPECT_NEAR(p[2], math::normal_cdf(-.5), 1e-9) << tiny;
    EXPECT_NEAR(p[0], 0, 1e-9) << tiny;
  }
  const numbers same = thompson({1e6, 1e6}, {1e-12, 1e-12});
  EXPECT_NEAR(same[1], .5, 1e-9);
}

TEST(explore, permuting_the_options_permutes_the_probabilities) {
  const numbers a = thompson({.5, .3, -.2}, {.2, .4, 1}, .02);
  const numbers b = thompson({-.2, .5, .3}, {1, .2, .4}, .02);
  EXPECT_NEAR(a[1], b[2], 1e-12);
  EXPECT_NEAR(a[2], b[3], 1e-12);
  EXPECT_NEAR(a[3], b[1], 1e-12);
}

TEST(explore, one_alone_has_the_same_bits_as_among_all) {
  const numbers mean{.4, -1, 2, 1.9}, sd{1, .5, .3, 2};
  const numbers all = thompson(mean, sd, .02);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(thompson_propensity(mean, sd, .02, i), all[i]) << i;
  }
}

TEST(explore, draws_exactly_at_the_boundaries) {
  const numbers p{.25, .5, .25};
  constexpr std::uint64_t quarter = std::uint64_t{1} << 62;
  EXPECT_EQ(draw(p, 0), 0U);
  EXPECT_EQ(draw(p, quarter - 1), 0U);
  EXPECT_EQ(draw(p, quarter), 1U);
  EXPECT_EQ(draw(p, 3 * quarter - 1), 1U);
  EXPECT_EQ(draw(p, 3 * quarter), 2U);
  EXPECT_EQ(draw(p, std::numeric_limits<std::uint64_t>::max()), 2U);
}

TEST(explore, never_draws_what_has_no_chance) {
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(draw(numbers{0, 1, 0}, 0), 1U);
  EXPECT_EQ(draw(numbers{0, 1, 0}, last), 1U);
  EXPECT_EQ(draw(numbers{0, .3, .7 - 1e-12, 0}, last), 2U);  // the sum is a little below 1
  EXPECT_EQ(draw(numbers{std::ldexp(1, -70), 1}, 0), 0U);    // [0, 2^-70) holds 0 and no more
  EXPECT_EQ(draw(numbers{std::ldexp(1, -70), 1}, 1), 1U);
}

TEST(explore, draws_as_often_as_it_says) {
  const numbers p = thompson({.5, .3, -.2}, {.2, .4, 1}, .02);
  std::mt19937_64 random(5);
  constexpr int draws = 100'000;
  numbers share(p.size());
  for (int d = 0; d < draws; ++d) share[draw(p, random())] += 1. / draws;
  for (std::size_t k = 0; k < p.size(); ++k) {
    EXPECT_NEAR(share[k], p[k], 4 * std::sqrt(p[k] * (1 - p[k]) / draws)) << k;
  }
}

}  // namespace
}  // namespace clv::retention
