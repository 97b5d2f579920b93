#include "features/cells.hpp"

#include <charconv>
#include <cmath>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "math/json.hpp"

namespace clv::features {
namespace {

constexpr double exact_limit = 9007199254740992.0;  // 2^53

bool whole(double v) {
  return v == std::floor(v) && std::abs(v) < exact_limit;
}

std::string number_text(double v) {
  return whole(v) ? std::to_string(static_cast<std::int64_t>(v)) : math::to_text(v);
}

double money_of(const column& c, std::size_t row) {
  const std::string_view code = c.unit().empty() ? "XXX" : std::string_view(c.unit());
  return static_cast<double>(c.integers()[row]) / minor_per_major(code);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool all = problem == std::errc() && end == text.data() + text.size();
  return all && !text.empty() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> number_at(const column& c, std::size_t row) {
  if (!c.present(row)) return std::nullopt;
  if (c.kind() == type::utf8) return parse_number(c.text(row));
  if (c.kind() == type::money) return money_of(c, row);
  if (c.kind() != type::f64) return static_cast<double>(c.integers()[row]);
  const double v = c.numbers()[row];
  return std::isfinite(v) ? std::optional(v) : std::nullopt;
}

std::string text_at(const column& c, std::size_t row) {
  if (!c.present(row)) return {};
  if (c.kind() == type::utf8) return std::string(trimmed(c.text(row)));
  if (c.kind() == type::f64) return number_text(c.numbers()[row]);
  if (c.kind() == type::money) return number_text(money_of(c, row));
  return std::to_string(c.integers()[row]);
}

std::optional<std::int64_t> time_at(const column& c, std::size_t row, const zone& local) {
  if (!c.present(row)) return std::nullopt;
  if (c.kind() == type::time || c.kind() == type::i64) return c.integers()[row];
  const std::string text = text_at(c, row);
  if (text.empty()) return std::nullopt;
  if (const auto parsed = parse_time(text, local)) return parsed;
  refuse_cell(c, row, "'" + text + "' is not a date", "write 2026-01-31 or 2026-01-31T12:00:00Z");
}

const column& need(const table& of,
                   std::string_view name,
                   std::string_view input,
                   std::string_view owner) {
  if (const column* found = of.find(name)) return *found;
  throw error({.code = status::invalid,
               .column = std::string(name),
               .message = "report '" + std::string(owner) + "': table '" + std::string(input) +
                          "' has no column '" + std::string(name) + "'",
               .hint = "add the column, or rename one to it"});
}

void refuse_cell(const column& c,
                 std::size_t row,
                 const std::string& problem,
                 const std::string& hint) {
  throw error(
      {.code = status::data,
       .row = static_cast<std::int64_t>(row),
       .column = c.name(),
       .message = "row " + std::to_string(row + 1) + ", column '" + c.name() + "': " + problem,
       .hint = hint});
}

}  // namespace clv::features
