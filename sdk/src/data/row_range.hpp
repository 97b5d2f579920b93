// Some rows of a table, as who reads it page by page asks for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "clv/table.hpp"

namespace clv {

struct row_range {
  std::int64_t first = 0;  // from 0
  std::int64_t count = 0;  // at most; 0: all from `first`

  bool whole() const { return first == 0 && count == 0; }
  std::int64_t most() const {
    return count == 0 ? std::numeric_limits<std::int64_t>::max() : count;
  }
  // How many of `rows` are meant.
  std::int64_t of(std::int64_t rows) const;
};

// Throws error{invalid} for a negative number.
void check_range(const row_range& r);

// The rows that are meant, in a table sealed under the name; the table itself where that is all.
std::shared_ptr<const table> cut(std::shared_ptr<const table> from,
                                 const row_range& r,
                                 std::string_view name);

}  // namespace clv
