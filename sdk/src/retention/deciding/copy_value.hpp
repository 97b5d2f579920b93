// One cell from a table to another of the same type. [any]
#pragma once

#include <cstddef>

#include "clv/table.hpp"

namespace clv::retention {

// Appends the value of that row; a row beyond the column's end, or without a value, is absent.
inline void copy_value(const column& from, std::size_t row, column& to) {
  if (row >= from.size() || !from.present(row)) {
    to.push_absent();
  } else if (from.kind() == type::f64) {
    to.push(from.numbers()[row]);
  } else if (from.kind() == type::utf8) {
    to.push(from.text(row));
  } else {
    to.push(from.integers()[row]);
  }
}

}  // namespace clv::retention
