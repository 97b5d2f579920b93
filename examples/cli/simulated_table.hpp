// A small market as plugins get it: scores, segments and what a CRM knows of simulated customers.
// What clv validate proposes for.
#pragma once

#include <cstdint>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

class simulated_table {
 public:
  static constexpr std::int64_t now_us = 1'750'550'400'000'000;  // 2025-06-22: after the last sale

  explicit simulated_table(diag& d);
  std::int64_t rows() const;
  // The first `rows` customers, all columns; borrows from this table.
  clv_batch first(std::int64_t rows) const;
  // `rows` customers from `from` on, which is a multiple of 8: validity bitmaps are not copied.
  clv_batch part(std::int64_t from, std::int64_t rows);
  // As first(), but every number and amount is absent.
  clv_batch first_without_numbers(std::int64_t rows);
  // As first(), but every number is one that no customer has: NaN, infinite, negative, huge.
  clv_batch first_with_absurd_numbers(std::int64_t rows);

 private:
  void add_all_but(const result& table, const char* left_out, const diag& d);

  result known_;  // table "customers" of the market
  result scores_;
  result segments_;
  std::vector<clv_column> columns_;  // of all three, one each
  std::vector<clv_column> part_columns_;
  std::vector<clv_column> absent_columns_;  // the same with empty validity bitmaps
  std::vector<std::uint8_t> nothing_;
  std::vector<clv_column> absurd_columns_;
  std::vector<double> absurd_numbers_;
  std::vector<std::int64_t> absurd_amounts_;
};

}  // namespace cli
