// A small score table of simulated customers, as plugins get it: what clv validate proposes for.
#pragma once

#include <cstdint>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

class simulated_table {
 public:
  static constexpr std::int64_t now_us = 1'728'000'000'000'000;  // 2024-10-04: after the last sale

  explicit simulated_table(diag& d);
  std::int64_t rows() const;
  // The first `rows` customers, all columns; borrows from this table.
  clv_batch first(std::int64_t rows) const;
  // As first(), but every number is absent.
  clv_batch first_without_numbers(std::int64_t rows);

 private:
  result scores_;
  result segments_;
  std::vector<clv_column> columns_;         // of both
  std::vector<clv_column> absent_columns_;  // the same with empty validity bitmaps
  std::vector<std::uint8_t> nothing_;
};

}  // namespace cli
