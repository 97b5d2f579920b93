#include "doors/http_framing.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace clvd {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t most_lines = 64;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 9110, 5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || others.find(c) != others.npos;
  });
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Whatever a header may hold: no control characters but the tab.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  });
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What the headers say that matters for the frame.
struct head {
  std::string_view method;
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  bool chunked = false;
  bool wants_continue = false;
  std::optional<std::uint64_t> length;  // nothing when it is no number
};

int request_line(std::string_view line, head& h) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) return 400;
  h.method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(h.method) || !target.starts_with('/') || !is_visible(target)) return 400;
  if (version == "HTTP/1.1") return 0;
  return version.starts_with("HTTP/") ? 505 : 400;
}

void take_length(std::string_view value, head& h) {
  ++h.lengths;
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool digits = !value.empty() && value[0] >= '0' && value[0] <= '9';
  if (digits && end == value.data() + value.size()) h.length = number;
  // More digits than a number can have: too large is what it means.
  if (digits && failed == std::errc::result_out_of_range) h.length = UINT64_MAX;
}

int header_line(std::string_view line, head& h) {
  const auto colon = line.find(':');
  if (colon == line.npos) return 400;
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_token(name) || !is_value(value)) return 400;  // also a folded line, and "Name : value"
  if (same_name(name, "host")) ++h.hosts;
  if (same_name(name, "transfer-encoding")) {
    ++h.encodings;
    h.chunked = same_name(value, "chunked");
  }
  if (same_name(name, "content-length")) take_length(value, h);
  if (same_name(name, "expect")) h.wants_continue = same_name(value, "100-continue");
  return 0;
}

bool takes_no_body(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

// 0, or the refusal.
int judged(const head& h, const http_bounds& bounds) {
  if (h.hosts != 1) return 400;
  if (h.encodings + h.lengths > 1) return 411;
  if (h.encodings == 1) return h.chunked && !takes_no_body(h.method) ? 0 : 411;
  if (h.lengths == 0) return takes_no_body(h.method) ? 0 : 411;
  if (!h.length) return 411;
  if (takes_no_body(h.method) && *h.length > 0) return 400;
  return *h.length > bounds.body_bytes ? 413 : 0;
}

int read_head(std::string_view text, head& h) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const auto end = text.find(line_end);
    const auto line = text.substr(0, end);
    const int refusal = lines == 0 ? request_line(line, h) : header_line(line, h);
    if (refusal != 0) return refusal;
    if (++lines > most_lines) return 431;
    text.remove_prefix(end == text.npos ? text.size() : end + line_end.size());
  }
  return lines == 0 ? 400 : 0;
}

http_frame refused(int status) {
  return {.state = http_frame::kind::refused, .refusal = status};
}

}  // namespace

http_frame frame_of(std::string_view arrived, const http_bounds& bounds) {
  const auto end = arrived.find("\r\n\r\n");
  if (end == arrived.npos) {
    return arrived.size() > bounds.head_bytes ? refused(431) : http_frame{};
  }
  if (end + 4 > bounds.head_bytes) return refused(431);
  head h;
  int refusal = read_head(arrived.substr(0, end), h);
  if (refusal == 0) refusal = judged(h, bounds);
  if (refusal != 0) return refused(refusal);
  http_frame frame;
  frame.size = end + 4 + static_cast<std::size_t>(h.length.value_or(0));
  frame.wants_continue = h.wants_continue;
  frame.chunked = h.chunked;
  if (!h.chunked && arrived.size() >= frame.size) frame.state = http_frame::kind::whole;
  return frame;
}

int http_chunks::take(std::string& arrived, std::size_t most) {
  constexpr std::size_t most_digits = 8;
  std::string_view rest = arrived;
  while (!ended_) {
    const auto line = rest.substr(0, rest.find(line_end));
    std::size_t size = 0;
    const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (line.size() > most_digits || line.starts_with('-')) return 400;
    if (line.size() == rest.size()) break;  // the line has not arrived whole
    if (failed != std::errc() || end != line.data() + line.size()) return 400;
    if (size > most - body_.size()) return 413;
    const auto chunk = rest.substr(line.size() + line_end.size());
    if (chunk.size() < size + line_end.size()) break;
    if (chunk.substr(size, line_end.size()) != line_end) return 400;
    body_ += chunk.substr(0, size);
    rest = chunk.substr(size + line_end.size());
    ended_ = size == 0;
  }
  arrived.erase(0, arrived.size() - rest.size());
  return 0;
}

std::string with_length(std::string_view head, std::size_t length) {
  std::string out;
  while (!head.empty()) {
    const auto line = head.substr(0, head.find(line_end) + line_end.size());
    if (!same_name(line.substr(0, line.find(':')), "transfer-encoding")) {
      if (line == line_end) out += "Content-Length: " + std::to_string(length) + "\r\n";
      out += line;
    }
    head.remove_prefix(line.size());
  }
  return out;
}

}  // namespace clvd
