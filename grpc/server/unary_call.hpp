// One unary call, from gRPC's thread to a worker and back.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "call.hpp"
#include "methods.hpp"
#include "service.hpp"

namespace clvd {

class unary_call final : public grpc::ServerUnaryReactor {
 public:
  // Hands the call to the workers, or ends it at once when the server drains or is full. Does no
  // work of its own: gRPC's thread has other calls to serve (grpc/grpc#30510).
  static grpc::ServerUnaryReactor* start(host& h,
                                         const method& m,
                                         grpc::CallbackServerContext& context,
                                         const grpc::ByteBuffer& request,
                                         grpc::ByteBuffer& response);

 private:
  unary_call(host& h,
             const method& m,
             grpc::CallbackServerContext& context,
             const grpc::ByteBuffer& request,
             grpc::ByteBuffer& response);

  void OnCancel() override { call_.cancel(); }
  void OnDone() override;
  void run();                // on a worker: decode, handle, encode
  grpc::Status answer();     // throws nothing
  void end(grpc::Status s);  // logs, then finishes: *this may be gone afterwards

  host& host_;
  const method& method_;
  const grpc::ByteBuffer& request_;
  grpc::ByteBuffer& response_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::string reason_ = "OK";
  bool inside_ = false;
  call call_;
};

}  // namespace clvd
