// IngestService.IngestStream: batches in, acks out. The next batch is read only when the one before
// was handed to the writer; an ack leaves only when its rows are durable.
#pragma once

#include <clv/v1/ingest_service.pb.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "calls/call.hpp"
#include "calls/methods.hpp"
#include "calls/open_streams.hpp"
#include "doors/answer.hpp"
#include "ingest/writer.hpp"

namespace clvd {

class tenant;

// Batches of a producer that may be unacknowledged: 8; 1 when over half of the writer's queue is
// taken or the write-ahead log is beyond its alarm; 0 when the queue cannot take another one.
inline constexpr int stream_window = 8;

// Under which a producer's sequence is kept. Throws call_error INVALID_ARGUMENT naming `field`: an
// empty id, one above 128 bytes.
std::string stream_key(const char* field, const std::string& producer_id);

class ingest_stream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public held_stream,
                            public std::enable_shared_from_this<ingest_stream> {
 public:
  static grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* start(
      host& h, const method& m, grpc::CallbackServerContext& context);

  ingest_stream(host& h, const method& m, caller who, grpc::CallbackServerContext& context);

 private:
  void OnReadDone(bool read) override;
  void OnWriteDone(bool written) override;
  void OnCancel() override;
  void OnDone() override;
  void close() override;
  void look() override;
  void replaced() override;

  void begin();
  void frame();  // on a worker: the message that was read
  void open(const clv::v1::IngestStreamRequest::Open& open);
  void batch(const clv::v1::IngestStreamRequest::Batch& batch);
  void hand_over(const std::shared_ptr<const keyed_rows>& rows);  // now, or when there is room
  void hand_over_later(const std::shared_ptr<const keyed_rows>& rows);
  void read_on();
  void committed(std::int64_t sequence, verdict v);  // on the writer's thread
  void go_on();                                      // on the writer's thread: there is room

  // With the lock held:
  int window();
  void write_next();
  void finish_if_done();
  void fail(const call_error& error);

  host& host_;
  const method& method_;
  grpc::CallbackServerContext& context_;  // until Finish
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  call call_;
  std::shared_ptr<ingest_stream> self_;  // until OnDone
  bool inside_ = false;
  std::int64_t stream_ = 0;
  grpc::ByteBuffer incoming_, outgoing_;

  // Of the one frame that is being worked on.
  tenant* tenant_ = nullptr;
  std::string source_, key_, currency_;
  bool partial_ = false;
  std::int64_t next_sequence_ = 0;

  std::mutex mutex_;                        // guards what is below
  clv::v1::IngestStreamResponse::Ack ack_;  // gathers what is durable until it can be written
  bool ack_wanted_ = false;
  std::deque<clv::v1::IngestStreamResponse> opened_;
  int unacknowledged_ = 0;
  bool begun_ = false;    // until then it cannot finish
  bool pausing_ = false;  // the writer will call go_on()
  bool writing_ = false, reading_ = false, no_more_ = false, finished_ = false;
  std::unique_ptr<call_error> error_;
};

}  // namespace clvd
