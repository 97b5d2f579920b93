// A stream to clvd from the client's side, one step at a time.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sidecar.hpp"

namespace clv::test {

class open_stream {
 public:
  using headers = std::vector<std::pair<std::string, std::string>>;

  open_stream(grpc::Channel& channel,
              const std::string& method,
              deadline until = soon(),
              const headers& with = {});
  ~open_stream();
  open_stream(const open_stream&) = delete;
  open_stream& operator=(const open_stream&) = delete;

  // False when the stream is over.
  bool write(const google::protobuf::Message& message);
  bool writes_done();
  bool read(google::protobuf::Message& message);
  void cancel() { context_.TryCancel(); }
  grpc::Status finish();  // reads what is left

 private:
  bool done();

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc_;
  bool finished_ = false;
};

// A server stream that has been asked.
template <typename Response>
class answers {
 public:
  answers(grpc::Channel& channel,
          const std::string& method,
          const google::protobuf::Message& request,
          deadline until = soon(),
          const open_stream::headers& with = {})
      : stream_(channel, method, until, with) {
    stream_.write(request);
    stream_.writes_done();
  }
  std::optional<Response> next() {
    Response response;
    if (!stream_.read(response)) return std::nullopt;
    return response;
  }
  void cancel() { stream_.cancel(); }
  grpc::Status finish() { return stream_.finish(); }

 private:
  open_stream stream_;
};

}  // namespace clv::test
