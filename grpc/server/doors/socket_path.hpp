// The right to a Unix socket path. gRPC itself would let a second server take a first one's path
// away (grpc/grpc#17122), so a lock file beside it says who owns it.
#pragma once

#include <string>

namespace clvd {

class socket_path {
 public:
  // Locks `path`.lock and removes a socket that a dead server left behind. Throws start_error:
  // already_running when another process has the lock, usage when the path cannot be used.
  explicit socket_path(const std::string& path);
  // Gives the lock back. The lock file stays: removing it would race with the next owner.
  ~socket_path();
  socket_path(const socket_path&) = delete;
  socket_path& operator=(const socket_path&) = delete;

 private:
  int lock_ = -1;
};

}  // namespace clvd
