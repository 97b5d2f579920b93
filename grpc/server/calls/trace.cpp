#include "calls/trace.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>

namespace clvd {
namespace {

// "00-" 32 hex digits "-" 16 "-" 2: version, trace, parent, flags.
constexpr std::string_view shape = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";

bool has_shape(std::string_view text) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char form) {
    if (form == '-') return c == '-';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::string hex(std::uint64_t number) {
  std::string digits(16, '0');
  for (auto d = digits.rbegin(); d != digits.rend(); ++d, number >>= 4) {
    *d = "0123456789abcdef"[number & 15];
  }
  return digits;
}

}  // namespace

trace new_trace(std::string_view traceparent) {
  // Unlike those of the process before, and not guessable from how many calls there were.
  static std::atomic<std::uint64_t> last = std::uint64_t{std::random_device{}()} << 32;
  return {hex(++last), has_shape(traceparent) ? std::string(traceparent) : std::string()};
}

}  // namespace clvd
