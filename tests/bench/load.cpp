#include "load.hpp"

#include <clv/v1/ingest_service.pb.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <stdexcept>

namespace clv::bench {
namespace {

namespace v1 = clv::v1;
using steady = std::chrono::steady_clock;

double us_since(steady::time_point start) {
  return std::chrono::duration<double, std::micro>(steady::now() - start).count();
}

grpc::ByteBuffer buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

grpc::GenericStub stub_of(grpc::Channel& channel) {
  return grpc::GenericStub(std::shared_ptr<grpc::ChannelInterface>(&channel, [](auto*) {}));
}

struct pending {
  grpc::ClientContext context;
  grpc::ByteBuffer answer;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> rpc;
  steady::time_point from;
};

class caller {
 public:
  caller(grpc::Channel& channel, const std::string& method)
      : stub_(stub_of(channel)), method_(method) {}

  void start(const std::string& bytes, steady::time_point from) {
    auto* p = new pending;
    p->from = from;
    p->rpc = stub_.PrepareUnaryCall(&p->context, method_, buffer(bytes), &queue_);
    p->rpc->StartCall();
    p->rpc->Finish(&p->answer, &p->status, p);
    ++open_;
  }
  // Takes one answer; false: none came until then.
  bool finish_one(std::chrono::system_clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, until) != grpc::CompletionQueue::GOT_EVENT) return false;
    const std::unique_ptr<pending> p(static_cast<pending*>(tag));
    if (!p->status.ok()) throw std::runtime_error(method_ + ": " + p->status.error_message());
    taken_.add(us_since(p->from));
    --open_;
    return true;
  }
  void finish_all() {
    while (open_ > 0) finish_one(std::chrono::system_clock::time_point::max());
  }
  times& taken() { return taken_; }

 private:
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  std::string method_;
  times taken_;
  int open_ = 0;
};

// One stream, on the calling thread.
class producing {
 public:
  explicit producing(grpc::Channel& channel) : stub_(stub_of(channel)) {
    rpc_ = stub_.PrepareCall(&context_, "/clv.v1.IngestService/IngestStream", &queue_);
    rpc_->StartCall(&started_);
    next();
  }

  void open(const std::string& producer) {
    v1::IngestStreamRequest request;
    request.mutable_open()->set_source("shop");
    request.mutable_open()->set_producer_id(producer);
    write(request.SerializeAsString());
    read();
    while (!opened_) next();
  }

  times send(const std::vector<std::string>& batches) {
    const auto start = steady::now();
    for (const std::string& batch : batches) {
      while (writing_ || static_cast<int>(sent_.size()) >= window_) next();
      sent_.push_back(steady::now());
      write(batch);
    }
    while (!sent_.empty()) next();
    taken_.took(us_since(start) / 1e6);
    while (writing_) next();
    rpc_->WritesDone(&wrote_);
    writing_ = true;
    while (!ended_ || writing_) next();
    grpc::Status status;
    rpc_->Finish(&status, &started_);
    next();
    if (!status.ok()) throw std::runtime_error("IngestStream: " + status.error_message());
    return taken_;
  }

 private:
  void write(const std::string& bytes) {
    writing_ = true;
    rpc_->Write(buffer(bytes), &wrote_);
  }
  void read() { rpc_->Read(&incoming_, &was_read_); }
  void next() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    if (tag == &wrote_) writing_ = false;
    if (tag != &was_read_) return;
    if (!ok) {
      ended_ = true;
      if (!sent_.empty()) fail_early();
      return;
    }
    take();
    read();
  }
  [[noreturn]] void fail_early() {
    grpc::Status status;
    rpc_->Finish(&status, &started_);
    void* tag = nullptr;
    bool ok = false;
    while (tag != &started_ && queue_.Next(&tag, &ok)) {
    }
    throw std::runtime_error("IngestStream ended early: " + status.error_message());
  }
  void take() {
    std::vector<grpc::Slice> slices;
    incoming_.Dump(&slices);
    std::string bytes;
    for (const grpc::Slice& s : slices) {
      bytes.append(reinterpret_cast<const char*>(s.begin()), s.size());
    }
    v1::IngestStreamResponse response;
    response.ParseFromString(bytes);
    if (response.has_opened()) {
      opened_ = true;
      window_ = response.opened().window();
      return;
    }
    window_ = response.ack().window();
    for (; acknowledged_ < response.ack().durable_sequence(); ++acknowledged_) {
      taken_.add(us_since(sent_.front()));
      sent_.pop_front();
    }
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> rpc_;
  grpc::ByteBuffer incoming_;
  char started_ = 0, wrote_ = 0, was_read_ = 0;  // their addresses are the tags
  bool opened_ = false, writing_ = false, ended_ = false;
  int window_ = 0;
  std::int64_t acknowledged_ = 0;
  std::deque<steady::time_point> sent_;
  times taken_;
};

}  // namespace

void times::add(const times& more) {
  us_.insert(us_.end(), more.us_.begin(), more.us_.end());
  seconds_ += more.seconds_;
}

double times::quantile(double q) const {
  if (us_.empty()) return 0;
  std::vector<double> sorted = us_;
  const auto at = static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
  return sorted[at];
}

supply again_for(double seconds, std::string bytes) {
  const auto until = steady::now() + std::chrono::duration<double>(seconds);
  return [until, bytes = std::move(bytes)]() -> std::optional<std::string> {
    if (steady::now() >= until) return std::nullopt;
    return bytes;
  };
}

times closed_loop(grpc::Channel& channel,
                  const std::string& method,
                  const supply& next,
                  int at_a_time) {
  caller calls(channel, method);
  const auto start = steady::now();
  auto bytes = next();
  for (int i = 0; i < at_a_time && bytes; ++i, bytes = next()) calls.start(*bytes, steady::now());
  for (; bytes; bytes = next()) {
    calls.finish_one(std::chrono::system_clock::time_point::max());
    calls.start(*bytes, steady::now());
  }
  calls.finish_all();
  calls.taken().took(us_since(start) / 1e6);
  return calls.taken();
}

times open_loop(grpc::Channel& channel,
                const std::string& method,
                const supply& next,
                double per_second) {
  caller calls(channel, method);
  const auto start = steady::now();
  const auto apart =
      std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(1 / per_second));
  auto due = start;
  for (auto bytes = next(); bytes; bytes = next(), due += apart) {
    while (steady::now() < due) {
      calls.finish_one(std::chrono::system_clock::now() + (due - steady::now()));
    }
    calls.start(*bytes, due);
  }
  calls.finish_all();
  calls.taken().took(us_since(start) / 1e6);
  return calls.taken();
}

times stream(grpc::Channel& channel,
             const std::string& producer,
             const std::vector<std::string>& batches) {
  producing p(channel);
  p.open(producer);
  return p.send(batches);
}

}  // namespace clv::bench
