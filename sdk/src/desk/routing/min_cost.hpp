// Who gets which place: the assignment of the largest total worth, exact. [one]
//
//   max  sum_i sum_p weight_i (value_ip - toll_pk) x_ipk        k-th place of pool p
//   subject to  each demand at most one place, each place at most one demand,
//               places taken of an owner's pools <= the owner's limit
//
// A pool is what one agent has for one channel; its tolls rise from place to place (a fuller desk),
// so that no agent is filled before others are asked. A demand that gets nothing is worth 0 and
// every place that is offered is worth more, so no demand goes without while a place it may have is
// free. Those that `must` come first: as many of them as can be, the earlier before the later; only
// then the worth counts.
//
// Shortest augmenting paths with node prices, one demand after the other (Jonker & Volgenant 1987,
// Computing 38, 325-340; Edmonds & Karp 1972, J. ACM 19, 248-264), over demands, places and owners.
// After each demand the assignment of those seen is optimal, so worst case
// O(n (n m + n log n)) for n demands with m places in reach. Whole numbers: nothing is rounded.
//
// Why not a library: Boost.Graph's successive_shortest_path needs every pair as two edge objects
// (400,000 for 1,000 tickets and 200 agents) and knows no demand that stays without; LEMON 1.3.1,
// which Debian 12 has, does not compile as C++20 (OpenROAD#8926). Neither says which optimum of
// several it gives; here demands and pools that come first go first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace clv::desk {

struct place_pool {
  std::uint32_t owner = 0;
  std::vector<std::int64_t> tolls;  // of each place, never falling, >= 0
};

struct place_offer {
  std::uint32_t pool = 0;
  std::int64_t value = 0;  // above every toll of the pool
};

struct place_demand {
  std::int64_t weight = 1;          // >= 1; weight x value <= 2^50
  bool must = false;                // before any weight
  std::vector<place_offer> offers;  // of a pool at most once
};

struct place_problem {
  std::vector<std::optional<std::int64_t>> owner_limits;  // nullopt: as many as the pools have
  std::vector<place_pool> pools;
  std::vector<place_demand> demands;
};

struct taken_place {
  std::uint32_t pool = 0, place = 0;
};

class place_assignment {
 public:
  // `problem` outlives this.
  explicit place_assignment(const place_problem& problem);
  ~place_assignment();
  place_assignment(const place_assignment&) = delete;
  place_assignment& operator=(const place_assignment&) = delete;

  // Looks at `demands` more; how much is done, in [0, 1]; 1: finished.
  double advance(std::size_t demands);
  // Of a finished assignment.
  std::optional<taken_place> of(std::size_t demand) const;
  std::int64_t total() const;  // worth; of those that must too

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv::desk
