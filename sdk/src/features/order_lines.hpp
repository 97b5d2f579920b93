// What is known of an order beyond its amount: discounts, categories, the channel it came through.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clv/table.hpp"
#include "features/crowd.hpp"

namespace clv::features {

struct order_facts {
  std::int64_t discount = 0;  // minor units
  bool discount_known = false;
  std::vector<std::string> channels, categories;  // one entry per line that names one
};

// By event id of the order.
using order_lines = std::unordered_map<std::string, order_facts, text_hash, std::equal_to<>>;

// Rows of `rows` (any columns: event_id; optional discount in major units, channel, category), one
// or more per order. They have no time of their own: a line counts where its order counts.
// Throws error{invalid} for a missing column, error{data} naming the row for an empty event_id or
// a discount that is no number of 0 or more.
order_lines read_order_lines(const table& rows, double minor_per_major, std::string_view owner);

}  // namespace clv::features
