// The Connect protocol's rules for unary JSON calls: types, headers, errors, and what of a bad
// request is never repeated.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "reference.hpp"
#include "two_doors.hpp"

namespace clv::test {
namespace {

using namespace std::string_literals;

std::string from_base64(const std::string& text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    group = group << 6 | static_cast<std::uint32_t>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 255);
  }
  return bytes;
}

std::string json_of(const google::protobuf::Message& message) {
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &text).ok());
  return text;
}

class http_connect : public testing::Test {
 protected:
  http_answer call(const std::string& body, const http_headers& more = {}) {
    return ask(doors_.http(), post(score_summaries, body, more));
  }
  http_answer score(int customers, const http_headers& more = {}) {
    return call(json_of(scoring_request(customers)), more);
  }
  void expect_refusal(const http_answer& answer,
                      int status,
                      const std::string& code,
                      const std::string& reason) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.code(), code) << answer.body;
    EXPECT_NE(answer.body.find("\"reason\":\"" + reason + "\""), std::string::npos) << answer.body;
  }

  two_doors doors_;
};

TEST_F(http_connect, answers_json_with_the_names_of_the_dictionary_and_all_zeros) {
  const http_answer answer = score(2);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_EQ(answer.headers.count("transfer-encoding"), 0u);
  EXPECT_NE(answer.body.find("\"p_alive\":"), std::string::npos);
  EXPECT_NE(answer.body.find("\"warnings\":[]"), std::string::npos);
  EXPECT_EQ(answer.headers.at("clv-request-id").size(), 16u);
}

TEST_F(http_connect, reads_both_spellings_of_a_name) {
  std::string body = json_of(scoring_request(3));
  ASSERT_NE(body.find("\"tX\""), std::string::npos);
  const std::string by_json_name = call(body).body;
  for (std::size_t at; (at = body.find("\"tX\"")) != body.npos;) body.replace(at, 4, "\"t_x\"");
  EXPECT_EQ(call(body).body, by_json_name);
}

TEST_F(http_connect, takes_json_with_parameters_and_proto_and_nothing_else) {
  for (const char* type : {"application/json; charset=utf-8", "Application/JSON"}) {
    EXPECT_EQ(score(1, {{"Content-Type", type}}).status, 200) << type;
  }
  const http_answer binary =
      call(scoring_request(3).SerializeAsString(), {{"Content-Type", "application/proto"}});
  ASSERT_EQ(binary.status, 200) << binary.body;
  EXPECT_EQ(binary.headers.at("content-type"), "application/proto");
  v1::ScoreSummariesResponse response;
  ASSERT_TRUE(response.ParseFromString(binary.body));
  EXPECT_EQ(response.rows_size(), 3);
  for (const char* type : {"",
                           "text/json",
                           "application/connect+json",
                           "application/grpc",
                           "multipart/form-data; boundary=x",
                           "application/x-www-form-urlencoded",
                           "application/jsonx",
                           "application/json, application/json"}) {
    const http_answer answer = score(1, {{"Content-Type", type}});
    expect_refusal(answer, 415, "invalid_argument", "CONTENT_TYPE_UNSUPPORTED");
    EXPECT_EQ(answer.headers.at("accept-post"), "application/json, application/proto");
  }
}

TEST_F(http_connect, knows_version_1_of_the_protocol_only) {
  EXPECT_EQ(score(1, {{"Connect-Protocol-Version", "1"}}).status, 200);
  expect_refusal(
      score(1, {{"Connect-Protocol-Version", "2"}}), 400, "invalid_argument", "INVALID_HEADER");
}

TEST_F(http_connect, refuses_packed_bodies_and_names_what_it_reads) {
  EXPECT_EQ(score(1, {{"Content-Encoding", "identity"}}).status, 200);
  for (const char* encoding : {"gzip", "br", "zstd", "deflate"}) {
    expect_refusal(
        score(1, {{"Content-Encoding", encoding}}), 501, "unimplemented", "ENCODING_UNSUPPORTED");
  }
}

