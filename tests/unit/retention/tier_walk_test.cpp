// The walk through tiers against one that sums the whole window again each time.
#include "retention/programmes/tier_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "clv/time.hpp"
#include "math/random.hpp"

namespace clv::retention {
namespace {

struct counted {
  std::int64_t time, of, amount;
};

// Slow and plain: every sum from the whole list.
class plain_walk {
 public:
  explicit plain_walk(const tier_rules& rules) : rules_(rules) {}

  void count(const counted& c) {
    review_until(c.time);
    if (next_ == INT64_MAX && c.amount > 0) next_ = c.time + rules_.review_days * us_per_day;
    all_.push_back(c);
    if (enough(c.time) > level_) {
      level_ = enough(c.time);
      next_ = c.time + rules_.review_days * us_per_day;
    }
  }
  void review_until(std::int64_t time) {
    for (; next_ <= time; next_ += rules_.review_days * us_per_day) {
      const std::size_t earned = enough(next_);
      if (earned >= level_) continue;
      level_ = rules_.soft_landing ? level_ - 1 : earned;
    }
  }
  std::int64_t sum(std::int64_t time) const {
    std::int64_t s = 0;
    for (const counted& c : all_) {
      if (c.of > time - rules_.window_days * us_per_day) s += c.amount;
    }
    return s;
  }
  std::size_t level() const { return level_; }
  std::int64_t next() const { return next_; }

 private:
  std::size_t enough(std::int64_t time) const {
    std::size_t level = 0;
    for (std::size_t i = 0; i < rules_.levels.size(); ++i) {
      if (sum(time) >= rules_.levels[i].threshold) level = i;
    }
    return level;
  }

  const tier_rules& rules_;
  std::vector<counted> all_;
  std::size_t level_ = 0;
  std::int64_t next_ = INT64_MAX;
};

TEST(tier_walk, is_the_plain_one_for_any_orders_and_refunds) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    random_source random(seed);
    const auto below = [&](std::uint64_t n) {
      return static_cast<std::int64_t>(random.bits() % n);
    };
    tier_rules rules{.window_days = 1 + below(120),
                     .review_days = 1 + below(120),
                     .soft_landing = below(2) == 0,
                     .levels = {{.name = "one"},
                                {.name = "two", .threshold = 100},
                                {.name = "three", .threshold = 250},
                                {.name = "four", .threshold = 400}}};
    tier_walk walk(rules);
    plain_walk plain(rules);
    std::vector<counted> orders;
    std::int64_t now = 0;
    for (int i = 0; i < 40; ++i) {
      now += below(30) * us_per_day;
      counted c{now, now, below(200)};
      if (!orders.empty() && below(4) == 0) {
        counted& of = orders[static_cast<std::size_t>(below(orders.size()))];
        c = {now, of.time, -below(static_cast<std::uint64_t>(of.amount) + 1)};
        of.amount += c.amount;  // no more is refunded than was paid
      } else {
        orders.push_back(c);
      }
      walk.count(c.time, c.of, c.amount);
      plain.count(c);
      ASSERT_EQ(walk.level(), plain.level()) << "seed " << seed << " event " << i;
      ASSERT_EQ(walk.sum_at(now), plain.sum(now)) << "seed " << seed << " event " << i;
      ASSERT_EQ(walk.next_review(), plain.next());
    }
    walk.review_until(now + 400 * us_per_day);
    plain.review_until(now + 400 * us_per_day);
    ASSERT_EQ(walk.level(), plain.level()) << "seed " << seed;
  }
}

TEST(tier_walk, rises_at_once_and_falls_at_the_review) {
  const tier_rules rules{.window_days = 100,
                         .review_days = 100,
                         .levels = {{.name = "one"}, {.name = "two", .threshold = 100}}};
  tier_walk walk(rules);
  walk.count(0, 0, 100);
  EXPECT_EQ(walk.level(), 1u);
  walk.count(50 * us_per_day, 0, -1);
  EXPECT_EQ(walk.level(), 1u) << "a refund waits for the review";
  walk.review_until(100 * us_per_day);
  EXPECT_EQ(walk.level(), 0u);
}

}  // namespace
}  // namespace clv::retention
