#include "data/csv_scan.hpp"

#include <array>
#include <cstring>

namespace clv::data {
namespace {

constexpr std::array<bool, 256> make_stops() {
  std::array<bool, 256> stops{};
  for (const char c : {',', '\n', '\r'}) stops[static_cast<unsigned char>(c)] = true;
  return stops;
}
constexpr std::array<bool, 256> ends_plain_field = make_stops();

// Line ends inside quotes: CRLF counts once.
std::int64_t count_line_ends(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      ++count;
    }
  }
  return count;
}

std::string undouble_quotes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '"') ++i;
  }
  return plain;
}

}  // namespace

// False: a CR closes the window and the LF that may belong to it is still to come.
bool csv_scanner::skip_line_ends() {
  while (at_ < window_.size() && (window_[at_] == '\n' || window_[at_] == '\r')) {
    if (window_[at_] == '\r') {
      if (at_ + 1 == window_.size() && !last_) return false;
      if (at_ + 1 < window_.size() && window_[at_ + 1] == '\n') ++at_;
    }
    ++at_;
    ++line_;
  }
  return true;
}

scan csv_scanner::next(csv_record& record) {
  if (!skip_line_ends()) return scan::need_more;
  if (at_ == window_.size()) return last_ ? scan::end : scan::need_more;
  record.fields.clear();
  record.unescaped.clear();
  record.flaw = record_flaw::none;
  record.line = line_;
  const char* const begin = window_.data() + at_;
  const char* const end = window_.data() + window_.size();
  const char* p = begin;
  for (;;) {
    p = p != end && *p == '"' ? read_quoted(p, record) : read_field(p, record);
    if (p == end) {
      if (!last_) return scan::need_more;
      break;
    }
    if (*p != ',') break;  // a line end, which the next call skips
    ++p;
  }
  record.raw = {begin, static_cast<std::size_t>(p - begin)};
  at_ = static_cast<std::size_t>(p - window_.data());
  if (record.raw.find('"') != std::string_view::npos) line_ += count_line_ends(record.raw);
  return scan::record;
}

// Both return where the field ends: at ',', a line end, or the end of the window.
const char* csv_scanner::read_field(const char* p, csv_record& record) {
  const char* const end = window_.data() + window_.size();
  const char* const first = p;
  while (p != end && !ends_plain_field[static_cast<unsigned char>(*p)]) ++p;
  record.fields.emplace_back(first, static_cast<std::size_t>(p - first));
  return p;
}

const char* csv_scanner::read_quoted(const char* p, csv_record& record) {
  const char* const end = window_.data() + window_.size();
  const char* const first = p + 1;
  bool doubled = false;
  const char* close = first;
  for (;; close += 2) {
    close =
        static_cast<const char*>(std::memchr(close, '"', static_cast<std::size_t>(end - close)));
    if (close == nullptr) {
      record.flaw = record_flaw::unterminated_quote;
      record.flawed_field = record.fields.size();
      record.fields.emplace_back(first, static_cast<std::size_t>(end - first));
      return end;
    }
    if (close + 1 == end || close[1] != '"') break;
    doubled = true;
  }
  std::string_view text(first, static_cast<std::size_t>(close - first));
  if (doubled) text = record.unescaped.emplace_back(undouble_quotes(text));
  record.fields.push_back(text);
  p = close + 1;
  if (p != end && !ends_plain_field[static_cast<unsigned char>(*p)]) {
    record.flaw = record_flaw::text_after_quote;
    record.flawed_field = record.fields.size() - 1;
    while (p != end && !ends_plain_field[static_cast<unsigned char>(*p)]) ++p;
  }
  return p;
}

namespace {

// Bytes of the UTF-8 sequence at `p`, 0 when it is not one. Table 3-7 of the Unicode Standard.
std::size_t sequence_length(const unsigned char* p, std::size_t left) {
  const unsigned lead = p[0];
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length < 2 || length > left) return length <= left ? length : 0;
  unsigned low = 0x80, high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (p[1] < low || p[1] > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((p[i] & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

// True when some of the eight bytes is 0 or above 0x7F (it may also say so for a clean word whose
// lower byte borrows; the slow look that follows is exact).
bool needs_a_look(const unsigned char* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return ((word | (word - 0x0101010101010101U)) & 0x8080808080808080U) != 0;
}

}  // namespace

std::size_t find_bad_byte(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.size() - i >= 8 && !needs_a_look(bytes + i)) {
      i += 8;
      continue;
    }
    const std::size_t length = bytes[i] == 0 ? 0 : sequence_length(bytes + i, text.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace clv::data