TEST_F(http_connect, ends_a_call_at_its_deadline) {
  expect_refusal(
      score(1, {{"Connect-Timeout-Ms", "0"}}), 504, "deadline_exceeded", "DEADLINE_EXCEEDED");
  EXPECT_EQ(score(1, {{"Connect-Timeout-Ms", "9999999999"}}).status, 200);
  for (const char* bad : {"-1", "1.5", "10000000000", "ten", "+5", "5ms"}) {
    expect_refusal(
        score(1, {{"Connect-Timeout-Ms", bad}}), 400, "invalid_argument", "INVALID_HEADER");
  }
}

TEST_F(http_connect, has_no_methods_but_those_of_the_table) {
  for (const std::string path : {"/",
                                 "/clv.v1.ScoringService",
                                 "/clv.v1.ScoringService/scoresummaries",
                                 "/clv.v1.ScoringService/ScoreSummaries/",
                                 "//clv.v1.ScoringService/ScoreSummaries",
                                 "/clv.v1.ScoringService%2FScoreSummaries",
                                 "/clv.v1.ScoringService/ScoreSummaries?x=1",
                                 "/../etc/passwd",
                                 "/grpc.health.v1.Health/Check"}) {
    expect_refusal(ask(doors_.http(), post(path, "{}")), 404, "unimplemented", "METHOD_UNKNOWN");
  }
}

TEST_F(http_connect, answers_streaming_methods_with_415) {
  expect_refusal(ask(doors_.http(), post("/clv.v1.ScoringService/StreamScores", "{}")),
                 415,
                 "unimplemented",
                 "STREAMING_METHOD");
}

TEST_F(http_connect, gives_the_details_of_the_grpc_door) {
  auto request = scoring_request(10);
  request.mutable_rows(7)->set_x(2);
  request.mutable_rows(7)->set_t_x(request.rows(7).t() + 1);
  v1::ScoreSummariesResponse ignored;
  const grpc::Status status = test::call(doors_.channel(), score_summaries, request, ignored);
  const http_answer answer = call(json_of(request));
  ASSERT_EQ(answer.status, 400) << answer.body;
  google::protobuf::Struct error;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, &error).ok());
  EXPECT_EQ(error.fields().at("code").string_value(), "invalid_argument");
  EXPECT_EQ(error.fields().at("message").string_value(), status.error_message());
  const auto& listed = error.fields().at("details").list_value();
  std::map<std::string, std::string> details;
  for (const auto& d : listed.values()) {
    const auto& fields = d.struct_value().fields();
    const std::string& value = fields.at("value").string_value();
    EXPECT_EQ(value.find('='), value.npos) << "base64 has no padding here";
    details[fields.at("type").string_value()] = from_base64(value);
  }
  EXPECT_EQ(details.size(), 2u);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(details["google.rpc.ErrorInfo"]));
  using google::protobuf::util::MessageDifferencer;
  EXPECT_TRUE(MessageDifferencer::Equals(info, error_info(status)));
  google::rpc::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(details["google.rpc.BadRequest"]));
  EXPECT_TRUE(MessageDifferencer::Equals(bad, bad_request(status)));
  EXPECT_EQ(bad.field_violations(0).field(), "rows[7].t_x");
  const auto& debug = listed.values(0).struct_value().fields().at("debug").struct_value();
  EXPECT_EQ(debug.fields().at("reason").string_value(), "OUT_OF_DOMAIN");
}

TEST_F(http_connect, names_an_unknown_field_with_its_path) {
  const http_answer answer = call(R"({"rows":[{},{"fooo":1}]})");
  expect_refusal(answer, 400, "invalid_argument", "UNKNOWN_FIELD");
  EXPECT_NE(answer.body.find("\"field\":\"rows[1].fooo\""), std::string::npos) << answer.body;
}

TEST_F(http_connect, names_the_field_of_a_value_that_does_not_fit) {
  for (const char* body : {R"({"rows":[{"x":"s3cret"}]})", R"({"rows":[{"x":"1e999"}]})"}) {
    const http_answer answer = call(body);
    expect_refusal(answer, 400, "invalid_argument", "INVALID_VALUE");
    EXPECT_NE(answer.body.find("\"field\":\"rows[0].x\""), std::string::npos) << answer.body;
  }
}

