// Text that crosses the wall: UTF-8, NUL-terminated.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clv::abi {

// NULL means "".
inline std::string text_of(const char* in) {
  return in == nullptr ? std::string() : std::string(in);
}

inline std::string text_or(const char* in, const char* otherwise) {
  return in == nullptr || *in == '\0' ? std::string(otherwise) : std::string(in);
}

// Position of the first byte that is not part of a UTF-8 character (RFC 3629: shortest form, no
// surrogates, at most U+10FFFF), or npos. A NUL byte counts as wrong: texts end there outside.
std::size_t first_bad_utf8(std::string_view text);

// What may be shown of text from outside: at most `limit` bytes, bad bytes as '?'.
std::string printable(std::string_view text, std::size_t limit);

// Shortest text that reads back to the same double; std::to_string would ask the locale.
std::string number_text(double value);

// "a, b" as {"a", "b"}: trimmed, empty items left out.
std::vector<std::string> split_list(std::string_view list);
std::string join_list(const std::vector<std::string>& items);

}  // namespace clv::abi
