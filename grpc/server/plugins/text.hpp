// Texts of strangers, made fit to be shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clvd::plugins {

// Well-formed UTF-8 without NUL.
bool is_utf8(std::string_view text);
// At most `most` bytes; control characters, and bytes that are no UTF-8, as a question mark.
std::string printable(std::string_view text, std::size_t most = 1000);
// "a, b,c" at the commas, without spaces around; empty parts are left out.
std::vector<std::string> split(std::string_view list);

}  // namespace clvd::plugins
