#include "ingest/ingest_stream.hpp"

#include <utility>

#include "calls/arguments.hpp"
#include "calls/errors.hpp"
#include "calls/wire.hpp"
#include "doors/grpc_credentials.hpp"
#include "ingest/event_batch.hpp"
#include "ops/server_state.hpp"
#include "tenants/tenants.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr int rejects_told = 100;

std::string name_argument(const char* field, const std::string& text) {
  if (text.empty()) throw invalid_field("FIELD_REQUIRED", field, "give a name");
  return id_argument(field, text);
}

}  // namespace

std::string stream_key(const char* field, const std::string& producer_id) {
  return "stream:" + name_argument(field, producer_id);
}

namespace {

void add_rejects(const verdict& v, std::int64_t sequence, v1::IngestStreamResponse::Ack& to) {
  for (const refused_row& row : v.refused) {
    if (to.rejected_size() >= rejects_told) return;
    v1::ItemError& item = *to.add_rejected();
    tell(row, item);
    item.set_sequence(sequence);
  }
}

}  // namespace

ingest_stream::ingest_stream(host& h,
                             const method& m,
                             caller who,
                             grpc::CallbackServerContext& context)
    : host_(h),
      method_(m),
      context_(context),
      call_(std::move(who), context.deadline(), trace_of(context)) {}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ingest_stream::start(
    host& h, const method& m, grpc::CallbackServerContext& context) {
  arrival from = arrived(context, h.known, &m);
  const auto self = std::make_shared<ingest_stream>(h, m, std::move(from.who), context);
  self->self_ = self;
  if (from.refusal == nullptr) {
    self->begin();
  } else {
    const std::lock_guard lock(self->mutex_);
    self->begun_ = true;
    self->fail(*from.refusal);
  }
  return self.get();
}

void ingest_stream::begin() {
  inside_ = host_.door.enter();
  if (inside_) stream_ = host_.with.server->streams.add(weak_from_this());
  const std::lock_guard lock(mutex_);
  begun_ = true;
  if (!inside_) return fail(shutting_down());
  if (no_more_) return finish_if_done();
  reading_ = true;
  StartRead(&incoming_);
}

void ingest_stream::OnReadDone(bool read) {
  {
    const std::lock_guard lock(mutex_);
    if (!read) no_more_ = true;
    if (no_more_) {
      reading_ = false;
      return finish_if_done();
    }
  }
  if (host_.workers.submit([self = shared_from_this()] { self->frame(); })) return;
  const std::lock_guard lock(mutex_);
  reading_ = false;
  fail(queue_full());
}

void ingest_stream::frame() {
  try {
    call_.check_wanted();
    v1::IngestStreamRequest request;
    decode(incoming_, request);
    drop_negative_zeros(request);
    if (tenant_ == nullptr) {
      if (!request.has_open()) {
        throw invalid_field("FIELD_REQUIRED", "open", "the first message opens the stream");
      }
      open(request.open());
      read_on();
    } else {
      if (!request.has_batch()) {
        throw invalid_field("FIELD_REQUIRED", "batch", "after `open` come batches");
      }
      batch(request.batch());
    }
  } catch (...) {
    const call_error error = told(std::current_exception());
    const std::lock_guard lock(mutex_);
    reading_ = false;
    fail(error);
  }
}

void ingest_stream::read_on() {
  const std::lock_guard lock(mutex_);
  reading_ = false;
  if (finished_ || error_ || no_more_) return finish_if_done();
  reading_ = true;
  incoming_.Clear();
  StartRead(&incoming_);
}

void ingest_stream::open(const v1::IngestStreamRequest::Open& open) {
  tenants::check_named(call_.who(), open.tenant());
  source_ = name_argument("open.source", open.source());
  key_ = stream_key("open.producer_id", open.producer_id());
  currency_ = text_argument("open.currency_code", open.currency_code());
  partial_ = open.partial();
  if (host_.with.tenants == nullptr) throw no_store();
  tenant& of = host_.with.tenants->of(call_.who());
  // Who comes again while his old connection still looks alive must not be locked out by it.
  host_.with.server->streams.give_name(stream_, call_.who().tenant + "/" + key_);
  const std::int64_t durable = of.durable_sequence(key_);
  next_sequence_ = durable + 1;
  tenant_ = &of;
  v1::IngestStreamResponse response;
  response.mutable_opened()->set_durable_sequence(durable);
  response.mutable_opened()->set_max_batch_items(max_batch_items);
  const std::lock_guard lock(mutex_);
  response.mutable_opened()->set_window(window());
  ack_.set_durable_sequence(durable);
  opened_.push_back(std::move(response));
  write_next();
}

// A sequence that was taken before, or is sent twice, reaches the store, which knows it; one beyond
// the next would leave a gap.
void ingest_stream::batch(const v1::IngestStreamRequest::Batch& batch) {
  const std::int64_t sequence = batch.sequence();
  if (sequence < 1 || sequence > next_sequence_) {
    call_error error(grpc::StatusCode::FAILED_PRECONDITION,
                     "SEQUENCE_GAP",
                     "batch.sequence: the next one is " + std::to_string(next_sequence_));
    error.metadata["expected"] = std::to_string(next_sequence_);
    throw error;
  }
  const auto rows = std::make_shared<keyed_rows>(rows_of(batch.events()));
  rows->source = source_;
  rows->currency = currency_;
  rows->partial = partial_;
  rows->key = key_;
  rows->sequence = sequence;
  {
    const std::lock_guard lock(mutex_);
    if (no_more_) {  // the server drains: it is sent again to the next one
      reading_ = false;
      return finish_if_done();
    }
    if (unacknowledged_ >= stream_window) {
      throw call_error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                       "WINDOW_EXCEEDED",
                       "more batches are unacknowledged than the window allows");
    }
    ++unacknowledged_;
  }
  hand_over(rows);
}

