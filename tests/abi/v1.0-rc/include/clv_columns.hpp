// clv_columns.hpp - part of clv.hpp: the host's own arrays as a batch, without copying them.
//
//   struct order {
//     std::string who;
//     std::int64_t time_us, cents;
//   };
//   inline clv::host::columns log_of(const std::vector<order>& orders) {
//     clv::host::columns log;
//     log.texts("customer", orders, &order::who);
//     log.integers("time", orders, &order::time_us, CLV_T_TIME);
//     log.integers("amount", orders, &order::cents, CLV_T_MONEY, "EUR");
//     return log;
//   }
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "clv_failure.hpp"

namespace clv::host {

// Columns of the host's arrays, passed where a function takes a const clv_batch*. Numbers are read
// where they lie, so the arrays must live until the call returns; names and texts are copied. All
// columns have as many rows as the first, else error{CLV_E_INVALID}.
class columns {
 public:
  columns() = default;
  columns(columns&&) = default;
  columns& operator=(columns&&) = default;

  columns& numbers(std::string name, const std::vector<double>& items, std::string unit = {}) {
    return add(
        std::move(name), items.data(), items.size(), sizeof(double), CLV_T_F64, std::move(unit));
  }
  // Whole numbers; CLV_T_TIME are microseconds since 1970, CLV_T_MONEY minor units of `unit`.
  columns& integers(std::string name,
                    const std::vector<std::int64_t>& items,
                    clv_type type = CLV_T_I64,
                    std::string unit = {}) {
    return add(
        std::move(name), items.data(), items.size(), sizeof(std::int64_t), type, std::move(unit));
  }
  columns& texts(std::string name, const std::vector<std::string>& items) {
    packed& to = begin_texts(std::move(name), items.size());
    for (const std::string& item : items) append(to, item);
    return end_texts(to);
  }

  // One member of each record, a record's size apart.
  template <typename Record>
  columns& numbers(std::string name,
                   const std::vector<Record>& records,
                   double Record::*member,
                   std::string unit = {}) {
    const void* first = records.empty() ? nullptr : &(records.front().*member);
    return add(std::move(name), first, records.size(), sizeof(Record), CLV_T_F64, std::move(unit));
  }
  template <typename Record>
  columns& integers(std::string name,
                    const std::vector<Record>& records,
                    std::int64_t Record::*member,
                    clv_type type = CLV_T_I64,
                    std::string unit = {}) {
    const void* first = records.empty() ? nullptr : &(records.front().*member);
    return add(std::move(name), first, records.size(), sizeof(Record), type, std::move(unit));
  }
  template <typename Record>
  columns& texts(std::string name,
                 const std::vector<Record>& records,
                 std::string Record::*member) {
    packed& to = begin_texts(std::move(name), records.size());
    for (const Record& record : records) append(to, record.*member);
    return end_texts(to);
  }

  // A vector that ends with the expression cannot be read where it lies.
  columns& numbers(std::string, const std::vector<double>&&, std::string = {}) = delete;
  columns& integers(std::string,
                    const std::vector<std::int64_t>&&,
                    clv_type = 0,
                    std::string = {}) = delete;
  template <typename Record>
  columns& numbers(std::string, const std::vector<Record>&&, double Record::*, std::string = {}) =
      delete;
  template <typename Record>
  columns& integers(std::string,
                    const std::vector<Record>&&,
                    std::int64_t Record::*,
                    clv_type = 0,
                    std::string = {}) = delete;

  // Which rows of the column added last have a value: bit i % 8 of byte i / 8, (rows + 7) / 8
  // bytes, read where they lie.
  columns& present(const std::uint8_t* bits) {
    if (items_.empty()) refuse({}, "there is no column that could have values");
    items_.back().validity = bits;
    return *this;
  }

  // Valid until the next column is added, or the end of this object.
  operator const clv_batch*() const {
    batch_ = CLV_SIZED(clv_batch);
    batch_.n_columns = static_cast<std::uint32_t>(items_.size());
    batch_.n_rows = rows_;
    batch_.columns = items_.data();
    return &batch_;
  }

 private:
  struct packed {
    std::string name, unit, bytes;
    std::vector<std::int64_t> ends{0};
  };

  [[noreturn]] static void refuse(const std::string& column, const std::string& message) {
    throw error(CLV_E_INVALID, {{CLV_E_INVALID, CLV_LOG_ERROR, -1, column, message, {}, {}}});
  }

  columns& add(std::string name,
               const void* data,
               std::size_t rows,
               std::size_t stride,
               clv_type type,
               std::string unit) {
    column(begin(std::move(name), std::move(unit), rows), data, stride, type);
    return *this;
  }
  // Deques and their elements' buffers keep their place while columns are added.
  packed& begin(std::string name, std::string unit, std::size_t rows) {
    const auto count = static_cast<std::int64_t>(rows);
    if (!items_.empty() && count != rows_) {
      refuse(name,
             "column '" + name + "' has " + std::to_string(count) + " rows, the one before " +
                 std::to_string(rows_));
    }
    rows_ = count;
    kept_.push_back({std::move(name), std::move(unit), {}, {0}});
    return kept_.back();
  }
  void column(const packed& of, const void* data, std::size_t stride, clv_type type) {
    clv_column made{};
    made.name = whole(of.name);
    made.unit = of.unit.empty() ? nullptr : whole(of.unit);
    made.data = data;
    made.stride = static_cast<std::int64_t>(stride);
    made.type = type;
    items_.push_back(made);
  }

  packed& begin_texts(std::string name, std::size_t rows) {
    packed& to = begin(std::move(name), {}, rows);
    to.ends.reserve(rows + 1);
    return to;
  }
  static void append(packed& to, const std::string& item) {
    to.bytes += item;
    to.ends.push_back(static_cast<std::int64_t>(to.bytes.size()));
  }
  columns& end_texts(packed& of) {
    column(of, of.bytes.data(), 0, CLV_T_UTF8);
    items_.back().offsets = of.ends.data();
    return *this;
  }

  std::deque<packed> kept_;
  std::vector<clv_column> items_;
  std::int64_t rows_ = 0;
  mutable clv_batch batch_{};
};

}  // namespace clv::host
