// A plugin behind an address: the Python example as its README starts it, and a server of this
// test's own that answers what it should not.
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "clv/plugin/v1/action_plugin_service.grpc.pb.h"
#include "harness.hpp"

namespace clvd::plugins::test {
namespace {

namespace v1 = clv::plugin::v1;
namespace fs = std::filesystem;

class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (fs::temp_directory_path() / "clv-remote-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~temporary_folder() { fs::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  std::string address() const { return "unix:" + (path_ / "s").string(); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

plugin_config remote_at(const temporary_folder& folder) {
  plugin_config c;
  c.name = "remote";
  c.where = mode::remote;
  c.path = folder.address();
  c.time_limit = milliseconds(20'000);
  return c;
}

// Answers with whatever a test puts in.
class odd_service final : public v1::ActionPluginService::Service {
 public:
  grpc::Status Describe(grpc::ServerContext*,
                        const v1::DescribeRequest* request,
                        v1::DescribeResponse* response) override {
    seen_config = request->config_json();
    response->set_id(id);
    response->add_reads("p_alive");
    response->add_actions("win");
    return grpc::Status::OK;
  }
  grpc::Status Propose(grpc::ServerContext* context,
                       const v1::ProposeRequest* request,
                       v1::ProposeResponse* response) override {
    seen = *request;
    return answer(*context, *response);
  }

  std::string id = "org.example.odd", seen_config;
  v1::ProposeRequest seen;
  std::function<grpc::Status(grpc::ServerContext&, v1::ProposeResponse&)> answer;
};

v1::Proposal good_proposal(std::int64_t row) {
  v1::Proposal p;
  p.set_row(row);
  p.set_action("win");
  p.set_channel("email");
  p.set_reason("Has not bought for longer than usual.");
  p.set_effect_mean(0.05);
  p.set_effect_sd(0.01);
  return p;
}

class remote_plugin : public ::testing::Test {
 protected:
  void serve() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(folder.address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    ASSERT_NE(server, nullptr);
  }
  run_outcome run(int rows = 3) {
    supervisor s(options_for({remote_at(folder)}), clock, no_log);
    customers some(rows);
    return s.propose(some.batch(), 77, 88, {});
  }
  void TearDown() override {
    if (server != nullptr) server->Shutdown(std::chrono::system_clock::now());
  }

  const ticks clock;
  temporary_folder folder;
  odd_service service;
  std::unique_ptr<grpc::Server> server;
};

TEST_F(remote_plugin, gets_the_columns_it_reads_and_no_others) {
  service.answer = [](auto&, v1::ProposeResponse& out) {
    *out.add_proposals() = good_proposal(2);
    *out.add_proposals() = good_proposal(0);
    return grpc::Status::OK;
  };
  serve();
  const run_outcome out = run();
  ASSERT_EQ(reason(out), "") << out.served_by[0].message;
  EXPECT_EQ(out.served_by[0].by, "remote");
  ASSERT_EQ(service.seen.columns_size(), 1);
  EXPECT_EQ(service.seen.columns(0).name(), "p_alive");
  EXPECT_EQ(service.seen.columns(0).numbers_size(), 3);
  EXPECT_EQ(service.seen.now_us(), 77);
  EXPECT_EQ(service.seen.seed(), 88u);
  EXPECT_EQ(service.seen_config, "{}");
  ASSERT_EQ(out.proposals->rows(), 2);
  EXPECT_EQ(cell(out, "customer", 0), "c0");
  EXPECT_EQ(cell(out, "customer", 1), "c2");
}

// Nought is a statement; a field that is not there leaves p0 to the core's model.
TEST_F(remote_plugin, states_the_chance_of_its_own_response_or_none) {
  service.answer = [](auto&, v1::ProposeResponse& out) {
    for (const std::int64_t row : {0, 1, 2}) *out.add_proposals() = good_proposal(row);
    out.mutable_proposals(0)->set_response_p0(.25);
    out.mutable_proposals(1)->set_response_p0(0);
    return grpc::Status::OK;
  };
  serve();
  const run_outcome out = run();
  ASSERT_EQ(reason(out), "");
  const clv_batch made = out.proposals->batch();
  const clv_column* p0 = clv::worker::find(made, "response_p0");
  ASSERT_NE(p0, nullptr);
  EXPECT_EQ(clv::worker::number_at(*p0, 0), .25);
  EXPECT_TRUE(clv::worker::present(*p0, 1));
  EXPECT_EQ(clv::worker::number_at(*p0, 1), 0);
  EXPECT_FALSE(clv::worker::present(*p0, 2));
}

TEST_F(remote_plugin, proposals_that_break_a_rule_are_left_out_and_told) {
  service.answer = [](auto&, v1::ProposeResponse& out) {
    *out.add_proposals() = good_proposal(1);
    for (const std::int64_t row : {-1, 3}) *out.add_proposals() = good_proposal(row);
    v1::Proposal p = good_proposal(0);
    p.set_effect_mean(std::nan(""));
    *out.add_proposals() = p;
    p = good_proposal(0);
    p.set_action("not.declared");
    *out.add_proposals() = p;
    p = good_proposal(0);
    p.clear_reason();
    *out.add_proposals() = p;
    p = good_proposal(0);
    p.set_benefit_minor(-1);
    *out.add_proposals() = p;
    return grpc::Status::OK;
  };
  serve();
  const run_outcome out = run();
  EXPECT_EQ(reason(out), "");
  EXPECT_EQ(out.proposals->rows(), 1);
  ASSERT_EQ(out.warnings.size(), 1u);
  EXPECT_NE(out.warnings[0].message.find("6 proposals refused"), std::string::npos)
      << out.warnings[0].message;
}

TEST_F(remote_plugin, its_error_is_told_and_is_no_crash) {
  service.answer = [](auto&, auto&) {
    return grpc::Status(grpc::StatusCode::INTERNAL, "the price list is out of date");
  };
  serve();
  const run_outcome out = run();
  EXPECT_EQ(reason(out), "PLUGIN_FAILED");
  EXPECT_NE(out.served_by[0].message.find("price list"), std::string::npos);
}

TEST_F(remote_plugin, one_that_hangs_is_left_at_its_limit) {
  service.answer = [](grpc::ServerContext& context, auto&) {
    while (!context.IsCancelled()) {
    }
    return grpc::Status::OK;
  };
  serve();
  plugin_config c = remote_at(folder);
  c.time_limit = milliseconds(100);
  supervisor s(options_for({c}), clock, no_log);
  customers some(3);
  EXPECT_EQ(reason(s.propose(some.batch(), 0, 0, {})), "PLUGIN_TIMEOUT");
  EXPECT_EQ(s.states()[0].crashes, 1u);
}

TEST_F(remote_plugin, more_proposals_than_anybody_needs_are_refused) {
  service.answer = [](auto&, v1::ProposeResponse& out) {
    for (int i = 0; i < 301; ++i) *out.add_proposals() = good_proposal(i % 3);
    return grpc::Status::OK;
  };
  serve();
  EXPECT_EQ(reason(run()), "PLUGIN_FAILED");
}

TEST_F(remote_plugin, nobody_at_the_address_is_told) {
  const run_outcome out = run();
  EXPECT_EQ(reason(out), "PLUGIN_CRASHED");
  EXPECT_TRUE(out.refused);
}

TEST_F(remote_plugin, a_wrong_id_is_refused) {
  service.id = "no spaces, please";
  serve();
  EXPECT_EQ(reason(run()), "PLUGIN_FAILED");
}

// The example, started as its README says and ended with the test.
class python_service {
 public:
  explicit python_service(const temporary_folder& folder) : folder_(folder) {
    const std::string messages = "clv/plugin/v1/action_plugin_service.proto";
    const std::string protoc = std::string(PROTOC) + " -I " + SOURCE_ROOT +
                               "/grpc/proto --python_out=" + folder.path().string() + " " +
                               messages;
    if (std::system(protoc.c_str()) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) start();
  }
  ~python_service() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  python_service(const python_service&) = delete;
  python_service& operator=(const python_service&) = delete;
  // False when it cannot run here.
  bool ready() const {
    for (int i = 0; pid_ > 0 && i < 600; ++i) {
      if (fs::exists(folder_.path() / "s")) return true;
      if (::waitpid(pid_, nullptr, WNOHANG) != 0) break;
      ::usleep(50'000);
    }
    return false;
  }

 private:
  const temporary_folder& folder_;
  pid_t pid_ = -1;

  [[noreturn]] void start() const {
    const std::string program = std::string(SOURCE_ROOT) + "/examples/python_plugin_grpc/plugin.py";
    const std::string path = "PYTHONPATH=" + folder_.path().string();
    const std::string socket = (folder_.path() / "s").string();
    const char* const environment[] = {path.c_str(), "PYTHONDONTWRITEBYTECODE=1", nullptr};
    const char* const arguments[] = {
        "python3", program.c_str(), "--socket", socket.c_str(), nullptr};
    ::execve("/usr/bin/python3",
             const_cast<char* const*>(arguments),
             const_cast<char* const*>(environment));
    ::_exit(127);
  }
};

TEST(python_plugin, proposes_for_the_valuable_who_slip_away) {
  if (std::system("/usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-grpcio or python3-protobuf is not there";
  }
  const temporary_folder folder;
  const python_service service(folder);
  ASSERT_TRUE(service.ready());
  const ticks clock;
  plugin_config c = remote_at(folder);
  c.config_json = R"({"clv_above": 11.5, "p_alive_below": 0.4})";
  supervisor s(options_for({c}), clock, no_log);
  customers some(5);  // p_alive .5, .5, .4167, .375, .35; clv 10 to 14
  const run_outcome out = s.propose(some.batch(), 0, 0, {});
  ASSERT_EQ(reason(out), "") << out.served_by[0].message;
  EXPECT_EQ(out.served_by[0].plugin, "org.example.valuable_call");
  ASSERT_EQ(out.proposals->rows(), 2);
  EXPECT_EQ(cell(out, "customer", 0), "c3");
  EXPECT_EQ(cell(out, "customer", 1), "c4");
  EXPECT_EQ(cell(out, "message", 1), R"({"p_alive": 0.35})");
  c.config_json = R"({"no_such_setting": 1})";
  supervisor strict(options_for({c}), clock, no_log);
  const run_outcome refused = strict.propose(some.batch(), 0, 0, {});
  EXPECT_EQ(reason(refused), "PLUGIN_FAILED");
  EXPECT_NE(refused.served_by[0].message.find("no_such_setting"), std::string::npos);
}

}  // namespace
}  // namespace clvd::plugins::test
