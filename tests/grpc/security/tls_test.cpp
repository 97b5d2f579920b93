// The TCP door with certificates: who gets in, and what a renewal does.
#include "security/tls.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "calls/errors.hpp"
#include "certificates.hpp"
#include "identity_server.hpp"
#include "security/certificate.hpp"
#include "security/token_file.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

constexpr long day = 86'400;

class encrypted : public testing::Test {
 protected:
  encrypted() {
    options_.listen = "127.0.0.1:0";
    options_.tokens = folder_.file("tokens");
    options_.tls.certificate = folder_.file("cert");
    options_.tls.key = folder_.file("key");
    clvd::write_credentials(options_.tokens,
                            {{"crm", clvd::sha256_hex(token_), "", 2, "shop", {}},
                             {"ops", "", "ops.example", 64, "shop", {}}});
    put(ours_.issue({}));
  }
  void put(const pem_pair& pair) {
    write_secret(options_.tls.key, pair.key);
    write_secret(options_.tls.certificate, pair.certificate);
  }
  void want_client_certificates() {
    options_.tls.client_ca = folder_.file("client_ca");
    write_secret(options_.tls.client_ca, ours_.certificate());
  }
  // A client that trusts `roots` and shows `mine`, or nothing.
  static std::shared_ptr<grpc::Channel> channel(const identity_server& s,
                                                const std::string& roots,
                                                const pem_pair& mine = {}) {
    grpc::SslCredentialsOptions o;
    o.pem_root_certs = roots;
    o.pem_cert_chain = mine.certificate;
    o.pem_private_key = mine.key;
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(s.port()), grpc::SslCredentials(o), arguments);
  }
  identity token_call(const std::shared_ptr<grpc::Channel>& over) const {
    return who_am_i(over, {{"authorization", "Bearer " + token_}});
  }
  // Why the server would not start with this pair; "" when it would.
  std::string refusal(const pem_pair& pair) {
    put(pair);
    try {
      clvd::tls::check(options_.tls);
      return "";
    } catch (const clvd::start_error& e) {
      EXPECT_EQ(e.status, clvd::usage);
      return e.what();
    }
  }

  temporary_folder folder_;
  clvd::options options_;
  const certificate_authority ours_{"ours"}, theirs_{"theirs"};
  const std::string token_ = clvd::make_token();
};

