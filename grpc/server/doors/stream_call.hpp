// One server stream: a request in, messages out as fast as the client reads them. No thread waits.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "calls/call.hpp"
#include "calls/methods.hpp"
#include "calls/open_streams.hpp"
#include "calls/producer.hpp"
#include "doors/answer.hpp"

namespace clvd {

// States: working (a worker is in advance), writing (gRPC has a message), waiting (the producer
// will wake us), ended (Finish was called). Only the worker and gRPC's callbacks move between them,
// under the mutex. The object lives until gRPC is done with it and nobody is left who may wake it.
class stream_call final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                          public held_stream,
                          public std::enable_shared_from_this<stream_call> {
 public:
  static grpc::ServerWriteReactor<grpc::ByteBuffer>* start(host& h,
                                                           const method& m,
                                                           grpc::CallbackServerContext& context,
                                                           const grpc::ByteBuffer& request);

  stream_call(host& h,
              const method& m,
              caller who,
              grpc::CallbackServerContext& context,
              const grpc::ByteBuffer& request);

 private:
  enum class state { working, writing, waiting, ended };

  void OnWriteDone(bool written) override;
  void OnCancel() override;
  void OnDone() override;
  void close() override;
  void look() override;

  void begin();
  void work();  // on a worker: asks the producer for the next message
  void send(google::protobuf::Message& response);
  void wait();   // until the producer has more
  void again();  // hands work() to the workers
  void woken();  // the producer has more
  void end(const call_error* error);

  host& host_;
  const method& method_;
  grpc::CallbackServerContext& context_;  // until Finish
  const grpc::ByteBuffer& request_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  call call_;
  std::shared_ptr<producer> from_;
  grpc::ByteBuffer message_;
  std::shared_ptr<stream_call> self_;  // until OnDone
  bool inside_ = false;
  std::int64_t stream_ = 0;
  std::mutex mutex_;  // guards what is below
  state state_ = state::working;
  bool closing_ = false, said_goodbye_ = false;
  std::unique_ptr<call_error> lost_;  // why its caller may not have it any more
};

}  // namespace clvd
