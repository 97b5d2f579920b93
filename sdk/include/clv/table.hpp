// A table of named, typed columns: what every verb takes and every verb returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clv {

// The values cross the C ABI unchanged (clv_type).
enum class type : std::uint32_t { i32 = 1, i64 = 2, f64 = 3, time = 4, money = 5, utf8 = 6 };

// One column. f64 lives in `numbers()`; i64, time (microseconds UTC) and money (minor units) in
// `integers()`; utf8 in `text(row)`. i32 exists only at the ABI and is widened on entry.
// A missing value keeps its place (0 or "") and is marked absent.
class column {
 public:
  column(std::string name, type kind, std::string unit = {});

  const std::string& name() const { return name_; }
  type kind() const { return kind_; }
  // ISO 4217 code of money, or of estimates in major currency units; "day"/"week" for ages; or "".
  const std::string& unit() const { return unit_; }
  void set_unit(std::string unit) { unit_ = std::move(unit); }
  std::size_t size() const { return size_; }
  bool present(std::size_t row) const {
    return validity_.empty() || ((validity_[row / 8] >> (row % 8)) & 1U) != 0;
  }
  bool all_present() const { return validity_.empty(); }

  std::span<const double> numbers() const { return numbers_; }
  std::span<const std::int64_t> integers() const { return integers_; }
  std::string_view text(std::size_t row) const {
    const auto first = static_cast<std::size_t>(offsets_[row]);
    return std::string_view(chars_).substr(first,
                                           static_cast<std::size_t>(offsets_[row + 1]) - first);
  }
  std::string_view chars() const { return chars_; }
  std::span<const std::int64_t> offsets() const { return offsets_; }  // size() + 1 items, utf8 only
  std::span<const std::uint8_t> validity() const { return validity_; }  // empty: all present

  void reserve(std::size_t rows, std::size_t bytes = 0);  // `bytes` of text, utf8 only
  void push(double value);                                // f64
  void push(std::int64_t value);                          // i64, time, money
  void push(std::string_view value);                      // utf8
  void push_absent();
  // Bulk entry for f64: takes the vector as it is (size() must be 0).
  void adopt(std::vector<double> values);
  void adopt(std::vector<std::int64_t> values);
  // Mutable access for parallel writers of an f64 column that was adopted at full length.
  std::span<double> mutable_numbers() { return numbers_; }
  void mark_absent(std::size_t row);

 private:
  void mark_present();

  std::string name_;
  type kind_;
  std::string unit_;
  std::size_t size_ = 0;
  std::vector<double> numbers_;
  std::vector<std::int64_t> integers_;
  std::string chars_;
  std::vector<std::int64_t> offsets_;
  std::vector<std::uint8_t> validity_;
};

class table {
 public:
  std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  const std::deque<column>& columns() const { return columns_; }
  std::deque<column>& columns() { return columns_; }

  // The reference stays valid while the table lives (columns are never moved).
  column& add(std::string name, type kind, std::string unit = {});
  const column* find(std::string_view name) const;  // nullptr when absent
  column* find(std::string_view name);
  // The column of that name and type, else error{invalid} naming both.
  const column& get(std::string_view name, type kind) const;
  std::span<const double> numbers(std::string_view name) const {
    return get(name, type::f64).numbers();
  }
  std::span<const std::int64_t> integers(std::string_view name, type kind) const {
    return get(name, kind).integers();
  }

  // 32 hex digits over column names, types, units, values and `extra` (options, versions, parent
  // fingerprints): the same input gives the same text in every process and on every host.
  void seal(std::string_view extra);
  const std::string& fingerprint() const { return fingerprint_; }
  // Of a table read back from where seal() had already named it.
  void restore_fingerprint(std::string text) { fingerprint_ = std::move(text); }

 private:
  std::deque<column> columns_;
  std::string fingerprint_;
};

}  // namespace clv
