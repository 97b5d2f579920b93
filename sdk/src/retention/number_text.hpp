// The shortest text that reads back to the same double. [any]
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace clv::retention {

inline std::string number_text(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace clv::retention
