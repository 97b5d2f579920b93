// clv.v1.Table and libclv's tables, column by column.
#pragma once

#include <clv/v1/table.pb.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "clv.h"

namespace clvd {

// The message as a batch; borrows its numbers, which must outlive it. Throws call_error
// INVALID_ARGUMENT naming the column: a column without a name or with another number of values,
// absent rows out of order, a text that holds NUL where it is a name.
class table_batch {
 public:
  // `field`: how the message is called in complaints.
  table_batch(const clv::v1::Table& table, const std::string& field);
  table_batch(const table_batch&) = delete;
  table_batch& operator=(const table_batch&) = delete;
  const clv_batch& batch() const { return batch_; }

 private:
  struct texts {
    std::string bytes;
    std::vector<std::int64_t> offsets{0};
  };
  clv_column column_of(const clv::v1::Column& column, std::int64_t rows, const std::string& field);
  void set_absent(const clv::v1::Column& column,
                  std::int64_t rows,
                  clv_column& to,
                  const std::string& field);

  std::deque<std::vector<std::uint8_t>> validity_;
  std::deque<texts> texts_;
  std::vector<clv_column> columns_;
  clv_batch batch_ = CLV_SIZED(clv_batch);
};

// Rows [first, first + count) of a table, all its columns or those named. Throws call_error:
// NOT_FOUND for a column it does not have.
void fill_table(const clv_result& from,
                std::int64_t first,
                std::int64_t count,
                clv::v1::Table& to,
                const std::vector<std::string>& columns = {});
void fill_table(const clv_result& from, clv::v1::Table& to);  // all of it

}  // namespace clvd
