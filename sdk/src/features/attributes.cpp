#include "features/attributes.hpp"

#include <cstddef>
#include <limits>
#include <vector>

#include "clv/error.hpp"
#include "features/cells.hpp"

namespace clv::features {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

// Per customer the row that holds at the moment.
std::vector<std::size_t> rows_in_force(const table& attributes,
                                       const moment& at,
                                       const crowd& who,
                                       std::string_view owner) {
  const column& customer = need(attributes, "customer", "attributes", owner);
  const column* time = attributes.find("time");
  std::vector<std::size_t> chosen(who.size(), none);
  std::vector<std::int64_t> since(who.size(), std::numeric_limits<std::int64_t>::min());
  for (std::size_t row = 0; row < attributes.rows(); ++row) {
    const auto number = who.find(text_at(customer, row));
    if (!number) continue;
    const auto when = time == nullptr ? std::nullopt : time_at(*time, row, at.where);
    if (when && !at.knows(*when)) continue;
    const std::int64_t from = when.value_or(earliest_time);
    if (chosen[*number] != none && from == since[*number]) {
      refuse_cell(customer,
                  row,
                  "'" + text_at(customer, row) + "' is there twice, also in row " +
                      std::to_string(chosen[*number] + 1),
                  "give one row per customer, or a column time that says from when each holds");
    }
    if (from < since[*number]) continue;
    chosen[*number] = row;
    since[*number] = from;
  }
  return chosen;
}

void push_cell(const column& from, std::size_t row, column& to) {
  if (row == none) return to.push_absent();
  if (to.kind() == type::utf8) {
    const std::string text = text_at(from, row);
    return text.empty() ? to.push_absent() : to.push(std::string_view(text));
  }
  const auto number = number_at(from, row);
  number ? to.push(*number) : to.push_absent();
}

}  // namespace

void add_attributes(const table& attributes,
                    const moment& at,
                    const crowd& who,
                    std::string_view owner,
                    table& rows) {
  const std::vector<std::size_t> chosen = rows_in_force(attributes, at, who, owner);
  for (const column& from : attributes.columns()) {
    if (from.name() == "customer" || from.name() == "time") continue;
    if (rows.find(from.name()) != nullptr) {
      throw error({.code = status::invalid,
                   .column = from.name(),
                   .message = "report '" + std::string(owner) +
                              "': table 'attributes' has a column '" + from.name() +
                              "', which is the name of a feature",
                   .hint = "give the column another name"});
    }
    column& to = rows.add(from.name(), from.kind() == type::utf8 ? type::utf8 : type::f64);
    for (const std::size_t row : chosen) push_cell(from, row, to);
  }
}

}  // namespace clv::features
