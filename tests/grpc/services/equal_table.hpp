// Whether a message holds exactly the cells of a table.
#pragma once

#include <clv/v1/table.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>

#include "clv.h"

namespace clv::test {

// The value of a cell as text that differs when one bit does; "absent".
inline std::string bits_of(const v1::Column& column, int row) {
  const auto& absent = column.absent_rows();
  if (std::find(absent.begin(), absent.end(), row) != absent.end()) return "absent";
  if (column.has_texts()) return "=" + column.texts().values(row);
  if (column.has_doubles()) {
    return std::to_string(std::bit_cast<std::uint64_t>(column.doubles().values(row)));
  }
  if (column.has_times()) return std::to_string(column.times().values(row));
  if (column.has_money()) return std::to_string(column.money().values(row));
  return std::to_string(column.int64s().values(row));
}

inline std::string bits_of(const clv_result& table, std::int32_t column, std::int64_t row) {
  auto info = CLV_SIZED(clv_column_info);
  clv_result_column(&table, column, &info, nullptr);
  if (info.type == CLV_T_UTF8) {
    std::int64_t length = 0;
    const char* text = clv_result_text(&table, column, row, &length);
    if (text == nullptr) return "absent";
    return "=" + std::string(text, static_cast<std::size_t>(length));
  }
  std::uint8_t valid = 0;
  std::int64_t integer = 0;
  double number = 0;
  auto what = CLV_SIZED(clv_read_options);
  what.column = column;
  what.first = row;
  what.count = 1;
  what.as_type = info.type == CLV_T_I32 ? clv_type{CLV_T_I64} : info.type;
  what.values = info.type == CLV_T_F64 ? static_cast<void*>(&number) : static_cast<void*>(&integer);
  what.validity = &valid;
  EXPECT_EQ(clv_result_read(&table, &what, nullptr), CLV_OK);
  if ((valid & 1U) == 0) return "absent";
  // clvd never says -0.
  if (info.type == CLV_T_F64) return std::to_string(std::bit_cast<std::uint64_t>(number + 0.0));
  return std::to_string(integer);
}

// All of `expected` from its row `first` on.
inline void expect_equal_table(const v1::Table& got,
                               const clv_result& expected,
                               std::int64_t first = 0) {
  SCOPED_TRACE("table '" + got.name() + "'");
  ASSERT_EQ(got.columns_size(), clv_result_columns(&expected));
  for (int c = 0; c < got.columns_size(); ++c) {
    const std::int32_t column = clv_result_find(&expected, got.columns(c).name().c_str());
    ASSERT_GE(column, 0) << got.columns(c).name();
    for (int row = 0; row < got.row_count(); ++row) {
      EXPECT_EQ(bits_of(got.columns(c), row), bits_of(expected, column, first + row))
          << got.columns(c).name() << " of row " << row;
    }
  }
}

}  // namespace clv::test
