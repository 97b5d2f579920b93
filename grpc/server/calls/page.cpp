#include "calls/page.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "calls/errors.hpp"

namespace clvd {
namespace {

// FNV-1a, 64 bits: tells arguments apart; it guards no secret.
std::string hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), h, 16).ptr;
  return {digits.data(), end};
}

[[noreturn]] void refuse_token() {
  throw invalid_field(
      "PAGE_TOKEN_INVALID", "page_token", "it is not a token of a call with these arguments");
}

std::int64_t first_of(const page_source& from, const std::string& token) {
  if (token.empty()) return 0;
  const std::string prefix = "1." + hash(from.arguments) + ".";
  const std::size_t dot = token.rfind('.');
  if (!token.starts_with(prefix) || dot < prefix.size()) refuse_token();
  if (token.substr(prefix.size(), dot - prefix.size()) != from.fingerprint) {
    throw call_error(grpc::StatusCode::ABORTED,
                     "PAGE_TOKEN_STALE",
                     "the table was written again since this page_token: start over without one");
  }
  std::int64_t first = -1;
  const char* end = token.data() + token.size();
  const auto [stop, failure] = std::from_chars(token.data() + dot + 1, end, first);
  if (failure != std::errc() || stop != end || first < 0 || first > from.rows) refuse_token();
  if (token != page_token(from, first)) refuse_token();  // "007": each page has one token
  return first;
}

}  // namespace

// "1.ARGUMENTS.FINGERPRINT.FIRST"
std::string page_token(const page_source& from, std::int64_t first) {
  return "1." + hash(from.arguments) + "." + from.fingerprint + "." + std::to_string(first);
}

std::string name_token(const std::string& arguments, const std::string& last) {
  return last.empty() ? "" : "1." + hash(arguments) + "." + last;
}

std::string name_of_token(const std::string& arguments, const std::string& token) {
  if (token.empty()) return {};
  const std::string prefix = "1." + hash(arguments) + ".";
  if (!token.starts_with(prefix) || token.size() == prefix.size()) refuse_token();
  return token.substr(prefix.size());
}

void check_page_size(std::int32_t size) {
  if (size < 0) throw invalid_field("INVALID_VALUE", "page_size", "it must not be negative");
}

std::int64_t page_rows(std::int32_t size, const page_limits& limits) {
  check_page_size(size);
  return size == 0 ? limits.usual : std::min<std::int64_t>(size, limits.largest);
}

page page_of(const page_source& from,
             std::int32_t size,
             const std::string& token,
             const page_limits& limits) {
  page p;
  p.first = first_of(from, token);
  p.count = std::min(page_rows(size, limits), from.rows - p.first);
  if (p.first + p.count < from.rows) p.next_token = page_token(from, p.first + p.count);
  return p;
}

}  // namespace clvd
