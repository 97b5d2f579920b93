#include "doors/service.hpp"

#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "doors/stream_call.hpp"
#include "doors/unary_call.hpp"
#include "ingest/ingest_stream.hpp"

namespace clvd {
namespace {

// "/clv.v1.ScoringService/ScoreSummaries" -> "clv.v1.ScoringService"
std::string service_of(const method& m) {
  const std::string_view path = m.path;
  return std::string(path.substr(1, path.rfind('/') - 1));
}

// What protoc's gRPC plugin would generate as WithRawCallbackMethod_X for each method, from the
// table instead. Raw, because gRPC's own parsing answers malformed bytes with UNIMPLEMENTED and an
// empty text (measured with 1.51.1).
class table_service final : public grpc::Service {
 public:
  void add(host& h, const method& m) {
    if (m.ingest_stream) return add_ingest_stream(h, m);
    if (m.stream != nullptr) return add_stream(h, m);
    declare(m, grpc::internal::RpcMethod::NORMAL_RPC);
    using handler = grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    auto start = [&h, &m](grpc::CallbackServerContext* context,
                          const grpc::ByteBuffer* request,
                          grpc::ByteBuffer* response) -> grpc::ServerUnaryReactor* {
      return unary_call::start(h, m, *context, *request, *response);
    };
    MarkMethodRawCallback(methods_++, new handler(start));
  }

 private:
  void declare(const method& m, grpc::internal::RpcMethod::RpcType type) {
    AddMethod(new grpc::internal::RpcServiceMethod(m.path, type, nullptr));
  }
  void add_stream(host& h, const method& m) {
    declare(m, grpc::internal::RpcMethod::SERVER_STREAMING);
    using handler =
        grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    auto start = [&h, &m](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
      return stream_call::start(h, m, *context, *request);
    };
    MarkMethodRawCallback(methods_++, new handler(start));
  }
  void add_ingest_stream(host& h, const method& m) {
    declare(m, grpc::internal::RpcMethod::BIDI_STREAMING);
    using handler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    auto start = [&h, &m](grpc::CallbackServerContext* context) {
      return ingest_stream::start(h, m, *context);
    };
    MarkMethodRawCallback(methods_++, new handler(start));
  }

  int methods_ = 0;
};

}  // namespace

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const method& m : methods()) {
    std::string name = service_of(m);
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::unique_ptr<grpc::Service>> make_services(host& h) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  for (const std::string& name : service_names()) {
    auto service = std::make_unique<table_service>();
    for (const method& m : methods()) {
      if (service_of(m) == name) service->add(h, m);
    }
    services.push_back(std::move(service));
  }
  return services;
}

}  // namespace clvd
