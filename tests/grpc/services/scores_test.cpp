// ScoringService on a store: customers scored now, all scored by a job, the kept scores read.
#include <clv/v1/scoring_service.pb.h>

#include "equal_rows.hpp"
#include "shop.hpp"
#include "streams.hpp"

namespace clv::test {
namespace {

const std::string scoring_of = "/clv.v1.ScoringService/";

class scores : public shop {
 protected:
  void SetUp() override { open(2'500, {"--drain-delay", "0"}); }

  // The day that libclv scored up to when it made the store.
  std::int64_t last_event_us() {
    const result log = stored(before_, "transactions");
    const std::int32_t time = clv_result_find(log.get(), "time");
    double last = 0;
    for (std::int64_t row = 0; row < clv_result_rows(log.get()); ++row) {
      last = std::max(last, clv_result_number(log.get(), time, row));
    }
    return static_cast<std::int64_t>(last);
  }
  v1::ScoreCustomersRequest about(const std::vector<std::string>& customers) {
    v1::ScoreCustomersRequest request;
    for (const std::string& customer : customers) request.add_customers(customer);
    request.mutable_as_of()->set_seconds(last_event_us() / 1'000'000);
    return request;
  }
  v1::BatchScoreResult score_all(double horizon = 0) {
    v1::StartBatchScoreRequest request;
    request.set_horizon(horizon);
    const auto response = ask<v1::StartBatchScoreResponse>(scoring_of + "StartBatchScore", request);
    return result_of<v1::BatchScoreResult>(response.job());
  }
  v1::ListScoresResponse page(int size, const std::string& token = "") {
    v1::ListScoresRequest request;
    request.mutable_page()->set_page_size(size);
    request.mutable_page()->set_page_token(token);
    return ask<v1::ListScoresResponse>(scoring_of + "ListScores", request);
  }
  answers<v1::StreamScoresResponse> stream(const std::string& token = "") {
    v1::StreamScoresRequest request;
    request.set_resume_token(token);
    return {*channel_, scoring_of + "StreamScores", request};
  }
  static std::string id(const clv_result& table, std::int64_t row) {
    return clv_result_text(&table, clv_result_find(&table, "customer"), row, nullptr);
  }
};

TEST_F(scores, of_customers_are_those_of_libclv_bit_for_bit_in_the_order_asked) {
  const result expected = stored(before_, "scores");
  std::vector<std::string> ids;
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 900; row > 0; row -= 7) {
    ids.push_back(id(*expected, row));
    rows.push_back(row);
  }
  const auto response = ask<v1::ScoreCustomersResponse>(scoring_of + "ScoreCustomers", about(ids));
  ASSERT_EQ(response.rows_size(), static_cast<int>(ids.size()));
  for (int i = 0; i < response.rows_size(); ++i) {
    EXPECT_EQ(response.rows(i).customer(), ids[static_cast<std::size_t>(i)]);
    EXPECT_GE(expect_equal_row(response.rows(i), *expected, rows[static_cast<std::size_t>(i)]), 5);
  }
  EXPECT_EQ(response.model(), "models/1");
  EXPECT_EQ(response.served_by(), "builtin");
  EXPECT_EQ(response.currency_code(), "USD");
}

TEST_F(scores, of_a_customer_named_twice_are_there_twice) {
  const std::string who = id(*stored(before_, "scores"), 5);
  const auto response =
      ask<v1::ScoreCustomersResponse>(scoring_of + "ScoreCustomers", about({who, who}));
  ASSERT_EQ(response.rows_size(), 2);
  EXPECT_EQ(response.rows(0).SerializeAsString(), response.rows(1).SerializeAsString());
}

TEST_F(scores, of_a_customer_nobody_knows_name_the_customer) {
  const auto request = about({id(*stored(before_, "scores"), 0), "nobody"});
  const raw_answer answer =
      call_raw(*channel_, scoring_of + "ScoreCustomers", request.SerializeAsString());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(error_info(answer.status).reason(), "CUSTOMER_UNKNOWN");
  EXPECT_EQ(error_info(answer.status).metadata().at("field"), "customers[1]");
  EXPECT_EQ(error_info(answer.status).metadata().at("customer"), "nobody");
  EXPECT_EQ(log().find("nobody"), std::string::npos);
}

TEST_F(scores, of_customers_have_limits_that_are_told) {
  v1::ScoreCustomersRequest request;
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request), "3 FIELD_REQUIRED");
  for (int i = 0; i < 1'001; ++i) request.add_customers("c");
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request), "8 TOO_MANY_ROWS");
  request = about({id(*stored(before_, "scores"), 0)});
  request.set_model_name("models/9");
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request), "5 NAME_UNKNOWN");
  request.set_model_name("");
  request.add_quantities("no_such_number");
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request).substr(0, 2), "3 ");
  request.clear_quantities();
  request.set_horizon(-1);
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request).substr(0, 2), "3 ");
  request.set_horizon(0);
  request.mutable_as_of()->set_seconds(-86'400);  // before anybody came
  EXPECT_EQ(refusal(scoring_of + "ScoreCustomers", request), "5 CUSTOMER_UNKNOWN");
}

