// Rows by the cells of one column, for rates and audits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "clv/table.hpp"

namespace clv {

// names[group[row]] is the row's group: its text or number as it is, or, for more than `most`
// different numbers, the quarter its number is in ("over 9 to 29"). Blank cells are "(missing)".
struct churn_groups {
  std::vector<std::string> names;
  std::vector<std::size_t> group;
};
churn_groups group_cells(const column& c, std::size_t most);

}  // namespace clv
