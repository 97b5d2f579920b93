// The running server: listens from its construction until drain().
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "gate.hpp"
#include "options.hpp"
#include "pool.hpp"
#include "service.hpp"
#include "socket_path.hpp"
#include "store.hpp"

namespace clvd {

class server {
 public:
  // `actions` may be null. Throws start_error.
  server(const options& o, store* actions);

  // Stops in order: health says NOT_SERVING and new calls are refused; calls in progress end, at
  // most until the drain time is over; then what is left is cancelled.
  void drain();

 private:
  const std::chrono::seconds drain_;
  std::unique_ptr<socket_path> path_;
  gate door_;
  pool workers_;
  host host_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> grpc_;
};

}  // namespace clvd
