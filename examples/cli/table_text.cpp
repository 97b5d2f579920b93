#include "table_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <vector>

#include "input.hpp"
#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

constexpr std::size_t page_width = 120;
constexpr std::size_t widest_cell = 60;

// One column, and how its cells are said; "" is an absent value.
struct shown_column {
  std::string name;
  bool text = false;    // a JSON string
  bool number = false;  // right-aligned
  std::function<std::string(std::int64_t)> exactly;
  std::function<std::string(std::int64_t)> briefly;
};

std::string brief(double value) {
  if (std::isnan(value)) return "";
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return grouped(static_cast<std::int64_t>(value));
  }
  std::array<char, 40> digits{};
  const auto end = std::to_chars(
      digits.data(), digits.data() + digits.size(), value, std::chars_format::general, 6);
  return {digits.data(), end.ptr};
}

std::string iso_time(double us) {
  if (std::isnan(us)) return "";
  using namespace std::chrono;
  const sys_time<microseconds> at{microseconds(static_cast<std::int64_t>(us))};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(at - day));
  const auto padded = [](auto n, std::size_t width) {
    const std::string digits = std::to_string(n);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  const auto two = [&](auto n) { return padded(n, 2); };
  const auto rest = (at - floor<seconds>(at)).count();
  return padded(static_cast<int>(date.year()), 4) + "-" + two(static_cast<unsigned>(date.month())) +
         "-" + two(static_cast<unsigned>(date.day())) + "T" + two(clock.hours().count()) + ":" +
         two(clock.minutes().count()) + ":" + two(clock.seconds().count()) +
         (rest == 0 ? "" : "." + padded(rest, 6)) + "Z";
}

// Minor units of one major unit, as libclv reads amounts of that currency.
double minor_units(const std::string& currency) {
  return static_cast<double>(parse_money("1", currency.empty() ? "XXX" : currency, "amount"));
}

shown_column column_of(const result& table, std::int32_t at, const clv_column_info& info) {
  shown_column c;
  c.name = info.name;
  const clv_result* const rows = table.get();
  const auto number = [rows, at](std::int64_t row) { return clv_result_number(rows, at, row); };
  if (info.type == CLV_T_UTF8) {
    c.text = true;
    c.exactly = [&table, name = c.name](std::int64_t row) {
      return text_at(table, name.c_str(), row);
    };
    c.briefly = c.exactly;
  } else if (info.type == CLV_T_TIME) {
    c.text = true;
    c.exactly = [number](std::int64_t row) { return iso_time(number(row)); };
    c.briefly = c.exactly;
  } else {
    const double unit = info.type == CLV_T_MONEY ? minor_units(info.unit) : 1;
    c.number = true;
    c.exactly = [number, unit](std::int64_t row) { return json_number(number(row) / unit); };
    c.briefly = [number, unit](std::int64_t row) { return brief(number(row) / unit); };
  }
  return c;
}

std::vector<shown_column> columns_of(const result& table, const diag& d) {
  std::vector<shown_column> columns;
  for (std::int32_t at = 0; at < clv_result_columns(table.get()); ++at) {
    auto info = sized<clv_column_info>();
    d.check(clv_result_column(table.get(), at, &info, d.get()), "");
    columns.push_back(column_of(table, at, info));
  }
  return columns;
}

std::string dashed(std::string cell) {
  return cell.empty() ? "-" : cell;
}

std::string row_blocks(const std::vector<shown_column>& columns, std::int64_t rows) {
  std::string text;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<std::vector<std::string>> cells;
    for (const shown_column& c : columns) cells.push_back({c.name, dashed(c.briefly(row))});
    const std::string title = rows == 1 ? "" : std::to_string(row + 1);
    text += (row == 0 ? "" : "\n") +
            text_table({{"column"}, {title.empty() ? "value" : "row " + title}}, cells, page_width);
  }
  return text;
}

bool fits_page(const std::string& text) {
  const std::size_t line = text.find('\n');
  return display_width(std::string_view(text).substr(0, line)) <= page_width;
}

}  // namespace

std::string shown_table(const result& table, std::int64_t most, const diag& d) {
  const std::vector<shown_column> columns = columns_of(table, d);
  const std::int64_t all = clv_result_rows(table.get());
  const std::int64_t shown = std::min(all, most);
  std::vector<text_column> looks;
  for (const shown_column& c : columns) looks.push_back({c.name, widest_cell, c.number});
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t row = 0; row < shown; ++row) {
    rows.emplace_back();
    for (const shown_column& c : columns) rows.back().push_back(dashed(c.briefly(row)));
  }
  std::string text = columns.empty() ? "" : text_table(std::move(looks), rows);
  if (!fits_page(text) && shown > 0) text = row_blocks(columns, shown);
  if (shown < all) text += "... and " + grouped(all - shown) + " more rows\n";
  return text;
}

std::string json_table(const result& table, const diag& d) {
  const std::vector<shown_column> columns = columns_of(table, d);
  json_array rows;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    json_object one;
    for (const shown_column& c : columns) {
      const std::string cell = c.exactly(row);
      if (!c.text) {
        one.add_json(c.name, cell);
      } else if (cell.empty()) {
        one.add_json(c.name, "null");
      } else {
        one.add(c.name, cell);
      }
    }
    rows.add_json(one.text());
  }
  return rows.text();
}

}  // namespace cli
