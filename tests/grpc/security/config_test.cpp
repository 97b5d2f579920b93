// Options from the line, the environment and a file, and the data folder.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "certificates.hpp"
#include "config/address.hpp"
#include "config/config_file.hpp"
#include "config/data_folder.hpp"
#include "config/options.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

clvd::options parsed(std::vector<std::string> words) {
  words.insert(words.begin(), "clvd");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return clvd::parse_options(static_cast<int>(argv.size()), argv.data());
}

// What the operator is told; "" when the options are accepted.
std::string refusal(const std::vector<std::string>& words) {
  try {
    parsed(words);
    return "";
  } catch (const clvd::start_error& e) {
    EXPECT_EQ(e.status, clvd::usage);
    return e.what();
  }
}

class variable {
 public:
  variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~variable() { unsetenv(name_); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

 private:
  const char* name_;
};

class config : public testing::Test {
 protected:
  std::string file(const std::string& text) {
    std::ofstream(file_) << text;
    return file_;
  }
  temporary_folder folder_;
  const std::string file_ = folder_.file("clvd.conf");
};

TEST_F(config, defaults_are_those_of_the_help) {
  const clvd::options o = parsed({});
  EXPECT_EQ(o.socket, "/run/clvd/clvd.sock");
  EXPECT_EQ(o.queue, 64u);
  EXPECT_EQ(o.drain_delay.count(), 2);
  EXPECT_EQ(o.drain_timeout.count(), 20);
  EXPECT_EQ(o.log_level, "info");
  EXPECT_TRUE(o.listen.empty());
  EXPECT_FALSE(o.anonymous_loopback);
}

TEST_F(config, the_line_wins_over_the_environment_and_that_over_the_file) {
  const std::string path = file("queue = 7\nstreams = 8\nmemory-mib = 99\n");
  const variable queue("CLVD_QUEUE", "17"), streams("CLVD_STREAMS", "18");
  const clvd::options o = parsed({"--config", path, "--queue", "27"});
  EXPECT_EQ(o.queue, 27u);
  EXPECT_EQ(o.streams, 18);
  EXPECT_EQ(o.memory_mib, 99);
  EXPECT_EQ(o.workers, 0u);
}

TEST_F(config, the_file_may_be_named_by_the_environment) {
  const std::string path = file("queue = 7\n");
  const variable named("CLVD_CONFIG", path.c_str());
  EXPECT_EQ(parsed({}).queue, 7u);
}

TEST_F(config, a_file_has_lists_comments_and_switches) {
  const clvd::options o = parsed({"--config",
                                  file("# comment\n"
                                       "plugin = [\"/a/one.so\", \"/a/two.so\"]\n"
                                       "allow-uid = [7, 8]\n"
                                       "reflection = true\n"
                                       "socket = \"/tmp/with space\"\n")});
  ASSERT_EQ(o.plugins.size(), 2u);
  EXPECT_EQ(o.plugins[1].name, "two");
  EXPECT_EQ(o.allow_uids, (std::vector<uid_t>{7, 8}));
  EXPECT_TRUE(o.reflection);
  EXPECT_EQ(o.socket, "/tmp/with space");
}

TEST_F(config, an_option_that_comes_twice_in_a_file_has_both_values) {
  const clvd::options o =
      parsed({"--config", file("plugin = /a/one.so\nqueue = 9\nplugin = /a/two.so\n")});
  EXPECT_EQ(o.plugins.size(), 2u);
  EXPECT_NE(refusal({"--config", file("queue = 1\nstreams = 2\nqueue = 3\n")}), "");
}

TEST_F(config, an_unknown_or_wrong_line_is_refused_and_named) {
  EXPECT_NE(refusal({"--config", file("sokcet = /tmp/x\n")}).find("sokcet"), std::string::npos);
  EXPECT_NE(refusal({"--config", file("queue = many\n")}), "");
  EXPECT_NE(refusal({"--config", file("check-config = true\n")}), "");
  EXPECT_NE(refusal({"--config", file("[clvd]\nsocket = /tmp/x\n")}).find("clvd"),
            std::string::npos);
  EXPECT_NE(refusal({"--config", file("-- = 3\n")}).find("--"), std::string::npos);
  EXPECT_NE(refusal({"--config", file("plugin =\n")}).find("--plugin"), std::string::npos);
  EXPECT_NE(refusal({"--config", folder_.file("none")}), "");
  EXPECT_NE(refusal({"--drain-delay", "-1"}), "");
  EXPECT_NE(refusal({"--log-level", "loud"}), "");
  EXPECT_NE(refusal({"--data", "/a", "--store", "/b"}), "");
}

TEST_F(config, tcp_needs_certificates_except_on_loopback) {
  const std::vector<std::string> tls = {"--tls-cert", "/c", "--tls-key", "/k"};
  const auto listen = [&](const std::string& at, std::vector<std::string> more) {
    more.insert(more.begin(), {"--listen", at});
    return refusal(more);
  };
  EXPECT_EQ(listen("127.0.0.1:0", {}), "");
  EXPECT_EQ(listen("[::1]:0", {}), "");
  EXPECT_EQ(listen("localhost:7100", {}), "");
  for (const char* open : {"0.0.0.0:1",
                           "[::]:1",
                           "10.0.0.1:1",
                           "127.0.0.2:1",
                           "127.evil.example:1",
                           "localhost.evil.example:1",
                           "example:1"}) {
    EXPECT_NE(listen(open, {}).find("loopback only"), std::string::npos) << open;
  }
  EXPECT_NE(listen("0.0.0.0:1", tls).find("--tokens"), std::string::npos);
  EXPECT_EQ(listen("0.0.0.0:1", {"--tls-cert", "/c", "--tls-key", "/k", "--tokens", "/t"}), "");
  EXPECT_NE(listen("0.0.0.0:1", {"--tls-cert", "/c"}), "");
  EXPECT_NE(refusal(tls).find("needs --listen"), std::string::npos);
  EXPECT_NE(refusal({"--anonymous-loopback"}), "");
}

TEST_F(config, the_other_doors_stay_on_this_machine) {
  for (const char* door : {"--http", "--ops"}) {
    EXPECT_EQ(refusal({door, "unix:/tmp/x"}), "");
    EXPECT_EQ(refusal({door, "127.0.0.1:8080"}), "");
    EXPECT_NE(refusal({door, "0.0.0.0:8080"}).find("loopback only"), std::string::npos);
    EXPECT_NE(refusal({door, "8080"}), "");
  }
}

TEST_F(config, addresses_are_read_whole) {
  EXPECT_EQ(clvd::parse_address("--x", "[::1]:80").host, "::1");
  EXPECT_EQ(clvd::parse_address("--x", "host:80").port, 80);
  EXPECT_EQ(clvd::parse_address("--x", "unix:/a:b").path, "/a:b");
  for (const char* wrong : {"",
                            ":80",
                            "host",
                            "host:",
                            "host:-1",
                            "host:65536",
                            "host:8x",
                            "::1:80",
                            "unix:",
                            "[]:1"}) {
    EXPECT_THROW(clvd::parse_address("--x", wrong), clvd::start_error) << wrong;
  }
  EXPECT_THROW(clvd::parse_address("--x", "unix:" + std::string(108, 'a')), clvd::start_error);
}

TEST_F(config, tenants_are_folders_of_the_data) {
  const clvd::options o = parsed({"--data", "d", "--tenant", "shop", "--tenant", "bank-2"});
  EXPECT_EQ(o.tenants, (std::vector<std::string>{"shop", "bank-2"}));
  EXPECT_NE(refusal({"--tenant", "shop"}).find("--data"), std::string::npos);
  for (const char* wrong : {"../shop", "Shop", "-shop", ""}) {
    EXPECT_NE(refusal({"--data", "d", std::string("--tenant=") + wrong}), "") << wrong;
  }
}

TEST_F(config, options_about_a_plugin_name_it) {
  const std::string hash(64, 'f');
  const clvd::options o = parsed({"--plugin",
                                  "./winback.so",
                                  "--plugin-remote",
                                  "far=127.0.0.1:9",
                                  "--plugin-trust",
                                  "winback=" + hash,
                                  "--plugin-on-failure",
                                  "far=fallback",
                                  "--plugin-limit-ms",
                                  "far=150",
                                  "--plugin-grant",
                                  "winback=t_x,frequency"});
  ASSERT_EQ(o.plugins.size(), 2u);
  EXPECT_EQ(o.plugins[0].where, clvd::plugins::mode::trusted);
  EXPECT_EQ(o.trusted_sha256, std::vector<std::string>{hash});
  EXPECT_EQ(o.plugins[0].grant, "t_x,frequency");
  EXPECT_TRUE(o.plugins[0].path.starts_with("/"));
  EXPECT_EQ(o.plugins[1].where, clvd::plugins::mode::remote);
  EXPECT_EQ(o.plugins[1].then, clvd::plugins::on_failure::fallback);
  EXPECT_EQ(o.plugins[1].time_limit.count(), 150);
  EXPECT_EQ(parsed({"--plugin", "/a/w.so"}).plugins[0].where, clvd::plugins::mode::isolated);
}

TEST_F(config, wrong_options_about_plugins_are_refused) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--plugin-trust", "winback=00"},
      {"--plugin-trust", "other=" + std::string(64, 'f')},
      {"--plugin-config", "winback=/none/there"},
      {"--plugin-config", "winback"},
      {"--plugin-on-failure", "winback=shrug"},
      {"--plugin-limit-ms", "winback=0"},
      {"--plugin-limit-ms", "winback=1s"},
      {"--plugin", "/elsewhere/winback.so"},
      {"--plugin-remote", "far=example.org:80"},
  };
  for (const auto& words : wrong) {
    std::vector<std::string> line{"--plugin", "winback.so"};
    line.insert(line.end(), words.begin(), words.end());
    EXPECT_NE(refusal(line), "") << words[0] << " " << words[1];
  }
}

