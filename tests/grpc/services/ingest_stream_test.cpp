// IngestService.IngestStream: credits, acks of what is durable, and going on after a break.
#include "producer.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

constexpr auto ingest_stream_method = "/clv.v1.IngestService/IngestStream";
constexpr auto ingest_stream_get_watermark = "/clv.v1.IngestService/GetWatermark";

class ingest_stream : public shop {
 protected:
  void SetUp() override { open(0, {"--drain-delay", "0"}); }

  std::int64_t watermark(const std::string& id = "till 7") {
    v1::GetWatermarkRequest request;
    request.set_producer_id(id);
    return ask<v1::GetWatermarkResponse>(ingest_stream_get_watermark, request).durable_sequence();
  }
  std::int64_t stored_rows() {
    stop();
    return clv_result_rows(stored(store_, "transactions").get());
  }
  static std::string reason(const grpc::Status& status) {
    return std::to_string(status.error_code()) + " " + error_info(status).reason();
  }
};

TEST_F(ingest_stream, opens_with_credits_and_where_to_go_on) {
  producer till(*channel_);
  ASSERT_TRUE(till.is_open());
  EXPECT_EQ(till.opened().durable_sequence(), 0);
  EXPECT_EQ(till.opened().window(), 8);
  EXPECT_EQ(till.opened().max_batch_items(), 5'000);
  till.done();
  EXPECT_TRUE(till.finish().ok());
}

TEST_F(ingest_stream, acknowledges_every_batch_and_counts_its_rows) {
  producer till(*channel_);
  producer::ack all, one;
  for (std::int64_t sequence = 1; sequence <= 20; ++sequence) {
    ASSERT_TRUE(till.send(sequence, batch_of(sequence)));
    ASSERT_TRUE(till.next(one));
    EXPECT_EQ(one.durable_sequence(), sequence);
    EXPECT_EQ(one.accepted_count(), 2);
    EXPECT_EQ(one.window(), 8);
    EXPECT_EQ(watermark(), sequence);
  }
  till.done();
  EXPECT_TRUE(till.finish().ok());
  EXPECT_EQ(stored_rows(), 40);
}

TEST_F(ingest_stream, goes_on_from_every_sequence_after_a_break) {
  constexpr std::int64_t batches = 8;
  for (std::int64_t broken = 0; broken <= batches; ++broken) {
    const std::string id = "till " + std::to_string(broken);
    {
      producer till(*channel_, id);
      for (std::int64_t s = 1; s <= broken; ++s) till.send(s, batch_of(s));
      EXPECT_EQ(till.until(broken).durable_sequence(), broken);
    }  // cancelled
    producer till(*channel_, id);
    EXPECT_EQ(till.opened().durable_sequence(), broken);
    // All of them again, as a sender does that has forgotten where it was.
    for (std::int64_t s = 1; s <= batches; ++s) till.send(s, batch_of(s));
    till.done();
    EXPECT_TRUE(till.finish().ok());
    EXPECT_EQ(watermark(id), batches);
  }
  EXPECT_EQ(stored_rows(), (batches + 1) * batches * 2);
}

TEST_F(ingest_stream, refuses_a_gap_and_says_what_it_expected) {
  producer till(*channel_);
  till.send(1, batch_of(1));
  EXPECT_EQ(till.until(1).durable_sequence(), 1);
  till.send(3, batch_of(3));
  const grpc::Status status = till.finish();
  EXPECT_EQ(reason(status), "9 SEQUENCE_GAP");
  EXPECT_EQ(error_info(status).metadata().at("expected"), "2");
  for (const std::int64_t sequence : {std::int64_t{0}, std::int64_t{-1}}) {
    producer other(*channel_);
    other.send(sequence, batch_of(1));
    EXPECT_EQ(reason(other.finish()), "9 SEQUENCE_GAP");
  }
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest_stream, refuses_a_sequence_with_other_content) {
  producer till(*channel_);
  till.send(1, batch_of(1));
  till.until(1);
  till.send(1, batch_of(1, 2, 7));
  const grpc::Status status = till.finish();
  EXPECT_EQ(reason(status), "3 SEQUENCE_REUSED");
  EXPECT_EQ(error_info(status).metadata().at("sequence"), "1");
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest_stream, never_loses_what_it_took_beyond_the_window) {
  producer till(*channel_);
  std::int64_t sent = 0;
  while (sent < 200 && till.send(sent + 1, batch_of(sent + 1, 100))) ++sent;
  till.done();
  producer::ack all = till.until(200);
  const grpc::Status status = till.finish();
  if (status.ok()) {
    EXPECT_EQ(all.durable_sequence(), 200);
  } else {
    EXPECT_EQ(reason(status), "8 WINDOW_EXCEEDED");
  }
  EXPECT_EQ(all.accepted_count(), all.durable_sequence() * 100);
  EXPECT_EQ(watermark(), all.durable_sequence());
}

// Its old connection may look alive for minutes: who comes again is not locked out by it.
TEST_F(ingest_stream, of_one_producer_is_one_at_a_time_and_the_later_one_goes_on) {
  producer old(*channel_);
  old.send(1, batch_of(1));
  EXPECT_EQ(old.until(1).durable_sequence(), 1);
  producer late(*channel_), other(*channel_, "till 8");
  EXPECT_EQ(reason(old.finish()), "10 PRODUCER_REPLACED");
  EXPECT_EQ(late.opened().durable_sequence(), 1);
  for (std::int64_t s = 1; s <= 8; ++s) late.send(s, batch_of(s));
  EXPECT_EQ(late.until(8).duplicate_count(), 0);
  other.send(1, batch_of(1));
  EXPECT_EQ(other.until(1).accepted_count(), 2);
  late.done();
  other.done();
  EXPECT_TRUE(late.finish().ok());
  EXPECT_TRUE(other.finish().ok());
  EXPECT_EQ(stored_rows(), 18);
}

TEST_F(ingest_stream, is_logged_with_the_trace_of_its_sender) {
  constexpr auto trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  {
    producer till(*channel_, "till 7", false, {{"traceparent", trace}});
    till.done();
    EXPECT_TRUE(till.finish().ok());
  }
  stop();
  EXPECT_NE(log().find(trace), std::string::npos);
}

TEST_F(ingest_stream, ends_at_the_batch_with_a_wrong_row_and_keeps_those_before) {
  producer till(*channel_);
  auto wrong = batch_of(2);
  wrong.mutable_transactions(1)->clear_customer();
  till.send(1, batch_of(1));
  till.send(2, wrong);
  till.send(3, batch_of(3));
  const grpc::Status status = till.finish();
  EXPECT_EQ(reason(status), "3 ROWS_REJECTED");
  EXPECT_EQ(error_info(status).metadata().at("sequence"), "2");
  EXPECT_EQ(error_info(status).metadata().at("row"), "1");
  EXPECT_EQ(watermark(), 1);
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest_stream, tells_wrong_rows_one_by_one_when_a_part_is_enough) {
  producer till(*channel_, "till 7", true);
  auto wrong = batch_of(1);
  wrong.mutable_transactions(1)->clear_customer();
  till.send(1, wrong);
  const producer::ack ack = till.until(1);
  EXPECT_EQ(ack.accepted_count(), 1);
  EXPECT_EQ(ack.rejected_count(), 1);
  ASSERT_EQ(ack.rejected_size(), 1);
  EXPECT_EQ(ack.rejected(0).sequence(), 1);
  EXPECT_EQ(ack.rejected(0).index(), 1);
  EXPECT_EQ(ack.rejected(0).field(), "customer");
}

TEST_F(ingest_stream, begins_with_open_and_goes_on_with_batches) {
  const auto ended_by = [this](const v1::IngestStreamRequest& request) {
    open_stream stream(*channel_, ingest_stream_method);
    stream.write(request);
    return bad_request(stream.finish()).field_violations(0).field();
  };
  v1::IngestStreamRequest request;
  EXPECT_EQ(ended_by(request), "open");
  request.mutable_batch()->set_sequence(1);
  EXPECT_EQ(ended_by(request), "open");
  request.mutable_open();
  EXPECT_EQ(ended_by(request), "open.source");
  request.mutable_open()->set_source("till");
  EXPECT_EQ(ended_by(request), "open.producer_id");
  request.mutable_open()->set_producer_id(std::string(129, 'p'));
  EXPECT_EQ(ended_by(request), "open.producer_id");
  request.mutable_open()->set_producer_id("till 7");
  open_stream stream(*channel_, ingest_stream_method);
  stream.write(request);
  stream.write(request);
  EXPECT_EQ(bad_request(stream.finish()).field_violations(0).field(), "batch");
}

TEST_F(ingest_stream, answers_bytes_that_are_no_message) {
  open_stream stream(*channel_, ingest_stream_method);
  v1::Money no_frame;  // a field that the frame does not have
  no_frame.set_minor_units(1);
  no_frame.set_currency_code(std::string(1, '\x7f'));
  stream.write(no_frame);
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ingest_stream, ends_with_the_last_ack_when_the_server_stops) {
  std::int64_t acked = 0;
  {
    producer till(*channel_);
    for (std::int64_t s = 1; s <= 8; ++s) till.send(s, batch_of(s, 500));
    producer::ack one;
    ASSERT_TRUE(till.next(one));
    acked = one.durable_sequence();
    clvd_->send(SIGTERM);
    while (till.next(one)) {
      EXPECT_GE(one.durable_sequence(), acked);
      acked = one.durable_sequence();
    }
    const grpc::Status status = till.finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  channel_.reset();
  EXPECT_EQ(clvd_->wait(), 0) << log();
  start();
  EXPECT_EQ(watermark(), acked);
  EXPECT_EQ(stored_rows(), acked * 500);
}

TEST_F(ingest_stream, that_is_cancelled_leaves_whole_batches) {
  for (int round = 0; round < 20; ++round) {
    producer till(*channel_);
    const std::int64_t first = till.opened().durable_sequence() + 1;
    for (std::int64_t s = first; s < first + 8; ++s) till.send(s, batch_of(s, 50));
    till.cancel();
    EXPECT_EQ(till.finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const std::int64_t durable = watermark();
  stop();
  const result log = stored(store_, "transactions");
  // What was on its way when the watermark was read may have been added since, whole.
  EXPECT_GE(clv_result_rows(log.get()), durable * 50);
  EXPECT_EQ(clv_result_rows(log.get()) % 50, 0);
}

}  // namespace
}  // namespace clv::test
