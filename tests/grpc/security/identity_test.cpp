// Callers as the gRPC door sees them, over real connections.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "identity_server.hpp"
#include "security/token_file.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

class callers : public testing::Test {
 protected:
  callers() {
    clvd::write_credentials(options_.tokens = folder_.file("tokens"),
                            {{"a", clvd::sha256_hex(a_), "", 2, "shop", {}},
                             {"b", clvd::sha256_hex(b_), "", 4, "bank", {}}});
    options_.socket = folder_.file("s");
    options_.listen = "127.0.0.1:0";
  }
  std::shared_ptr<grpc::Channel> unix_channel() { return channel_to("unix:" + options_.socket); }
  static std::shared_ptr<grpc::Channel> tcp(const identity_server& s) {
    return channel_to("127.0.0.1:" + std::to_string(s.port()));
  }
  static headers bearing(const std::string& token) {
    return {{"authorization", "Bearer " + token}};
  }

  temporary_folder folder_;
  clvd::options options_;
  const std::string a_ = clvd::make_token(), b_ = clvd::make_token();
};

TEST_F(callers, over_the_unix_socket_are_the_local_user) {
  const identity_server server(options_);
  EXPECT_EQ(who_am_i(unix_channel()).text, "local default 127 operator");
  EXPECT_EQ(who_am_i(unix_channel(), {{"clv-tenant", "shop"}}).text, "local shop 127 operator");
  EXPECT_EQ(who_am_i(unix_channel(), bearing(a_)).text, "a shop 2 operator");
}

