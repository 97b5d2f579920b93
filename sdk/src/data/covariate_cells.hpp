// Rows of a summary grouped by equal covariates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/summary_rows.hpp"
#include "data/tuple_sort.hpp"

namespace clv::data {

struct cells {
  std::vector<double> values;      // of cell c: [c * covariates, (c + 1) * covariates)
  std::vector<std::size_t> first;  // where a cell's keys begin once together; one more at the end
  std::vector<std::uint32_t> of_key;  // the cell of each key

  // Reorders `keys`, cell by cell and in their old order within each.
  void bring_together(std::vector<weighted_key>& keys) const;
};

// The cells of the named rows, ordered by their covariates, first one first: the same for any order
// of the rows. Throws what summary_rows::covariate throws. At most 2^32 - 1 cells.
cells find_cells(const summary_rows& from, std::span<const std::size_t> rows);

}  // namespace clv::data
