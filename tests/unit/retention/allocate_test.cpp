#include "retention/allocation/allocate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace clv::retention {
namespace {

using customers = std::vector<std::vector<choice>>;

allocation solve(const customers& all, std::optional<double> budget) {
  allocation plan(budget);
  for (std::size_t i = 0; i < all.size(); ++i) plan.add(all[i], i, true);
  while (!plan.advance(3)) {
  }
  return plan;
}

// The optimum by trying everything.
double best_profit(const customers& all, double budget, std::size_t from = 0) {
  if (from == all.size()) return 0;
  double best = best_profit(all, budget, from + 1);
  for (const choice& c : all[from]) {
    if (c.cost > budget) continue;
    best = std::max(best, c.net + best_profit(all, budget - c.cost, from + 1));
  }
  return best;
}

// The published-by-enumeration oracle of the reference, section 5.
customers oracle() {
  return {{{.52, 6.11, 1}, {.59, 6.53, 2}, {2.93, -2.17, 3}},
          {{1.02, .31, 1}, {2.93, 1.72, 2}, {2.05, 1.16, 3}},
          {{2.77, 3.09, 1}, {1.58, 8.06, 2}, {1.33, 1.60, 3}},
          {{2.03, 3.90, 1}, {2.89, 1.81, 2}, {1.37, 3.91, 3}},
          {{1.45, 3.21, 1}, {2.72, 5.91, 2}, {1.50, 1.15, 3}},
          {{1.59, 1.68, 1}, {2.10, 8.86, 2}, {2.46, -5.97, 3}}};
}

TEST(allocation, reaches_the_optimum_of_the_oracle_and_reports_its_price) {
  const allocation plan = solve(oracle(), 6);
  EXPECT_NEAR(plan.profit(), 27.36, 1e-12);
  EXPECT_NEAR(plan.spent(), 5.64, 1e-12);
  EXPECT_NEAR(plan.shadow_price(), 2.213793, 1e-6);  // printed with six decimals
  EXPECT_NEAR(plan.profit_bound(), 28.156966, 1e-6);
  EXPECT_NEAR(plan.profit(), best_profit(oracle(), 6), 1e-12);
  EXPECT_EQ(plan.chosen(0), 2U);
  EXPECT_EQ(plan.chosen(1), std::nullopt);
  EXPECT_EQ(plan.chosen(2), 2U);
  EXPECT_EQ(plan.chosen(3), 3U);
  EXPECT_EQ(plan.chosen(4), std::nullopt);
  EXPECT_EQ(plan.chosen(5), 2U);
}

TEST(allocation, without_a_limit_gives_everybody_the_most_profitable_action) {
  const allocation plan = solve(oracle(), std::nullopt);
  EXPECT_NEAR(plan.profit(), 6.53 + 1.72 + 8.06 + 3.91 + 5.91 + 8.86, 1e-12);
  EXPECT_EQ(plan.shadow_price(), 0);
  EXPECT_EQ(plan.profit_bound(), plan.profit());
}

TEST(allocation, with_a_budget_of_zero_takes_only_what_is_free) {
  const customers all{{{0, 1, 7}, {1, 5, 8}}, {{.5, 3, 9}}};
  const allocation plan = solve(all, 0);
  EXPECT_EQ(plan.chosen(0), 7U);
  EXPECT_EQ(plan.chosen(1), std::nullopt);
  EXPECT_EQ(plan.spent(), 0);
  EXPECT_EQ(plan.profit(), 1);
  EXPECT_EQ(plan.shadow_price(), 6);  // the second customer's 3 for .5
  EXPECT_EQ(plan.profit_bound(), 1);
}

TEST(allocation, never_takes_an_action_without_profit_even_when_it_is_free) {
  const allocation plan = solve({{{0, 0, 1}, {0, -1, 2}}, {}}, std::nullopt);
  EXPECT_EQ(plan.chosen(0), std::nullopt);
  EXPECT_EQ(plan.chosen(1), std::nullopt);
}

TEST(allocation, of_nobody_is_a_plan_too) {
  const allocation plan = solve({}, 10);
  EXPECT_EQ(plan.profit(), 0);
  EXPECT_EQ(plan.profit_bound(), 0);
}

TEST(allocation, of_equal_actions_takes_the_first_one) {
  EXPECT_EQ(solve({{{1, 2, 4}, {1, 2, 3}}}, std::nullopt).chosen(0), 3U);
}

TEST(allocation, breaks_equal_slopes_by_the_tie_key) {
  allocation plan(1);
  const std::vector<choice> same{{1, 2, 0}};
  plan.add(same, 20, true);
  plan.add(same, 10, true);
  plan.advance(10);
  EXPECT_EQ(plan.chosen(0), std::nullopt);
  EXPECT_EQ(plan.chosen(1), 0U);
}

TEST(allocation, spends_a_budget_to_its_end_although_tenths_are_no_binary_fractions) {
  const customers all(3, {{.1, 1, 0}});
  const allocation plan = solve(all, .3);
  EXPECT_EQ(plan.profit(), 3);
}

TEST(allocation, tells_what_a_customer_who_does_not_compete_would_have_got) {
  allocation plan(1);
  plan.add(std::vector<choice>{{1, 5, 1}}, 1, false);
  plan.add(std::vector<choice>{{1, 4, 2}}, 2, true);
  plan.add(std::vector<choice>{{1, 3, 3}}, 3, true);
  plan.add(std::vector<choice>{{1, 2, 4}}, 4, false);
  plan.advance(10);
  EXPECT_EQ(plan.chosen(0), std::nullopt);
  EXPECT_EQ(plan.chosen(1), 2U);
  EXPECT_EQ(plan.shadow_price(), 3);
  EXPECT_EQ(plan.would_choose(0), 1U);  // earns more than the price
  EXPECT_EQ(plan.would_choose(3), std::nullopt);
  EXPECT_EQ(plan.spent(), 1);
}

customers random_customers(std::mt19937_64& random, std::size_t n, std::size_t k) {
  // Quarters and whole numbers, so that equal slopes, zero costs and exact fits are frequent.
  const auto quarter = [&](int most) {
    return static_cast<double>(random() % static_cast<unsigned>(4 * most + 1)) / 4;
  };
  customers all(n);
  for (auto& c : all) {
    for (std::size_t a = 0; a < k; ++a) {
      const auto id = static_cast<std::uint32_t>(a);
      c.push_back({quarter(3), quarter(8) - 1, id});
    }
  }
  return all;
}

double largest_net(const customers& all) {
  double most = 0;
  for (const auto& c : all) {
    for (const choice& a : c) most = std::max(most, a.net);
  }
  return most;
}

TEST(allocation, is_feasible_bounded_and_within_one_increment_on_random_cases) {
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 4000; ++round) {
    const customers all = random_customers(random, 1 + random() % 6, 1 + random() % 4);
    const double budget = static_cast<double>(random() % 40) / 4;
    const allocation plan = solve(all, budget);
    double cost = 0, net = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (const auto id = plan.chosen(i)) {
        cost += all[i][*id].cost;
        net += all[i][*id].net;
      }
    }
    const double best = best_profit(all, budget);
    // All numbers are multiples of 1/4: sums are exact, only lambda * (B - spent) is rounded.
    ASSERT_EQ(cost, plan.spent());
    ASSERT_EQ(net, plan.profit());
    ASSERT_LE(cost, budget);
    ASSERT_LE(net, best);
    ASSERT_GE(plan.profit_bound(), best - 1e-12);
    ASSERT_LE(best - net, largest_net(all));
    if (plan.shadow_price() == 0) {
      ASSERT_EQ(net, best);
    }
  }
}

