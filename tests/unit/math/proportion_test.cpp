#include "math/proportion.hpp"

#include <gtest/gtest.h>

using clv::math::newcombe;
using clv::math::share_interval;
using clv::math::wilson;

namespace {

constexpr double z95 = 1.959963984540054;

// 10 in 50 at 95 %: (.1124, .3304), Brown, Cai & DasGupta (2001) formula (4).
TEST(wilson, of_ten_in_fifty) {
  const share_interval i = wilson(10, 50, z95);
  EXPECT_NEAR(i.lower, 0.1124, 5e-5);
  EXPECT_NEAR(i.upper, 0.3304, 5e-5);
  EXPECT_EQ(wilson(0, 20, 2).lower, 0);
  EXPECT_EQ(wilson(20, 20, 2).upper, 1);
}

// Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263 and 1 of 29.
TEST(wilson, gives_the_published_intervals) {
  const share_interval many = wilson(81, 263, z95);
  EXPECT_NEAR(many.lower, .2553, 5e-5);
  EXPECT_NEAR(many.upper, .3662, 5e-5);
  const share_interval one = wilson(1, 29, z95);
  EXPECT_NEAR(one.lower, .0061, 5e-5);
  EXPECT_NEAR(one.upper, .1718, 5e-5);
  EXPECT_EQ(wilson(0, 10, z95).lower, 0.0);
}

// Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
TEST(newcombe, gives_the_published_intervals) {
  const auto of = [](double a, double m, double b, double n) {
    return newcombe(wilson(a, m, z95), wilson(b, n, z95));
  };
  const share_interval many = of(56, 70, 48, 80);
  EXPECT_NEAR(many.share, .2, 1e-15);
  EXPECT_NEAR(many.lower, .0524, 5e-5);
  EXPECT_NEAR(many.upper, .3339, 5e-5);
  const share_interval few = of(9, 10, 3, 10);
  EXPECT_NEAR(few.lower, .1705, 5e-5);
  EXPECT_NEAR(few.upper, .8090, 5e-5);
  const share_interval none = of(0, 10, 0, 20);
  EXPECT_NEAR(none.lower, -.1611, 5e-5);
  EXPECT_NEAR(none.upper, .2775, 5e-5);
  const share_interval all = of(10, 10, 0, 10);
  EXPECT_NEAR(all.lower, .6075, 5e-5);
  EXPECT_EQ(all.upper, 1);
}

}  // namespace
