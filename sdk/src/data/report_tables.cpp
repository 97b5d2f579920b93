#include "data/report_tables.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "math/json.hpp"

namespace clv {

std::string report_rows::unit(std::string_view name) const {
  const column* c = rows_->find(name);
  return c == nullptr ? std::string() : c->unit();
}

void report_rows::refuse(std::string_view column, std::size_t row, const std::string& what) const {
  throw error({.code = status::data,
               .row = static_cast<std::int64_t>(row),
               .column = std::string(column),
               .message = "report '" + report_ + "', table '" + input_ + "', row " +
                          std::to_string(row + 1) + ", column '" + std::string(column) +
                          "': " + what,
               .hint = "correct the row"});
}

const column& report_rows::get(std::string_view name) const {
  const column* c = rows_->find(name);
  if (c != nullptr) return *c;
  std::string names;
  for (const column& other : rows_->columns()) {
    names += (names.empty() ? "" : ", ") + other.name();
  }
  throw error(
      status::invalid,
      "report '" + report_ + "': table '" + input_ + "' has no column '" + std::string(name) + "'",
      "it has: " + names);
}

std::vector<std::string> report_rows::texts(std::string_view name) const {
  const column& c = get(name);
  std::vector<std::string> out;
  out.reserve(size());
  for (std::size_t row = 0; row < size(); ++row) {
    if (!c.present(row)) refuse(name, row, "is empty");
    switch (c.kind()) {
      case type::utf8:
        out.emplace_back(c.text(row));
        break;
      case type::f64:
        out.push_back(math::to_text(c.numbers()[row]));
        break;
      default:
        out.push_back(std::to_string(c.integers()[row]));
    }
    if (out.back().empty()) refuse(name, row, "is empty");
  }
  return out;
}

double report_rows::number_at(const column& c, std::size_t row, double per_major) const {
  const double value =
      c.kind() == type::f64 ? c.numbers()[row] : static_cast<double>(c.integers()[row]) / per_major;
  if (!std::isfinite(value)) refuse(c.name(), row, math::to_text(value) + " is not a number");
  return value;
}

std::vector<double> report_rows::numbers(std::string_view name) const {
  const column& c = get(name);
  for (std::size_t row = 0; row < size(); ++row) {
    if (!c.present(row)) refuse(name, row, "is empty");
  }
  return numbers_or(name, 0);
}

std::vector<double> report_rows::numbers_or(std::string_view name, double fallback) const {
  std::vector<double> out(size(), fallback);
  if (!has(name)) return out;
  const column& c = get(name);
  if (c.kind() == type::utf8) {
    for (std::size_t row = 0; row < size(); ++row) {
      if (c.present(row)) refuse(name, row, "'" + std::string(c.text(row)) + "' is not a number");
    }
    return out;
  }
  const bool money = c.kind() == type::money;
  const double per_major = money ? minor_per_major(c.unit().empty() ? "XXX" : c.unit()) : 1;
  for (std::size_t row = 0; row < size(); ++row) {
    if (c.present(row)) out[row] = number_at(c, row, per_major);
  }
  return out;
}

std::vector<std::int64_t> report_rows::times(std::string_view name, const zone& local) const {
  const column& c = get(name);
  std::vector<std::int64_t> out;
  out.reserve(size());
  for (std::size_t row = 0; row < size(); ++row) {
    if (!c.present(row)) refuse(name, row, "is empty");
    if (c.kind() == type::time || c.kind() == type::i64) {
      out.push_back(c.integers()[row]);
      continue;
    }
    const std::string text =
        c.kind() == type::utf8 ? std::string(c.text(row)) : math::to_text(c.numbers()[row]);
    const auto instant = parse_time(text, local);
    if (!instant) refuse(name, row, "'" + text + "' is not a date or time in ISO 8601");
    out.push_back(*instant);
  }
  return out;
}

double sorted_sum(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double each : values) sum += each;
  return sum;
}

std::map<std::string_view, std::size_t> positions(const std::vector<std::string>& ids,
                                                  const report_rows& rows,
                                                  std::string_view column) {
  std::map<std::string_view, std::size_t> out;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (!out.emplace(ids[row], row).second) {
      rows.refuse(column, row, "'" + ids[row] + "' is there twice");
    }
  }
  return out;
}

}  // namespace clv