// While the queue is full nothing more is read: HTTP/2 holds the sender back.
void ingest_stream::hand_over(const std::shared_ptr<const keyed_rows>& rows) {
  const auto self = shared_from_this();
  const std::int64_t sequence = rows->sequence;
  try {
    call_.check_wanted();
    const bool taken = tenant_->write().offer(
        *rows,
        [self, sequence](verdict v) { self->committed(sequence, std::move(v)); },
        [self, rows] { self->hand_over_later(rows); });
    if (!taken) return;
  } catch (...) {
    const call_error error = told(std::current_exception());
    const std::lock_guard lock(mutex_);
    --unacknowledged_;
    reading_ = false;
    return fail(error);
  }
  next_sequence_ = std::max(next_sequence_, sequence + 1);
  read_on();
}

// On the writer's thread.
void ingest_stream::hand_over_later(const std::shared_ptr<const keyed_rows>& rows) {
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    wanted = !no_more_;
  }
  const auto self = shared_from_this();
  if (wanted && host_.workers.submit([self, rows] { self->hand_over(rows); })) return;
  const std::lock_guard lock(mutex_);
  --unacknowledged_;
  reading_ = false;
  if (wanted) return fail(queue_full());
  finish_if_done();
}

void ingest_stream::committed(std::int64_t sequence, verdict v) {
  const std::lock_guard lock(mutex_);
  --unacknowledged_;
  if (v.error) {
    v.error->metadata["sequence"] = std::to_string(sequence);
    return fail(told(std::make_exception_ptr(*v.error)));
  }
  ack_.set_durable_sequence(std::max(ack_.durable_sequence(), v.durable_sequence));
  ack_.set_accepted_count(ack_.accepted_count() + v.accepted);
  ack_.set_duplicate_count(ack_.duplicate_count() + v.duplicates);
  ack_.set_rejected_count(ack_.rejected_count() + v.rejected);
  add_rejects(v, sequence, ack_);
  ack_wanted_ = true;
  write_next();
}

// 0 is followed by an ack with more as soon as half of the queue is free. A large write-ahead log
// is no reason to pause: it is emptied by the commits that follow, once its readers have left.
int ingest_stream::window() {
  switch (tenant_->write().room_for(max_batch_items)) {
    case writer::space::plenty:
      return tenant_->has_large_log() ? 1 : stream_window;
    case writer::space::little:
      return 1;
    case writer::space::none:
      break;
  }
  if (pausing_) return 0;
  const std::weak_ptr<ingest_stream> weak = weak_from_this();
  pausing_ = tenant_->write().call_when_room([weak] {
    if (const auto self = weak.lock()) self->go_on();
  });
  return pausing_ ? 0 : 1;
}

// On the writer's thread.
void ingest_stream::go_on() {
  const std::lock_guard lock(mutex_);
  pausing_ = false;
  if (no_more_) return;
  ack_wanted_ = true;
  write_next();
}

void ingest_stream::write_next() {
  if (writing_ || finished_) return;
  v1::IngestStreamResponse response;
  if (!opened_.empty()) {
    response = std::move(opened_.front());
    opened_.pop_front();
  } else if (ack_wanted_) {
    ack_.set_window(window());
    *response.mutable_ack() = ack_;
    const std::int64_t durable = ack_.durable_sequence();
    ack_.Clear();
    ack_.set_durable_sequence(durable);
    ack_wanted_ = false;
  } else {
    return finish_if_done();
  }
  outgoing_ = encode(response);
  writing_ = true;
  StartWrite(&outgoing_);
}

void ingest_stream::OnWriteDone(bool written) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!written) {
    no_more_ = true;
    ack_wanted_ = false;
    opened_.clear();
  }
  write_next();
}

// The server drains: what was handed over is still acknowledged, nothing more is read.
void ingest_stream::close() {
  const std::lock_guard lock(mutex_);
  no_more_ = true;
  finish_if_done();
}

void ingest_stream::look() {
  const std::lock_guard lock(mutex_);
  if (finished_ || error_) return;  // gRPC may have freed the context
  if (const auto lost = lost_right(context_, host_.known, method_, call_.who())) fail(*lost);
}

void ingest_stream::replaced() {
  const std::lock_guard lock(mutex_);
  fail({grpc::StatusCode::ABORTED,
        "PRODUCER_REPLACED",
        "another stream was opened with this producer_id"});
}

void ingest_stream::OnCancel() {
  call_.cancel();
  const std::lock_guard lock(mutex_);
  no_more_ = true;
  finish_if_done();
}

void ingest_stream::fail(const call_error& error) {
  if (!error_) error_ = std::make_unique<call_error>(error);
  no_more_ = true;
  finish_if_done();
}

// Ends when nothing is under way: what was handed to the writer is answered first. A read that is
// pending ends with the stream.
void ingest_stream::finish_if_done() {
  if (!begun_ || finished_ || !no_more_ || writing_ || unacknowledged_ > 0) return;
  if (ack_wanted_ || !opened_.empty()) return write_next();
  finished_ = true;
  note_end(
      host_, "grpc", method_, call_, error_.get(), std::chrono::steady_clock::now() - started_);
  Finish(error_ ? to_status(*error_) : grpc::Status::OK);
}

void ingest_stream::OnDone() {
  if (stream_ != 0) host_.with.server->streams.remove(stream_);
  const auto self = std::move(self_);  // lives to the end of this
  if (inside_) host_.door.leave();
}

}  // namespace clvd
