// Calls at a server, many at a time, and how long each took.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clv::bench {

// What a run of calls took.
class times {
 public:
  void add(double us) { us_.push_back(us); }
  void add(const times& more);
  void took(double seconds) { seconds_ += seconds; }

  std::int64_t calls() const { return static_cast<std::int64_t>(us_.size()); }
  double per_second() const { return static_cast<double>(us_.size()) / seconds_; }
  double seconds() const { return seconds_; }
  double quantile(double q) const;  // microseconds; 0 where there was no call

 private:
  std::vector<double> us_;
  double seconds_ = 0;
};

struct request {
  std::string method;  // "/clv.v1.X/Method"
  std::string bytes;
};

// The next message to send, as long as there is one.
using supply = std::function<std::optional<std::string>()>;
supply again_for(double seconds, std::string bytes);

// All on one thread, so that a client takes as little of a small machine as it can. A call that is
// refused ends the program: what is measured is answered.
//
// `at_a_time` calls are under way; as one is answered the next one leaves.
times closed_loop(grpc::Channel& channel,
                  const std::string& method,
                  const supply& next,
                  int at_a_time);
// Calls leave when they are due, answered or not, and their time counts from then.
times open_loop(grpc::Channel& channel,
                const std::string& method,
                const supply& next,
                double per_second);

// One producer of IngestStream. `batches` are the rows of IngestStreamRequest.Batch, serialized; at
// most the server's window is unacknowledged. A time is that from a batch to its ack.
times stream(grpc::Channel& channel,
             const std::string& producer,
             const std::vector<std::string>& batches);

}  // namespace clv::bench
