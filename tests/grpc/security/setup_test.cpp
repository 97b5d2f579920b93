// clvd as a process: its configuration, its data folder, systemd, reloading and stopping.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "certificates.hpp"
#include "reference.hpp"
#include "security/token_file.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

constexpr auto score_summaries = "/clv.v1.ScoringService/ScoreSummaries";
constexpr auto reload_config = "/clv.v1.AdminService/ReloadConfig";

bool comes(const std::function<bool()>& what) {
  for (const deadline until = soon(); std::chrono::system_clock::now() < until;) {
    if (what()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

grpc::Status call_with(grpc::Channel& over,
                       const std::string& method,
                       const std::vector<std::pair<std::string, std::string>>& headers) {
  return call_raw(over, method, "", soon(), headers).status;
}

class setup : public testing::Test {
 protected:
  // Runs clvd to its end and returns its exit status; what it printed is in the log.
  int run(const std::vector<std::string>& arguments) { return sidecar(arguments, log_).wait(); }
  bool logged(const std::string& text) const {
    return text_of(log_).find(text) != std::string::npos;
  }
  int port() const {
    const std::string log = text_of(log_);
    const std::size_t at = log.find("\"port\":");
    return at == std::string::npos ? 0 : std::stoi(log.substr(at + 7));
  }
  // Stops without waiting for anything.
  static std::vector<std::string> quick(std::vector<std::string> words) {
    words.insert(words.end(), {"--drain-delay", "0"});
    return words;
  }

  temporary_folder folder_;
  const std::string socket_ = folder_.file("s"), log_ = folder_.file("log"),
                    data_ = folder_.file("data"), tokens_ = folder_.file("tokens");
};

TEST_F(setup, a_second_instance_on_a_data_folder_exits_with_3) {
  const sidecar first(quick({"--socket", socket_, "--data", data_}), log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  EXPECT_EQ(run({"--socket", folder_.file("other"), "--data", data_}), 3);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  struct stat found {};
  ASSERT_EQ(stat(data_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0700u);
}

TEST_F(setup, a_check_reads_tokens_certificates_plugins_and_the_folder) {
  const auto check = [this](std::vector<std::string> words) {
    words.insert(words.begin(), {"--check-config", "--socket", socket_});
    return run(words);
  };
  EXPECT_EQ(check({"--data", data_}), 0);
  EXPECT_FALSE(std::filesystem::exists(data_));
  std::filesystem::create_directory(data_);
  chmod(data_.c_str(), 0755);
  EXPECT_EQ(check({"--data", data_}), 2);
  EXPECT_EQ(check({"--tokens", tokens_}), 2);
  write_secret(tokens_, "garbage");
  EXPECT_EQ(check({"--tokens", tokens_}), 2);
  write_secret(tokens_, "");
  EXPECT_EQ(check({"--tokens", tokens_}), 0);
  const std::string cert = folder_.file("cert"), key = folder_.file("key");
  const std::vector<std::string> tls = {
      "--tokens", tokens_, "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key};
  EXPECT_EQ(check(tls), 2);
  const certificate_authority ours("ours");
  const pem_pair pair = ours.issue({});
  write_secret(cert, pair.certificate);
  write_secret(key, pair.key);
  EXPECT_EQ(check(tls), 0);
  EXPECT_EQ(check({"--plugin", folder_.file("none.so"), "--store", folder_.file("x.clv")}), 2);
}

TEST_F(setup, the_configuration_comes_from_a_file) {
  std::ofstream(folder_.file("conf")) << "socket = \"" << socket_ << "\"\ndrain-delay = 0\n";
  const sidecar clvd({"--config", folder_.file("conf")}, log_);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
}

TEST_F(setup, tokens_decide_over_tcp_and_a_hangup_reads_them_again) {
  write_secret(tokens_, "");
  const sidecar clvd(quick({"--socket", socket_, "--listen", "127.0.0.1:0", "--tokens", tokens_}),
                     log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  const auto tcp = channel_to("127.0.0.1:" + std::to_string(port()));
  const std::string token = clvd::make_token();
  const std::vector<std::pair<std::string, std::string>> bearing = {
      {"authorization", "Bearer " + token}};
  EXPECT_EQ(call_with(*tcp, score_summaries, {}).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(call_with(*tcp, score_summaries, bearing).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  clvd::write_credentials(tokens_,
                          {{"crm",
                            clvd::sha256_hex(token),
                            "",
                            static_cast<std::uint32_t>(clvd::scope::score),
                            "default",
                            {}}});
  clvd.send(SIGHUP);
  ASSERT_TRUE(comes([&] { return logged("\"reloaded\""); }));
  // Known now: what is wrong with the call is its empty body.
  EXPECT_EQ(call_with(*tcp, score_summaries, bearing).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(call_with(*tcp, reload_config, bearing).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(call_with(*channel_to("unix:" + socket_), reload_config, {}).error_code(),
            grpc::StatusCode::OK);
  // A bad file changes nothing but the log.
  write_secret(tokens_, "garbage");
  clvd.send(SIGHUP);
  ASSERT_TRUE(comes([&] { return logged("reload_failed"); }));
  EXPECT_EQ(call_with(*tcp, score_summaries, bearing).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_FALSE(logged(token));
  EXPECT_FALSE(logged(clvd::sha256_hex(token)));
}

// systemd's end of Type=notify.
class supervisor {
 public:
  explicit supervisor(const std::string& path) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
      throw std::runtime_error("bind");
    }
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    setenv("WATCHDOG_USEC", "200000", 1);
  }
  ~supervisor() {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(fd_);
  }
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  // Whether clvd says `wanted` within half a minute.
  bool hears(const std::string& wanted) {
    return comes([&] {
      pollfd ready{fd_, POLLIN, 0};
      if (poll(&ready, 1, 100) != 1) return false;
      char text[256];
      const ssize_t size = recv(fd_, text, sizeof(text), 0);
      return size > 0 && std::string(text, static_cast<std::size_t>(size)) == wanted;
    });
  }

 private:
  int fd_;
};

TEST_F(setup, systemd_hears_of_the_start_the_life_and_the_stop) {
  supervisor systemd(folder_.file("notify"));
  sidecar clvd(quick({"--socket", socket_}), log_);
  EXPECT_TRUE(systemd.hears("READY=1"));
  // Ready means that calls work.
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  EXPECT_TRUE(systemd.hears("WATCHDOG=1"));
  EXPECT_TRUE(systemd.hears("WATCHDOG=1"));
  clvd.send(SIGTERM);
  EXPECT_TRUE(systemd.hears("STOPPING=1"));
  EXPECT_EQ(clvd.wait(), 0);
}

TEST_F(setup, calls_are_still_served_during_the_drain_delay_and_a_second_signal_ends_it) {
  sidecar clvd({"--socket", socket_, "--drain-delay", "3000", "--drain-timeout", "3000"}, log_);
  const auto channel = channel_to("unix:" + socket_);
  ASSERT_TRUE(is_serving(*channel));
  {
    health_watch watch(*channel);
    EXPECT_EQ(watch.next(), 1);
    clvd.send(SIGTERM);
    EXPECT_EQ(watch.next(), 2);
  }
  EXPECT_EQ(call_with(*channel, score_summaries, {}).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  clvd.send(SIGTERM);
  EXPECT_EQ(clvd.wait(), 0);
}

// Any moment, any number of calls: each is answered whole or refused, and the process ends well.
TEST_F(setup, a_stop_under_load_answers_or_refuses_and_exits_with_0) {
  const auto request = scoring_request(50);
  for (int round = 0; round < 10; ++round) {
    sidecar clvd(quick({"--socket", socket_, "--workers", "2"}), log_);
    ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
    std::atomic<bool> stop = false;
    std::atomic<int> answered = 0, wrong = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&] {
        const auto channel = channel_to("unix:" + socket_);
        while (!stop) {
          v1::ScoreSummariesResponse response;
          const auto until = std::chrono::system_clock::now() + std::chrono::seconds(20);
          const grpc::Status s = call(*channel, score_summaries, request, response, until);
          if (s.ok() && response.rows_size() == 50) ++answered;
          if (!s.ok() && s.error_code() != grpc::StatusCode::UNAVAILABLE) ++wrong;
          if (!s.ok()) return;
        }
      });
    }
    EXPECT_TRUE(comes([&] { return answered > 3 * round; }));
    clvd.send(SIGTERM);
    EXPECT_EQ(clvd.wait(), 0);
    stop = true;
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(wrong, 0);
  }
}

TEST_F(setup, a_damaged_store_exits_with_4_and_is_not_changed) {
  const std::string store = folder_.file("shop.clv");
  {
    sidecar clvd(quick({"--socket", socket_, "--store", store}), log_);
    ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
    clvd.send(SIGTERM);
    ASSERT_EQ(clvd.wait(), 0);
  }
  std::string bytes = text_of(store);
  ASSERT_GT(bytes.size(), 100u);
  bytes.replace(0, 100, 100, 'x');
  std::ofstream(store, std::ios::binary) << bytes;
  EXPECT_EQ(run(quick({"--socket", socket_, "--store", store})), 4);
  EXPECT_EQ(run({"--check-config", "--socket", socket_, "--store", store}), 4);
  EXPECT_EQ(text_of(store), bytes);
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

TEST_F(setup, a_store_that_was_left_open_is_checked_and_served) {
  const std::string store = folder_.file("shop.clv");
  {
    sidecar clvd(quick({"--socket", socket_, "--store", store}), log_);
    ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
    clvd.send(SIGKILL);
    clvd.wait();
  }
  ASSERT_GT(std::filesystem::file_size(store + "-wal"), 0u);
  const sidecar clvd(quick({"--socket", socket_, "--store", store}), log_);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  EXPECT_TRUE(logged("check_after_crash"));
}

TEST_F(setup, a_failed_start_leaves_no_socket) {
  EXPECT_EQ(run(quick({"--socket", socket_, "--ops", "unix:" + folder_.file("none/ops")})), 2);
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

// 40 descriptors: some connections wait in the kernel's queue, and are served when others leave.
TEST_F(setup, running_out_of_descriptors_delays_connections_and_loses_none) {
  const rlimit few{48, 48};
  const sidecar clvd(quick({"--socket", socket_}), log_);
  ASSERT_TRUE(is_serving(*channel_to("unix:" + socket_)));
  ASSERT_EQ(prlimit(clvd.pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  std::vector<int> idle;
  for (int i = 0; i < 60; ++i) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, socket_.data(), socket_.size());
    ASSERT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
    idle.push_back(fd);
  }
  EXPECT_TRUE(comes([&] { return logged("out of descriptors"); }));
  for (const int fd : idle) close(fd);
  EXPECT_TRUE(is_serving(*channel_to("unix:" + socket_)));
}

}  // namespace
}  // namespace clv::test
