// Looks at PEM files before they are used: what gRPC would take and then fail each handshake with.
#pragma once

#include <cstdint>
#include <string>

namespace clvd {

struct certificate_texts {
  std::string certificate, key, client_ca;  // client_ca "" = none
};

// When the first of the server's certificates ends, in seconds since 1970. Throws
// start_error{usage} when one is no PEM, not valid at `now`, not signed by the next of its file,
// when the key does not fit, or a client CA may not sign.
std::int64_t check_certificates(const certificate_texts& texts, std::int64_t now);

}  // namespace clvd
