// The last bit of a plan against trying everything.
#include "desk/routing/core_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "math/random.hpp"

namespace clv::desk {
namespace {

double best_of(const std::vector<core_taker>& all, double left, std::size_t from = 0) {
  if (from == all.size()) return 0;
  double best = best_of(all, left, from + 1);
  for (const core_option& o : all[from].options) {
    if (o.minutes <= left)
      best = std::max(best, o.value + best_of(all, left - o.minutes, from + 1));
  }
  return best;
}

struct totals {
  double value = 0, minutes = 0;
};

totals of_chosen(const std::vector<core_taker>& all) {
  totals t;
  for (const core_taker& one : all) {
    for (const core_option& o : one.options) {
      if (one.chosen != o.id) continue;
      t.value += o.value;
      t.minutes += o.minutes;
    }
  }
  return t;
}

TEST(core_search, finds_what_trying_everything_finds_at_any_price) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    random_source random(seed, 2);
    std::vector<core_taker> all(random.bits() % 7);
    std::uint32_t id = 0;
    for (core_taker& t : all) {
      for (auto n = random.bits() % 4; n > 0; --n) {
        t.options.push_back({.value = double(random.bits() % 12) - 2,
                             .minutes = double(random.bits() % 8),
                             .id = id++});
      }
    }
    const double limit = double(random.bits() % 20);
    const double price = 3 * random.uniform() * double(random.bits() % 2);
    const double best = best_of(all, limit);
    ASSERT_TRUE(search_core(all, limit, price)) << "seed " << seed;
    const totals found = of_chosen(all);
    ASSERT_EQ(found.value, best) << "seed " << seed << ": small whole numbers are exact";
    ASSERT_LE(found.minutes, limit) << "seed " << seed;
  }
}

TEST(core_search, keeps_a_plan_that_cannot_be_better) {
  std::vector<core_taker> all{{.options = {{.value = 5, .minutes = 10, .id = 7}}, .chosen = 7}};
  EXPECT_TRUE(search_core(all, 10, 0));
  EXPECT_EQ(all[0].chosen, 7U);
}

TEST(core_search, of_a_large_core_says_that_it_may_not_be_the_best) {
  std::vector<core_taker> all;
  for (std::uint32_t i = 0; i < 200; ++i) {
    all.push_back({.options = {{.value = 10, .minutes = 7, .id = i}}, .chosen = {}});
  }
  EXPECT_FALSE(search_core(all, 10, 10.0 / 7));
  const totals found = of_chosen(all);
  EXPECT_EQ(found.value, 10) << "one fits; the others would have to be tried";
  EXPECT_LE(found.minutes, 10);
}

}  // namespace
}  // namespace clv::desk
