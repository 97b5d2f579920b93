// Every method, every field, every kind of nonsense: a refusal that says what is wrong, never
// UNIMPLEMENTED, never a bug, and a server that goes on.
#include <set>

#include "requests.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

class hostile_requests : public shop {
 protected:
  void SetUp() override { open(40); }

  struct said {
    grpc::StatusCode code;
    std::string reason, text;
  };
  said send(const char* path, const std::string& bytes) {
    const grpc::Status status = call_raw(*channel_, path, bytes).status;
    return {status.error_code(), error_info(status).reason(), status.error_message()};
  }

  // What the client may be told of a request that is only strange.
  static bool is_told_properly(const said& s) {
    static const std::set<grpc::StatusCode> proper{grpc::StatusCode::OK,
                                                   grpc::StatusCode::INVALID_ARGUMENT,
                                                   grpc::StatusCode::NOT_FOUND,
                                                   grpc::StatusCode::ALREADY_EXISTS,
                                                   grpc::StatusCode::FAILED_PRECONDITION,
                                                   grpc::StatusCode::ABORTED,
                                                   grpc::StatusCode::PERMISSION_DENIED,
                                                   grpc::StatusCode::RESOURCE_EXHAUSTED};
    return proper.count(s.code) == 1 && (s.code == grpc::StatusCode::OK || !s.reason.empty());
  }
};

TEST(samples_of_requests, are_there_for_every_method) {
  std::set<std::string> asked;
  for (const sample& s : samples()) asked.insert(s.path);
  for (const clvd::method& m : clvd::methods()) EXPECT_EQ(asked.count(m.path), 1u) << m.path;
}

TEST_F(hostile_requests, of_bytes_that_are_no_message_are_invalid) {
  for (const clvd::method& m : clvd::methods()) {
    for (const std::string bytes : {"\xff\xff\xff", "\x0a\x7f", "\x07"}) {
      const said s = send(m.path, bytes);
      EXPECT_EQ(s.code, grpc::StatusCode::INVALID_ARGUMENT) << m.path;
      EXPECT_EQ(s.reason, "MALFORMED_MESSAGE") << m.path << ": " << s.text;
    }
  }
}

TEST_F(hostile_requests, with_texts_that_are_not_utf8_are_told_the_field) {
  int tried = 0;
  for (const sample& s : samples()) {
    for (const bad_bytes& bad : with_bad_texts(*request_of(s))) {
      const said answer = send(s.path, bad.bytes);
      EXPECT_EQ(answer.reason, "NOT_UTF8") << s.path << " " << bad.what << ": " << answer.text;
      ++tried;
    }
  }
  EXPECT_GT(tried, 100);
}

TEST_F(hostile_requests, with_fields_of_no_schema_at_any_depth_are_refused) {
  for (const sample& s : samples()) {
    for (const bad_bytes& bad : with_unknown_fields(*request_of(s))) {
      const said answer = send(s.path, bad.bytes);
      EXPECT_EQ(answer.reason, "UNKNOWN_FIELD") << s.path << " " << bad.what << ": " << answer.text;
    }
  }
}

TEST_F(hostile_requests, that_are_empty_or_strange_get_an_answer_or_a_reason) {
  int refused = 0;
  for (const sample& s : samples()) {
    const auto good = request_of(s);
    const said empty = send(s.path, "");
    EXPECT_TRUE(is_told_properly(empty)) << s.path << " empty: " << empty.code << " " << empty.text;
    for (const spoiled& bad : spoil(*good)) {
      const said answer = send(s.path, bad.request->SerializeAsString());
      EXPECT_TRUE(is_told_properly(answer)) << s.path << " " << bad.what << ": " << answer.code
                                            << " " << answer.reason << " " << answer.text;
      refused += answer.code == grpc::StatusCode::OK ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_TRUE(is_serving(*channel_)) << log();
  EXPECT_EQ(log().find("\"incident\""), std::string::npos) << log();
  stop();
}

}  // namespace
}  // namespace clv::test
