// The file of credentials: one JSON object a line, no secret in it.
//
//   {"name":"crm","sha256":"<64 hex digits>","scopes":["ingest","read"],"tenant":"shop",
//    "expires":"2027-01-01T00:00:00Z"}
//   {"name":"billing","certificate":"billing.example","scopes":["read"],"tenant":"shop"}
//
// `sha256` is the hash of a token of 256 random bits: nothing to guess, so no slow hash is needed.
// `certificate` is the common name of a client certificate instead. Without `expires` it has no
// end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calls/caller.hpp"

namespace clvd {

struct credential_entry {
  std::string name;
  std::string sha256;       // 64 hex digits, or "" for a certificate
  std::string certificate;  // common name, or ""
  std::uint32_t scopes = 0;
  std::string tenant;
  std::optional<std::int64_t> expires;  // seconds since 1970, UTC
};

// SHA-256 as 64 hex digits.
std::string sha256_hex(std::string_view text);
// A new token: "clv_" and 256 bits of the system's random numbers. Throws start_error.
std::string make_token();

// "read,score" and back. Throws start_error on an unknown or missing name.
std::uint32_t scopes_of(const std::vector<std::string>& names);
std::vector<std::string> scope_names(std::uint32_t scopes);

// "2027-01-01" or "2027-01-01T00:00:00Z" as seconds since 1970. Throws start_error.
std::int64_t time_of(const std::string& text);
std::string text_of_time(std::int64_t seconds);

// Refuses a file that others may read (mode 0600 or stricter) or that belongs to another user, a
// wrong line (named by its number), a name twice. Throws start_error.
std::vector<credential_entry> read_credentials(const std::string& path);
// Replaces the file as a whole, mode 0600, synced before it is renamed. Throws start_error.
void write_credentials(const std::string& path, const std::vector<credential_entry>& entries);

}  // namespace clvd
