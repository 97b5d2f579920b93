#include "desk/priority/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace clv::desk {
namespace {

// Capitals of two bytes in UTF-8 and how far their small letters are (Unicode 15, UnicodeData.txt,
// simple lower case mapping of Latin-1, Latin Extended-A, modern Greek and Cyrillic).
struct capitals {
  std::uint32_t first, last;
  std::int32_t add;
};
constexpr std::int32_t even = 1001, odd = 1002;  // every second one: the small letter is the next
constexpr std::array ranges{
    capitals{0xC0, 0xD6, 32},     capitals{0xD8, 0xDE, 32},     capitals{0x100, 0x12F, even},
    capitals{0x132, 0x137, even}, capitals{0x139, 0x148, odd},  capitals{0x14A, 0x177, even},
    capitals{0x178, 0x178, -121}, capitals{0x179, 0x17E, odd},  capitals{0x386, 0x386, 38},
    capitals{0x388, 0x38A, 37},   capitals{0x38C, 0x38C, 64},   capitals{0x38E, 0x38F, 63},
    capitals{0x391, 0x3AB, 32},   capitals{0x400, 0x40F, 80},   capitals{0x410, 0x42F, 32},
    capitals{0x460, 0x481, even}, capitals{0x48A, 0x4BF, even}, capitals{0x4C0, 0x4C0, 15},
    capitals{0x4C1, 0x4CE, odd},  capitals{0x4D0, 0x52F, even}};
constexpr std::uint32_t final_sigma = 0x3C2, sigma = 0x3C3;  // one letter, at the end of a word

std::uint32_t lower(std::uint32_t letter) {
  if (letter == final_sigma) return sigma;
  for (const capitals& r : ranges) {
    if (letter < r.first || letter > r.last) continue;
    if (r.add == even) return letter | 1U;
    if (r.add == odd) return letter + (letter & 1U);
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(letter) + r.add);
  }
  return letter;
}

bool is_word(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

std::uint32_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// One letter from `at` on, in lower case; how many bytes of the text it took.
std::size_t push_lower(std::string_view text, std::size_t at, std::string& to) {
  const std::uint32_t first = byte_at(text, at);
  const bool two = (first & 0xE0U) == 0xC0 && at + 1 < text.size();
  if (!two) {
    to += first >= 'A' && first <= 'Z' ? static_cast<char>(first + 0x20) : text[at];
    return 1;
  }
  const std::uint32_t letter = lower((first & 0x1FU) << 6 | (byte_at(text, at + 1) & 0x3FU));
  to += static_cast<char>(0xC0 | (letter >> 6));
  to += static_cast<char>(0x80 | (letter & 0x3FU));
  return 2;
}

// The word that begins at `at`, up to its blank.
std::string_view word_at(std::string_view folded, std::size_t at) {
  return folded.substr(at, folded.find(' ', at) - at);
}

}  // namespace

std::string folded_words(std::string_view text) {
  std::string out(1, ' ');
  out.reserve(text.size() + 2);
  for (std::size_t at = 0; at < text.size();) {
    if (is_word(static_cast<unsigned char>(text[at]))) {
      at += push_lower(text, at, out);
    } else {
      if (out.back() != ' ') out += ' ';
      ++at;
    }
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

word_costs::word_costs(const std::map<std::string, double>& words) {
  for (const auto& [word, cost] : words) {
    std::string text = folded_words(word);
    if (text.size() < 3) continue;  // no letter in it
    by_first_[std::string(word_at(text, 1))].push_back(phrases_.size());
    phrases_.push_back({.text = std::move(text), .cost = cost});
  }
}

// Rising and each once: no order of the words changes a bit of the sum.
std::vector<std::size_t> word_costs::positions_in(std::string_view subject) const {
  if (phrases_.empty() || subject.empty()) return {};
  const std::string folded = folded_words(subject);
  std::vector<std::size_t> found;
  for (std::size_t at = 1; at < folded.size(); at = folded.find(' ', at) + 1) {
    const auto starting = by_first_.find(word_at(folded, at));
    if (starting == by_first_.end()) continue;
    for (const std::size_t which : starting->second) {
      if (std::string_view(folded).substr(at - 1).starts_with(phrases_[which].text)) {
        found.push_back(which);
      }
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

double word_costs::of(std::string_view subject) const {
  double sum = 0;
  for (const std::size_t which : positions_in(subject)) sum += phrases_[which].cost;
  return sum;
}

std::vector<std::string_view> word_costs::found_in(std::string_view subject) const {
  std::vector<std::string_view> found;
  for (const std::size_t which : positions_in(subject)) {
    const std::string_view text = phrases_[which].text;
    found.push_back(text.substr(1, text.size() - 2));
  }
  return found;
}

}  // namespace clv::desk
