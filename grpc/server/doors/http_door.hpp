// The HTTP/JSON door: unary calls by the Connect protocol's rules over HTTP/1.1, from the same
// table of methods, with the same callers, limits and errors as the gRPC door.
#pragma once

#include <chrono>
#include <memory>

#include "doors/answer.hpp"
#include "doors/http_front.hpp"

namespace clvd {

class http_door {
 public:
  // Serves at once, one call a connection. Throws start_error.
  http_door(host& h, const http_options& options);
  // stop(now).
  ~http_door();
  http_door(const http_door&) = delete;
  http_door& operator=(const http_door&) = delete;

  // The TCP port it listens on, 0 on a Unix socket.
  int port() const;
  // Accepts nothing more; answers that are ready are still sent, at most until `deadline`. Close
  // the gate of the host first: it waits for the calls. Once.
  void stop(std::chrono::system_clock::time_point deadline);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clvd
