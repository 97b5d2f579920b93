// How large one number of a caller may be. Far beyond any business, and near enough that sums,
// products and powers of what is accepted stay inside a double and 64 bits.
#pragma once

#include <cstdint>

namespace clv::data {

// 2^53 minor units: whole numbers up to here are exact as doubles, and a thousand of them fit into
// a sum of 64 bits.
inline constexpr std::int64_t largest_amount = 9'007'199'254'740'992;
constexpr bool is_amount(std::int64_t minor) {
  return minor >= -largest_amount && minor <= largest_amount;
}

inline constexpr double largest_count = 1e15;  // of purchases, of customers, of units of time
// Of one customer in a discrete model, whose likelihood has a term for each.
inline constexpr double most_opportunities = 1e6;
// Mean spends above zero, and parameters of a model.
inline constexpr double smallest_scale = 1e-100, largest_scale = 1e100;
constexpr bool is_scale(double v) {
  return v >= smallest_scale && v <= largest_scale;  // false for NaN
}

}  // namespace clv::data
