// The last bit of a plan with one limit: branch and bound over those whose choice is close. [any]
//
//   max sum_i value_i(c_i)   subject to   sum_i minutes_i(c_i) <= limit,   c_i one option or none
//
// At a price l no choice is worth more than l limit + sum_i max(0, max_c value - l minutes).
// Whoever would lose more by another choice than that bound is above the plan has the best one at
// the price in every plan that is better; the few others, the core, are tried out (Balas & Zemel
// 1980, Oper. Res. 28, 1130-1154; Pisinger 1995, Eur. J. Oper. Res. 83, 394-410, for more than one
// option).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace clv::desk {

struct core_option {
  double value = 0, minutes = 0;  // minutes >= 0
  std::uint32_t id = 0;
};

struct core_taker {
  std::vector<core_option> options;
  std::optional<std::uint32_t> chosen;  // by id
};

// Replaces what is chosen where something is worth more in all. True: nothing is worth more than
// what is chosen now. Of a core of more than 40 the closest 40 are tried; at most 200,000 nodes.
bool search_core(std::vector<core_taker>& takers, double limit, double price);

}  // namespace clv::desk
