#include "desk/tickets/import_time.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "features/cells.hpp"

namespace clv::desk {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The digits at the front of `text`, which loses them.
std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::string padded(std::string_view digits) {
  return digits.size() == 1 ? "0" + std::string(digits) : std::string(digits);
}

// "2016-02-29" of the date at the front of `text`, "" when there is none.
std::string take_date(std::string_view& text, date_order order) {
  std::array<std::string_view, 3> part;
  part[0] = take_digits(text);
  if (text.empty()) return "";
  const char between = text.front();
  if (!take(text, "-/.")) return "";
  part[1] = take_digits(text);
  if (!take(text, std::string_view(&between, 1))) return "";
  part[2] = take_digits(text);
  if (order == date_order::ymd) std::swap(part[0], part[2]);
  if (order == date_order::mdy) std::swap(part[0], part[1]);
  const auto& [day, month, year] = part;
  if (year.size() != 4 || month.empty() || day.empty()) return "";
  return std::string(year) + "-" + padded(month) + "-" + padded(day);
}

}  // namespace

// Written anew the way parse_time takes it, which then checks calendar, clock and range.
std::optional<std::int64_t> parse_import_time(std::string_view text,
                                              date_order order,
                                              const zone& local) {
  text = features::trimmed(text);
  std::string_view rest = text;
  const std::string date = take_date(rest, order);
  if (date.empty()) return parse_time(text, local);
  if (rest.empty()) return parse_time(date, local);
  if (!take(rest, "T ")) return std::nullopt;
  while (take(rest, " ")) {
  }
  const std::string_view hour = take_digits(rest);
  return parse_time(date + "T" + padded(hour) + std::string(rest), local);
}

}  // namespace clv::desk
