// Rows of messages to libclv's columns and back. Fields and columns meet by name (the dictionary of
// sdk/README.md), so a column added to both needs no line here.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "clv.h"

namespace clvd {

// The rows of a repeated field as a batch: one column per string or double field of its row type
// that any row has. Borrows nothing: texts are copied.
class row_batch {
 public:
  // `field` is a repeated message field of `message`.
  row_batch(const google::protobuf::Message& message, const std::string& field);
  row_batch(const row_batch&) = delete;
  row_batch& operator=(const row_batch&) = delete;

  // Valid as long as this object.
  const clv_batch& batch() const { return batch_; }

 private:
  struct column {
    std::string name;
    clv_type type;
    std::vector<double> numbers;
    std::vector<std::uint8_t> validity;
    std::string text;
    std::vector<std::int64_t> offsets;
    bool any = false;
  };
  std::vector<column> owned_;
  std::vector<clv_column> columns_;
  clv_batch batch_ = CLV_SIZED(clv_batch);

  void add(const google::protobuf::Message& row,
           const google::protobuf::FieldDescriptor& field,
           column& to);
};

// Appends rows [first, first + count) of a table to a repeated field: every field of the row type
// takes the column of its name; absent values and missing columns stay absent. Throws call_error.
void append_rows(const clv_result& table,
                 std::int64_t first,
                 std::int64_t count,
                 google::protobuf::Message& message,
                 const std::string& field);

// One row of a table into one message, likewise.
void set_row(const clv_result& table, std::int64_t row, google::protobuf::Message& message);

// Unit of a column ("EUR"), "" when there is no such column.
std::string unit_of(const clv_result& table, const char* column);

}  // namespace clvd
