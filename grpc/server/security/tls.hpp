// The certificates of the TCP door, and their renewal while it serves.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <functional>
#include <memory>

#include "config/options.hpp"

namespace clvd {

// gRPC's file watcher takes whatever stands in the files it watches, and garbage there breaks every
// new handshake. So it watches a private folder of ours, into which only checked pairs are put, key
// and certificate at once.
class tls {
 public:
  struct events {
    std::function<void(double seconds_left)> looked;  // after each look that found a good pair
    std::function<void()> failed;                     // the old pair stays
  };

  // Checks the files and begins to look at them again every files.look_again. Throws start_error.
  tls(tls_files files, events on);
  // The door's server must be gone by then.
  ~tls();
  tls(const tls&) = delete;
  tls& operator=(const tls&) = delete;

  // TLS 1.2 or 1.3; with a client CA, only clients with a certificate of it.
  std::shared_ptr<grpc::ServerCredentials> credentials() const;
  // Looks now. New connections get a changed pair within about a second. Throws call_error, and the
  // old pair stays.
  void reload();

  // The checks alone. Throws start_error.
  static void check(const tls_files& files);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clvd
