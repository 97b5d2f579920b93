// clvd's services behind its own socket within the test: what a process shows only by chance, a
// test can bring about here.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "calls/gate.hpp"
#include "config/options.hpp"
#include "doors/grpc_ports.hpp"
#include "doors/service.hpp"
#include "jobs/job_board.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"
#include "plugins/supervisor.hpp"
#include "plugins/ticks.hpp"
#include "security/credentials.hpp"
#include "sidecar.hpp"
#include "tenants/tenants.hpp"

namespace clv::test {

// In the order of clvd::server. `tokens`: a file, or "".
class local_server {
 public:
  explicit local_server(const std::string& tokens = "")
      : known_(tokens, {.on_refusal = {}, .now = [this] { return seconds_.load(); }}) {
    grpc::ServerBuilder builder;
    clvd::options o;
    o.socket = folder_.file("s");
    ports_ = std::make_unique<clvd::grpc_ports>(builder, o, clvd::grpc_ports::events{});
    services_ = clvd::make_services(host_);
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    ports_->start();
    channel_ = channel_to("unix:" + o.socket);
  }
  ~local_server() {
    door_.refuse();
    jobs_.stop_all();
    state_.streams.close_all();
    ports_->stop();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  local_server(const local_server&) = delete;
  local_server& operator=(const local_server&) = delete;

  grpc::Channel& channel() { return *channel_; }
  clvd::server_state& state() { return state_; }
  clvd::credentials& known() { return known_; }
  clvd::job_board& jobs() { return jobs_; }
  clvd::tenant& tenant() { return tenants_.of({}); }
  void set_clock(std::int64_t seconds) { seconds_ = seconds; }

 private:
  static clvd::plugins::supervisor_options no_plugins() {
    clvd::plugins::supervisor_options none;
    none.host_program = "/nonexistent";
    none.housekeeping = false;
    return none;
  }

  const temporary_folder folder_;
  std::atomic<std::int64_t> seconds_ = 0;
  clvd::metrics metrics_;
  clvd::server_state state_;
  clvd::credentials known_;
  clvd::plugins::ticks clock_;
  clvd::plugins::supervisor plugins_{
      no_plugins(), clock_, [](std::string_view, std::string_view, std::string_view, int) {}};
  clvd::tenants tenants_{{"", folder_.file("shop.clv"), {}}, metrics_, state_};
  clvd::job_board jobs_{1, metrics_};
  clvd::gate door_;
  clvd::pool workers_{2, 64};
  clvd::host host_{{&tenants_, &jobs_, &plugins_, &state_}, workers_, door_, metrics_, known_};
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<clvd::grpc_ports> ports_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace clv::test
