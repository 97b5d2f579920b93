#include "features/rhythm.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "features/mann_kendall.hpp"
#include "math/random.hpp"

namespace clv::features {
namespace {

rhythm on_days(const std::vector<std::int32_t>& days) {
  std::vector<order> orders;
  for (const std::int32_t day : days) orders.push_back({.day = day, .minor = 100});
  return rhythm_of(orders);
}

TEST(rhythm, orders_of_one_day_are_one_purchase_day) {
  const rhythm r = on_days({3, 3, 10});
  ASSERT_EQ(r.days.size(), 2U);
  EXPECT_EQ(r.days[0].minor, 200);
  EXPECT_EQ(r.intervals, (std::vector<double>{7}));
  EXPECT_EQ(r.bought, 300);
}

TEST(rhythm, a_refund_is_no_purchase) {
  const std::vector<order> orders{{.day = 1, .minor = 500},
                                  {.day = 9, .minor = 200, .refund = true}};
  const rhythm r = rhythm_of(orders);
  EXPECT_EQ(r.days.size(), 1U);
  EXPECT_EQ(r.returned, 200);
  EXPECT_EQ(r.returns, 1);
}

TEST(rhythm, a_sum_beyond_64_bits_is_refused) {
  const std::vector<order> orders(2000, order{.day = 1, .minor = std::int64_t{1} << 53});
  EXPECT_THROW(rhythm_of(orders), std::exception);
}

TEST(rhythm, interval_mean_and_variation_follow_their_formulas) {
  const rhythm r = on_days({0, 2, 6, 12});  // intervals 2 4 6: mean 4, standard deviation 2
  EXPECT_DOUBLE_EQ(*interval_mean(r), 4);
  EXPECT_DOUBLE_EQ(*interval_cv(r), 0.5);
  EXPECT_FALSE(interval_mean(on_days({5})).has_value());
  EXPECT_FALSE(interval_cv(on_days({5, 9})).has_value());
}

TEST(rhythm, equal_intervals_are_as_regular_as_can_be) {
  EXPECT_DOUBLE_EQ(*regularity(on_days({0, 7, 14, 21, 28})), 100);
  EXPECT_FALSE(regularity(on_days({0, 7, 14, 21})).has_value());
}

// 400 gamma(k) intervals scaled so that rounding to days is small: the estimate's standard error is
// about k sqrt(2 / 400) = 7 %, three of them are allowed.
TEST(rhythm, regularity_finds_the_shape_of_gamma_intervals) {
  for (const double k : {0.5, 1.0, 4.0}) {
    random_source random(7, static_cast<std::uint64_t>(k * 10));
    std::vector<std::int32_t> days{0};
    for (int i = 0; i < 400; ++i) {
      days.push_back(days.back() + 1 + static_cast<std::int32_t>(random.gamma(k, k / 5000)));
    }
    EXPECT_NEAR(*regularity(on_days(days)), k, 0.21 * k) << k;
  }
}

TEST(rhythm, trend_compares_the_last_window_with_the_time_before) {
  // T = 300, window 90: three days in it, one before (the first purchase is not counted).
  const rhythm r = on_days({0, 100, 250, 260, 290});
  EXPECT_DOUBLE_EQ(*trend(r, 300, 90), std::log(3.5 / 90) - std::log(1.5 / 210));
  EXPECT_FALSE(trend(r, 179, 90).has_value());
}

TEST(rhythm, the_window_ends_with_today_and_has_as_many_days_as_it_says) {
  const rhythm r = on_days({10, 11, 40});
  EXPECT_EQ(purchases_within(r, 40, 30), 2);  // days 11 to 40
  EXPECT_EQ(purchases_within(r, 40, 31), 3);
  EXPECT_EQ(spent_within(r, 40, 1), 100);
}

TEST(rhythm, months_need_a_year_and_four_purchase_days) {
  EXPECT_FALSE(months(on_days({0, 10, 20, 30}), 364).has_value());
  EXPECT_FALSE(months(on_days({0, 10, 20}), 400).has_value());
  const auto counts = months(on_days({0, 10, 20, 31}), 365);  // three in January, one in February
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ((*counts)[0], 3);
  EXPECT_DOUBLE_EQ(share_of_largest(*counts), 0.75);
  EXPECT_DOUBLE_EQ(entropy(*counts), -0.75 * std::log(0.75) - 0.25 * std::log(0.25));
}

// Kendall's S and the variance n(n-1)(2n+5)/18 by hand: n = 6 rising without ties, S = 15,
// variance 510/18, z = 14 / 5.3229 = 2.6302.
TEST(mann_kendall, a_rising_series_of_six_is_significant) {
  const auto t = mann_kendall(std::vector<double>{1, 2, 3, 4, 5, 6});
  ASSERT_TRUE(t.has_value());
  EXPECT_EQ(t->statistic, 15);
  EXPECT_EQ(t->tau, 1);
  EXPECT_NEAR(t->p_value, 0.00853, 1e-5);  // 2 (1 - Phi(2.6302)), five digits of a table
}

TEST(mann_kendall, ties_make_the_variance_smaller) {
  // S = 4 of pairs (0,0,0,5): three ties give (4*3*13 - 3*2*11) / 18 = 5; S = 3, z = 2 / sqrt 5.
  const auto t = mann_kendall(std::vector<double>{0, 0, 0, 5});
  ASSERT_TRUE(t.has_value());
  EXPECT_EQ(t->statistic, 3);
  EXPECT_NEAR(t->p_value, std::erfc(2 / std::sqrt(5.0) / std::sqrt(2.0)), 1e-12);
}

TEST(mann_kendall, says_nothing_of_three_values_and_finds_nothing_in_equal_ones) {
  EXPECT_FALSE(mann_kendall(std::vector<double>{1, 2, 3}).has_value());
  EXPECT_EQ(mann_kendall(std::vector<double>{2, 2, 2, 2})->p_value, 1);
}

}  // namespace
}  // namespace clv::features
