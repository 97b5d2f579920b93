#include "unary_call.hpp"

#include <google/protobuf/arena.h>

#include <atomic>
#include <new>
#include <string>

#include "errors.hpp"
#include "log.hpp"
#include "wire.hpp"

namespace clvd {
namespace {

call_error full() {
  return {grpc::StatusCode::RESOURCE_EXHAUSTED, "QUEUE_FULL", "too many calls are waiting"};
}

call_error draining() {
  return {grpc::StatusCode::UNAVAILABLE, "SHUTTING_DOWN", "the server is shutting down"};
}

// What went wrong stays in the log, under a number that the client gets.
void hide(call_error& error) {
  static std::atomic<std::int64_t> incidents = 0;
  if (error.code == grpc::StatusCode::INTERNAL) {
    if (error.hidden.empty()) error.hidden = error.message;
    error.message = "internal error";
  }
  if (error.hidden.empty()) return;
  const std::int64_t incident = ++incidents;
  error.metadata["incident"] = std::to_string(incident);
  error.message += ", incident " + std::to_string(incident);
  log_error("incident", {{"incident", incident}, {"text", error.hidden}});
}

}  // namespace

unary_call::unary_call(host& h,
                       const method& m,
                       grpc::CallbackServerContext& context,
                       const grpc::ByteBuffer& request,
                       grpc::ByteBuffer& response)
    : host_(h), method_(m), request_(request), response_(response), call_(context.deadline()) {}

grpc::ServerUnaryReactor* unary_call::start(host& h,
                                            const method& m,
                                            grpc::CallbackServerContext& context,
                                            const grpc::ByteBuffer& request,
                                            grpc::ByteBuffer& response) {
  auto* self = new unary_call(h, m, context, request, response);
  self->inside_ = h.door.enter();
  if (!self->inside_) {
    self->reason_ = "SHUTTING_DOWN";
    self->end(to_status(draining()));
  } else if (!h.workers.submit([self] { self->run(); })) {
    self->reason_ = "QUEUE_FULL";
    self->end(to_status(full()));
  }
  return self;
}

void unary_call::run() {
  end(answer());
}

grpc::Status unary_call::answer() {
  try {
    call_.check_wanted();
    google::protobuf::Arena arena;
    auto& request = *method_.request.New(&arena);
    auto& response = *method_.response.New(&arena);
    decode(request_, request);
    method_.handle(host_.with, call_, request, response);
    response_ = encode(response);
    return grpc::Status::OK;
  } catch (call_error& error) {
    hide(error);
    reason_ = error.reason;
    return to_status(error);
  } catch (const std::bad_alloc&) {
    reason_ = "OUT_OF_MEMORY";
    return to_status(
        {grpc::StatusCode::RESOURCE_EXHAUSTED, reason_, "the server is out of memory"});
  } catch (const std::exception& bug) {
    call_error error(grpc::StatusCode::INTERNAL, "INTERNAL", bug.what());
    hide(error);
    reason_ = error.reason;
    return to_status(error);
  }
}

void unary_call::end(grpc::Status s) {
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - started_;
  log_info("call",
           {{"method", method_.path},
            {"code", std::int64_t{s.error_code()}},
            {"reason", reason_},
            {"ms", took.count()}});
  Finish(std::move(s));
}

void unary_call::OnDone() {
  gate& door = host_.door;
  const bool inside = inside_;
  delete this;
  if (inside) door.leave();
}

}  // namespace clvd
