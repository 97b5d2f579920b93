// A number for a sentence: four digits. [any]
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace clv {

inline std::string short_text(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4)
          .ptr;
  return {text.data(), end};
}

}  // namespace clv