TEST_F(callers, over_tcp_need_a_token) {
  const identity_server server(options_);
  EXPECT_EQ(who_am_i(tcp(server)).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(who_am_i(tcp(server), bearing(a_)).text, "a shop 2");
}

// With an AuthMetadataProcessor they would not be: its findings belong to the connection.
TEST_F(callers, of_one_connection_are_told_apart_call_by_call) {
  const identity_server server(options_);
  const auto channel = tcp(server);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(who_am_i(channel, bearing(a_)).text, "a shop 2");
    EXPECT_EQ(who_am_i(channel, bearing(b_)).text, "b bank 4");
    EXPECT_EQ(who_am_i(channel).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  std::vector<std::thread> both;
  for (const auto& [token, expected] : {std::pair{a_, "a shop 2"}, {b_, "b bank 4"}}) {
    both.emplace_back([&channel, token = token, expected = expected] {
      for (int i = 0; i < 100; ++i) EXPECT_EQ(who_am_i(channel, bearing(token)).text, expected);
    });
  }
  for (std::thread& t : both) t.join();
}

TEST_F(callers, with_wrong_headers_are_nobody) {
  const identity_server server(options_);
  const std::string good = "Bearer " + a_;
  const std::vector<headers> wrong = {
      {{"authorization", ""}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Bearer  " + a_}},
      {{"authorization", "bearer " + a_}},
      {{"authorization", "BEARER " + a_}},
      {{"authorization", "Basic " + a_}},
      {{"authorization", a_}},
      {{"authorization", good}, {"authorization", good}},
      {{"authorization", good}, {"authorization", "Bearer " + b_}},
      {{"authorization", good + "," + good}},
      {{"authorization", "Bearer " + std::string(4'000, 'x')}},
      {{"authorization-bin", good}},
      {{"x-authorization", good}},
      {{"authorization", "Bearer " + clvd::sha256_hex(a_)}},
      {{"authorization", good}, {"clv-tenant", "shop"}, {"clv-tenant", "shop"}},
  };
  std::string text;
  for (const headers& with : wrong) {
    const identity found = who_am_i(tcp(server), with);
    EXPECT_EQ(found.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << with[0].second;
    if (text.empty()) text = found.status.error_message();
    EXPECT_EQ(found.status.error_message(), text);
  }
}

TEST_F(callers, with_headers_beyond_8_kib_are_refused_before_they_are_read) {
  const identity_server server(options_);
  const identity found = who_am_i(tcp(server), bearing(std::string(20'000, 'x')));
  EXPECT_EQ(found.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(callers, may_not_take_another_tenant) {
  const identity_server server(options_);
  for (const char* tenant : {"bank", "nowhere"}) {
    headers with = bearing(a_);
    with.emplace_back("clv-tenant", tenant);
    const grpc::Status refused = who_am_i(tcp(server), with).status;
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(refused.error_message(), "this credential does not belong to that tenant");
  }
}

TEST_F(callers, without_tokens_are_served_on_loopback_only_when_asked_for) {
  options_.tokens = "";
  {
    const identity_server server(options_);
    EXPECT_EQ(who_am_i(tcp(server)).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  clvd::credential_rules rules;
  rules.anonymous_loopback = true;
  const identity_server server(options_, rules);
  EXPECT_EQ(who_am_i(tcp(server)).text, "local default 127");
}

TEST_F(callers, take_new_tokens_after_a_reload) {
  identity_server server(options_);
  const auto channel = tcp(server);
  EXPECT_EQ(who_am_i(channel, bearing(a_)).text, "a shop 2");
  clvd::write_credentials(options_.tokens, {{"c", clvd::sha256_hex(b_), "", 8, "shop", {}}});
  server.known().reload();
  EXPECT_EQ(who_am_i(channel, bearing(b_)).text, "c shop 8");
  EXPECT_EQ(who_am_i(channel, bearing(a_)).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(callers, over_tcp_get_no_reflection_unless_asked_for) {
  const std::string reflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  const auto answered = [&](const std::shared_ptr<grpc::Channel>& over) {
    return who_am_i(over, bearing(a_), reflection).status.error_code();
  };
  {
    const identity_server server(options_);
    EXPECT_EQ(answered(tcp(server)), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(answered(unix_channel()), grpc::StatusCode::OK);
    EXPECT_EQ(who_am_i(tcp(server), bearing(a_)).text, "a shop 2");
  }
  options_.reflection = true;
  const identity_server server(options_);
  EXPECT_EQ(answered(tcp(server)), grpc::StatusCode::OK);
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? found.st_mode & 0777u : 0;
}

TEST_F(callers, find_a_socket_as_open_as_the_rules_say) {
  {
    const identity_server server(options_);
    EXPECT_EQ(mode_of(options_.socket), 0600u);
  }
  EXPECT_FALSE(std::filesystem::exists(options_.socket));
  options_.allow_gid = getgid();
  {
    const identity_server server(options_);
    EXPECT_EQ(mode_of(options_.socket), 0660u);
  }
  options_.allow_uids = {65'534};
  const identity_server server(options_);
  EXPECT_EQ(mode_of(options_.socket), 0666u);
}

// Connects as another user and reads: 0 = the server closed the connection at once, 1 = it spoke.
int as_user(uid_t uid, const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    if (setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0) _exit(9);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path.c_str(), sizeof(name.sun_path) - 1);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) _exit(8);
    constexpr char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    (void)send(fd, preface, sizeof(preface) - 1, MSG_NOSIGNAL);
    char byte = 0;
    _exit(read(fd, &byte, 1) == 1 ? 1 : 0);
  }
  int state = 0;
  waitpid(child, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

// The file's mode is opened on purpose: what counts is whom the kernel says it is.
TEST_F(callers, who_are_other_users_are_turned_away_whatever_the_mode_of_the_socket) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can call as somebody else";
  std::filesystem::permissions(std::filesystem::path(options_.socket).parent_path(),
                               std::filesystem::perms(0755));
  {
    const identity_server server(options_);
    chmod(options_.socket.c_str(), 0666);
    EXPECT_EQ(as_user(65'534, options_.socket), 0);
    EXPECT_EQ(server.refused_peers(), 1);
    EXPECT_EQ(who_am_i(unix_channel()).text, "local default 127 operator");
  }
  options_.allow_uids = {65'534};
  {
    const identity_server server(options_);
    EXPECT_EQ(as_user(65'534, options_.socket), 1);
    EXPECT_EQ(as_user(65'533, options_.socket), 0);
  }
  options_.allow_uids = {};
  options_.allow_gid = 65'532;
  const identity_server server(options_);
  EXPECT_EQ(as_user(65'532, options_.socket), 1);
  chmod(options_.socket.c_str(), 0666);
  EXPECT_EQ(as_user(65'534, options_.socket), 0);
}

}  // namespace
}  // namespace clv::test
