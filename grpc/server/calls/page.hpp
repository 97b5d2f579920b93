// Pages of a table: how much a call may see, and the opaque token that says where the next begins.
#pragma once

#include <cstdint>
#include <string>

namespace clvd {

struct page {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::string next_token;  // "" = this was the last
};

// What a token is bound to: it fits only the arguments and the table that it came from.
struct page_source {
  std::string arguments;    // everything that decides what the table holds, in any fixed form
  std::string fingerprint;  // of the table
  std::int64_t rows = 0;
};

// How many rows a page has when nobody says, and at most.
struct page_limits {
  std::int64_t usual, largest;
};
inline constexpr page_limits table_pages{1000, 5000};  // rows of a table
inline constexpr page_limits list_pages{50, 1000};     // jobs, models, ...: whole messages

// Throws call_error INVALID_ARGUMENT when it is negative: before any work is done.
void check_page_size(std::int32_t size);
// The rows that a page of that size has: 0 is the usual, too large is cut down. Throws likewise.
std::int64_t page_rows(std::int32_t size, const page_limits& limits = table_pages);

// The rows that a call gets, as page_rows() says. Throws call_error: INVALID_ARGUMENT (a token that
// is not of these arguments), ABORTED PAGE_TOKEN_STALE (the table was written again since).
page page_of(const page_source& from,
             std::int32_t size,
             const std::string& token,
             const page_limits& limits = table_pages);
// The token of a page that begins at `first`, where the caller chose it by itself.
std::string page_token(const page_source& from, std::int64_t first);

// Lists that go on after a name: the token for it, bound to the arguments, and back. "" is the
// beginning in both. Throws call_error INVALID_ARGUMENT.
std::string name_token(const std::string& arguments, const std::string& last);
std::string name_of_token(const std::string& arguments, const std::string& token);

}  // namespace clvd
