#include "doors/stream_call.hpp"

#include <utility>

#include "calls/errors.hpp"
#include "calls/wire.hpp"
#include "doors/grpc_credentials.hpp"
#include "ops/server_state.hpp"

namespace clvd {

stream_call::stream_call(host& h,
                         const method& m,
                         caller who,
                         grpc::CallbackServerContext& context,
                         const grpc::ByteBuffer& request)
    : host_(h),
      method_(m),
      context_(context),
      request_(request),
      call_(std::move(who), context.deadline(), trace_of(context)) {}

grpc::ServerWriteReactor<grpc::ByteBuffer>* stream_call::start(host& h,
                                                               const method& m,
                                                               grpc::CallbackServerContext& context,
                                                               const grpc::ByteBuffer& request) {
  arrival from = arrived(context, h.known);
  const auto self = std::make_shared<stream_call>(h, m, std::move(from.who), context, request);
  self->self_ = self;
  if (from.refusal == nullptr) {
    self->begin();
  } else {
    self->end(from.refusal.get());
  }
  return self.get();
}

void stream_call::begin() {
  inside_ = host_.door.enter();
  if (!inside_) {
    const call_error error = shutting_down();
    return end(&error);
  }
  stream_ = host_.with.server->streams.add(weak_from_this());
  again();
}

void stream_call::again() {
  if (host_.workers.submit([self = shared_from_this()] { self->work(); })) return;
  const call_error error = queue_full();
  end(&error);
}

void stream_call::work() {
  try {
    call_.check_wanted();
    google::protobuf::Arena arena;
    if (!from_) {
      check_scope(method_, call_.who());
      auto& request = *method_.request.New(&arena);
      decode(request_, request);
      drop_negative_zeros(request);
      from_ = method_.stream(host_.with, call_, request);
    }
    auto& response = *method_.response.New(&arena);
    switch (from_->advance(response)) {
      case producer::next::message:
        return send(response);
      case producer::next::end:
        return end(nullptr);
      case producer::next::wait:
        return wait();
    }
  } catch (...) {
    const call_error error = told(std::current_exception());
    end(&error);
  }
}

// While the server drains one message more is sent: that a job was interrupted. Who is not through
// by then goes on at another server; OK would say that this was all.
void stream_call::send(google::protobuf::Message& response) {
  drop_negative_zeros(response);
  bool too_late = false;
  {
    const std::lock_guard lock(mutex_);
    too_late = closing_ && said_goodbye_;
    said_goodbye_ = closing_;
    if (!too_late) state_ = state::writing;
  }
  if (too_late) throw shutting_down();
  message_ = encode(response);
  StartWrite(&message_);
}

// As soon as the state is `waiting` another thread may take over and even end the call: what is
// needed afterwards is taken before.
void stream_call::wait() {
  const std::shared_ptr<stream_call> self = shared_from_this();
  const std::shared_ptr<producer> from = from_;
  bool over = false;
  {
    const std::lock_guard lock(mutex_);
    over = closing_ || call_.cancelled();  // also where its caller lost the right to it
    if (!over) state_ = state::waiting;
  }
  if (over && call_.cancelled()) return again();
  if (over) return end(nullptr);
  from->when_ready([weak = std::weak_ptr<stream_call>(self)] {
    if (const auto woken = weak.lock()) woken->woken();
  });
}

void stream_call::woken() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ != state::waiting) return;
    state_ = state::working;
  }
  again();
}

// A stream that only waits says what it still has, if anything, and ends now.
void stream_call::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (state_ != state::waiting) return;
    state_ = state::working;
  }
  again();
}

// What gRPC is writing is the last that is written.
void stream_call::look() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == state::ended || lost_ != nullptr) return;  // gRPC may have freed the context
    lost_ = lost_right(context_, host_.known, method_, call_.who());
    if (lost_ == nullptr) return;
  }
  call_.cancel();
  woken();
}

void stream_call::OnWriteDone(bool written) {
  {
    const std::lock_guard lock(mutex_);
    state_ = state::working;
  }
  if (!written) return end(nullptr);  // nobody reads any more
  again();
}

void stream_call::OnCancel() {
  call_.cancel();
  woken();
}

void stream_call::end(const call_error* error) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == state::ended) return;
    state_ = state::ended;
    if (lost_ != nullptr) error = lost_.get();
  }
  note_end(host_, "grpc", method_, call_, error, std::chrono::steady_clock::now() - started_);
  Finish(error == nullptr ? grpc::Status::OK : to_status(*error));
}

// The producer stays until nobody holds this any more: a worker may still be in it.
void stream_call::OnDone() {
  if (stream_ != 0) host_.with.server->streams.remove(stream_);
  const auto self = std::move(self_);  // lives to the end of this
  if (inside_) host_.door.leave();
}

}  // namespace clvd
