// IngestService.IngestBatch: all rows or none, once, on disk before the answer.
#include <future>

#include "rows.hpp"
#include "sales.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

constexpr auto ingest_batch = "/clv.v1.IngestService/IngestBatch";
constexpr auto get_watermark = "/clv.v1.IngestService/GetWatermark";

class ingest : public shop {
 protected:
  void SetUp() override { open(0, {"--drain-delay", "0"}); }

  static v1::IngestBatchRequest batch() {
    v1::IngestBatchRequest request;
    request.set_source("till");
    return request;
  }
  static v1::IngestBatchRequest two_sales() {
    auto request = batch();
    add_sale(*request.mutable_events(), "e1", "ann", 1, 100);
    add_sale(*request.mutable_events(), "e2", "bob", 2, 200);
    return request;
  }
  v1::IngestBatchResponse send(const v1::IngestBatchRequest& request) {
    return ask<v1::IngestBatchResponse>(ingest_batch, request);
  }
  grpc::Status status_of(const v1::IngestBatchRequest& request) {
    v1::IngestBatchResponse response;
    return call(*channel_, ingest_batch, request, response);
  }
  std::string first_field(const v1::IngestBatchRequest& request) {
    const auto bad = bad_request(status_of(request));
    return bad.field_violations().empty() ? "" : bad.field_violations(0).field();
  }
  // Of the file, when clvd has left it.
  std::int64_t stored_rows(const std::string& table = "transactions") {
    stop();
    return clv_result_rows(stored(store_, table).get());
  }
};

TEST_F(ingest, takes_a_batch_and_counts_what_it_had_already) {
  EXPECT_EQ(send(two_sales()).accepted_count(), 2);
  auto more = two_sales();
  add_sale(*more.mutable_events(), "e3", "ann", 3, 300);
  const auto response = send(more);
  EXPECT_EQ(response.accepted_count(), 1);
  EXPECT_EQ(response.duplicate_count(), 2);
  EXPECT_FALSE(response.repeated_request());
  EXPECT_EQ(stored_rows(), 3);
}

