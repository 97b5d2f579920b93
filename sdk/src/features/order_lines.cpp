#include "features/order_lines.hpp"

#include <cmath>

#include "data/limits.hpp"
#include "features/cells.hpp"

namespace clv::features {
namespace {

void add_discount(const column& c, std::size_t row, double minor_per_major, order_facts& to) {
  const std::string text = text_at(c, row);
  if (text.empty()) return;
  const auto discount = number_at(c, row);
  const double minor = discount ? std::round(*discount * minor_per_major) : -1;
  if (!(minor >= 0 && minor <= static_cast<double>(data::largest_amount) / 1024)) {
    refuse_cell(c, row, "'" + text + "' is not a discount", "use an amount of 0 or more");
  }
  to.discount += static_cast<std::int64_t>(minor);
  to.discount_known = true;
}

void add_word(const column* c, std::size_t row, std::vector<std::string>& to) {
  if (c == nullptr) return;
  std::string word = text_at(*c, row);
  if (!word.empty()) to.push_back(std::move(word));
}

}  // namespace

order_lines read_order_lines(const table& rows, double minor_per_major, std::string_view owner) {
  const column& ids = need(rows, "event_id", "order_lines", owner);
  const column* discount = rows.find("discount");
  const column* channel = rows.find("channel");
  const column* category = rows.find("category");
  order_lines all;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::string id = text_at(ids, row);
    if (id.empty()) refuse_cell(ids, row, "is empty", "a line belongs to an order's event_id");
    order_facts& order = all[std::move(id)];
    if (discount != nullptr) add_discount(*discount, row, minor_per_major, order);
    add_word(channel, row, order.channels);
    add_word(category, row, order.categories);
  }
  return all;
}

}  // namespace clv::features
