// ActionService on a small store that libclv made.
#include <clv/v1/action_service.pb.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "equal_rows.hpp"
#include "reference.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

constexpr auto propose = "/clv.v1.ActionService/Propose";
constexpr auto decide = "/clv.v1.ActionService/Decide";
constexpr int customers = 300;
constexpr std::int64_t now_us = 1'000'000'000'000'000;

class actions : public testing::Test {
 protected:
  void SetUp() override {
    make_store(store_, customers);
    std::filesystem::copy_file(store_, before_);
    clvd_ = std::make_unique<sidecar>(
        std::vector<std::string>{
            "--socket", folder_.file("s"), "--store", store_, "--plugin", WINBACK_PATH},
        folder_.file("log"));
    channel_ = channel_to("unix:" + folder_.file("s"));
    ASSERT_TRUE(is_serving(*channel_, "clv.v1.ActionService")) << text_of(folder_.file("log"));
  }

  void stop() {
    clvd_->send(SIGTERM);
    ASSERT_EQ(clvd_->wait(), 0);
  }

  static v1::DecideRequest decide_request() {
    v1::DecideRequest request;
    request.mutable_budget()->set_currency_code("USD");
    request.mutable_budget()->set_minor_units(2000);
    request.set_z(.5);
    request.set_holdout_share(.2);
    request.set_now_us(now_us);
    return request;
  }

  // All rows, page by page; the last response stays in `last`.
  template <typename Request, typename Response>
  auto all_rows(const char* method, Request request, Response& last) {
    auto rows = last.rows();
    do {
      const grpc::Status status = call(*channel_, method, request, last);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) break;
      rows.MergeFrom(last.rows());
      request.set_page_token(last.next_page_token());
    } while (!last.next_page_token().empty());
    return rows;
  }

  temporary_folder folder_;
  std::string store_ = folder_.file("shop.clv");
  std::string before_ = folder_.file("before.clv");
  std::unique_ptr<sidecar> clvd_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(actions, pages_of_proposals_are_the_stored_table) {
  v1::ProposeRequest request;
  request.set_now_us(now_us);
  request.set_page_size(7);
  v1::ProposeResponse last;
  const auto rows = all_rows(propose, request, last);
  ASSERT_GT(rows.size(), 7) << "the plugin proposes for more than a page of these customers";
  EXPECT_EQ(rows.size(), last.total_rows());
  stop();
  // The server stores none of them; libclv stores those that it decides on.
  decided(before_, WINBACK_PATH, now_us);
  const result expected = stored(before_, "proposals");
  ASSERT_EQ(rows.size(), clv_result_rows(expected.get()));
  const std::int32_t benefit = clv_result_find(expected.get(), "benefit");
  for (int i = 0; i < rows.size(); ++i) {
    expect_equal_row(rows[i], *expected, i);
    EXPECT_EQ(rows[i].benefit().currency_code(), "USD");
    EXPECT_EQ(static_cast<double>(rows[i].benefit().minor_units()),
              clv_result_number(expected.get(), benefit, i));
  }
}

TEST_F(actions, decisions_are_those_of_libclv_bit_for_bit) {
  v1::DecideResponse response;
  const grpc::Status status = call(*channel_, decide, decide_request(), response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  stop();
  // In a copy of the store as it was: the chain of receipts begins there as it did for the server.
  const result expected = decided(before_, WINBACK_PATH, now_us);
  ASSERT_EQ(response.rows_size(), clv_result_rows(expected.get()));
  for (int i = 0; i < response.rows_size(); ++i) {
    expect_equal_row(response.rows(i), *expected, i);
  }
  // Of what is stored; it also says where the proposals came from, so it is not that of `expected`.
  EXPECT_EQ(response.fingerprint(), clv_result_fingerprint(stored(store_, "decisions").get()));
  EXPECT_EQ(response.currency_code(), "USD");
  expect_equal_row(response.budget(), *stored(store_, "budget"), 0);
  EXPECT_LE(response.budget().spent(), 20.0);
  EXPECT_EQ(response.budget().customers_considered(), response.rows_size());
}

TEST_F(actions, a_page_token_is_bound_to_its_arguments_and_its_table) {
  auto request = decide_request();
  request.set_page_size(5);
  v1::DecideResponse response;
  ASSERT_TRUE(call(*channel_, decide, request, response).ok());
  request.set_page_token(response.next_page_token());
  request.set_z(2);
  grpc::Status status = call(*channel_, decide, request, response);
  EXPECT_EQ(error_info(status).reason(), "PAGE_TOKEN_INVALID") << status.error_message();

  auto other = decide_request();
  other.set_z(2);
  ASSERT_TRUE(call(*channel_, decide, other, response).ok());
  request.set_z(.5);
  status = call(*channel_, decide, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(error_info(status).reason(), "PAGE_TOKEN_STALE") << status.error_message();
}

TEST_F(actions, a_repeated_request_id_gives_the_earlier_answer) {
  auto request = decide_request();
  request.set_request_id("6f1c1b1e-5b0e-4f0e-9d0a-000000000001");
  v1::DecideResponse first;
  v1::DecideResponse second;
  ASSERT_TRUE(call(*channel_, decide, request, first).ok());
  ASSERT_TRUE(call(*channel_, decide, request, second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.set_z(2);
  const grpc::Status status = call(*channel_, decide, request, second);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(error_info(status).reason(), "REQUEST_ID_REUSED");
}

TEST_F(actions, refuses_settings_it_cannot_honour) {
  v1::DecideResponse response;
  auto request = decide_request();
  request.mutable_budget()->set_currency_code("JPY");
  EXPECT_EQ(error_info(call(*channel_, decide, request, response)).reason(), "BAD_CURRENCY");
  request = decide_request();
  request.set_z(0);
  EXPECT_EQ(bad_request(call(*channel_, decide, request, response)).field_violations(0).field(),
            "z");
  request = decide_request();
  request.set_page_size(-1);
  EXPECT_EQ(call(*channel_, decide, request, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(actions, a_second_server_on_the_store_is_refused) {
  sidecar second({"--socket", folder_.file("other"), "--store", store_},
                 folder_.file("second.log"));
  EXPECT_EQ(second.wait(), 3) << text_of(folder_.file("second.log"));
}

TEST(actions_without_a_store, are_a_failed_precondition) {
  const temporary_folder folder;
  const sidecar clvd({"--socket", folder.file("s")}, folder.file("log"));
  const auto channel = channel_to("unix:" + folder.file("s"));
  ASSERT_TRUE(is_serving(*channel));
  EXPECT_FALSE(is_serving(*channel, "clv.v1.ActionService"));
  v1::DecideResponse response;
  const grpc::Status status = call(*channel, decide, v1::DecideRequest(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error_info(status).reason(), "STORE_NOT_CONFIGURED");
}

TEST(actions_on_an_empty_store, say_what_has_to_run_first) {
  const temporary_folder folder;
  const sidecar clvd({"--socket", folder.file("s"), "--store", folder.file("new.clv")},
                     folder.file("log"));
  const auto channel = channel_to("unix:" + folder.file("s"));
  ASSERT_TRUE(is_serving(*channel, "clv.v1.ActionService"));
  v1::DecideResponse response;
  const grpc::Status status = call(*channel, decide, v1::DecideRequest(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error_info(status).reason(), "STAGE_NOT_READY") << status.error_message();
}

}  // namespace
}  // namespace clv::test
