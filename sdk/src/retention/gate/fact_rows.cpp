#include "retention/gate/fact_rows.hpp"

#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {

fact_rows::fact_rows(const table& rows, std::string_view name) : rows_(&rows), name_(name) {
  if (rows.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    throw error(status::limit, "table '" + name_ + "' has 4294967295 rows or more");
  }
}

void fact_rows::refuse(std::string_view column,
                       std::uint32_t row,
                       const std::string& what,
                       const std::string& hint) const {
  throw error(issue{.code = status::data,
                    .row = static_cast<std::int64_t>(row),
                    .column = std::string(column),
                    .message = "table '" + name_ + "', row " + std::to_string(row + 1) +
                               ", column '" + std::string(column) + "': " + what,
                    .hint = hint});
}

const column* fact_rows::find(std::string_view name, type kind) const {
  return rows_->find(name) == nullptr ? nullptr : &rows_->get(name, kind);
}

std::string_view fact_rows::text(const column& c, std::uint32_t row) const {
  if (!c.present(row) || c.text(row).empty()) refuse(c.name(), row, "is empty", "fill it in");
  return c.text(row);
}

std::int64_t fact_rows::instant(const column& c, std::uint32_t row) const {
  if (!c.present(row)) refuse(c.name(), row, "is empty", "say when it happened");
  return c.integers()[row];
}

bool fact_rows::flag(const column* c, std::uint32_t row) const {
  if (c == nullptr || !c->present(row)) return false;
  const std::int64_t value = c->integers()[row];
  if (value != 0 && value != 1) {
    refuse(c->name(), row, std::to_string(value) + " is neither 0 nor 1", "write 1 for yes");
  }
  return value == 1;
}

double fact_rows::number(const column* c, std::uint32_t row, double fallback) const {
  if (c == nullptr || !c->present(row)) return fallback;
  const double value = c->numbers()[row];
  if (!std::isfinite(value) || value < 0) {
    refuse(c->name(), row, number_text(value) + " is not a number of 0 or more", "correct it");
  }
  return value;
}

std::uint32_t word_list::number_of(std::string_view word) {
  const auto found = numbers_.find(word);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(words_.size());
  words_.push_back(numbers_.emplace(std::string(word), number).first->first);
  return number;
}

bool lists(std::string_view list, std::string_view word) {
  return any_item(list, [&](std::string_view item) { return item == word; });
}

}  // namespace clv::retention
