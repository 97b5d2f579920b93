// The assignment against trying everything, and what it promises about ties and places.
#include "desk/routing/min_cost.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "math/random.hpp"

namespace clv::desk {
namespace {

struct answer_of_all {
  std::vector<std::optional<taken_place>> places;
  std::int64_t total = 0;
};

answer_of_all solve(const place_problem& p, std::size_t at_once = 3) {
  place_assignment found(p);
  while (found.advance(at_once) < 1) {
  }
  answer_of_all all{.places = {}, .total = found.total()};
  for (std::size_t i = 0; i < p.demands.size(); ++i) all.places.push_back(found.of(i));
  return all;
}

// Whether the rules hold: offered, each place once, limits, the first places of a pool.
void expect_allowed(const place_problem& p, const answer_of_all& a) {
  std::map<std::uint32_t, std::set<std::uint32_t>> used;
  std::map<std::uint32_t, std::int64_t> owners;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < a.places.size(); ++i) {
    if (!a.places[i]) continue;
    const auto [pool, place] = *a.places[i];
    const auto& offers = p.demands[i].offers;
    const auto offer = std::ranges::find(offers, pool, &place_offer::pool);
    ASSERT_NE(offer, offers.end()) << "demand " << i << " was not offered pool " << pool;
    ASSERT_LT(place, p.pools[pool].tolls.size());
    ASSERT_TRUE(used[pool].insert(place).second) << "place " << place << " twice";
    ++owners[p.pools[pool].owner];
    total += p.demands[i].weight * (offer->value - p.pools[pool].tolls[place]);
  }
  for (const auto& [pool, places] : used) ASSERT_EQ(*places.rbegin() + 1, places.size());
  for (const auto& [owner, n] : owners) {
    ASSERT_LE(n, p.owner_limits[owner].value_or(n));
  }
  ASSERT_EQ(total, a.total);
}

// The best by trying everything. A mask of those that must, the first of them the highest bit,
// comes before the worth. Which place of a pool somebody has is settled at the end: the heaviest
// have the cheapest.
struct everything {
  const place_problem& p;
  std::vector<std::optional<place_offer>> given =
      std::vector<std::optional<place_offer>>(p.demands.size());
  std::vector<std::int64_t> owners = std::vector<std::int64_t>(p.owner_limits.size());
  std::vector<std::vector<std::size_t>> in_pool =
      std::vector<std::vector<std::size_t>>(p.pools.size());
  std::pair<std::uint64_t, std::int64_t> best{0, 0};

  void count() {
    std::uint64_t mask = 0;
    std::int64_t worth = 0;
    for (std::size_t i = 0; i < given.size(); ++i) {
      mask = 2 * mask + (p.demands[i].must && given[i] ? 1 : 0);
      if (given[i]) worth += p.demands[i].weight * given[i]->value;
    }
    for (std::size_t pool = 0; pool < in_pool.size(); ++pool) {
      std::vector<std::int64_t> weights;
      for (const std::size_t i : in_pool[pool]) weights.push_back(p.demands[i].weight);
      std::ranges::sort(weights, std::greater<>());
      for (std::size_t k = 0; k < weights.size(); ++k) worth -= weights[k] * p.pools[pool].tolls[k];
    }
    best = std::max(best, {mask, worth});
  }
  void run(std::size_t i = 0) {
    if (i == p.demands.size()) return count();
    run(i + 1);
    for (const place_offer& o : p.demands[i].offers) {
      const std::uint32_t owner = p.pools[o.pool].owner;
      if (in_pool[o.pool].size() == p.pools[o.pool].tolls.size()) continue;
      if (p.owner_limits[owner] && owners[owner] == *p.owner_limits[owner]) continue;
      given[i] = o;
      ++owners[owner];
      in_pool[o.pool].push_back(i);
      run(i + 1);
      in_pool[o.pool].pop_back();
      --owners[owner];
      given[i].reset();
    }
  }
};

// Small whole numbers, so that ties are frequent; some pools have no place, some demands no offer.
place_problem random_case(random_source& random) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random.bits() % n); };
  place_problem p;
  const std::uint32_t owners = 1 + below(3);
  for (std::uint32_t o = 0; o < owners; ++o) {
    p.owner_limits.push_back(below(2) == 0 ? std::optional<std::int64_t>(below(4)) : std::nullopt);
    for (std::uint32_t c = 1 + below(2); c > 0; --c) {
      std::vector<std::int64_t> tolls(below(4));
      for (auto& t : tolls) t = below(4);
      std::ranges::sort(tolls);
      p.pools.push_back({.owner = o, .tolls = tolls});
    }
  }
  for (std::uint32_t n = below(7); n > 0; --n) {
    place_demand d{.weight = 1 + below(4), .must = below(5) == 0, .offers = {}};
    for (std::uint32_t pool = 0; pool < p.pools.size(); ++pool) {
      if (below(3) != 0) d.offers.push_back({.pool = pool, .value = 4 + below(6)});
    }
    p.demands.push_back(d);
  }
  return p;
}

