#include "two_doors.hpp"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <utility>

#include "calls/wire.hpp"
#include "doors/service.hpp"

namespace clv::test {
namespace {

clvd::services stateless(clvd::server_state& state) {
  clvd::services with;
  with.server = &state;
  return with;
}

}  // namespace

two_doors::two_doors(two_doors_options o)
    : known_("", std::move(o.rules)),
      workers_(o.workers, o.queue),
      host_{stateless(state_), workers_, gate_, metrics_, known_},
      services_(clvd::make_services(host_)) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(clvd::max_message_bytes);
  const std::string grpc_address = "unix:" + folder_.file("grpc");
  builder.AddListeningPort(grpc_address, grpc::experimental::LocalServerCredentials(UDS));
  for (const auto& service : services_) builder.RegisterService(service.get());
  grpc_ = builder.BuildAndStart();
  channel_ = channel_to(grpc_address);
  if (o.http.address.empty()) o.http.address = "unix:" + folder_.file("http");
  door_ = std::make_unique<clvd::http_door>(host_, o.http);
  http_address_ = o.http.address;
  if (door_->port() != 0) http_address_ = "127.0.0.1:" + std::to_string(door_->port());
  clvd::http_options ops;
  ops.address = ops_address_ = "unix:" + folder_.file("ops");
  ops_ = std::make_unique<clvd::ops_listener>(host_, state_, ops);
}

two_doors::~two_doors() {
  const auto until = soon();
  gate_.close(until);
  door_->stop(until);
  grpc_->Shutdown(until);
}

}  // namespace clv::test
