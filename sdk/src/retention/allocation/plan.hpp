// Spending several resources at once on at most one action per customer:
//   max sum rank_ia x_ia   subject to   sum_a x_ia <= 1,   sum_ia use_iar x_ia <= R_r for every r.
// One resource that limits: upper hulls and a priority queue (climb.hpp). Several: the Lagrangian
// dual min_l sum_r l_r R_r + sum_i max_a(rank_ia - sum_r l_r use_iar)^+ (dual.hpp), an upper bound
// of any plan. Then everything is made to fit, what is left is filled, and the closest calls are
// exchanged (settle.hpp). Options that alone exceed a limit, or that another option of the customer
// beats in everything, take no part. Linear memory. [one]
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

  // A bounded part of the work: about `steps` customers looked at, or one sort of them; how much is
  // done, in [0, 1]; 1: the plan is complete. Add nobody afterwards.
  double advance(std::size_t steps);

  // All below: of the finished plan.
  std::optional<std::uint32_t> chosen(std::size_t customer) const;
  // The best option at the shadow prices: for those who compete what they got, but for ties and
  // for the few who were served from what was left over.
  std::optional<std::uint32_t> would_choose(std::size_t customer) const;
  double used(std::size_t resource) const;
  // What one more unit would add, 0 where the limit does not bind. Of a limit of 0: the most that
  // a customer would gain per unit over the best option without it.
  double shadow_price(std::size_t resource) const;
  double total() const;  // sum of the ranks taken
  double bound() const;  // no plan's total is above it

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv::retention
