// Every method through both doors: the same answer, or the same refusal.
#include <google/protobuf/util/json_util.h>

#include "calls/errors.hpp"
#include "http_client.hpp"
#include "requests.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

class both_doors : public shop {
 protected:
  void SetUp() override { open(40); }

  // Whether there was an answer.
  bool agree(const sample& s, const google::protobuf::Message& request, bool same_answer) {
    const clvd::method& m = *clvd::find_method(s.path);
    std::string text;
    // Times that no JSON can say are for the other door alone.
    if (!google::protobuf::util::MessageToJsonString(request, &text).ok()) return false;
    std::unique_ptr<google::protobuf::Message> by_grpc(m.response.New()), by_http(m.response.New());
    const grpc::Status status = call(*channel_, s.path, request, *by_grpc);
    const http_answer answer = test::ask(http_, post(s.path, text));
    if (!status.ok()) {
      EXPECT_EQ(answer.code(), clvd::code_name(status.error_code()))
          << answer.body << status.error_message();
      const std::string reason = "\"reason\":\"" + error_info(status).reason() + "\"";
      EXPECT_NE(answer.body.find(reason), answer.body.npos) << answer.body << reason;
      return false;
    }
    // What was done once may be in the way of doing it again.
    const bool second = !same_answer && answer.status == 409;
    EXPECT_TRUE(answer.status == 200 || second) << answer.body;
    if (!same_answer || answer.status != 200) return true;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, by_http.get()).ok());
    EXPECT_EQ(by_http->SerializeAsString(), by_grpc->SerializeAsString())
        << by_http->ShortDebugString() << "\n"
        << by_grpc->ShortDebugString();
    return true;
  }
  static bool is_unary(const sample& s) { return clvd::find_method(s.path)->handle != nullptr; }
};

TEST_F(both_doors, agree_on_a_good_request_of_every_method) {
  int answered = 0;
  for (const bool same : {true, false}) {  // what changes the store, last: others read it
    for (const sample& s : samples()) {
      if (!is_unary(s) || (s.twice == repeat::same) != same) continue;
      SCOPED_TRACE(s.path);
      answered += agree(s, *request_of(s), same) ? 1 : 0;
    }
  }
  EXPECT_GT(answered, 30);
}

TEST_F(both_doors, agree_on_an_empty_request_of_every_method) {
  for (const sample& s : samples()) {
    SCOPED_TRACE(s.path);
    const clvd::method& m = *clvd::find_method(s.path);
    if (is_unary(s)) agree(s, m.request, false);
  }
}

TEST_F(both_doors, agree_on_what_is_wrong_with_a_request) {
  for (const sample& s : samples()) {
    if (!is_unary(s)) continue;
    // What runs as a job, or changes something, is another request the second time.
    if (s.twice == repeat::other) continue;
    for (const spoiled& bad : spoil(*request_of(s))) {
      SCOPED_TRACE(s.path + (" " + bad.what));
      agree(s, *bad.request, false);
    }
  }
}

TEST_F(both_doors, refuse_streams_over_http_and_say_what_to_use) {
  for (const clvd::method& m : clvd::methods()) {
    if (m.handle != nullptr) continue;
    EXPECT_EQ(test::ask(http_, post(m.path, "{}")).status, 415) << m.path;
  }
}

}  // namespace
}  // namespace clv::test
