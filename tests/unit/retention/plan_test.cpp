#include "retention/allocation/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace clv::retention {
namespace {

struct choice {
  std::vector<double> uses;  // of resource 0, 1, ...
  double rank = 0;
  std::uint32_t id = 0;
};
using customers = std::vector<std::vector<choice>>;

void add(plan& p, const std::vector<choice>& choices, std::uint64_t key, bool competes = true) {
  std::vector<std::vector<use>> uses;
  std::vector<option> options;
  for (const choice& c : choices) {
    uses.emplace_back();
    for (std::uint32_t r = 0; r < c.uses.size(); ++r) uses.back().push_back({r, c.uses[r]});
  }
  for (std::size_t a = 0; a < choices.size(); ++a) {
    options.push_back({.rank = choices[a].rank, .id = choices[a].id, .uses = uses[a]});
  }
  p.add(options, key, competes);
}

void finish(plan& p, std::size_t steps = 3) {
  while (p.advance(steps) < 1) {
  }
}

struct solved {
  solved(const customers& all, std::vector<double> limits) : p(std::move(limits)) {
    for (std::size_t i = 0; i < all.size(); ++i) add(p, all[i], i);
    finish(p);
  }
  plan p;
};

// The optimum by trying everything; left: of each resource.
double optimum(const customers& all, const std::vector<double>& left, std::size_t from = 0) {
  if (from == all.size()) return 0;
  double best = optimum(all, left, from + 1);
  for (const choice& c : all[from]) {
    std::vector<double> after = left;
    for (std::size_t r = 0; r < left.size(); ++r) after[r] -= c.uses[r];
    if (c.rank <= 0 || *std::min_element(after.begin(), after.end()) < 0) continue;
    best = std::max(best, c.rank + optimum(all, after, from + 1));
  }
  return best;
}

// The published-by-enumeration oracle of the reference, section 5.
customers oracle() {
  return {{{{.52}, 6.11, 1}, {{.59}, 6.53, 2}, {{2.93}, -2.17, 3}},
          {{{1.02}, .31, 1}, {{2.93}, 1.72, 2}, {{2.05}, 1.16, 3}},
          {{{2.77}, 3.09, 1}, {{1.58}, 8.06, 2}, {{1.33}, 1.60, 3}},
          {{{2.03}, 3.90, 1}, {{2.89}, 1.81, 2}, {{1.37}, 3.91, 3}},
          {{{1.45}, 3.21, 1}, {{2.72}, 5.91, 2}, {{1.50}, 1.15, 3}},
          {{{1.59}, 1.68, 1}, {{2.10}, 8.86, 2}, {{2.46}, -5.97, 3}}};
}

TEST(plan, reaches_the_optimum_of_the_oracle_and_reports_its_price) {
  const solved s(oracle(), {6});
  EXPECT_NEAR(s.p.total(), 27.36, 1e-12);
  EXPECT_NEAR(s.p.used(0), 5.64, 1e-12);
  EXPECT_NEAR(s.p.shadow_price(0), 2.213793, 1e-6);  // printed with six decimals
  EXPECT_NEAR(s.p.bound(), 28.156966, 1e-6);
  EXPECT_NEAR(s.p.total(), optimum(oracle(), {6}), 1e-12);
  EXPECT_EQ(s.p.chosen(0), 2U);
  EXPECT_EQ(s.p.chosen(1), std::nullopt);
  EXPECT_EQ(s.p.chosen(2), 2U);
  EXPECT_EQ(s.p.chosen(3), 3U);
  EXPECT_EQ(s.p.chosen(4), std::nullopt);
  EXPECT_EQ(s.p.chosen(5), 2U);
}

// The same through the dual: the second resource never binds, and its limit is finite.
TEST(plan, finds_the_same_prices_by_the_dual_as_by_the_hulls) {
  customers all = oracle();
  for (auto& c : all) {
    for (choice& a : c) a.uses.push_back(1);
  }
  const solved s(all, {6, 6});
  EXPECT_NEAR(s.p.total(), 27.36, 1e-12);
  EXPECT_NEAR(s.p.bound(), 28.156966, 1e-4);  // m ends at 1e-6 of a customer's rank
  EXPECT_NEAR(s.p.shadow_price(0), 2.213793, 1e-3);
  EXPECT_EQ(s.p.shadow_price(1), 0);
  EXPECT_EQ(s.p.used(1), 4);
}

TEST(plan, without_a_limit_gives_everybody_the_best_and_counts_what_it_uses) {
  const solved s(oracle(), {plan::no_limit});
  EXPECT_NEAR(s.p.total(), 6.53 + 1.72 + 8.06 + 3.91 + 5.91 + 8.86, 1e-12);
  EXPECT_NEAR(s.p.used(0), .59 + 2.93 + 1.58 + 1.37 + 2.72 + 2.10, 1e-12);
  EXPECT_EQ(s.p.shadow_price(0), 0);
  EXPECT_EQ(s.p.bound(), s.p.total());
}

TEST(plan, with_limits_that_do_not_bind_is_the_plan_without_limits) {
  for (const std::vector<double>& limits : {std::vector<double>{12.3}, std::vector<double>{13}}) {
    const solved s(oracle(), limits);
    EXPECT_NEAR(s.p.total(), 34.99, 1e-12);
    EXPECT_EQ(s.p.shadow_price(0), 0);
    EXPECT_EQ(s.p.bound(), s.p.total());
  }
}

TEST(plan, with_a_limit_of_zero_takes_only_what_uses_nothing_and_says_what_a_unit_would_add) {
  const solved s({{{{0}, 1, 7}, {{1}, 5, 8}}, {{{.5}, 3, 9}}}, {0});
  EXPECT_EQ(s.p.chosen(0), 7U);
  EXPECT_EQ(s.p.chosen(1), std::nullopt);
  EXPECT_EQ(s.p.used(0), 0);
  EXPECT_EQ(s.p.total(), 1);
  EXPECT_EQ(s.p.shadow_price(0), 6);  // the second customer's 3 for .5
  EXPECT_EQ(s.p.bound(), 1);
}

TEST(plan, of_several_limits_of_which_one_is_zero_still_uses_the_others) {
  const customers all{{{{0, 1, 0}, 2, 1}, {{1, 0, 0}, 9, 2}}, {{{0, 1, 1}, 3, 3}}};
  const solved s(all, {0, 1, 5});
  EXPECT_EQ(s.p.chosen(0), std::nullopt);
  EXPECT_EQ(s.p.chosen(1), 3U);
  EXPECT_EQ(s.p.total(), 3);
  EXPECT_EQ(s.p.shadow_price(0), 7);  // 9 where the best other option is 2
}

TEST(plan, never_takes_an_option_without_profit_even_when_it_is_free) {
  const solved s({{{{0}, 0, 1}, {{0}, -1, 2}}, {}}, {plan::no_limit});
  EXPECT_EQ(s.p.chosen(0), std::nullopt);
  EXPECT_EQ(s.p.chosen(1), std::nullopt);
}

TEST(plan, of_nobody_or_without_resources_is_a_plan_too) {
  for (const auto& limits : {std::vector<double>{}, {10}, {10, 20}}) {
    const solved s({}, limits);
    EXPECT_EQ(s.p.total(), 0);
    EXPECT_EQ(s.p.bound(), 0);
    EXPECT_EQ(s.p.customers(), 0U);
  }
  EXPECT_EQ(solved({{{{}, 2, 5}}}, {}).p.chosen(0), 5U);
}

TEST(plan, of_equal_options_takes_the_smaller_id_and_of_equal_ranks_the_smaller_use) {
  EXPECT_EQ(solved({{{{1}, 2, 4}, {{1}, 2, 3}}}, {plan::no_limit}).p.chosen(0), 3U);
  EXPECT_EQ(solved({{{{1}, 2, 4}, {{1}, 2, 3}}}, {1}).p.chosen(0), 3U);
  EXPECT_EQ(solved({{{{1}, 2, 3}, {{.5}, 2, 4}}}, {plan::no_limit}).p.chosen(0), 4U);
  EXPECT_EQ(solved({{{{1}, 2, 3}, {{.5}, 2, 4}}}, {1}).p.chosen(0), 4U);
}

TEST(plan, leaves_what_is_too_large_alone_instead_of_stopping_at_it) {
  const solved s({{{{9}, 1000, 1}, {{2}, 1, 2}}, {{{2}, 1, 3}}}, {5});
  EXPECT_EQ(s.p.chosen(0), 2U);
  EXPECT_EQ(s.p.chosen(1), 3U);
  EXPECT_EQ(s.p.bound(), 2);
}

TEST(plan, fills_what_the_steepest_increment_left_over) {
  const solved s({{{{6}, 60, 1}}, {{{5}, 40, 2}}, {{{4}, 20, 3}}}, {10});
  EXPECT_EQ(s.p.total(), 80);
  EXPECT_EQ(s.p.shadow_price(0), 8);
  EXPECT_EQ(s.p.bound(), 60 + 8 * 4);
}

TEST(plan, exchanges_two_for_one_where_that_earns_more) {
  const solved s({{{{2}, 10, 1}}, {{{9}, 40, 2}}, {{{1}, 3, 3}}}, {10});
  EXPECT_EQ(s.p.total(), 43);  // 10 comes first by slope and would leave 8 for the 40
}

TEST(plan, breaks_equal_slopes_by_the_tie_key) {
  for (const std::vector<double>& limits : {std::vector<double>{1}, {1, 1}}) {
    plan p(limits);
    const std::vector<choice> same{{std::vector<double>(limits.size(), 1), 2, 0}};
    add(p, same, 20);
    add(p, same, 10);
    finish(p);
    EXPECT_EQ(p.chosen(0), std::nullopt);
    EXPECT_EQ(p.chosen(1), 0U);
  }
}

TEST(plan, with_equal_keys_goes_by_the_order_of_adding) {
  plan p({2});
  for (int i = 0; i < 3; ++i) add(p, {{{1}, 2, 0}}, 5);
  finish(p);
  EXPECT_EQ(p.chosen(0), 0U);
  EXPECT_EQ(p.chosen(1), 0U);
  EXPECT_EQ(p.chosen(2), std::nullopt);
}

TEST(plan, uses_a_limit_to_its_end_although_tenths_are_no_binary_fractions) {
  EXPECT_EQ(solved(customers(3, {{{.1}, 1, 0}}), {.3}).p.total(), 3);
  EXPECT_EQ(solved(customers(3, {{{.1, .7}, 1, 0}}), {.3, 2.1}).p.total(), 3);
}

TEST(plan, hands_out_stock_to_the_last_unit_and_no_further) {
  customers all;
  for (std::uint32_t i = 0; i < 50; ++i) {
    all.push_back({{{1, 0, .5}, 1 + .1 * i, 0}, {{0, 1, .5}, 2 - .01 * i, 1}});
  }
  const solved s(all, {7, 11, 100});
  EXPECT_EQ(s.p.used(0), 7);
  EXPECT_EQ(s.p.used(1), 11);
  EXPECT_EQ(s.p.used(2), 9);
  double best = 0;
  for (int i = 0; i < 7; ++i) best += 1 + .1 * (49 - i);
  for (int i = 0; i < 11; ++i) best += 2 - .01 * i;
  EXPECT_NEAR(s.p.total(), best, 1e-12);
}

TEST(plan, tells_what_a_customer_who_does_not_compete_would_have_got) {
  plan p({1});
  add(p, {{{1}, 5, 1}}, 1, false);
  add(p, {{{1}, 4, 2}}, 2);
  add(p, {{{1}, 3, 3}}, 3);
  add(p, {{{1}, 2, 4}}, 4, false);
  finish(p);
  EXPECT_EQ(p.chosen(0), std::nullopt);
  EXPECT_EQ(p.chosen(1), 2U);
  EXPECT_EQ(p.shadow_price(0), 3);
  EXPECT_EQ(p.would_choose(0), 1U);  // earns more than the price
  EXPECT_EQ(p.would_choose(3), std::nullopt);
  EXPECT_EQ(p.used(0), 1);
}

struct random_case {
  customers all;
  std::vector<double> limits;
};

// Quarters and whole numbers, so that equal slopes, zero costs and exact fits are frequent; else
// numbers without pattern.
random_case some_case(std::mt19937_64& random, std::size_t resources, bool quarters) {
  std::uniform_real_distribution<double> uniform(0, 1);
  const auto number = [&](int most) {
    if (!quarters) return most * uniform(random);
    return static_cast<double>(random() % static_cast<unsigned>(4 * most + 1)) / 4;
  };
  random_case c;
  c.all.resize(1 + random() % 6);
  const std::size_t options = 1 + random() % 4;
  for (auto& each : c.all) {
    for (std::uint32_t a = 0; a < options; ++a) {
      each.push_back({{}, number(8) - 1, a});
      for (std::size_t r = 0; r < resources; ++r) {
        each.back().uses.push_back(random() % 4 == 0 ? 0 : number(3));
      }
    }
  }
  for (std::size_t r = 0; r < resources; ++r) c.limits.push_back(number(10));
  return c;
}

struct quality {
  double share = 0, optimal = 0;  // means over cases
};

// 2,000 cases each: never above a limit, total <= optimum <= bound.
quality against_brute_force(std::size_t resources, bool quarters) {
  std::mt19937_64 random(20260101 + resources);
  constexpr int rounds = 2000;
  quality q;
  for (int round = 0; round < rounds; ++round) {
    const random_case c = some_case(random, resources, quarters);
    const solved s(c.all, c.limits);
    std::vector<double> used(resources);
    double total = 0, largest = 0;
    for (std::size_t i = 0; i < c.all.size(); ++i) {
      const auto id = s.p.chosen(i);
      if (!id) continue;
      const choice& taken = c.all[i][*id];
      total += taken.rank;
      for (std::size_t r = 0; r < resources; ++r) used[r] += taken.uses[r];
      for (const choice& o : c.all[i]) largest = std::max(largest, o.rank);
    }
    for (const auto& each : c.all) {
      for (const choice& o : each) largest = std::max(largest, o.rank);
    }
    const double best = optimum(c.all, c.limits);
    EXPECT_NEAR(total, s.p.total(), 1e-12);
    for (std::size_t r = 0; r < resources; ++r) {
      EXPECT_LE(used[r], c.limits[r] * (1 + 1e-9));
      EXPECT_NEAR(used[r], s.p.used(r), 1e-12);
      EXPECT_GE(s.p.shadow_price(r), 0);
    }
    EXPECT_LE(total, best + 1e-12);
    EXPECT_GE(s.p.bound(), best - 1e-12);
    if (resources == 1) {
      EXPECT_LE(s.p.bound() - total, largest + 1e-12);  // one increment
    }
    q.share += best > 0 ? total / best / rounds : 1. / rounds;
    q.optimal += total > best - 1e-9 ? 1. / rounds : 0;
  }
  return q;
}

// Measured when written, for 1, 2 and 3 resources: optimal in 99.7, 99.0 and 98.3 % of the cases of
// quarters and 99.4, 98.3 and 97.5 % of the others, mean share of the optimum .998 or more.
TEST(plan, is_feasible_bounded_and_nearly_optimal_on_random_cases) {
  for (const std::size_t resources : {1U, 2U, 3U}) {
    for (const bool quarters : {true, false}) {
      const quality q = against_brute_force(resources, quarters);
      EXPECT_GE(q.share, 0.995) << resources << (quarters ? " quarters" : "");
      EXPECT_GE(q.optimal, 0.955) << resources << (quarters ? " quarters" : "");
      RecordProperty("share_" + std::to_string(resources) + (quarters ? "q" : ""),
                     std::to_string(q.share) + " optimal " + std::to_string(q.optimal));
    }
  }
}

// Cash, contacts, minutes and `stocks` counters of which every fifth option takes a unit.
customers market(std::size_t n, std::size_t stocks, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  customers all(n);
  for (auto& each : all) {
    for (std::uint32_t a = 0; a < 4; ++a) {
      const double cost = 2 * uniform(random);
      each.push_back(
          {{cost, 1, 16 * uniform(random)}, cost - 1 - 3 * std::log(uniform(random)), a});
      each.back().uses.resize(3 + stocks);
      if (stocks > 0 && a == 3) each.back().uses[3 + random() % stocks] = 1;
    }
  }
  return all;
}

TEST(plan, comes_close_to_the_bound_on_large_cases) {
  const customers all = market(30'000, 5, 3);
  const std::vector<std::vector<double>> limits{
      {3'000, plan::no_limit, plan::no_limit, 1e9, 1e9, 1e9, 1e9, 1e9},
      {3'000, 3'500, 20'000, 1e9, 1e9, 1e9, 1e9, 1e9},
      {3'000, 3'500, 20'000, 3, 50, 100, 200, 0},
      {30, 20, 5e9, 3, 1, 100, 200, 1000}};
  for (const auto& given : limits) {
    const solved s(all, given);
    for (std::size_t r = 0; r < given.size(); ++r) {
      EXPECT_LE(s.p.used(r), given[r] * (1 + 1e-9)) << r;
    }
    EXPECT_GE(s.p.bound(), s.p.total());
    // The tightest takes some twenty customers: a single one of them is 5 %.
    EXPECT_LE(s.p.bound(), s.p.total() * (given[1] == 20 ? 1.01 : 1.001)) << given[1];
  }
}

TEST(plan, does_not_depend_on_the_order_of_customers_or_on_the_size_of_the_steps) {
  const customers all = market(6'000, 3, 11);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(11);
  std::shuffle(order.begin(), order.end(), random);
  for (const auto& limits : {std::vector<double>{600, plan::no_limit, plan::no_limit, 1, 2, 3},
                             std::vector<double>{600, 500, 4'000, 1, 2, 30}}) {
    plan straight(limits), shuffled(limits);
    for (std::size_t i = 0; i < all.size(); ++i) add(straight, all[i], i, i % 7 != 0);
    for (const std::size_t i : order) add(shuffled, all[i], i, i % 7 != 0);
    finish(straight, 1);
    finish(shuffled, 100'000);
    EXPECT_EQ(straight.total(), shuffled.total());
    EXPECT_EQ(straight.bound(), shuffled.bound());
    for (std::size_t r = 0; r < limits.size(); ++r) {
      EXPECT_EQ(straight.used(r), shuffled.used(r));
      EXPECT_EQ(straight.shadow_price(r), shuffled.shadow_price(r));
    }
    for (std::size_t k = 0; k < order.size(); ++k) {
      ASSERT_EQ(shuffled.chosen(k), straight.chosen(order[k]));
      ASSERT_EQ(shuffled.would_choose(k), straight.would_choose(order[k]));
    }
  }
}

// Nothing distinguishes them: the dual sees all or none at the price.
TEST(plan, fills_the_limits_with_customers_who_are_all_alike) {
  const customers all(5'000, {{{.5, 1, 4}, 2, 0}, {{.25, 1, 1}, 1, 1}});
  const solved s(all, {400, 1'000, 3'000});
  // Both earn 4 per unit of cash: 1,600 is the optimum, but only a mix of them fits the rest.
  EXPECT_GE(s.p.total(), 0.999 * s.p.bound());
  EXPECT_LE(s.p.used(0), 400);
  EXPECT_LE(s.p.used(1), 1'000);
  EXPECT_LE(s.p.used(2), 3'000);
}

TEST(plan, progress_is_a_share_that_ends_at_one) {
  plan p({2, 2});
  for (int i = 0; i < 100; ++i) add(p, {{{1, 1}, 2, 0}}, static_cast<std::uint64_t>(i));
  double done = 0;
  while (done < 1) {
    const double now = p.advance(10);
    ASSERT_GE(now, done);
    ASSERT_LE(now, 1);
    done = now;
  }
}

}  // namespace
}  // namespace clv::retention