TEST(allocation, more_budget_never_earns_less) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    const customers all = random_customers(random, 6, 3);
    double before = 0;
    for (int budget = 0; budget < 20; ++budget) {
      const double now = solve(all, budget).profit();
      ASSERT_GE(now, before);
      before = now;
    }
  }
}

TEST(allocation, does_not_depend_on_the_order_of_customers) {
  std::mt19937_64 random(11);
  const customers all = random_customers(random, 500, 3);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  allocation straight(100), shuffled(100);
  for (std::size_t i = 0; i < all.size(); ++i) straight.add(all[i], i, true);
  for (const std::size_t i : order) shuffled.add(all[i], i, true);
  straight.advance(all.size() * 3);
  shuffled.advance(all.size() * 3);
  EXPECT_EQ(straight.profit(), shuffled.profit());
  EXPECT_EQ(straight.spent(), shuffled.spent());
  for (std::size_t k = 0; k < order.size(); ++k) {
    ASSERT_EQ(shuffled.chosen(k), straight.chosen(order[k]));
  }
}

TEST(allocation, gap_to_the_bound_is_small_on_a_large_case) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  allocation plan(20'000);
  double most = 0;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    std::vector<choice> offered;
    for (std::uint32_t a = 0; a < 3; ++a) {
      offered.push_back({3 * uniform(random), 10 * uniform(random) - 1, a});
      most = std::max(most, offered.back().net);
    }
    plan.add(offered, i, true);
  }
  while (!plan.advance(10'000)) {
  }
  EXPECT_LE(plan.spent(), 20'000 * (1 + 1e-9));
  EXPECT_GE(plan.profit_bound(), plan.profit());
  EXPECT_LT(plan.profit_bound() - plan.profit(), most);
}

}  // namespace
}  // namespace clv::retention