TEST(place_assignment, is_what_trying_everything_finds) {
  std::size_t short_of = 0, musts = 0;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    random_source random(seed, 1);
    const place_problem p = random_case(random);
    const auto found = solve(p);
    expect_allowed(p, found);
    if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
    everything all{p};
    all.run();
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < p.demands.size(); ++i) {
      const bool must = p.demands[i].must;
      mask = 2 * mask + (must && found.places[i] ? 1 : 0);
      short_of += !found.places[i] && !p.demands[i].offers.empty() ? 1 : 0;
      musts += must ? 1 : 0;
    }
    ASSERT_EQ(std::pair(mask, found.total), all.best) << "seed " << seed;
  }
  EXPECT_GT(short_of, 1000U) << "the cases must be hard ones";
  EXPECT_GT(musts, 1000U);
}

TEST(place_assignment, leaves_no_place_free_that_somebody_could_have) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    random_source random(seed, 2);
    const place_problem p = random_case(random);
    const auto found = solve(p);
    std::vector<std::size_t> taken(p.pools.size());
    std::vector<std::int64_t> owners(p.owner_limits.size());
    for (const auto& place : found.places) {
      if (!place) continue;
      ++taken[place->pool];
      ++owners[p.pools[place->pool].owner];
    }
    for (std::size_t i = 0; i < p.demands.size(); ++i) {
      if (found.places[i]) continue;
      for (const place_offer& o : p.demands[i].offers) {
        const auto owner = p.pools[o.pool].owner;
        const bool room = taken[o.pool] < p.pools[o.pool].tolls.size() &&
                          (!p.owner_limits[owner] || owners[owner] < *p.owner_limits[owner]);
        ASSERT_FALSE(room) << "seed " << seed << ", demand " << i << ", pool " << o.pool;
      }
    }
  }
}

TEST(place_assignment, fills_desks_evenly_when_tolls_rise) {
  place_problem p;
  for (std::uint32_t a = 0; a < 3; ++a) {
    p.owner_limits.emplace_back();
    p.pools.push_back({.owner = a, .tolls = {0, 1, 2}});
  }
  for (int i = 0; i < 6; ++i) {
    p.demands.push_back({.weight = 1, .must = false, .offers = {{0, 9}, {1, 9}, {2, 9}}});
  }
  std::vector<int> tickets(3);
  for (const auto& place : solve(p).places) ++tickets[place->pool];
  EXPECT_EQ(tickets, (std::vector<int>{2, 2, 2}));
}

TEST(place_assignment, gives_ties_to_those_that_come_first) {
  place_problem p;
  p.owner_limits = {std::nullopt, std::nullopt};
  p.pools = {{.owner = 0, .tolls = {0}}, {.owner = 1, .tolls = {0}}};
  for (int i = 0; i < 3; ++i) {
    p.demands.push_back({.weight = 1, .must = false, .offers = {{0, 5}, {1, 5}}});
  }
  const auto found = solve(p);
  EXPECT_EQ(found.places[0]->pool, 0U);
  EXPECT_EQ(found.places[1]->pool, 1U);
  EXPECT_FALSE(found.places[2]);
}

TEST(place_assignment, serves_first_who_must_whatever_the_others_weigh) {
  place_problem p;
  p.owner_limits = {std::nullopt};
  p.pools = {{.owner = 0, .tolls = {0}}};
  p.demands.push_back({.weight = 1000, .must = false, .offers = {{0, 5}}});
  p.demands.push_back({.weight = 1, .must = true, .offers = {{0, 1}}});
  p.demands.push_back({.weight = 900, .must = true, .offers = {{0, 5}}});
  const auto found = solve(p);
  EXPECT_FALSE(found.places[0]);
  EXPECT_TRUE(found.places[1]);
  EXPECT_FALSE(found.places[2]) << "it comes after the other that must";
}

TEST(place_assignment, is_finished_at_once_without_demands_or_pools) {
  const place_problem nothing_at_all;
  EXPECT_EQ(place_assignment(nothing_at_all).advance(1), 1);
  place_problem nobody;
  nobody.demands.resize(2);
  EXPECT_EQ(solve(nobody).total, 0);
}

TEST(place_assignment, is_the_same_however_it_is_stepped) {
  random_source random(5, 3);
  for (int i = 0; i < 200; ++i) {
    const place_problem p = random_case(random);
    const auto one = solve(p, 1), all = solve(p, 1000);
    ASSERT_EQ(one.total, all.total);
    for (std::size_t d = 0; d < p.demands.size(); ++d) {
      ASSERT_EQ(one.places[d].has_value(), all.places[d].has_value());
      ASSERT_EQ(one.places[d].value_or(taken_place{}).pool,
                all.places[d].value_or(taken_place{}).pool);
    }
  }
}

}  // namespace
}  // namespace clv::desk