// libclv reads a moment of 0 as "not given".
TEST_F(scores, of_the_first_day_of_1970_are_of_that_day) {
  auto request = about({id(*stored(before_, "scores"), 0)});
  const auto at = [&](std::int64_t seconds) {
    request.mutable_as_of()->set_seconds(seconds);
    const raw_answer answer =
        call_raw(*channel_, scoring_of + "ScoreCustomers", request.SerializeAsString());
    v1::ScoreCustomersResponse response;
    grpc::Slice bytes;
    if (answer.status.ok() && answer.bytes.DumpToSingleSlice(&bytes).ok()) {
      response.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()));
    }
    response.clear_as_of();
    return std::to_string(answer.status.error_code()) + response.SerializeAsString();
  };
  EXPECT_TRUE(at(0) == at(3'600));
}

TEST_F(scores, of_all_are_kept_and_are_those_of_libclv) {
  const auto done = score_all();
  EXPECT_EQ(done.customers(), 2'500);
  EXPECT_EQ(done.model(), "models/1");
  const auto first = page(10);
  EXPECT_EQ(first.total_rows(), 2'500);
  EXPECT_EQ(first.fingerprint(), done.fingerprint());
  EXPECT_EQ(first.model(), "models/1");
  EXPECT_EQ(first.served_by(), "builtin");
  constexpr std::int64_t day = 86'400;
  EXPECT_EQ(first.as_of().seconds() / day, last_event_us() / 1'000'000 / day);
  EXPECT_EQ(first.as_of().seconds(), done.as_of().seconds());
  EXPECT_EQ(first.currency_code(), "USD");
  stop();
  const result expected = stored(before_, "scores"), kept = stored(store_, "scores");
  ASSERT_EQ(clv_result_rows(kept.get()), clv_result_rows(expected.get()));
  for (int i = 0; i < 10; ++i) {
    EXPECT_GE(expect_equal_row(first.rows(i), *expected, i), 5);
  }
}

TEST_F(scores, of_a_day_of_the_past_say_so) {
  v1::StartBatchScoreRequest request;
  request.mutable_as_of()->set_seconds(last_event_us() / 1'000'000 - 30 * 86'400);
  const auto response = ask<v1::StartBatchScoreResponse>(scoring_of + "StartBatchScore", request);
  result_of<v1::BatchScoreResult>(response.job());
  EXPECT_EQ(page(1).as_of().seconds(), request.as_of().seconds());
  auto all = stream();
  const auto some = all.next();
  ASSERT_TRUE(some);
  EXPECT_EQ(some->as_of().seconds(), request.as_of().seconds());
  EXPECT_EQ(some->model(), "models/1");
}

TEST_F(scores, that_the_command_made_name_no_model_that_is_not_known) {
  EXPECT_EQ(page(1).model(), "");
  EXPECT_FALSE(page(1).has_as_of());
  EXPECT_EQ(page(1).served_by(), "builtin");
}

TEST_F(scores, are_listed_by_pages_until_they_are_written_again) {
  std::vector<std::string> listed;
  std::string token;
  do {
    const auto some = page(700, token);
    for (const auto& row : some.rows()) listed.push_back(row.customer());
    token = some.next_page_token();
  } while (!token.empty());
  const result all = stored(before_, "scores");
  ASSERT_EQ(listed.size(), 2'500U);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i], id(*all, static_cast<std::int64_t>(i)));
  }
  v1::ListScoresRequest request;
  request.mutable_page()->set_page_token(page(700).next_page_token());
  EXPECT_EQ(refusal(scoring_of + "ListScores", request), "0 ");
  score_all(13);
  EXPECT_EQ(refusal(scoring_of + "ListScores", request), "10 PAGE_TOKEN_STALE");
  request.mutable_page()->set_page_token("1.2.3.4");
  EXPECT_EQ(refusal(scoring_of + "ListScores", request), "3 PAGE_TOKEN_INVALID");
  request.mutable_page()->set_page_token("");
  request.mutable_page()->set_page_size(-1);
  EXPECT_EQ(refusal(scoring_of + "ListScores", request), "3 INVALID_VALUE");
}

TEST_F(scores, are_streamed_whole_and_from_any_token_on) {
  std::vector<std::string> tokens, whole;
  {
    auto all = stream();
    while (const auto some = all.next()) {
      for (const auto& row : some->rows()) whole.push_back(row.SerializeAsString());
      tokens.push_back(some->resume_token());
      EXPECT_EQ(some->currency_code(), "USD");
      EXPECT_EQ(some->served_by(), "builtin");
    }
    EXPECT_TRUE(all.finish().ok());
  }
  ASSERT_EQ(whole.size(), 2'500U);
  ASSERT_EQ(tokens.size(), 3U);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::vector<std::string> rest;
    auto some = stream(tokens[i]);
    while (const auto more = some.next()) {
      for (const auto& row : more->rows()) rest.push_back(row.SerializeAsString());
    }
    EXPECT_TRUE(some.finish().ok());
    const auto from = std::min<std::size_t>(1'000 * (i + 1), whole.size());
    const auto first = whole.begin() + static_cast<std::ptrdiff_t>(from);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), first, whole.end())) << rest.size();
  }
}

TEST_F(scores, that_were_written_again_end_an_old_stream_that_goes_on) {
  auto begun = stream();
  const auto first = begun.next();
  ASSERT_TRUE(first);
  score_all(13);
  auto again = stream(first->resume_token());
  const grpc::Status status = again.finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(error_info(status).reason(), "PAGE_TOKEN_STALE");
  int rows = first->rows_size();  // of one run, to its end
  while (const auto more = begun.next()) rows += more->rows_size();
  EXPECT_EQ(rows, 2'500);
  EXPECT_TRUE(begun.finish().ok());
}

TEST_F(scores, that_do_not_exist_yet_are_told) {
  stop();
  std::filesystem::remove(store_);
  start();
  EXPECT_EQ(refusal(scoring_of + "ListScores", v1::ListScoresRequest()), "9 STAGE_NOT_READY");
  EXPECT_EQ(error_info(stream().finish()).reason(), "STAGE_NOT_READY");
  EXPECT_EQ(refusal(scoring_of + "StartBatchScore", v1::StartBatchScoreRequest()),
            "9 STAGE_NOT_READY");
}

}  // namespace
}  // namespace clv::test
