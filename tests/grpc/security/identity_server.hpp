// A gRPC server with clvd's ports and callers and nothing behind them: each call is answered with
// who made it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "doors/grpc_ports.hpp"
#include "security/credentials.hpp"

namespace clv::test {

class identity_server {
 public:
  explicit identity_server(const clvd::options& o, clvd::credential_rules rules = {});
  ~identity_server();

  int port() const { return ports_->tcp_port(); }
  clvd::credentials& known() { return known_; }
  clvd::grpc_ports& ports() { return *ports_; }
  int refused_peers() const { return refused_peers_; }
  int failed_reloads() const { return failed_reloads_; }

 private:
  class service;

  clvd::credentials known_;
  std::atomic<int> refused_peers_ = 0, failed_reloads_ = 0;
  std::unique_ptr<service> service_;
  std::unique_ptr<clvd::grpc_ports> ports_;
  std::unique_ptr<grpc::Server> server_;
};

using headers = std::vector<std::pair<std::string, std::string>>;

// Who the server says it was: "name tenant scopes" and " operator" where so; the status when it
// refuses.
struct identity {
  grpc::Status status;
  std::string text;
};
identity who_am_i(const std::shared_ptr<grpc::Channel>& over,
                  const headers& with = {},
                  const std::string& method = "/clv.test.Who/AmI");

}  // namespace clv::test