TEST_F(ingest, takes_a_batch_whole_or_not_at_all) {
  auto request = two_sales();
  request.mutable_events()->mutable_transactions(1)->clear_customer();
  const grpc::Status status = status_of(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(error_info(status).reason(), "ROWS_REJECTED");
  EXPECT_EQ(error_info(status).metadata().at("row"), "1");
  EXPECT_EQ(error_info(status).metadata().at("column"), "customer");
  EXPECT_EQ(first_field(request), "rows[1].customer");
  EXPECT_EQ(send(two_sales()).accepted_count(), 2);
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest, takes_what_is_right_when_a_part_is_enough) {
  send(two_sales());
  auto request = batch();
  request.set_partial(true);
  add_sale(*request.mutable_events(), "e3", "", 1, 100);
  add_sale(*request.mutable_events(), "e1", "ann", 1, 999);
  add_sale(*request.mutable_events(), "e2", "bob", 2, 200);
  add_sale(*request.mutable_events(), "e4", "cy", 4, 400);
  const auto response = send(request);
  EXPECT_EQ(response.accepted_count(), 1);
  EXPECT_EQ(response.duplicate_count(), 1);
  EXPECT_EQ(response.rejected_count(), 2);
  ASSERT_EQ(response.rejected_size(), 2);
  EXPECT_EQ(response.rejected(0).index(), 0);
  EXPECT_EQ(response.rejected(0).field(), "customer");
  EXPECT_EQ(response.rejected(0).reason(), "INVALID");
  EXPECT_EQ(response.rejected(1).index(), 1);
  EXPECT_EQ(response.rejected(1).reason(), "CONFLICTING_DUPLICATE");
  EXPECT_NE(response.rejected(1).message().find("9.99"), std::string::npos)
      << response.rejected(1).message();
  EXPECT_EQ(stored_rows(), 3);
}

TEST_F(ingest, tells_the_first_hundred_refused_rows_and_counts_all) {
  auto request = batch();
  request.set_partial(true);
  for (int i = 0; i < 150; ++i) add_sale(*request.mutable_events(), "", "", 1, 100);
  const auto response = send(request);
  EXPECT_EQ(response.rejected_size(), 100);
  EXPECT_EQ(response.rejected_count(), 150);
}

TEST_F(ingest, never_overwrites_a_key_with_other_content) {
  send(two_sales());
  auto request = batch();
  add_sale(*request.mutable_events(), "e9", "dee", 1, 100);
  add_sale(*request.mutable_events(), "e1", "ann", 1, 101);
  const grpc::Status status = status_of(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(error_info(status).metadata().at("row"), "1");
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest, keeps_the_keys_of_two_sources_apart) {
  send(two_sales());
  auto request = two_sales();
  request.set_source("web");
  EXPECT_EQ(send(request).accepted_count(), 2);
}

TEST_F(ingest, only_validates_when_asked_to) {
  auto request = two_sales();
  request.set_validate_only(true);
  request.set_request_id("r1");
  EXPECT_EQ(send(request).accepted_count(), 2);
  request.mutable_events()->mutable_transactions(0)->clear_customer();
  EXPECT_EQ(first_field(request), "rows[0].customer");
  request = two_sales();
  request.set_request_id("r1");
  const auto response = send(request);
  EXPECT_EQ(response.accepted_count(), 2);
  EXPECT_FALSE(response.repeated_request());
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest, answers_a_request_id_once_even_after_a_restart) {
  auto request = two_sales();
  request.mutable_events()->mutable_transactions(0)->clear_event_id();
  request.set_request_id("7b0e9b52");
  EXPECT_FALSE(send(request).repeated_request());
  EXPECT_TRUE(send(request).repeated_request());
  stop();
  start();
  const auto again = send(request);
  EXPECT_TRUE(again.repeated_request());
  EXPECT_EQ(again.accepted_count(), 2);
  request.mutable_events()->mutable_transactions(1)->mutable_amount()->set_minor_units(201);
  EXPECT_EQ(refusal(ingest_batch, request), "3 REQUEST_ID_REUSED");
  EXPECT_EQ(first_field(request), "request_id");
  request.set_request_id(std::string(129, 'r'));
  EXPECT_EQ(refusal(ingest_batch, request), "3 INVALID_VALUE");
  EXPECT_EQ(stored_rows(), 2);
}

TEST_F(ingest, takes_other_facts_as_tables) {
  auto request = batch();
  auto& facts = *request.mutable_events()->mutable_facts();
  facts.set_name("touches");
  add_texts(facts, "event_id", {"t1", "t2"});
  add_texts(facts, "customer", {"ann", "bob"});
  add_texts(facts, "kind", {"visit", "call"});
  add_times(facts, "time", {first_day * 1'000'000, first_day * 1'000'000 + 1});
  EXPECT_EQ(send(request).accepted_count(), 2);
  EXPECT_EQ(send(request).duplicate_count(), 2);
  facts.set_name("nonsense");
  EXPECT_EQ(refusal(ingest_batch, request), "5 NAME_UNKNOWN");
  facts.clear_name();
  EXPECT_EQ(first_field(request), "events.facts.name");
  facts.set_name("touches");
  facts.set_row_count(3);
  EXPECT_EQ(first_field(request), "events.facts.columns[0]");
  facts.set_row_count(-1);
  EXPECT_EQ(first_field(request), "events.facts.row_count");
  EXPECT_EQ(stored_rows("touches"), 2);
}

TEST_F(ingest, keeps_each_rows_currency) {
  auto request = two_sales();
  auto& amount = *request.mutable_events()->mutable_transactions(1)->mutable_amount();
  amount.set_currency_code("JPY");
  EXPECT_EQ(send(request).accepted_count(), 2);
  amount.set_currency_code("EURO");
  EXPECT_EQ(status_of(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(first_field(request), "rows[1].currency");
  amount.clear_currency_code();
  EXPECT_EQ(first_field(request), "events.transactions[1].amount.currency_code");
  request.mutable_events()->mutable_transactions(1)->clear_amount();
  EXPECT_EQ(first_field(request), "events.transactions[1].amount");
  stop();
  const result log = stored(store_, "transactions");
  EXPECT_STREQ(clv_result_text(log.get(), clv_result_find(log.get(), "currency"), 1, nullptr),
               "JPY");
}

TEST_F(ingest, refuses_a_time_it_would_have_to_round) {
  auto request = two_sales();
  auto& time = *request.mutable_events()->mutable_transactions(1)->mutable_time();
  time.set_nanos(1);
  EXPECT_EQ(first_field(request), "events.transactions[1].time");
  time.set_nanos(-1);
  EXPECT_EQ(first_field(request), "events.transactions[1].time");
  time.set_seconds(253'402'300'800);
  time.set_nanos(0);
  EXPECT_EQ(first_field(request), "events.transactions[1].time");
  request.mutable_events()->mutable_transactions(1)->clear_time();
  EXPECT_EQ(first_field(request), "events.transactions[1].time");
  add_sale(*request.mutable_events(), "e3", "cy", 1, 1).mutable_time()->set_nanos(999'999'000);
  request.mutable_events()->mutable_transactions()->DeleteSubrange(1, 1);
  EXPECT_EQ(send(request).accepted_count(), 2);
}

TEST_F(ingest, refuses_a_time_in_the_future) {
  auto request = two_sales();
  const auto tomorrow = std::chrono::system_clock::now() + std::chrono::hours(49);
  request.mutable_events()->mutable_transactions(0)->mutable_time()->set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(tomorrow.time_since_epoch()).count());
  EXPECT_EQ(first_field(request), "rows[0].time");
}

TEST_F(ingest, says_what_is_missing_and_what_is_too_much) {
  EXPECT_EQ(first_field(batch()), "events");
  auto both = two_sales();
  both.mutable_events()->mutable_facts()->set_name("touches");
  EXPECT_EQ(first_field(both), "events");
  auto no_source = two_sales();
  no_source.clear_source();
  EXPECT_EQ(first_field(no_source), "source");
  auto large = batch();
  for (int i = 0; i < 5'001; ++i) add_sale(*large.mutable_events(), "", "ann", 1, 1);
  EXPECT_EQ(refusal(ingest_batch, large), "8 TOO_MANY_ROWS");
  large.mutable_events()->mutable_transactions()->RemoveLast();
  EXPECT_EQ(send(large).accepted_count(), 5'000);
  auto elsewhere = two_sales();
  elsewhere.set_tenant("other");
  EXPECT_EQ(refusal(ingest_batch, elsewhere), "7 TENANT_NOT_PERMITTED");
  EXPECT_EQ(refusal(get_watermark, v1::GetWatermarkRequest()), "3 FIELD_REQUIRED");
}

TEST_F(ingest, writers_on_the_same_keys_leave_one_row_a_key) {
  constexpr int writers = 32, keys = 50;
  std::vector<std::future<v1::IngestBatchResponse>> calls;
  for (int w = 0; w < writers; ++w) {
    calls.push_back(std::async(std::launch::async, [this, w] {
      auto request = batch();
      for (int k = 0; k < keys; ++k) {
        const int key = (k + w) % keys;
        add_sale(*request.mutable_events(), "e" + std::to_string(key), "ann", key, 100 + key);
      }
      return send(request);
    }));
  }
  std::int64_t accepted = 0, duplicates = 0;
  for (auto& c : calls) {
    const auto response = c.get();
    accepted += response.accepted_count();
    duplicates += response.duplicate_count();
  }
  EXPECT_EQ(accepted, keys);
  EXPECT_EQ(duplicates, std::int64_t{writers - 1} * keys);
  EXPECT_EQ(stored_rows(), keys);
}

}  // namespace
}  // namespace clv::test
