// From what a connection shows to who it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "calls/caller.hpp"

namespace clvd {

// What a door knows of a call. Texts are as they came, unchecked.
struct evidence {
  bool unix_socket = false;      // then the peer passed the socket's own check of uid
  bool plain_loopback = false;   // TCP without TLS, on loopback
  bool handed_on = false;        // HTTP from a browser's page or a proxy: then never anonymous
  bool repeated_header = false;  // "authorization" or "clv-tenant" came more than once: refused
  // Of the header "authorization"; nothing when it was not sent (an empty one is refused).
  std::optional<std::string> authorization;
  std::string client_certificate_subject;    // common name of a verified client certificate, or ""
  std::optional<std::string> wanted_tenant;  // of the header "clv-tenant"
};

struct credential_rules {
  bool anonymous_loopback = false;  // plaintext TCP needs no token: every local user may call
  // Told why somebody was refused, for clv_auth_failures_total{reason}: one of a fixed set of
  // words.
  std::function<void(std::string_view reason)> on_refusal;
  std::function<std::int64_t()> now;  // seconds since 1970; nullptr: the system's clock
};

// Tokens, stored hashed (SHA-256 of 256 random bits), with scopes, a tenant, an expiry. [any]
class credentials {
 public:
  // A file of tokens (clvd token add writes it), "" = none. Throws start_error.
  explicit credentials(std::string token_file, credential_rules rules = {});
  ~credentials();
  credentials(const credentials&) = delete;
  credentials& operator=(const credentials&) = delete;

  // Who it is: by a token ("Bearer clv_..."), else by a client certificate, else the local user
  // behind a Unix socket, who may do everything and may name a tenant that is there; the one of
  // anonymous loopback has tenant "default". Everybody else has the tenant of the credential. Who
  // did not come over a Unix socket may operate the server only with a client certificate that has
  // an entry of its own, for that tenant, with the scope admin.
  // Throws call_error UNAUTHENTICATED with one text for every reason that a stranger could tell
  // apart, PERMISSION_DENIED for another tenant, whether it exists or not. Every known token is
  // compared, each in constant time.
  caller identify(const evidence& shown) const;

  // Reads the file again and returns the number of credentials; the old ones stay when it cannot
  // be read. Throws call_error.
  std::size_t reload();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clvd
