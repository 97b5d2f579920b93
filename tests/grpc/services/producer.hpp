// A sender of IngestService.IngestStream.
#pragma once

#include <clv/v1/ingest_service.pb.h>

#include <cstdint>
#include <memory>
#include <string>

#include "sales.hpp"
#include "streams.hpp"

namespace clv::test {

class producer {
 public:
  using ack = v1::IngestStreamResponse::Ack;

  explicit producer(grpc::Channel& channel,
                    const std::string& id = "till 7",
                    bool partial = false,
                    const open_stream::headers& with = {})
      : stream_(channel, "/clv.v1.IngestService/IngestStream", soon(), with) {
    v1::IngestStreamRequest request;
    request.mutable_open()->set_source("till");
    request.mutable_open()->set_producer_id(id);
    request.mutable_open()->set_partial(partial);
    v1::IngestStreamResponse response;
    is_open_ = stream_.write(request) && stream_.read(response);
    opened_ = response.opened();
  }

  bool is_open() const { return is_open_; }
  const v1::IngestStreamResponse::Opened& opened() const { return opened_; }
  bool send(std::int64_t sequence, const v1::EventBatch& events) {
    v1::IngestStreamRequest request;
    request.mutable_batch()->set_sequence(sequence);
    *request.mutable_batch()->mutable_events() = events;
    return stream_.write(request);
  }
  // False when the stream is over.
  bool next(ack& to) {
    v1::IngestStreamResponse response;
    if (!stream_.read(response)) return false;
    to = response.ack();
    return true;
  }
  // Sums of the acks until `sequence` is durable.
  ack until(std::int64_t sequence) {
    ack all, one;
    while (all.durable_sequence() < sequence && next(one)) {
      all.set_durable_sequence(one.durable_sequence());
      all.set_accepted_count(all.accepted_count() + one.accepted_count());
      all.set_duplicate_count(all.duplicate_count() + one.duplicate_count());
      all.set_rejected_count(all.rejected_count() + one.rejected_count());
      all.mutable_rejected()->MergeFrom(one.rejected());
    }
    return all;
  }
  void done() { stream_.writes_done(); }
  void cancel() { stream_.cancel(); }
  grpc::Status finish() { return stream_.finish(); }

 private:
  open_stream stream_;
  v1::IngestStreamResponse::Opened opened_;
  bool is_open_ = false;
};

// The rows of that batch of a producer; `salt` makes others of them.
inline v1::EventBatch batch_of(std::int64_t sequence, int rows = 2, std::int64_t salt = 0) {
  v1::EventBatch events;
  for (int i = 0; i < rows; ++i) {
    add_sale(events,
             "",  // only the sequence tells a repeat
             "c" + std::to_string(i),
             static_cast<int>(sequence % 1000),
             sequence * 100 + i + salt);
  }
  return events;
}

}  // namespace clv::test
