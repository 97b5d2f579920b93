// Rows of several tables side by side, by what they have in common.
#pragma once

#include <clv/v1/table.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "clv.h"

namespace clvd {

// Which row of a table each row of the answer takes; -1: the table has none for it.
struct picked_rows {
  const clv_result& table;
  std::vector<std::int64_t> rows;
};

// Each named column, every value from the first of the tables that has the column and a row; absent
// where none has. All of `from` pick for the same `count` rows. A table whose column of that name
// is of another type or unit than the first one's gives nothing to it. Throws call_error NOT_FOUND
// for a column that no table has.
void fill_joined(const std::vector<picked_rows>& from,
                 std::int64_t count,
                 const std::vector<std::string>& columns,
                 clv::v1::Table& to);

}  // namespace clvd
