// Whether messages hold exactly the numbers and texts of a table.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "clv.h"

namespace clv::test {

// Every double, integer and text field of `message` equals row `row` of the column of its name, bit
// for bit, and is absent where the table has no value. Returns how many fields had a value.
inline int expect_equal_row(const google::protobuf::Message& message,
                            const clv_result& table,
                            std::int64_t row) {
  namespace pb = google::protobuf;
  const pb::Reflection& reflection = *message.GetReflection();
  int present = 0;
  for (int f = 0; f < message.GetDescriptor()->field_count(); ++f) {
    const pb::FieldDescriptor& field = *message.GetDescriptor()->field(f);
    const std::int32_t column = clv_result_find(&table, field.name().c_str());
    if (column < 0) continue;
    SCOPED_TRACE(field.name() + " of row " + std::to_string(row));
    if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) {
      const char* text = clv_result_text(&table, column, row, nullptr);
      EXPECT_EQ(reflection.GetString(message, &field), text == nullptr ? "" : text);
      ++present;
      continue;
    }
    if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const double expected = clv_result_number(&table, column, row);
    EXPECT_EQ(reflection.HasField(message, &field), !std::isnan(expected));
    if (std::isnan(expected)) continue;
    const double got = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_DOUBLE
                           ? reflection.GetDouble(message, &field)
                           : static_cast<double>(reflection.GetInt64(message, &field));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(got), std::bit_cast<std::uint64_t>(expected));
    ++present;
  }
  return present;
}

}  // namespace clv::test
