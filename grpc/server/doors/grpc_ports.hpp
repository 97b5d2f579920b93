// Where gRPC is served: the Unix socket and the TCP port, each with its own rules about who is who.
#pragma once

#include <grpcpp/server_builder.h>

#include <functional>
#include <memory>

#include "config/options.hpp"
#include "doors/socket_path.hpp"
#include "doors/unix_listener.hpp"
#include "security/tls.hpp"

namespace clvd {

class grpc_ports {
 public:
  struct events {
    std::function<void()> peer_refused;
    tls::events certificates;
  };

  // Takes the socket's path, checks the certificates, and adds both ports to `builder`. Throws
  // start_error.
  grpc_ports(grpc::ServerBuilder& builder, const options& o, events on);
  ~grpc_ports();
  grpc_ports(const grpc_ports&) = delete;
  grpc_ports& operator=(const grpc_ports&) = delete;

  // After the server was built: connections on the Unix socket are taken from now on.
  void start();
  // No new connection on the Unix socket; the TCP port goes with the server.
  void stop();
  // Of TCP, 0 = none; known after the server was built.
  int tcp_port() const { return tcp_port_; }
  // Looks at the certificates again. Throws call_error.
  void reload();

 private:
  void add_socket(grpc::ServerBuilder& builder, const options& o, std::function<void()> refused);
  void add_tcp(grpc::ServerBuilder& builder, const options& o, tls::events certificates);
  void add_port(grpc::ServerBuilder& builder,
                const options& o,
                const std::shared_ptr<grpc::ServerCredentials>& credentials);

  std::unique_ptr<socket_path> path_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<unix_listener> listener_;
  std::unique_ptr<tls> tls_;
  int tcp_port_ = 0;
};

}  // namespace clvd
