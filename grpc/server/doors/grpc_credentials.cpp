#include "doors/grpc_credentials.hpp"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "doors/answer.hpp"
#include "security/credentials.hpp"

namespace clvd {
namespace {

// Of the header, which arrives in lower case: HTTP/2 knows no other.
std::optional<std::string> header(const grpc::CallbackServerContext& context,
                                  const char* name,
                                  bool& repeated) {
  const auto [first, last] = context.client_metadata().equal_range(name);
  if (first == last) return std::nullopt;
  repeated |= std::next(first) != last;
  return std::string(first->second.data(), first->second.size());
}

std::string property(const grpc::AuthContext& of, const char* name) {
  const auto values = of.FindPropertyValues(name);
  return values.empty() ? "" : std::string(values.front().data(), values.front().size());
}

}  // namespace

caller caller_of(const grpc::CallbackServerContext& context, const credentials& known) {
  evidence shown;
  shown.authorization = header(context, "authorization", shown.repeated_header);
  shown.wanted_tenant = header(context, "clv-tenant", shown.repeated_header);
  const auto connection = context.auth_context();
  const std::string transport = property(*connection, GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  const bool is_unix = context.peer().starts_with("unix:");
  shown.unix_socket = transport == "local" && is_unix;
  shown.plain_loopback = transport == "local" && !is_unix;
  if (transport == GRPC_SSL_TRANSPORT_SECURITY_TYPE || transport == "tls") {
    // gRPC tells a common name only of a certificate that it has verified.
    shown.client_certificate_subject = property(*connection, GRPC_X509_CN_PROPERTY_NAME);
  }
  return known.identify(shown);
}

arrival arrived(const grpc::CallbackServerContext& context,
                const credentials& known,
                const method* within) {
  try {
    caller who = caller_of(context, known);
    if (within != nullptr) check_scope(*within, who);
    return {std::move(who), nullptr};
  } catch (...) {
    return {nobody(), std::make_unique<call_error>(told(std::current_exception()))};
  }
}

std::unique_ptr<call_error> lost_right(const grpc::CallbackServerContext& context,
                                       const credentials& known,
                                       const method& m,
                                       const caller& was) {
  try {
    const caller now = caller_of(context, known);
    check_scope(m, now);
    if (now.tenant == was.tenant) return nullptr;
    return std::make_unique<call_error>(grpc::StatusCode::UNAUTHENTICATED,
                                        "UNAUTHENTICATED",
                                        "the credential belongs to another tenant now");
  } catch (const call_error& e) {
    return std::make_unique<call_error>(e);
  }
}

trace trace_of(grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("traceparent");
  const bool is_there = found != context.client_metadata().end();
  trace made = new_trace(is_there ? std::string_view(found->second.data(), found->second.size())
                                  : std::string_view());
  context.AddInitialMetadata("clv-request-id", made.request_id);
  return made;
}

}  // namespace clvd
