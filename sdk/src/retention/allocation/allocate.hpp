// Spending one budget on at most one action per customer: the multiple-choice knapsack
//   max sum net_ia x_ia   subject to   sum_a x_ia <= 1,  sum cost_ia x_ia <= B
// by per-customer upper hulls and a priority queue of increments.
// Source: Sinha & Zoltners (1979), Oper. Res. 27(3); Kellerer, Pferschy & Pisinger (2004), ch. 11.
// The plan's profit is below the optimum by less than one increment, and profit_bound() (the linear
// relaxation) is above it. O(nK log nK) time, linear memory. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace clv::retention {

struct choice {
  double cost = 0;       // expected cash, >= 0, finite
  double net = 0;        // expected profit, finite; choices with net <= 0 are never taken
  std::uint32_t id = 0;  // the caller's; equal cost and net: the smaller id wins
};

class allocation {
 public:
  // nullopt: no limit. 0: only what costs nothing. Costs may exceed the budget by the rounding of
  // their sum, 1e-9 of the budget at most: three times .10 fits into .30.
  explicit allocation(std::optional<double> budget);

  // Adds customer number customers(). Of equally good increments the one with the smaller tie_key
  // goes first, then the customer added earlier. `competes` false: the customer gets nothing and
  // uses no budget; would_choose() still says what it would have got.
  void add(std::span<const choice> choices, std::uint64_t tie_key, bool competes);
  std::size_t customers() const { return keys_.size(); }

  // Takes up to `increments` steps; true when the plan is complete. Add nobody afterwards.
  bool advance(std::size_t increments);

  // All below: of the finished plan.
  std::optional<std::uint32_t> chosen(std::size_t customer) const;
  // The choice whose increments all earn more per unit of cost than shadow_price(): for customers
  // who compete it is what they got, but for ties at the price.
  std::optional<std::uint32_t> would_choose(std::size_t customer) const;
  double spent() const { return spent_; }
  double profit() const { return profit_; }
  // Profit that one more unit of budget would bring: the slope of the first increment that did not
  // fit, 0 when everything fitted.
  double shadow_price() const { return shadow_price_; }
  double profit_bound() const;

 private:
  struct step {  // the next increment of a customer, as it lies in the queue
    double slope;
    std::uint64_t key;
    std::uint32_t customer;
  };
  static bool goes_later(const step& a, const step& b);
  void push_next(std::uint32_t customer);

  std::optional<double> budget_;
  std::vector<choice> hull_;           // all customers' hulls, one after the other
  std::vector<std::size_t> first_{0};  // customer -> its part of hull_
  std::vector<std::uint32_t> taken_;   // how many points of its hull a customer has climbed
  std::vector<std::uint64_t> keys_;
  std::vector<step> queue_;
  std::vector<choice> scratch_;
  double spent_ = 0, profit_ = 0, shadow_price_ = 0;
};

}  // namespace clv::retention
