// What happens to one customer under any policy, from one set of uniforms: the same person draws
// the same numbers whatever is done to it, so that policies differ by what they do and a treated
// customer's counterfactual is the same person. [any]
#pragma once

#include <cstdint>
#include <string_view>

#include "market/truth.hpp"

namespace clv::market {

// The customer's numbers of one run of the market: a stream of (seed, XXH64(customer)).
struct fortune {
  fortune(std::uint64_t seed, std::string_view customer, double order_shape);
  double orders, changes, pulled, returned, leaves;  // uniform in (0, 1)
  double size;                                       // of the order, Gamma with mean 1
};

struct happening {
  bool response = false;
  bool returned = false;  // the order came back
  bool unsubscribed = false;
  double value = 0;    // profit of the order, less that of the later one it replaced
  double cost = 0;     // contact and benefit
  double benefit = 0;  // part of the cost
  double future_lost = 0;
  double profit() const { return value - cost - future_lost; }
};

// Without an action: the order happens with p0. With one, who would have ordered still does but for
// -tau/p0, and of the others tau/(1 - p0) do now. E[profit with] - E[profit without] = t.net().
happening untreated(const truth& t, const fortune& f);
happening treated(const truth& t, const fortune& f);

}  // namespace clv::market
