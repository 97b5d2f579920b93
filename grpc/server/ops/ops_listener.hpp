// /livez, /readyz and /metrics, for the machine's own supervisors: a listener of its own, never the
// port that calls come through.
#pragma once

#include <chrono>
#include <memory>

#include "doors/answer.hpp"
#include "doors/http_front.hpp"
#include "ops/server_state.hpp"

namespace clvd {

class ops_listener {
 public:
  // Answers on a thread of its own, so also while all workers are busy. Nobody is asked who they
  // are: the address is a Unix socket or loopback. Throws start_error.
  ops_listener(host& h, const server_state& state, const http_options& options);
  ~ops_listener();
  ops_listener(const ops_listener&) = delete;
  ops_listener& operator=(const ops_listener&) = delete;

  int port() const;  // 0 on a Unix socket

 private:
  host& host_;
  const server_state& state_;
  http_front front_;  // last: its thread uses what stands before it

  std::string respond(const http_arrival& arrived);
};

}  // namespace clvd
