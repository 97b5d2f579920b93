// Spending several resources at once on at most one action per customer:
//   max sum rank_ia x_ia   subject to   sum_a x_ia <= 1,   for every resource sum use_iar x_ia <= R_r
// One resource that limits: the upper hulls and the priority queue of allocate.hpp. Several: the
// Lagrangian dual min_l sum_r l_r R_r + sum_i max_a(rank_ia - sum_r l_r use_iar)^+ (convex,
// piecewise linear; its minimum is an upper bound of any plan), then a feasible rounding that
// starts from the dual's choice and fills what is left. Sources: Sinha & Zoltners (1979); Fisher
// (1981), Manage. Sci. 27(1); Kellerer, Pferschy & Pisinger (2004), ch. 11. Linear memory. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace clv::retention {

struct use {
  std::uint32_t resource = 0;
  double amount = 0;  // >= 0, finite
};

struct option {
  double rank = 0;            // what is maximised; finite; <= 0 is never taken
  std::uint32_t id = 0;       // the caller's; of equals the smaller wins
  std::span<const use> uses;  // borrowed for the call of add(); a resource at most once
};

class plan {
 public:
  static constexpr double no_limit = std::numeric_limits<double>::infinity();
  // One limit per resource, >= 0 or no_limit. A plan never uses more than the limit and the
  // rounding of the sum (1e-9 of it).
  explicit plan(std::vector<double> limits);
  ~plan();
  plan(const plan&) = delete;
  plan& operator=(const plan&) = delete;

  // Adds customer number customers(). Ties go by tie_key, then by order of adding; with different
  // keys the order of adding changes nothing. `competes` false: gets nothing and uses nothing;
  // would_choose() still says what it would have got.
  void add(std::span<const option> options, std::uint64_t tie_key, bool competes);
  std::size_t customers() const;

  // A bounded part of the work, about `steps` elementary ones; how much is done, in [0, 1]; 1: the
  // plan is complete. Add nobody afterwards.
  double advance(std::size_t steps);

  // All below: of the finished plan.
  std::optional<std::uint32_t> chosen(std::size_t customer) const;
  // The best option at the shadow prices: for those who compete what they got, but for ties.
  std::optional<std::uint32_t> would_choose(std::size_t customer) const;
  double used(std::size_t resource) const;
  double shadow_price(std::size_t resource) const;  // 0 where the limit does not bind
  double total() const;                             // sum of the ranks taken
  double bound() const;                             // no plan's total is above it

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv::retention
