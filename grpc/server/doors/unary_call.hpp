// One unary call, from gRPC's thread to a worker and back.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>

#include "calls/call.hpp"
#include "calls/methods.hpp"
#include "doors/answer.hpp"

namespace clvd {

class unary_call final : public grpc::ServerUnaryReactor {
 public:
  // Hands the call to the workers, or ends it at once when the caller is nobody, or the server
  // drains or is full. Does no work of its own: gRPC's thread has other calls to serve
  // (grpc/grpc#30510).
  static grpc::ServerUnaryReactor* start(host& h,
                                         const method& m,
                                         grpc::CallbackServerContext& context,
                                         const grpc::ByteBuffer& request,
                                         grpc::ByteBuffer& response);

 private:
  unary_call(host& h,
             const method& m,
             caller who,
             grpc::CallbackServerContext& context,
             const grpc::ByteBuffer& request,
             grpc::ByteBuffer& response);

  void OnCancel() override { call_.cancel(); }
  void OnDone() override;
  void begin();                       // on gRPC's thread
  void run();                         // on a worker: decode, handle, encode
  void end(const call_error* error);  // notes it, then finishes: *this may be gone afterwards

  host& host_;
  const method& method_;
  const grpc::ByteBuffer& request_;
  grpc::ByteBuffer& response_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  bool inside_ = false;
  call call_;
};

}  // namespace clvd
