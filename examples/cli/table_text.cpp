#include "table_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <set>
#include <utility>
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

}  // namespace

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

namespace {

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

bool fits_page(const std::string& text) {
  const std::size_t line = text.find('\n');
  return display_width(std::string_view(text).substr(0, line)) <= page_width;
}

using text_rows = std::vector<std::vector<std::string>>;

// One row too long for a line stands upright.
std::string upright(const std::vector<shown_column>& columns, const text_rows& rows) {
  text_rows cells;
  for (std::size_t c = 0; c < columns.size(); ++c) cells.push_back({columns[c].name, rows[0][c]});
  return text_table({{"column"}, {"value"}}, cells, page_width);
}

// How many of the first columns tell the rows apart; 1 where none do.
std::size_t key_columns(const text_rows& rows, std::size_t columns) {
  for (std::size_t n = 1; n < columns; ++n) {
    std::set<std::vector<std::string>> seen;
    for (const auto& row : rows) {
      seen.insert({row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n)});
    }
    if (seen.size() == rows.size()) return n;
  }
  return 1;
}

std::string table_of(const std::vector<shown_column>& columns,
                     const text_rows& rows,
                     const std::vector<std::size_t>& which) {
  std::vector<text_column> looks;
  for (const std::size_t c : which)
    looks.push_back({columns[c].name, widest_cell, columns[c].number});
  text_rows cells;
  for (const auto& row : rows) {
    cells.emplace_back();
    for (const std::size_t c : which) cells.back().push_back(row[c]);
  }
  const std::string text = text_table(looks, cells);
  if (columns[which.back()].number) return text;
  const std::size_t rule = text.find('\n') + 1;  // as wide as the table
  const std::size_t width = text.find('\n', rule) - rule;
  return text_table(std::move(looks), cells, width);  // a sentence goes on below
}

// All columns side by side where they fit; else panels of as many as do, each with the key columns.
std::string panels(const std::vector<shown_column>& columns, const text_rows& rows) {
  const std::size_t keys = key_columns(rows, columns.size());
  std::vector<std::size_t> which;
  for (std::size_t c = 0; c < keys; ++c) which.push_back(c);
  std::string text;
  std::string panel;
  for (std::size_t c = keys; c < columns.size(); ++c) {
    which.push_back(c);
    const std::string wider = table_of(columns, rows, which);
    if (which.size() > keys + 1 && !fits_page(wider)) {
      text += panel + "\n";
      which.resize(keys);
      which.push_back(c);
      panel = table_of(columns, rows, which);
    } else {
      panel = wider;
    }
  }
  return text + panel;
}

}  // namespace

std::string shown_table(const result& table, std::int64_t most, const diag& d) {
  const std::vector<shown_column> columns = columns_of(table, d);
  const std::int64_t all = clv_result_rows(table.get());
  const std::int64_t shown = std::min(all, most);
  text_rows rows;
  for (std::int64_t row = 0; row < shown; ++row) {
    rows.emplace_back();
    for (const shown_column& c : columns) rows.back().push_back(dashed(c.briefly(row)));
  }
  std::vector<std::size_t> which(columns.size());
  std::iota(which.begin(), which.end(), std::size_t{0});
  std::string text = columns.empty() ? "" : table_of(columns, rows, which);
  if (!fits_page(text) && rows.size() == 1) text = upright(columns, rows);
  if (!fits_page(text) && rows.size() > 1) text = panels(columns, rows);
  const std::int64_t more = all - shown;
  if (more > 0) text += "... and " + grouped(more) + (more == 1 ? " more row\n" : " more rows\n");
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
