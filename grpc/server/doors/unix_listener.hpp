// A Unix socket whose peers are checked before anybody reads a byte of theirs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "security/peer.hpp"

namespace clvd {

// gRPC 1.51 tells nobody who a Unix peer is, so clvd accepts on its own and hands the connections
// over (ServerBuilder::experimental().AddExternalConnectionAcceptor).
class unix_listener {
 public:
  struct events {
    std::function<void(int connection)> accepted;  // takes the descriptor over
    std::function<void()> refused;                 // a peer that the rules do not know
  };

  // Binds and listens; accepts from start() on. The right to the path is the caller's
  // (socket_path). Throws start_error.
  unix_listener(std::string path, peer_rules rules, events on);
  // stop().
  ~unix_listener();
  unix_listener(const unix_listener&) = delete;
  unix_listener& operator=(const unix_listener&) = delete;

  void start();
  // Accepts nothing more and removes the socket. Once.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clvd
