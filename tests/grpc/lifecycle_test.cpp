// clvd as a process: who may start where, what health says, how it stops.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <future>

#include "reference.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

constexpr auto lifecycle_score_summaries = "/clv.v1.ScoringService/ScoreSummaries";

class lifecycle : public testing::Test {
 protected:
  // Runs clvd to its end; what it printed is in the log.
  int run(const std::vector<std::string>& arguments) { return sidecar(arguments, log_).wait(); }

  temporary_folder folder_;
  std::string socket_ = folder_.file("s");
  std::string log_ = folder_.file("log");
};

TEST_F(lifecycle, the_socket_is_for_its_user_only) {
  const sidecar clvd({"--socket", socket_}, log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  struct stat found {};
  ASSERT_EQ(stat(socket_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(lifecycle, a_second_instance_exits_with_3_and_the_first_serves_on) {
  const sidecar first({"--socket", socket_}, log_);
  const auto channel = channel_to("unix:" + socket_);
  ASSERT_TRUE(is_serving(*channel));
  EXPECT_EQ(run({"--socket", socket_}), 3);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
}

TEST_F(lifecycle, a_socket_left_behind_by_a_killed_server_is_taken_over) {
  {
    const sidecar killed({"--socket", socket_}, log_);
    ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  }
  ASSERT_TRUE(std::filesystem::exists(socket_));
  const sidecar next({"--socket", socket_}, log_);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
}

TEST_F(lifecycle, a_file_at_the_socket_path_is_not_touched) {
  std::ofstream(socket_) << "precious";
  EXPECT_EQ(run({"--socket", socket_}), 2);
  EXPECT_EQ(text_of(socket_), "precious");
}

TEST_F(lifecycle, only_loopback_addresses_are_served) {
  EXPECT_EQ(run({"--listen", "0.0.0.0:0"}), 2);
  EXPECT_NE(text_of(log_).find("loopback only"), std::string::npos);
  const sidecar clvd({"--socket", socket_, "--listen", "127.0.0.1:0"}, log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  const std::string log = text_of(log_);
  const std::size_t port = log.find("\"port\":");
  ASSERT_NE(port, std::string::npos);
  EXPECT_TRUE(
      is_serving(*channel_to("127.0.0.1:" + std::to_string(std::stoi(log.substr(port + 7))))));
}

TEST_F(lifecycle, options_are_checked_without_serving) {
  EXPECT_EQ(run({"--check-config", "--socket", socket_}), 0);
  EXPECT_FALSE(std::filesystem::exists(socket_));
  const std::string store = folder_.file("new.clv");
  EXPECT_EQ(run({"--check-config", "--socket", socket_, "--store", store}), 0);
  EXPECT_FALSE(std::filesystem::exists(store));
  EXPECT_EQ(run({"--check-config", "--socket", socket_, "--store", store, "--plugin", "none.so"}),
            2);
  EXPECT_EQ(run({"--check-config", "--socket", folder_.file("none/s")}), 2);
  EXPECT_EQ(run({"--no-such-option"}), 2);
  std::ofstream(store) << "this is no store";
  EXPECT_EQ(run({"--check-config", "--socket", socket_, "--store", store}), 4);
  EXPECT_EQ(text_of(store), "this is no store");
}

TEST_F(lifecycle, version_and_help_are_printed) {
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_NE(text_of(log_).find("clvd " + std::string(clv_version())), std::string::npos);
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_NE(text_of(log_).find("Example:"), std::string::npos);
}

TEST_F(lifecycle, sigterm_turns_health_off_and_exits_with_0) {
  sidecar clvd({"--socket", socket_}, log_);
  const auto channel = channel_to("unix:" + socket_);
  ASSERT_TRUE(is_serving(*channel));
  {
    health_watch watch(*channel);
    EXPECT_EQ(watch.next(), 1);
    clvd.send(SIGTERM);
    EXPECT_EQ(watch.next(), 2);
  }
  EXPECT_EQ(clvd.wait(), 0);
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

// Eight calls wait for one worker when SIGTERM comes: those it has taken are answered, and no other
// outcome is possible than an answer or "shutting down".
TEST_F(lifecycle, sigterm_lets_calls_in_progress_end) {
  sidecar clvd({"--socket", socket_, "--workers", "1", "--drain-seconds", "60"}, log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  const auto request = scoring_request(1'000);
  std::vector<std::future<grpc::Status>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      v1::ScoreSummariesResponse response;
      return call(*channel_to("unix:" + socket_), lifecycle_score_summaries, request, response);
    }));
  }
  EXPECT_TRUE(calls.front().get().ok());
  clvd.send(SIGTERM);
  for (std::size_t i = 1; i < calls.size(); ++i) {
    const grpc::Status status = calls[i].get();
    if (status.ok()) continue;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_EQ(clvd.wait(), 0);
}

TEST_F(lifecycle, a_full_queue_refuses_with_a_reason) {
  const sidecar clvd({"--socket", socket_, "--workers", "1", "--queue", "1"}, log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  const auto request = scoring_request(1'000);
  std::vector<std::future<grpc::Status>> calls;
  for (int i = 0; i < 16; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      v1::ScoreSummariesResponse response;
      return call(*channel_to("unix:" + socket_), lifecycle_score_summaries, request, response);
    }));
  }
  int answered = 0;
  for (auto& c : calls) {
    const grpc::Status status = c.get();
    answered += status.ok() ? 1 : 0;
    if (status.ok()) continue;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(error_info(status).reason(), "QUEUE_FULL");
  }
  EXPECT_GE(answered, 1);
}

}  // namespace
}  // namespace clv::test
