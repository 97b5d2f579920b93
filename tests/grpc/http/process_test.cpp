// The doors of a real clvd: that --http and --ops open them, and what its log keeps to itself.
#include <gtest/gtest.h>

#include <csignal>

#include "http_client.hpp"
#include "reference.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

const std::string score_summaries = "/clv.v1.ScoringService/ScoreSummaries";

std::string process_get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

class clvd_process : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(is_serving(*channel_to("unix:" + folder_.file("s")))); }

  temporary_folder folder_;
  const std::string http_ = "unix:" + folder_.file("http");
  const std::string ops_ = "unix:" + folder_.file("ops");
  sidecar clvd_{{"--socket", folder_.file("s"), "--http", http_, "--ops", ops_},
                folder_.file("log")};
};

TEST_F(clvd_process, is_ready_and_answers_on_all_its_doors) {
  EXPECT_EQ(ask(ops_, process_get("/livez")).status, 200);
  EXPECT_EQ(ask(ops_, process_get("/readyz")).status, 200);
  EXPECT_EQ(ask(http_, post(score_summaries, "{}")).status, 400);
  EXPECT_NE(ask(ops_, process_get("/metrics")).body.find("clv_rpc_total"), std::string::npos);
}

TEST_F(clvd_process, tells_about_itself_by_get) {
  const http_answer by_get = ask(http_, process_get("/clv.v1.AdminService/GetServerInfo"));
  EXPECT_EQ(by_get.status, 200) << by_get.body;
  const std::string query = "?connect=v1&encoding=json&message=%7B%7D";
  EXPECT_EQ(ask(http_, process_get("/clv.v1.AdminService/GetServerInfo" + query)).status, 200);
  EXPECT_EQ(ask(http_, process_get("/clv.v1.AdminService/GetServerInfo?encoding=proto")).status,
            400);
  EXPECT_EQ(ask(http_, process_get("/clv.v1.AdminService/GetServerInfo?message=%7Bx")).status, 400);
  EXPECT_EQ(ask(http_, process_get("/clv.v1.ScoringService/ScoreSummaries")).status, 405);
}

TEST_F(clvd_process, ties_a_call_to_its_trace_and_keeps_texts_out_of_the_log) {
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const http_answer traced = ask(http_, post(score_summaries, "{}", {{"traceparent", parent}}));
  ask(http_, post(score_summaries, "{}", {{"traceparent", "s3cret"}}));
  ask(http_, post(score_summaries, "{}", {{"Authorization", "Bearer clv_s3cret"}}));
  ask(http_, post(score_summaries, "{\"rows\":[{\"customer\":\"s3cret\",\"x\":98765}]}"));
  ask(http_, post(score_summaries, "{\"rows\":[{\"customer\":\"s3cret\",\"x\":\"s3cret\"}]}"));
  ask(http_, post(score_summaries, "{\"rows\":s3cret 98765}"));
  ask(http_, post("/s3cret", "{\"s3cret\":98765}"));
  ask(http_, "s3cret 98765\r\n\r\n");
  clvd_.send(SIGTERM);
  EXPECT_EQ(clvd_.wait(), 0);
  const std::string log = text_of(folder_.file("log"));
  EXPECT_NE(log.find("\"traceparent\":\"" + parent + "\""), log.npos);
  EXPECT_NE(log.find("\"request_id\":\"" + traced.headers.at("clv-request-id") + "\""), log.npos);
  EXPECT_EQ(log.find("s3cret"), log.npos);
  EXPECT_EQ(log.find("98765"), log.npos);
}

}  // namespace
}  // namespace clv::test
