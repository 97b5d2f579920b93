#include "calls/utf8.hpp"

#include <cstdint>

namespace clvd {
namespace {

// Continuation bytes that follow `lead`, or -1 when it cannot start a character.
int continuation_bytes(std::uint32_t lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return -1;
}

// Whether a character of `n` continuation bytes could not have been written shorter and exists.
bool is_character(std::uint32_t code, int n) {
  if (n == 2) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  if (n == 3) return code >= 0x10000 && code <= 0x10FFFF;
  return true;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint32_t lead = static_cast<unsigned char>(bytes[i++]);
    const int n = continuation_bytes(lead);
    if (n < 0 || bytes.size() - i < static_cast<std::size_t>(n)) return false;
    std::uint32_t code = lead & (0x7Fu >> (n == 0 ? 0 : n + 1));
    for (int k = 0; k < n; ++k) {
      const std::uint32_t next = static_cast<unsigned char>(bytes[i++]);
      if ((next & 0xC0u) != 0x80u) return false;
      code = (code << 6) | (next & 0x3Fu);
    }
    if (!is_character(code, n)) return false;
  }
  return true;
}

}  // namespace clvd