TEST_F(http_connect, never_repeats_the_text_of_a_bad_request) {
  const std::string secret = "s3cret";
  for (const std::string& body : {R"({"rows":[{"x":"s3cret"}]})"s,
                                  R"({"rows":[{"customer":s3cret}]})"s,
                                  R"({"s3cret-anna@example.org":1})"s,
                                  R"({"rows":[{"s3cret <b>":1}]})"s,
                                  "{\"rows\":[{\"customer\":\"s3cret\xff\"}]}"s,
                                  R"(["s3cret"])"s,
                                  R"("s3cret")"s,
                                  R"({"rows":[{}]} s3cret)"s,
                                  R"({"model_json":"s3cret!"})"s,
                                  "s3cret"s,
                                  "\0s3cret"s}) {
    const http_answer answer = call(body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.code(), "invalid_argument");
    EXPECT_EQ(answer.body.find(secret), std::string::npos) << answer.body;
  }
}

TEST_F(http_connect, refuses_json_that_is_nested_too_deep) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string body = "{\"rows\":";
    for (int i = 0; i < 100'000; ++i) body += open;
    expect_refusal(call(body), 400, "invalid_argument", "MALFORMED_JSON");
  }
}

TEST_F(http_connect, refuses_json_that_is_none) {
  for (const std::string body : {"", "null", "[]", "1", "{", "{}{}", "{\"rows\":[{\"x\":NaN}]}"}) {
    expect_refusal(call(body), 400, "invalid_argument", "MALFORMED_JSON");
  }
}

TEST_F(http_connect, refuses_nan_and_infinity_like_the_grpc_door) {
  for (const char* value : {"\"NaN\"", "\"Infinity\"", "\"-Infinity\""}) {
    const http_answer answer =
        call(R"({"rows":[{"x":)" + std::string(value) + R"(,"t_x":1,"T":2}],"horizon":10})");
    EXPECT_EQ(answer.status, 400) << answer.body;
  }
}

TEST_F(http_connect, refuses_a_nul_in_a_name) {
  auto request = scoring_request(1);
  request.add_quantities(std::string("p_alive\0x", 9));
  expect_refusal(call(json_of(request)), 400, "invalid_argument", "INVALID_VALUE");
}

TEST_F(http_connect, refuses_two_authorizations_and_any_bad_one) {
  std::string two = post(score_summaries, "{}");
  two.insert(two.find("Host:"), "Authorization: Bearer clv_a\r\nauthorization: Bearer clv_a\r\n");
  expect_refusal(ask(doors_.http(), two), 401, "unauthenticated", "UNAUTHENTICATED");
  for (const char* bad : {"Bearer clv_unknown", "Bearer", "Basic YTpi", "clv_unknown"}) {
    expect_refusal(call("{}", {{"Authorization", bad}}), 401, "unauthenticated", "UNAUTHENTICATED");
  }
}

TEST_F(http_connect, tells_a_stranger_nothing_of_methods) {
  const http_headers stranger{{"Authorization", "Bearer clv_unknown"}};
  const std::string known = call("{}", stranger).body;
  EXPECT_EQ(ask(doors_.http(), post("/clv.v1.NoService/NoMethod", "{}", stranger)).body, known);
}

TEST(http_loopback, asks_for_a_token_on_tcp) {
  two_doors_options o;
  o.http.address = "127.0.0.1:0";
  const two_doors doors(o);
  const http_answer answer = ask(doors.http(), post(score_summaries, "{}"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.code(), "unauthenticated");
}

TEST(http_overload, is_told_in_words_of_the_protocol) {
  two_doors_options o;
  o.workers = 1;
  o.queue = 0;
  two_doors doors(o);
  const http_answer full = ask(doors.http(), post(score_summaries, "{}"));
  EXPECT_EQ(full.status, 429);
  EXPECT_EQ(full.code(), "resource_exhausted");
  EXPECT_NE(full.body.find("QUEUE_FULL"), std::string::npos);
}

TEST(http_drain, refuses_new_calls_as_the_grpc_door_does) {
  two_doors doors;
  doors.host().door.close(std::chrono::system_clock::now());
  const http_answer answer = ask(doors.http(), post(score_summaries, "{}"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.code(), "unavailable");
  EXPECT_NE(answer.body.find("SHUTTING_DOWN"), std::string::npos);
  EXPECT_NE(answer.body.find("google.rpc.RetryInfo"), std::string::npos);
}

}  // namespace
}  // namespace clv::test
