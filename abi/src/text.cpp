#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace clv::abi {
namespace {

struct lead {
  std::size_t length;      // bytes of the character, 0: not a first byte
  std::uint32_t bits;      // payload of the first byte
  std::uint32_t smallest;  // shorter forms would do below it
};

lead lead_of(unsigned char byte) {
  if (byte >= 0x01 && byte < 0x80) return {1, byte, 1};
  if (byte >= 0xC2 && byte < 0xE0) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte < 0xF0) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte < 0xF5) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

// Length of the character at `at`, or 0.
std::size_t character(std::string_view text, std::size_t at) {
  const lead first = lead_of(static_cast<unsigned char>(text[at]));
  if (first.length == 0 || text.size() - at < first.length) return 0;
  std::uint32_t code = first.bits;
  for (std::size_t i = 1; i < first.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80U) return 0;
    code = (code << 6) | (byte & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < first.smallest || code > 0x10FFFF || surrogate ? 0 : first.length;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::size_t first_bad_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = character(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = character(text, at);
    const bool control = static_cast<unsigned char>(text[at]) < 0x20;
    const std::size_t taken = std::max<std::size_t>(length, 1);
    if (out.size() + taken > limit) break;
    if (length == 0 || control) {
      out += '?';
    } else {
      out.append(text, at, length);
    }
    at += taken;
  }
  return out;
}

std::string number_text(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  return {digits, end.ptr};
}

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = trimmed(list.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return items;
}

std::string join_list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out += ", ";
    out += item;
  }
  return out;
}

}  // namespace clv::abi
