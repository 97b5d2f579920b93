// One request through both doors: the same bits in the answer, or the same refusal.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "calls/errors.hpp"
#include "calls/json.hpp"
#include "calls/wire.hpp"
#include "reference.hpp"
#include "two_doors.hpp"

namespace clv::test {
namespace {

class doors_agree : public testing::Test {
 protected:
  // Whether there was an answer; then it is in response_.
  bool agree_on(const v1::ScoreSummariesRequest& request) {
    response_.Clear();
    const grpc::Status status = call(doors_.channel(), score_summaries, request, response_);
    std::string text;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(request, &text).ok());
    const http_answer answer = ask(doors_.http(), post(score_summaries, text));
    if (!status.ok()) {
      EXPECT_EQ(answer.code(), clvd::code_name(status.error_code()))
          << answer.body << status.error_message();
      const std::string reason = "\"reason\":\"" + error_info(status).reason() + "\"";
      EXPECT_NE(answer.body.find(reason), answer.body.npos) << answer.body << reason;
      return false;
    }
    v1::ScoreSummariesResponse by_http;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, &by_http).ok());
    EXPECT_EQ(by_http.SerializeAsString(), response_.SerializeAsString());
    return true;
  }

  two_doors doors_;
  v1::ScoreSummariesResponse response_;
};

// Ages and counts of all sizes, some of them impossible.
v1::ScoreSummariesRequest random_request(std::mt19937_64& random) {
  std::exponential_distribution<double> age(1 / 30.);
  std::lognormal_distribution<double> spend(3, 2);
  auto request = scoring_request(5);
  request.set_horizon(age(random));
  request.set_annual_discount(.3 * std::generate_canonical<double, 53>(random));
  for (auto& row : *request.mutable_rows()) {
    row.set_x(static_cast<double>(random() % 40));
    row.set_t(age(random));
    row.set_t_x(row.x() == 0 ? 0 : row.t() * std::generate_canonical<double, 53>(random));
    row.set_mean_spend(spend(random));
    if (random() % 20 == 0) row.set_t_x(row.t() * 2);
  }
  return request;
}

TEST_F(doors_agree, on_every_bit_of_400_random_requests) {
  std::mt19937_64 random(20);
  int answered = 0;
  for (int i = 0; i < 400; ++i) answered += agree_on(random_request(random));
  EXPECT_GT(answered, 200);
  EXPECT_LT(answered, 400);
}

TEST_F(doors_agree, on_doubles_that_are_hard_to_write) {
  using limit = std::numeric_limits<double>;
  for (const double hard : {0.1,
                            1 / 3.,
                            limit::denorm_min(),
                            limit::min(),
                            limit::max(),
                            limit::epsilon(),
                            1e22,
                            5e-324,
                            9007199254740993.0,
                            -0.0,
                            -1.0,
                            limit::infinity(),
                            -limit::infinity(),
                            limit::quiet_NaN()}) {
    auto request = scoring_request(3);
    request.mutable_rows(0)->set_x(0);
    request.mutable_rows(0)->set_t_x(0);
    request.mutable_rows(0)->set_t(hard);
    agree_on(request);
    request = scoring_request(3);
    request.mutable_rows(1)->set_t_x(hard);
    agree_on(request);
    request = scoring_request(3);
    request.set_horizon(hard);
    agree_on(request);
    request = scoring_request(3);
    (*request.mutable_parameters()->mutable_purchase()->mutable_parameters())["alpha"] = hard;
    agree_on(request);
  }
}

TEST_F(doors_agree, on_requests_that_are_wrong) {
  auto request = scoring_request(0);
  EXPECT_FALSE(agree_on(request));
  request = scoring_request(2);
  request.clear_parameters();
  EXPECT_FALSE(agree_on(request));
  request = scoring_request(2);
  request.mutable_rows(1)->clear_t();
  EXPECT_FALSE(agree_on(request));
  request = scoring_request(2);
  request.add_quantities("no_such_quantity");
  EXPECT_FALSE(agree_on(request));
  EXPECT_FALSE(agree_on(scoring_request(10'001)));
}

TEST_F(doors_agree, on_a_model_file_and_on_texts_of_every_kind) {
  auto request = scoring_request(6);
  request.set_model_json(model_json());
  request.mutable_rows(0)->set_customer("\xc3\xa9\xf0\x9f\x98\x80");
  request.mutable_rows(1)->set_customer("\"quoted\"\\ \n\t</script>");
  request.mutable_rows(2)->set_customer("\xe2\x80\x8b\xe2\x80\xae");  // zero width, right to left
  request.mutable_rows(3)->set_customer(std::string(100'000, 'x'));
  request.mutable_rows(4)->set_customer("\x7f\x01");
  ASSERT_TRUE(agree_on(request));
  EXPECT_EQ(response_.rows(1).customer(), request.rows(1).customer());
}

TEST_F(doors_agree, on_the_largest_answer) {
  EXPECT_TRUE(agree_on(scoring_request(10'000)));
}

TEST(json_wire, gives_back_every_double) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    v1::SummaryRow row;
    row.set_x(std::bit_cast<double>(random()));
    v1::SummaryRow back;
    clvd::decode_json(clvd::encode_json(row), back);
    if (std::isnan(row.x())) {
      EXPECT_TRUE(std::isnan(back.x()));
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(back.x()), std::bit_cast<std::uint64_t>(row.x()));
    }
  }
}

TEST(json_wire, carries_the_smallest_money_as_text) {
  v1::Money money;
  money.set_minor_units(std::numeric_limits<std::int64_t>::min());
  const std::string text = clvd::encode_json(money);
  EXPECT_NE(text.find("\"-9223372036854775808\""), text.npos) << text;
  v1::Money back;
  clvd::decode_json(text, back);
  EXPECT_EQ(back.minor_units(), money.minor_units());
  clvd::decode_json(R"({"minor_units":-9223372036854775808})", back);
  EXPECT_EQ(back.minor_units(), money.minor_units());
  for (const char* bad : {"9223372036854775808", "\"9223372036854775808\"", "1.5", "\"12.50\""}) {
    try {
      clvd::decode_json("{\"minor_units\":" + std::string(bad) + "}", back);
      ADD_FAILURE() << bad;
    } catch (const clvd::call_error& e) {
      EXPECT_EQ(e.reason, "INVALID_VALUE") << bad;
      EXPECT_EQ(e.violations.at(0).field, "minor_units");
    }
  }
}

TEST(negative_zero, is_zero_at_every_depth_for_both_doors) {
  auto request = scoring_request(2);
  request.set_horizon(-0.0);
  request.mutable_rows(1)->set_t_x(-0.0);
  auto& map = *request.mutable_parameters()->mutable_purchase()->mutable_parameters();
  map["zero"] = -0.0;
  clvd::drop_negative_zeros(request);
  EXPECT_FALSE(std::signbit(request.horizon()));
  EXPECT_FALSE(std::signbit(request.rows(1).t_x()));
  EXPECT_TRUE(request.rows(1).has_t_x());
  EXPECT_FALSE(std::signbit(request.parameters().purchase().parameters().at("zero")));
  v1::ScoreSummariesRequest copy;
  ASSERT_TRUE(copy.ParseFromString(request.SerializeAsString()));
  EXPECT_FALSE(std::signbit(copy.parameters().purchase().parameters().at("zero")));
}

}  // namespace
}  // namespace clv::test
