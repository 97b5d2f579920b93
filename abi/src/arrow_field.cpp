#include "arrow_field.hpp"

#include <cstring>
#include <optional>

#include "text.hpp"

namespace clv::abi::arrow {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;

std::optional<meaning> plain(std::string_view format) {
  static constexpr struct {
    std::string_view format;
    meaning what;
  } known[] = {
      {"c", {stored::i8, CLV_T_I64}},
      {"C", {stored::u8, CLV_T_I64}},
      {"s", {stored::i16, CLV_T_I64}},
      {"S", {stored::u16, CLV_T_I64}},
      {"i", {stored::i32, CLV_T_I64}},
      {"I", {stored::u32, CLV_T_I64}},
      {"l", {stored::i64, CLV_T_I64}},
      {"L", {stored::u64, CLV_T_I64}},
      {"f", {stored::f32, CLV_T_F64}},
      {"g", {stored::f64, CLV_T_F64}},
      {"b", {stored::bit, CLV_T_I64}},
      {"u", {stored::utf8, CLV_T_UTF8}},
      {"U", {stored::utf8_64, CLV_T_UTF8}},
      {"vu", {stored::view, CLV_T_UTF8}},
      {"n", {stored::none, CLV_T_F64}},
      {"tdD", {stored::i32, CLV_T_TIME, day_us}},
      {"tdm", {stored::i64, CLV_T_TIME, 1000}},
  };
  for (const auto& k : known) {
    if (k.format == format) return k.what;
  }
  return std::nullopt;
}

std::optional<meaning> timestamp(std::string_view format) {
  if (format.size() < 4 || !format.starts_with("ts") || format[3] != ':') return std::nullopt;
  switch (format[2]) {
    case 's':
      return meaning{stored::i64, CLV_T_TIME, 1'000'000};
    case 'm':
      return meaning{stored::i64, CLV_T_TIME, 1000};
    case 'u':
      return meaning{stored::i64, CLV_T_TIME};
    case 'n':
      return meaning{stored::i64, CLV_T_TIME, 1, 1000};
    default:
      return std::nullopt;
  }
}

}  // namespace

void refuse(status code,
            const std::string& column,
            const std::string& what,
            const std::string& hint,
            std::int64_t row) {
  throw error(issue{.code = code,
                    .row = row,
                    .column = column,
                    .message = (row < 0 ? "" : "row " + std::to_string(row + 1) + ", ") +
                               "column '" + column + "': " + what,
                    .hint = hint});
}

meaning meaning_of(const ArrowSchema& field, const std::string& name) {
  const std::string_view format = field.format == nullptr ? "" : field.format;
  if (auto known = plain(format)) return *known;
  if (auto known = timestamp(format)) return *known;
  refuse(status::unsupported,
         name,
         "Arrow type '" + printable(format, 40) + "' is not read",
         "cast it to float64, int64, timestamp or utf8 before");
}

std::string metadata(const ArrowSchema& field, std::string_view wanted) {
  if (field.metadata == nullptr) return {};
  const char* at = field.metadata;
  const auto number = [&] {
    std::int32_t n = 0;
    std::memcpy(&n, at, sizeof n);
    at += sizeof n;
    return n;
  };
  const auto text = [&] {
    const std::int32_t size = number();
    const std::string_view found(at, static_cast<std::size_t>(size < 0 ? 0 : size));
    at += found.size();
    return found;
  };
  for (std::int32_t left = number(); left > 0; --left) {
    const std::string_view key = text();
    const std::string_view value = text();
    if (key == wanted) return std::string(value);
  }
  return {};
}

}  // namespace clv::abi::arrow
