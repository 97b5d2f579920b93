#include "retention/experiments/holdout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace clv::retention {
namespace {

// Frozen on 2026-11: a change here moves customers between the arms of every running experiment.
// Computed by an implementation of XXH64 of its own, from the published specification.
TEST(holdout, the_hash_of_salt_and_customer_is_frozen) {
  EXPECT_EQ(salted_hash("clv", "c000001"), 0x2359445d47ecb8cdULL);
  EXPECT_EQ(salted_hash("clv", "c000002"), 0x2daf77d55793aa93ULL);
  EXPECT_EQ(salted_hash("summer-2026", "c000001"), 0x33ef0392b38d3dbdULL);
  EXPECT_EQ(salted_hash("", ""), 0xef46db3751d8e999ULL);  // published: XXH64 of nothing, seed 0
  EXPECT_EQ(salted_hash("clv", "K\xc3\xb6ln/7"), 0xaf812fb0928d0914ULL);
}

TEST(holdout, known_customers_stay_in_their_arm) {
  const auto held = [](std::string_view id) { return held_out(salted_hash("clv", id), .1); };
  EXPECT_TRUE(held("c000030"));
  EXPECT_FALSE(held("c000001"));
  EXPECT_FALSE(held("c000002"));
  EXPECT_FALSE(held("c000003"));
  EXPECT_FALSE(held("c000004"));
  EXPECT_FALSE(held("c000005"));
}

TEST(holdout, the_bar_is_the_share_times_two_to_the_64th_rounded_down) {
  EXPECT_EQ(holdout_bar(0), 0U);
  EXPECT_EQ(holdout_bar(.5), std::uint64_t{1} << 63U);
  EXPECT_EQ(holdout_bar(.25), std::uint64_t{1} << 62U);
  // .1 as a double is 3602879701896397 / 2^55, so the product is exactly 3602879701896397 * 2^9.
  EXPECT_EQ(holdout_bar(.1), 3602879701896397ULL << 9U);
  EXPECT_EQ(holdout_bar(std::ldexp(1.0, -65)), 0U);
}

TEST(holdout, a_share_of_zero_holds_nobody_and_of_one_everybody) {
  constexpr std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_FALSE(held_out(0, 0));
  EXPECT_TRUE(held_out(0, 1));
  EXPECT_TRUE(held_out(highest, 1));
  EXPECT_FALSE(held_out(highest, std::nextafter(1.0, 0.0)));
}

TEST(holdout, a_larger_share_keeps_everyone_who_was_held_out) {
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t hash = salted_hash("clv", std::to_string(i));
    EXPECT_LE(held_out(hash, .05), held_out(hash, .1));
  }
}

TEST(holdout, about_the_asked_share_is_held_out_whatever_the_ids_look_like) {
  for (const char* prefix : {"", "c0000", "customer-with-a-long-common-prefix-"}) {
    int held = 0;
    constexpr int n = 100'000;
    for (int i = 0; i < n; ++i) {
      held += held_out(salted_hash("clv", prefix + std::to_string(i)), .1) ? 1 : 0;
    }
    // Five standard deviations of a binomial count: sqrt(.1 * .9 * 1e5) = 95.
    EXPECT_NEAR(held, .1 * n, 5 * 95) << "prefix " << prefix;
  }
}

TEST(holdout, another_salt_draws_independently) {
  int both = 0;
  constexpr int n = 100'000;
  for (int i = 0; i < n; ++i) {
    const std::string id = std::to_string(i);
    both += held_out(salted_hash("a", id), .1) && held_out(salted_hash("b", id), .1) ? 1 : 0;
  }
  EXPECT_NEAR(both, .01 * n, 5 * 31.5);  // five standard deviations: sqrt(.01 * .99 * 1e5)
}

}  // namespace
}  // namespace clv::retention
