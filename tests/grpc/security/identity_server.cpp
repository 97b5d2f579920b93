#include "identity_server.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <stdexcept>

#include "calls/errors.hpp"
#include "doors/grpc_credentials.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

grpc::ByteBuffer bytes_of(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

// Reads nothing, writes one message, ends.
class answering final : public grpc::ServerGenericBidiReactor {
 public:
  answering(const grpc::GenericCallbackServerContext& context, const clvd::credentials& known) {
    try {
      const clvd::caller who = clvd::caller_of(context, known);
      answer_ = bytes_of(who.name + " " + who.tenant + " " + std::to_string(who.scopes) +
                         (who.may_operate ? " operator" : ""));
      StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
    } catch (const clvd::call_error& e) {
      Finish(clvd::to_status(e));
    }
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

class identity_server::service final : public grpc::CallbackGenericService {
 public:
  explicit service(const clvd::credentials& known) : known_(known) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new answering(*context, known_);
  }

 private:
  const clvd::credentials& known_;
};

identity_server::identity_server(const clvd::options& o, clvd::credential_rules rules)
    : known_(o.tokens, std::move(rules)), service_(std::make_unique<service>(known_)) {
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 8192);
  builder.RegisterCallbackGenericService(service_.get());
  clvd::grpc_ports::events on;
  on.peer_refused = [this] { ++refused_peers_; };
  on.certificates.failed = [this] { ++failed_reloads_; };
  ports_ = std::make_unique<clvd::grpc_ports>(builder, o, std::move(on));
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) throw std::runtime_error("the server did not start");
  ports_->start();
}

identity_server::~identity_server() {
  ports_->stop();
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

identity who_am_i(const std::shared_ptr<grpc::Channel>& over,
                  const headers& with,
                  const std::string& method) {
  grpc::GenericStub stub(over);
  grpc::ClientContext context;
  context.set_deadline(soon());
  for (const auto& [key, value] : with) context.AddMetadata(key, value);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer answer;
  identity found;
  auto rpc = stub.PrepareUnaryCall(&context, method, bytes_of(""), &queue);
  rpc->StartCall();
  rpc->Finish(&answer, &found.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  if (found.status.ok() && answer.Dump(&slices).ok()) {
    for (const grpc::Slice& s : slices) {
      found.text.append(reinterpret_cast<const char*>(s.begin()), s.size());
    }
  }
  return found;
}

}  // namespace clv::test
