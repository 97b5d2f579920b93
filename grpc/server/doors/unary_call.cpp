#include "doors/unary_call.hpp"

#include <exception>
#include <utility>

#include "calls/errors.hpp"
#include "calls/wire.hpp"
#include "doors/grpc_credentials.hpp"

namespace clvd {
unary_call::unary_call(host& h,
                       const method& m,
                       caller who,
                       grpc::CallbackServerContext& context,
                       const grpc::ByteBuffer& request,
                       grpc::ByteBuffer& response)
    : host_(h),
      method_(m),
      request_(request),
      response_(response),
      call_(std::move(who), context.deadline(), trace_of(context)) {}

grpc::ServerUnaryReactor* unary_call::start(host& h,
                                            const method& m,
                                            grpc::CallbackServerContext& context,
                                            const grpc::ByteBuffer& request,
                                            grpc::ByteBuffer& response) {
  arrival from = arrived(context, h.known);
  auto* self = new unary_call(h, m, std::move(from.who), context, request, response);
  if (from.refusal == nullptr) {
    self->begin();
  } else {
    self->end(from.refusal.get());
  }
  return self;
}

void unary_call::begin() {
  inside_ = host_.door.enter();
  if (!inside_) {
    const call_error error = shutting_down();
    end(&error);
  } else if (!host_.pool_for(method_).submit([this] { run(); })) {
    const call_error error = queue_full();
    end(&error);
  }
}

void unary_call::run() {
  using google::protobuf::Message;
  const auto error = answer(
      host_,
      method_,
      call_,
      [this](Message& request) { decode(request_, request); },
      [this](const Message& response) { response_ = encode(response); });
  end(error.get());
}

void unary_call::end(const call_error* error) {
  note_end(host_, "grpc", method_, call_, error, std::chrono::steady_clock::now() - started_);
  Finish(error == nullptr ? grpc::Status::OK : to_status(*error));
}

void unary_call::OnDone() {
  gate& door = host_.door;
  const bool inside = inside_;
  delete this;
  if (inside) door.leave();
}

}  // namespace clvd
