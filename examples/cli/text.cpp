#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace cli {
namespace {

using range = std::pair<char32_t, char32_t>;
// Unicode 14, East Asian Width W and F, and the marks that combine: the blocks, not each gap.
constexpr std::array wide{range{0x1100, 0x115F},
                          range{0x2E80, 0xA4CF},
                          range{0xAC00, 0xD7A3},
                          range{0xF900, 0xFAFF},
                          range{0xFE30, 0xFE6F},
                          range{0xFF00, 0xFF60},
                          range{0xFFE0, 0xFFE6},
                          range{0x1F300, 0x1FAFF},
                          range{0x20000, 0x3FFFD}};
constexpr std::array combining{range{0x0300, 0x036F},
                               range{0x0483, 0x0489},
                               range{0x0591, 0x05BD},
                               range{0x0610, 0x061A},
                               range{0x064B, 0x065F},
                               range{0x200B, 0x200F},
                               range{0x20D0, 0x20FF},
                               range{0xFE00, 0xFE0F},
                               range{0xFE20, 0xFE2F}};

template <std::size_t N>
bool among(const std::array<range, N>& ranges, char32_t c) {
  return std::any_of(
      ranges.begin(), ranges.end(), [c](range r) { return c >= r.first && c <= r.second; });
}

struct character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// The character at `at`; a byte that starts none counts as one of its own.
character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return {0xFFFD, 1};
  char32_t code = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {0xFFFD, 1};
    code = (code << 6) | (byte(at + i) & 0x3Fu);
  }
  return {code, bytes};
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E);
}

std::size_t width_of(char32_t c) {
  return among(combining, c) ? 0 : among(wide, c) ? 2 : 1;
}

std::string with_thousands(std::string digits) {
  const std::size_t first = !digits.empty() && digits[0] == '-' ? 1 : 0;
  const std::size_t end = std::min(digits.find('.'), digits.size());
  for (std::size_t i = end; i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::size_t used = display_width(cell);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return right ? blanks + cell : cell + blanks;
}

constexpr std::string_view gap = "  ";

std::size_t width_of(const text_column& column,
                     const std::vector<std::vector<std::string>>& rows,
                     std::size_t at) {
  std::size_t width = display_width(column.header);
  for (const auto& row : rows) width = std::max(width, display_width(row[at]));
  return std::min(width, column.widest);
}

std::string line_of(const std::vector<std::string>& cells,
                    const std::vector<text_column>& columns,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (c > 0) line += gap;
    line += padded(fitted(cells[c], widths[c]), widths[c], columns[c].right);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string exact(double value) {
  if (std::isnan(value)) return "";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

std::string rounded(double value, int decimals) {
  if (!std::isfinite(value)) return "-";
  std::array<char, 400> buffer{};  // 1.8e308 has 309 digits before the point
  const auto end = std::to_chars(
      buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return with_thousands({buffer.data(), end.ptr});
}

std::string estimate(double value) {
  const double size = std::abs(value);
  if (!std::isfinite(value) || value == 0 || (size >= 1e-3 && size < 1e9)) return rounded(value, 6);
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(
      buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 5);
  return {buffer.data(), end.ptr};
}

std::string grouped(std::int64_t value) {
  return with_thousands(std::to_string(value));
}

std::string percent(double share) {
  return std::isfinite(share) ? rounded(100.0 * share, 0) + " %" : "-";
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const character c = character_at(utf8, at);
    width += width_of(c.code);
    at += c.bytes;
  }
  return width;
}

std::string fitted(std::string_view utf8, std::size_t width) {
  const bool cut = display_width(utf8) > width;
  const std::size_t room = cut ? width - std::min<std::size_t>(width, 1) : width;
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const character c = character_at(utf8, at);
    if (used + width_of(c.code) > room) break;
    used += width_of(c.code);
    const bool unfit = is_control(c.code) || c.code == 0xFFFD;
    out += unfit ? "?" : std::string(utf8.substr(at, c.bytes));
    at += c.bytes;
  }
  return cut && width > 0 ? out + "…" : out;
}

std::vector<std::string> wrapped(std::string_view utf8, std::size_t width, std::size_t most) {
  std::vector<std::string> lines;
  while (lines.size() + 1 < most && display_width(utf8) > width) {
    std::size_t end = 0;
    for (std::size_t blank = utf8.find(' ');
         blank != std::string_view::npos && display_width(utf8.substr(0, blank)) <= width;
         blank = utf8.find(' ', blank + 1)) {
      end = blank;
    }
    if (end == 0) break;  // one word longer than the line: the last line cuts it
    lines.emplace_back(utf8.substr(0, end));
    utf8.remove_prefix(end + 1);
  }
  lines.push_back(fitted(utf8, width));
  return lines;
}

std::string text_table(std::vector<text_column> columns,
                       const std::vector<std::vector<std::string>>& rows,
                       std::size_t page) {
  std::vector<std::size_t> widths;
  std::size_t used = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (page > 0 && c + 1 == columns.size()) columns[c].widest = page - std::min(page, used);
    widths.push_back(width_of(columns[c], rows, c));
    used += widths.back() + gap.size();
  }
  std::vector<std::string> headers;
  std::vector<std::string> rule;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    headers.push_back(columns[c].header);
    rule.emplace_back(widths[c], '-');
  }
  std::string out = line_of(headers, columns, widths) + line_of(rule, columns, widths);
  for (auto row : rows) {
    const auto last =
        page == 0 ? std::vector<std::string>{row.back()} : wrapped(row.back(), widths.back(), 4);
    for (const std::string& part : last) {
      row.back() = part;
      out += line_of(row, columns, widths);
      row.assign(row.size(), "");
    }
  }
  return out;
}

}  // namespace cli
