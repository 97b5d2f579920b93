// Where a door listens: "unix:PATH" or "HOST:PORT".
#pragma once

#include <string>

namespace clvd {

struct address {
  std::string path;  // of a Unix socket, or ""
  std::string host;  // "127.0.0.1", "localhost", "::1" (without brackets), "" for a Unix socket
  int port = 0;      // 0 = any free one

  bool is_unix() const { return !path.empty(); }
  bool is_loopback() const;  // no other machine can reach it; false for a Unix socket
};

// `option` is named in the message. Throws start_error{usage}.
address parse_address(const std::string& option, const std::string& text);

}  // namespace clvd
