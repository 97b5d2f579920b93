#include "data/row_range.hpp"

#include <algorithm>
#include <string>

#include "clv/error.hpp"

namespace clv {
namespace {

void push_row(const column& from, std::size_t row, column& to) {
  if (!from.present(row)) return to.push_absent();
  if (from.kind() == type::utf8) return to.push(from.text(row));
  if (from.kind() == type::f64) return to.push(from.numbers()[row]);
  to.push(from.integers()[row]);
}

void check_not_negative(std::int64_t value, const char* name) {
  if (value >= 0) return;
  throw error(status::invalid,
              std::string(name) + " is " + std::to_string(value) + "; it must be 0 or more");
}

}  // namespace

std::int64_t row_range::of(std::int64_t rows) const {
  return std::clamp<std::int64_t>(rows - std::min(first, rows), 0, most());
}

void check_range(const row_range& r) {
  check_not_negative(r.first, "first");
  check_not_negative(r.count, "count");
}

std::shared_ptr<const table> cut(std::shared_ptr<const table> from,
                                 const row_range& r,
                                 std::string_view name) {
  if (r.whole()) return from;
  const auto rows = static_cast<std::int64_t>(from->rows());
  const auto first = static_cast<std::size_t>(std::min(r.first, rows));
  const auto last = first + static_cast<std::size_t>(r.of(rows));
  auto out = std::make_shared<table>();
  for (const column& c : from->columns()) {
    column& to = out->add(c.name(), c.kind(), c.unit());
    for (std::size_t row = first; row < last; ++row) push_row(c, row, to);
  }
  out->seal(name);
  return out;
}

}  // namespace clv
