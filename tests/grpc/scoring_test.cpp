// ScoringService over a Unix socket: the same doubles as libclv.so, and refusals that say what.
#include <gtest/gtest.h>

#include <csignal>

#include "equal_rows.hpp"
#include "reference.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

constexpr auto score_summaries = "/clv.v1.ScoringService/ScoreSummaries";

class scoring : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(is_serving(*channel_)); }

  grpc::Status ask(const v1::ScoreSummariesRequest& request, deadline until = soon()) {
    response_.Clear();
    return call(*channel_, score_summaries, request, response_, until);
  }
  void expect_refusal(const grpc::Status& status,
                      grpc::StatusCode code,
                      const std::string& reason,
                      const std::string& field) {
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(error_info(status).reason(), reason) << status.error_message();
    EXPECT_EQ(error_info(status).domain(), "libclv");
    const auto bad = bad_request(status);
    if (field.empty()) return;
    ASSERT_GT(bad.field_violations_size(), 0) << status.error_message();
    EXPECT_EQ(bad.field_violations(0).field(), field) << status.error_message();
  }

  temporary_folder folder_;
  sidecar clvd_{{"--socket", folder_.file("s")}, folder_.file("log")};
  std::shared_ptr<grpc::Channel> channel_ = channel_to("unix:" + folder_.file("s"));
  v1::ScoreSummariesResponse response_;
};

TEST_F(scoring, gives_the_doubles_of_libclv_bit_for_bit) {
  const auto request = scoring_request(500);
  ASSERT_TRUE(ask(request).ok());
  const result expected = scored(request);
  ASSERT_EQ(response_.rows_size(), 500);
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(response_.rows(i).customer(), request.rows(i).customer());
    EXPECT_GE(expect_equal_row(response_.rows(i), *expected, i), 5);
  }
  EXPECT_TRUE(response_.rows(1).has_clv());
  EXPECT_EQ(response_.currency_code(), "USD");
  EXPECT_EQ(response_.served_by(), "builtin");
  EXPECT_EQ(response_.fingerprint().size(), 32u);
}

TEST_F(scoring, takes_a_model_file_as_well_as_parameters) {
  auto request = scoring_request(20);
  ASSERT_TRUE(ask(request).ok());
  const auto by_parameters = response_;
  request.set_model_json(model_json());
  ASSERT_TRUE(ask(request).ok());
  EXPECT_EQ(response_.SerializeAsString(), by_parameters.SerializeAsString());
}

TEST_F(scoring, gives_only_the_quantities_asked_for) {
  auto request = scoring_request(3);
  request.add_quantities("p_alive");
  ASSERT_TRUE(ask(request).ok());
  EXPECT_TRUE(response_.rows(0).has_p_alive());
  EXPECT_FALSE(response_.rows(0).has_clv());
}

TEST_F(scoring, names_row_and_column_of_an_impossible_row) {
  auto request = scoring_request(10);
  request.mutable_rows(7)->set_x(2);
  request.mutable_rows(7)->set_t_x(request.rows(7).t() + 1);
  const grpc::Status status = ask(request);
  expect_refusal(status, grpc::StatusCode::INVALID_ARGUMENT, "OUT_OF_DOMAIN", "rows[7].t_x");
  EXPECT_EQ(error_info(status).metadata().at("row"), "7");
}

TEST_F(scoring, names_a_number_that_was_forgotten) {
  auto request = scoring_request(10);
  request.mutable_rows(4)->clear_t();
  expect_refusal(ask(request), grpc::StatusCode::INVALID_ARGUMENT, "FIELD_REQUIRED", "rows[4].T");
}

TEST_F(scoring, refuses_no_rows_no_model_and_too_many_rows) {
  auto request = scoring_request(0);
  expect_refusal(ask(request), grpc::StatusCode::INVALID_ARGUMENT, "FIELD_REQUIRED", "rows");
  request = scoring_request(2);
  request.clear_parameters();
  expect_refusal(ask(request), grpc::StatusCode::INVALID_ARGUMENT, "FIELD_REQUIRED", "model");
  request = scoring_request(10'001);
  expect_refusal(ask(request), grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_ROWS", "");
}

TEST_F(scoring, answers_the_largest_request_within_the_message_limit) {
  ASSERT_TRUE(ask(scoring_request(10'000)).ok());
  EXPECT_EQ(response_.rows_size(), 10'000);
  EXPECT_LT(response_.ByteSizeLong(), 4u << 20u);
}

TEST_F(scoring, says_which_parameter_is_wrong) {
  auto request = scoring_request(2);
  (*request.mutable_parameters()->mutable_purchase()->mutable_parameters())["r"] = -1;
  grpc::Status status = ask(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("purchase.parameters.r"), std::string::npos)
      << status.error_message();
  (*request.mutable_parameters()->mutable_purchase()->mutable_parameters())["r"] =
      std::numeric_limits<double>::quiet_NaN();
  expect_refusal(ask(request),
                 grpc::StatusCode::INVALID_ARGUMENT,
                 "INVALID_VALUE",
                 "parameters.purchase.parameters[r]");
}

TEST_F(scoring, refuses_bytes_that_are_no_message) {
  const raw_answer answer = call_raw(*channel_, score_summaries, "\xff\xff\xff\xff");
  expect_refusal(answer.status, grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED_MESSAGE", "");
}

TEST_F(scoring, names_a_field_it_does_not_know_at_any_depth) {
  auto request = scoring_request(3);
  request.mutable_rows(2)
      ->GetReflection()
      ->MutableUnknownFields(request.mutable_rows(2))
      ->AddVarint(99, 1);
  expect_refusal(ask(request), grpc::StatusCode::INVALID_ARGUMENT, "UNKNOWN_FIELD", "rows[2].#99");
}

TEST_F(scoring, names_a_text_that_is_not_utf8) {
  // rows[0] = {}, rows[1] = {customer: 0xff}; protobuf itself would refuse to write this.
  const raw_answer answer =
      call_raw(*channel_, score_summaries, std::string("\x1a\x00\x1a\x03\x0a\x01\xff", 7));
  expect_refusal(answer.status, grpc::StatusCode::INVALID_ARGUMENT, "NOT_UTF8", "rows[1].customer");
}

TEST_F(scoring, goes_on_after_calls_nobody_waited_for) {
  const auto request = scoring_request(10'000);
  for (int i = 0; i < 5; ++i) {
    const auto passed = std::chrono::system_clock::now() + std::chrono::milliseconds(i);
    const grpc::Status status = ask(request, passed);
    if (status.ok()) continue;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  EXPECT_TRUE(ask(scoring_request(5)).ok());
}

TEST_F(scoring, keeps_ids_and_amounts_out_of_the_log) {
  auto request = scoring_request(3);
  request.mutable_rows(1)->set_customer("secret-customer");
  ASSERT_TRUE(ask(request).ok());
  request.mutable_rows(1)->set_t(-123456);
  ASSERT_FALSE(ask(request).ok());
  clvd_.send(SIGTERM);
  EXPECT_EQ(clvd_.wait(), 0);
  const std::string log = text_of(folder_.file("log"));
  EXPECT_NE(log.find("ScoreSummaries"), std::string::npos);
  EXPECT_EQ(log.find("secret-customer"), std::string::npos);
  EXPECT_EQ(log.find("123456"), std::string::npos);
}

}  // namespace
}  // namespace clv::test