bool is_refused(const identity& i) {
  return i.status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

TEST_F(encrypted, a_token_is_needed_beside_the_certificate) {
  const identity_server server(options_);
  const auto over = channel(server, ours_.certificate());
  EXPECT_EQ(token_call(over).text, "crm shop 2");
  EXPECT_EQ(who_am_i(over).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(encrypted, plaintext_is_refused) {
  const identity_server server(options_);
  EXPECT_TRUE(is_refused(who_am_i(channel_to("127.0.0.1:" + std::to_string(server.port())))));
}

TEST_F(encrypted, a_client_notices_a_server_of_another_ca_or_name) {
  {
    const identity_server server(options_);
    EXPECT_TRUE(is_refused(who_am_i(channel(server, theirs_.certificate()))));
  }
  put(ours_.issue({.host = "elsewhere.example"}));
  const identity_server server(options_);
  EXPECT_TRUE(is_refused(who_am_i(channel(server, ours_.certificate()))));
}

TEST_F(encrypted, only_clients_with_a_good_certificate_get_in) {
  want_client_certificates();
  const identity_server server(options_);
  const auto as = [&](const pem_pair& mine) {
    return who_am_i(channel(server, ours_.certificate(), mine));
  };
  EXPECT_EQ(as(ours_.issue({.common_name = "ops.example"})).text, "ops shop 64 operator");
  EXPECT_TRUE(is_refused(as({})));
  EXPECT_TRUE(is_refused(as(theirs_.issue({.common_name = "ops.example"}))));
  EXPECT_TRUE(is_refused(as(ours_.issue({"ops.example", "", -2 * day, -day}))));
  EXPECT_TRUE(is_refused(as(ours_.issue({"ops.example", "", day, 2 * day}))));
  // A good certificate of somebody whom the file of credentials does not name.
  EXPECT_EQ(as(ours_.issue({.common_name = "stranger"})).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

// -1: no connection; else whether a handshake with at most this version worked.
int handshake(int port, int version) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) return -1;
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  SSL* tls = SSL_new(context);
  constexpr unsigned char h2[] = {2, 'h', '2'};
  SSL_set_alpn_protos(tls, h2, sizeof(h2));
  SSL_set_fd(tls, fd);
  const int worked = SSL_connect(tls) == 1 ? 1 : 0;
  SSL_free(tls);
  SSL_CTX_free(context);
  close(fd);
  return worked;
}

TEST_F(encrypted, tls_1_1_is_too_old) {
  const identity_server server(options_);
  EXPECT_EQ(handshake(server.port(), TLS1_VERSION), 0);
  EXPECT_EQ(handshake(server.port(), TLS1_1_VERSION), 0);
  EXPECT_EQ(handshake(server.port(), TLS1_2_VERSION), 1);
  EXPECT_EQ(handshake(server.port(), TLS1_3_VERSION), 1);
}

TEST_F(encrypted, files_that_would_fail_every_handshake_are_refused_before) {
  EXPECT_EQ(refusal(ours_.issue({})), "");
  EXPECT_NE(refusal(ours_.issue({"s", "s", -2 * day, -day})).find("expired"), std::string::npos);
  EXPECT_NE(refusal(ours_.issue({"s", "s", day, 2 * day})).find("not valid yet"),
            std::string::npos);
  pem_pair mixed = ours_.issue({});
  mixed.key = ours_.issue({}).key;
  EXPECT_NE(refusal(mixed).find("does not belong"), std::string::npos);
  mixed.key = "garbage";
  EXPECT_NE(refusal(mixed).find("--tls-key"), std::string::npos);
  EXPECT_NE(refusal({"garbage", ours_.issue({}).key}).find("--tls-cert"), std::string::npos);
  pem_pair chain = ours_.issue({});
  EXPECT_EQ(refusal({chain.certificate + ours_.certificate(), chain.key}), "");
  EXPECT_NE(refusal({chain.certificate + theirs_.certificate(), chain.key}).find("not signed"),
            std::string::npos);
  EXPECT_NE(refusal({chain.certificate + "-----BEGIN CERTIFICATE-----\nx\n", chain.key}), "");
  options_.tls.client_ca = folder_.file("client_ca");
  write_secret(options_.tls.client_ca, chain.certificate);
  EXPECT_NE(refusal(chain).find("may not sign"), std::string::npos);
}

TEST_F(encrypted, a_key_that_others_may_read_is_refused) {
  chmod(options_.tls.key.c_str(), 0644);
  EXPECT_THROW(clvd::tls::check(options_.tls), clvd::start_error);
}

TEST_F(encrypted, the_certificate_tells_when_it_ends) {
  const pem_pair pair = ours_.issue({.ends = 5 * day});
  const std::int64_t now = std::time(nullptr);
  const std::int64_t end = clvd::check_certificates({pair.certificate, pair.key, ""}, now);
  EXPECT_NEAR(static_cast<double>(end - now), 5.0 * day, 10);
  EXPECT_THROW(clvd::check_certificates({pair.certificate, pair.key, ""}, end), clvd::start_error);
}

// Waits, at most half a minute, until a new connection meets the certificate of `roots`.
bool comes_up(const std::function<identity()>& fresh_call) {
  const deadline until = soon();
  while (std::chrono::system_clock::now() < until) {
    if (fresh_call().status.ok()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

TEST_F(encrypted, a_renewal_reaches_new_connections_and_fails_no_call) {
  const std::string roots = ours_.certificate() + theirs_.certificate();
  identity_server server(options_);
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0, failed = 0;
  std::thread load([&] {
    const auto kept = channel(server, roots);
    while (!stop) {
      for (const auto& over : {kept, channel(server, roots)}) {
        failed += token_call(over).status.ok() ? 0 : 1;
        ++calls;
      }
    }
  });
  put(theirs_.issue({}));
  server.ports().reload();
  EXPECT_TRUE(comes_up([&] { return token_call(channel(server, theirs_.certificate())); }));
  put(ours_.issue({}));
  server.ports().reload();
  EXPECT_TRUE(comes_up([&] { return token_call(channel(server, ours_.certificate())); }));
  stop = true;
  load.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GT(calls, 2);
  EXPECT_EQ(server.failed_reloads(), 0);
}

TEST_F(encrypted, a_renewal_is_noticed_without_being_told) {
  options_.tls.look_again = std::chrono::seconds(1);
  const identity_server server(options_);
  put(theirs_.issue({}));
  EXPECT_TRUE(comes_up([&] { return token_call(channel(server, theirs_.certificate())); }));
}

TEST_F(encrypted, garbage_keeps_the_old_pair_and_is_counted) {
  identity_server server(options_);
  put({"garbage", "garbage"});
  for (int i = 0; i < 3; ++i) EXPECT_THROW(server.ports().reload(), clvd::call_error);
  put({theirs_.issue({}).certificate, theirs_.issue({}).key});
  EXPECT_THROW(server.ports().reload(), clvd::call_error);
  EXPECT_EQ(server.failed_reloads(), 4);
  EXPECT_EQ(token_call(channel(server, ours_.certificate())).text, "crm shop 2");
  put(theirs_.issue({}));
  server.ports().reload();
  EXPECT_TRUE(comes_up([&] { return token_call(channel(server, theirs_.certificate())); }));
}

}  // namespace
}  // namespace clv::test
