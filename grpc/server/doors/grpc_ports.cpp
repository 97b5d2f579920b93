#include "doors/grpc_ports.hpp"

#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/server_credentials.h>

#include <utility>

#include "ops/log.hpp"

namespace clvd {
namespace {

// Rotated certificates and revoked clients must not live on in connections that never end.
constexpr int longest_connection_ms = 10 * 60 * 1000;
constexpr int grace_ms = 5 * 60 * 1000;

// Only turns reflection away: it looks at the path and leaves nothing in the connection's context.
class no_reflection final : public grpc::AuthMetadataProcessor {
 public:
  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata& headers,
                       grpc::AuthContext*,
                       OutputMetadata*,
                       OutputMetadata*) override {
    const auto path = headers.find(":path");
    if (path == headers.end() || !path->second.starts_with("/grpc.reflection.")) {
      return grpc::Status::OK;
    }
    return {grpc::StatusCode::UNIMPLEMENTED, "reflection is off over TCP: see --reflection"};
  }
};

}  // namespace

grpc_ports::grpc_ports(grpc::ServerBuilder& builder, const options& o, events on) {
  if (!o.socket.empty()) add_socket(builder, o, std::move(on.peer_refused));
  if (!o.listen.empty()) add_tcp(builder, o, std::move(on.certificates));
}

grpc_ports::~grpc_ports() {
  stop();
}

void grpc_ports::add_socket(grpc::ServerBuilder& builder,
                            const options& o,
                            std::function<void()> refused) {
  path_ = std::make_unique<socket_path>(o.socket);
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::experimental::LocalServerCredentials(UDS));
  const auto hand_over = [this](int connection) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters p;
    p.fd = connection;
    acceptor_->HandleNewConnection(&p);
  };
  listener_ = std::make_unique<unix_listener>(o.socket,
                                              peer_rules{o.allow_uids, o.allow_gid},
                                              unix_listener::events{hand_over, std::move(refused)});
}

void grpc_ports::add_tcp(grpc::ServerBuilder& builder, const options& o, tls::events certificates) {
  if (!o.tls.wanted()) {
    if (o.tokens.empty() && !o.anonymous_loopback) {
      log_info("no_callers_over_tcp",
               {{"text", "without --tokens every call over --listen is refused"}});
    }
    add_port(builder, o, grpc::experimental::LocalServerCredentials(LOCAL_TCP));
    return;
  }
  tls_ = std::make_unique<tls>(o.tls, std::move(certificates));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, longest_connection_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, grace_ms);
  add_port(builder, o, tls_->credentials());
}

void grpc_ports::add_port(grpc::ServerBuilder& builder,
                          const options& o,
                          const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  if (!o.reflection) credentials->SetAuthMetadataProcessor(std::make_shared<no_reflection>());
  builder.AddListeningPort(o.listen, credentials, &tcp_port_);
}

void grpc_ports::start() {
  if (listener_ != nullptr) listener_->start();
}

void grpc_ports::stop() {
  if (listener_ != nullptr) listener_->stop();
}

void grpc_ports::reload() {
  if (tls_ != nullptr) tls_->reload();
}

}  // namespace clvd