class data : public testing::Test {
 protected:
  // How the folder is refused; ok when it is not.
  clvd::exit_status tried(const std::string& path) {
    try {
      const clvd::data_folder held(path);
      return clvd::ok;
    } catch (const clvd::start_error& e) {
      return e.status;
    }
  }
  temporary_folder folder_;
  const std::string path_ = folder_.file("data");
};

TEST_F(data, a_missing_folder_is_made_for_this_user_alone_and_its_parents_are_not) {
  EXPECT_EQ(tried(path_), clvd::ok);
  struct stat found {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0700u);
  EXPECT_EQ(tried(folder_.file("none/data")), clvd::usage);
}

TEST_F(data, a_folder_belongs_to_one_process_at_a_time) {
  {
    const clvd::data_folder first(path_);
    EXPECT_EQ(tried(path_), clvd::already_running);
  }
  EXPECT_EQ(tried(path_), clvd::ok);
}

TEST_F(data, a_folder_that_others_may_enter_is_refused_and_left_alone) {
  std::filesystem::create_directory(path_);
  for (const mode_t mode : {0750u, 0705u, 0777u}) {
    chmod(path_.c_str(), mode);
    EXPECT_EQ(tried(path_), clvd::usage) << mode;
  }
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST_F(data, a_file_or_a_strangers_folder_is_refused) {
  std::ofstream(path_) << "precious";
  EXPECT_EQ(tried(path_), clvd::usage);
  EXPECT_EQ(text_of(path_), "precious");
  const std::string strange = folder_.file("strange");
  std::filesystem::create_directory(strange);
  chmod(strange.c_str(), 0700);
  if (geteuid() != 0 || chown(strange.c_str(), 65'534, 65'534) != 0) {
    GTEST_SKIP() << "only root can make a folder that belongs to another user";
  }
  EXPECT_EQ(tried(strange), clvd::usage);
  EXPECT_TRUE(std::filesystem::is_empty(strange));
}

TEST_F(data, a_check_makes_and_locks_nothing) {
  clvd::data_folder::check(path_);
  EXPECT_FALSE(std::filesystem::exists(path_));
  const clvd::data_folder held(path_);
  clvd::data_folder::check(path_);
}

}  // namespace
}  // namespace clv::test
