#include "streams.hpp"

#include <vector>

namespace clv::test {

open_stream::open_stream(grpc::Channel& channel,
                         const std::string& method,
                         deadline until,
                         const headers& with)
    : stub_(std::shared_ptr<grpc::ChannelInterface>(&channel, [](auto*) {})) {
  context_.set_deadline(until);
  for (const auto& [key, value] : with) context_.AddMetadata(key, value);
  rpc_ = stub_.PrepareCall(&context_, method, &queue_);
  rpc_->StartCall(nullptr);
  done();
}

open_stream::~open_stream() {
  if (finished_) return;
  cancel();
  finish();
}

bool open_stream::done() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

bool open_stream::write(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  rpc_->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  return done();
}

bool open_stream::writes_done() {
  rpc_->WritesDone(nullptr);
  return done();
}

bool open_stream::read(google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  rpc_->Read(&bytes, nullptr);
  if (!done()) return false;
  grpc::Slice whole;
  if (!bytes.DumpToSingleSlice(&whole).ok()) return false;
  return message.ParseFromArray(whole.begin(), static_cast<int>(whole.size()));
}

grpc::Status open_stream::finish() {
  grpc::ByteBuffer ignored;
  for (bool more = true; more;) {
    rpc_->Read(&ignored, nullptr);
    more = done();
  }
  grpc::Status status;
  rpc_->Finish(&status, nullptr);
  done();
  finished_ = true;
  return status;
}

}  // namespace clv::test
