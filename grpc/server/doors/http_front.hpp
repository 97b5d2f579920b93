// Connections of an HTTP listener: one thread gathers one whole request from each and sends its
// answer, so that slow senders, slow readers and idle connections cost memory but never a worker.
// (cpp-httplib's own loop spends a thread on each connection until it ends.)
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "security/peer.hpp"

namespace clvd {

struct http_options {
  std::string address;             // "unix:PATH", or "127.0.0.1:8080"; port 0: the kernel's choice
  peer_rules peers;                // on a Unix path
  std::size_t connections = 1024;  // at a time; more wait in the kernel's queue
  std::size_t head_bytes = 8 << 10;            // of a request line with its headers
  std::size_t body_bytes = 4 << 20;            // of a request
  std::size_t all_bytes = 64 << 20;            // of all requests that have not arrived whole
  std::size_t answer_bytes = 64 << 20;         // of all answers that have not been read whole
  std::chrono::milliseconds patience{10'000};  // for a whole request, and again for its answer
  std::function<void()> on_drop;  // an answer had to go before it was read; on the front's thread
};

// One request that has arrived whole, or the HTTP status that says why there is none.
struct http_arrival {
  int refusal = 0;  // 0: `request` is whole
  std::string request;
};

class http_front {
 public:
  // Takes the bytes of an HTTP response; the connection is closed after it. Call once. [any]
  using reply = std::function<void(std::string response)>;
  // Called on the front's thread: must not block and not throw.
  using handler = std::function<void(http_arrival arrived, reply answer)>;

  // Listens from its construction. Throws start_error.
  http_front(const http_options& options, handler on_request);
  // stop(now).
  ~http_front();
  http_front(const http_front&) = delete;
  http_front& operator=(const http_front&) = delete;

  // The TCP port, 0 on a Unix socket.
  int port() const;
  // Accepts nothing more, drops requests that are not whole, sends the answers that were given or
  // are still to come, at most until `deadline`. Once.
  void stop(std::chrono::system_clock::time_point deadline);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// A whole HTTP/1.1 response that closes its connection. `more_headers`: "Name: value\r\n"...
std::string http_response(int status,
                          const std::string& content_type,
                          const std::string& body,
                          const std::string& more_headers = "");

}  // namespace clvd
