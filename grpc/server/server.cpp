#include "server.hpp"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <thread>

#include "log.hpp"
#include "wire.hpp"

namespace clvd {
namespace {

constexpr std::size_t memory_for_messages = 256u << 20u;

unsigned worker_count(const options& o) {
  return o.workers != 0 ? o.workers : std::max(1u, std::thread::hardware_concurrency());
}

void set_limits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("clvd");
  quota.Resize(memory_for_messages);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 64);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 8192);
  // With it on, two servers on one port would share the connections in silence.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

// Each service is ready when its calls can work: ActionService needs a store.
void report_health(grpc::Server& server, const services& with) {
  auto& health = *server.GetHealthCheckService();
  for (const std::string& name : service_names()) {
    health.SetServingStatus(name, name != "clv.v1.ActionService" || with.actions != nullptr);
  }
  health.SetServingStatus("", true);
}

}  // namespace

server::server(const options& o, store* actions)
    : drain_(o.drain),
      path_(o.socket.empty() ? nullptr : std::make_unique<socket_path>(o.socket)),
      workers_(worker_count(o), o.queue),
      host_{services{actions}, workers_, door_},
      services_(make_services(host_)) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  set_limits(builder);
  int port = 0;
  const auto nobody_is_checked = grpc::InsecureServerCredentials();  // owner only, or loopback only
  if (path_ != nullptr) builder.AddListeningPort("unix:" + o.socket, nobody_is_checked);
  if (!o.listen.empty()) builder.AddListeningPort(o.listen, nobody_is_checked, &port);
  for (const auto& service : services_) builder.RegisterService(service.get());
  grpc_ = builder.BuildAndStart();
  if (grpc_ == nullptr) {
    throw start_error(failed,
                      "cannot serve on '" + o.socket + (o.listen.empty() ? "" : "' and '") +
                          o.listen + "': is the address in use, and the folder there?");
  }
  report_health(*grpc_, host_.with);
  log_info("serving", {{"socket", o.socket}, {"port", std::int64_t{port}}});
}

void server::drain() {
  const auto deadline = std::chrono::system_clock::now() + drain_;
  log_info("draining", {{"seconds", std::int64_t{drain_.count()}}});
  grpc_->GetHealthCheckService()->Shutdown();
  door_.close(deadline);
  // Nothing of ours is in progress any more, or its time is over: this is for refusals on their
  // way.
  grpc_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  grpc_->Wait();
}

}  // namespace clvd
