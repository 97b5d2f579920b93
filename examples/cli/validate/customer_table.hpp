// Customers as plugins get them, in memory of their own: rows can be picked, values replaced, and
// the whole handed to another process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv_base.h"

namespace cli {

struct customer_column {
  std::string name, unit;
  clv_type type = CLV_T_F64;
  std::vector<bool> present;
  std::vector<std::int64_t> integers;  // bits of doubles where the type is CLV_T_F64
  std::vector<std::string> texts;      // CLV_T_UTF8 only
};

class customer_table {
 public:
  // Copies; columns of 32 bits do not occur in results.
  static customer_table copy_of(const clv_batch& batch);
  // All with as many rows as the first.
  static customer_table of(std::vector<customer_column> columns);
  // The bytes of packed(), from another process of this machine.
  static customer_table unpacked(std::string_view bytes);
  std::string packed() const;

  std::size_t rows() const { return rows_; }
  const std::vector<customer_column>& columns() const { return columns_; }
  const customer_column* find(std::string_view name) const;

  // These rows in this order; one may come more than once.
  customer_table picked(const std::vector<std::size_t>& rows) const;
  customer_table first(std::size_t rows) const;
  // These columns in this order; one that is not there has no value in any row.
  customer_table granted(const std::vector<std::string>& names) const;
  customer_table without_numbers() const;
  // Every number is one that no customer has: NaN, infinite, negative, huge.
  customer_table with_absurd_numbers() const;
  // Every text but the customer's name is other than ASCII, empty, or looks like code.
  customer_table with_foreign_texts() const;

 private:
  std::size_t rows_ = 0;
  std::vector<customer_column> columns_;
};

}  // namespace cli
