// The customers of a plan with the options that can matter, stored once and in the order of their
// tie keys, so that every sum and every tie is the same whatever order they were added in. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "retention/allocation/plan.hpp"

namespace clv::retention {

class option_book {
 public:
  using index = std::uint32_t;  // of an option; a book holds fewer than 2^32 - 1 of them
  static constexpr index none = 0xffffffff;

  explicit option_book(std::vector<double> limits);

  // Keeps the options with rank > 0 that fit into the limits alone and that no other option of the
  // customer matches with as high a rank and no more of any limited resource.
  void add(std::span<const option> options, std::uint64_t tie_key, bool competes);
  void arrange();  // once, when all are added; positions count in the order of the keys

  std::size_t resources() const { return limits_.size(); }
  std::size_t customers() const { return keys_.size(); }
  std::size_t position(std::size_t customer) const { return position_[customer]; }
  bool limited(std::size_t resource) const { return limits_[resource] < plan::no_limit; }
  double limit(std::size_t resource) const { return limits_[resource]; }
  // The limit and the rounding of a long sum of uses.
  double room(std::size_t resource) const { return limits_[resource] * (1 + 5e-10); }
  // Of a resource of which there is nothing: the most that a unit of it would add for a customer.
  double price_of_nothing(std::size_t resource) const { return price_of_nothing_[resource]; }

  // Options of the customer at a position are first to last - 1, by rising rank.
  index first(std::size_t position) const { return first_[position]; }
  index last(std::size_t position) const { return first_[position + 1]; }
  bool competes(std::size_t position) const { return competes_[position] != 0; }
  std::uint64_t key(std::size_t position) const { return keys_[position]; }
  double rank(index o) const { return o == none ? 0 : rank_[o]; }
  std::uint32_t id(index o) const { return id_[o]; }

  // f(resource, amount) for what the option uses, by rising resource; nothing for `none`.
  template <class function>
  void each_use(index o, const function& f) const {
    if (o == none) return;
    for (std::size_t u = use_first_[o]; u < use_first_[o + 1]; ++u) f(resource_[u], amount_[u]);
  }
  double used(index o, std::size_t resource) const;
  // rank less what the option uses at these prices, one per resource.
  double value(index o, std::span<const double> prices) const {
    double value = rank(o);
    each_use(o, [&](std::size_t r, double amount) { value -= prices[r] * amount; });
    return value;
  }
  // The option of the highest value above 0; of ties the one of lower rank.
  index best(std::size_t position, std::span<const double> prices) const;

 private:
  struct offered {
    double rank;
    std::uint32_t id;
    std::vector<use> uses;  // by rising resource, amounts above 0
  };
  static bool better(const offered& a, const offered& b);
  bool fits(const offered& o) const;
  bool no_worse(const offered& a, const offered& b) const;
  void gather_offers(std::span<const option> options);
  void note_what_nothing_costs(double best);
  template <class column>
  void reorder(column& values, std::span<const std::uint32_t> order) const;
  void reorder_options(std::span<const std::uint32_t> order);

  std::vector<double> limits_, price_of_nothing_;
  std::vector<index> first_{0};
  std::vector<std::uint64_t> keys_;
  std::vector<char> competes_;
  std::vector<std::uint32_t> position_;  // of a customer in the order of adding
  std::vector<double> rank_;             // of options, all customers' one after the other
  std::vector<std::uint32_t> id_;
  std::vector<std::size_t> use_first_{0};
  std::vector<std::uint32_t> resource_;  // of uses
  std::vector<double> amount_;
  std::vector<offered> offers_;  // scratch of add()
  std::size_t offers_used_ = 0;
};

}  // namespace clv::retention
