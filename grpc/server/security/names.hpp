// Names of tenants and tokens: they become folders, labels and log fields.
#pragma once

#include <algorithm>
#include <string_view>

namespace clvd {

// 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit: safe as the name of a folder.
inline bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '-' && name.front() != '_' &&
         std::all_of(name.begin(), name.end(), plain);
}

}  // namespace clvd
