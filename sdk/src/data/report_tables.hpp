// Checked access to the tables that a report was given, whatever their types.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "clv/time.hpp"

namespace clv {

// One input of a report; every complaint names the report, the input, the column and the row.
class report_rows {
 public:
  report_rows(const table& rows, std::string_view report, std::string_view input)
      : rows_(&rows), report_(report), input_(input) {}

  std::size_t size() const { return rows_->rows(); }
  bool has(std::string_view name) const { return rows_->find(name) != nullptr; }
  // Currency of the column, or "".
  std::string unit(std::string_view name) const;

  // A column of texts; numbers are taken as they are written shortest. Throws error{invalid} for a
  // missing column, error{data} for an empty value.
  std::vector<std::string> texts(std::string_view name) const;
  // Finite numbers; money in major units. Missing column or value: as for texts.
  std::vector<double> numbers(std::string_view name) const;
  // The same, with `fallback` for a missing column or value.
  std::vector<double> numbers_or(std::string_view name, double fallback) const;
  // Instants: a time column, or ISO 8601 texts in `local`.
  std::vector<std::int64_t> times(std::string_view name, const zone& local) const;

  [[noreturn]] void refuse(std::string_view column, std::size_t row, const std::string& what) const;

 private:
  const column& get(std::string_view name) const;
  double number_at(const column& c, std::size_t row, double per_major) const;

  const table* rows_;
  std::string report_, input_;
};

// The sum in rising order, so that no order of the rows changes a bit of it.
double sorted_sum(std::vector<double> values);

struct column_spec {
  std::string_view name;
  type kind;
  std::string unit = {};
};

// A table written row by row, one value per column in their order; an empty optional is absent.
class report_writer {
 public:
  explicit report_writer(const std::vector<column_spec>& columns) {
    for (const column_spec& c : columns) rows_->add(std::string(c.name), c.kind, c.unit);
  }
  template <class... Items>
  void row(const Items&... items) {
    std::size_t at = 0;
    (push(rows_->columns()[at++], items), ...);
  }
  std::shared_ptr<const table> sealed(const std::string& extra) {
    rows_->seal(extra);
    return rows_;
  }

 private:
  static void push(column& c, std::string_view value) { c.push(value); }
  static void push(column& c, const std::string& value) { c.push(std::string_view(value)); }
  static void push(column& c, const char* value) { c.push(std::string_view(value)); }
  static void push(column& c, double value) { c.push(value); }
  static void push(column& c, std::int64_t value) { c.push(value); }
  template <class Item>
  static void push(column& c, const std::optional<Item>& value) {
    value ? c.push(*value) : c.push_absent();
  }

  std::shared_ptr<table> rows_ = std::make_shared<table>();
};

// Customer to position; the ids must outlive it. Throws error{data} for an id that is there twice.
std::map<std::string_view, std::size_t> positions(const std::vector<std::string>& ids,
                                                  const report_rows& rows,
                                                  std::string_view column);

}  // namespace clv
