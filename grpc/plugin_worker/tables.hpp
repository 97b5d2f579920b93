// Tables as bytes in shared memory, and back without trust.
//
//   u64 magic, u64 columns, i64 rows, u64 bytes      all bytes, header included
//   per column 9 u64: type, name at, name length, unit at, unit length,
//                     validity at (0: every row has a value), data at, data length, offsets at
//   then what they point to; positions count from the first byte, numbers stand at multiples of 8,
//   names and units end with a NUL that the length does not count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv_base.h"

namespace clv::worker {

// A table that owns its columns. Not to be copied: batch() points into it.
class owned_table {
 public:
  class column {
   public:
    column(std::string column_name, clv_type column_type, std::string column_unit);
    void push(std::int64_t value);
    void push(double value);
    void push(std::string_view value);
    void push_absent();
    std::size_t rows() const noexcept { return present_.size(); }
    const std::string& name() const noexcept { return name_; }
    clv_column view();  // valid until the next push

   private:
    std::string name_, unit_;
    clv_type type_;
    std::vector<std::int64_t> integers_;
    std::vector<double> numbers_;
    std::string chars_;
    std::vector<std::int64_t> offsets_{0};
    std::vector<std::uint8_t> present_;  // a byte each
    std::vector<std::uint8_t> validity_;
  };

  column& add(std::string name, clv_type type, std::string unit = {});
  column& operator[](std::size_t i) { return columns_[i]; }
  std::size_t rows() const noexcept { return columns_.empty() ? 0 : columns_.front().rows(); }
  // All columns must have the same number of rows. Valid until the next change.
  const clv_batch& batch();

 private:
  std::deque<column> columns_;  // references to them stay valid
  std::vector<clv_column> views_;
  clv_batch batch_{};
};

// Bytes that `encode` writes.
std::size_t encoded_size(const clv_batch& table);
// Writes `table` to the beginning of `to`, which has room for encoded_size(table) bytes.
void encode(const clv_batch& table, std::span<std::byte> to);

// A batch that points into bytes somebody else wrote. Every position, length and offset is checked
// once: the bytes must not change afterwards. Texts are not checked to be UTF-8.
class table_view {
 public:
  // Throws std::runtime_error saying what is wrong. `bytes` must outlive the view.
  explicit table_view(std::span<const std::byte> bytes);
  table_view(const table_view&) = delete;
  table_view& operator=(const table_view&) = delete;
  const clv_batch& batch() const noexcept { return batch_; }
  std::int64_t rows() const noexcept { return batch_.n_rows; }

 private:
  std::vector<clv_column> columns_;
  clv_batch batch_{};
};

// Reading a batch, wherever it came from.
const clv_column* find(const clv_batch& batch, std::string_view name);
bool present(const clv_column& c, std::int64_t row);
std::int64_t integer_at(const clv_column& c, std::int64_t row);   // of a present value
double number_at(const clv_column& c, std::int64_t row);          // of a present value
std::string_view text_at(const clv_column& c, std::int64_t row);  // "" when absent
std::string text_of(const clv_batch& batch, std::string_view name, std::int64_t row);

}  // namespace clv::worker
