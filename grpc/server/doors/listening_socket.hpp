// A listening socket, on a Unix path or a loopback address.
#pragma once

#include <memory>
#include <string>

#include "doors/socket_path.hpp"
#include "security/peer.hpp"

namespace clvd {

// A socket that listens at `path`, where nothing is, with the group and mode that `peers` ask for.
// Each connection's peer is still to be checked: peers.allows(). Throws start_error.
int listening_on(const std::string& path, const peer_rules& peers, int backlog);

class listening_socket {
 public:
  // "unix:PATH", for `peers`, or "HOST:PORT". SO_REUSEPORT stays off: two processes would share one
  // port in silence. Throws start_error.
  listening_socket(const std::string& address, peer_rules peers);
  ~listening_socket();
  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;

  int fd() const { return fd_; }
  bool is_unix() const { return path_ != nullptr; }
  int port() const { return port_; }  // 0 on a Unix path
  // Listens no more: who connects now is refused by the kernel. Once.
  void shut();
  // Whether the other end may talk at all: on a path the peer is looked at.
  bool may_talk(int connection) const { return !is_unix() || peers_.allows(connection); }

 private:
  const peer_rules peers_;
  std::unique_ptr<socket_path> path_;
  std::string file_;
  int port_ = 0;
  int fd_ = -1;

  void listen_on_loopback(const std::string& address);
};

}  // namespace clvd
