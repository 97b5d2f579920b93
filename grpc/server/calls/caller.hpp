// Who calls: from the credential alone, never from a body.
#pragma once

#include <cstdint>
#include <string>

namespace clvd {

// What a credential may do; each method of the table needs one of them.
enum class scope : std::uint32_t {
  none = 0,  // any caller who is known
  ingest = 1,
  read = 2,
  score = 4,
  fit = 8,
  decide = 16,
  desk = 32,
  admin = 64,
};
inline constexpr std::uint32_t all_scopes = 127;

struct caller {
  std::string tenant = "default";
  std::uint32_t scopes = all_scopes;
  bool may_operate = false;    // over the Unix socket, or vouched for by an operator's certificate
  bool may_found = false;      // its credential names the tenant, which its first call may make
  std::string name = "local";  // of the token or certificate, for the log; never the token itself

  bool may(scope s) const {
    return s == scope::none || (scopes & static_cast<std::uint32_t>(s)) != 0;
  }
};

}  // namespace clvd
