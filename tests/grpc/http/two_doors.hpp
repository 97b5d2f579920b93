// clvd's two doors over one host, in this process, with no store: scoring needs none.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "doors/answer.hpp"
#include "doors/http_door.hpp"
#include "http_client.hpp"
#include "ops/metrics.hpp"
#include "ops/ops_listener.hpp"
#include "ops/server_state.hpp"
#include "security/credentials.hpp"
#include "sidecar.hpp"

namespace clv::test {

inline const std::string score_summaries = "/clv.v1.ScoringService/ScoreSummaries";

struct two_doors_options {
  clvd::http_options http;       // address "" = a Unix socket in a folder of its own
  clvd::credential_rules rules;  // no tokens
  unsigned workers = 2;
  std::size_t queue = 64;
};

class two_doors {
 public:
  explicit two_doors(two_doors_options options = {});
  ~two_doors();
  two_doors(const two_doors&) = delete;
  two_doors& operator=(const two_doors&) = delete;

  const std::string& http() const { return http_address_; }
  const std::string& ops() const { return ops_address_; }
  grpc::Channel& channel() { return *channel_; }
  clvd::host& host() { return host_; }
  clvd::http_door& door() { return *door_; }
  clvd::server_state& state() { return state_; }
  // Whether everything that came in has been answered.
  bool is_quiet() { return gate_.inside() == 0; }

 private:
  temporary_folder folder_;
  clvd::metrics metrics_;
  clvd::server_state state_;
  clvd::credentials known_;
  clvd::gate gate_;
  clvd::pool workers_;
  clvd::host host_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> grpc_;
  std::unique_ptr<clvd::http_door> door_;
  std::unique_ptr<clvd::ops_listener> ops_;
  std::string http_address_;
  std::string ops_address_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace clv::test
