// Connections that end with the server: those of its own doors, and no others.
#include "doors/hang_up.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "support/temp_folder.hpp"

namespace clv::test {
namespace {

// Both ends of a connection, accepted where `listener` listens.
struct connection {
  int client = -1, server = -1;

  connection(int listener, const sockaddr* at, socklen_t size) {
    client = socket(at->sa_family, SOCK_STREAM, 0);
    EXPECT_EQ(connect(client, at, size), 0);
    server = accept(listener, nullptr, nullptr);
    EXPECT_GE(server, 0);
  }
  ~connection() {
    close(client);
    close(server);
  }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // What was sent arrives; false once it was hung up.
  bool works() const {
    if (send(server, "x", 1, MSG_NOSIGNAL) != 1) return false;
    char got = 0;
    return recv(client, &got, 1, 0) == 1 && got == 'x';
  }
};

struct unix_door {
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};

  explicit unix_door(const std::string& path) {
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof(at.sun_path) - 1);
    EXPECT_EQ(bind(listener, address(), sizeof(at)), 0);
    EXPECT_EQ(listen(listener, 4), 0);
  }
  ~unix_door() { close(listener); }
  unix_door(const unix_door&) = delete;
  unix_door& operator=(const unix_door&) = delete;
  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&at); }
};

struct tcp_door {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};

  tcp_door() {
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    EXPECT_EQ(bind(listener, address(), size), 0);
    EXPECT_EQ(listen(listener, 4), 0);
    EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size), 0);
  }
  ~tcp_door() { close(listener); }
  tcp_door(const tcp_door&) = delete;
  tcp_door& operator=(const tcp_door&) = delete;
  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&at); }
  int port() const { return ntohs(at.sin_port); }
};

TEST(hang_up, ends_the_connections_of_its_doors_and_no_others) {
  const temp_folder folder;
  const unix_door ours(folder.file("s")), others(folder.file("t"));
  const tcp_door our_port, other_port;
  const connection one(ours.listener, ours.address(), sizeof(ours.at));
  const connection two(our_port.listener, our_port.address(), sizeof(our_port.at));
  const connection three(others.listener, others.address(), sizeof(others.at));
  const connection four(other_port.listener, other_port.address(), sizeof(other_port.at));
  ASSERT_TRUE(one.works() && two.works() && three.works() && four.works());
  clvd::hang_up(folder.file("s"), our_port.port());
  EXPECT_FALSE(one.works());
  EXPECT_FALSE(two.works());
  EXPECT_TRUE(three.works());
  EXPECT_TRUE(four.works());
  // Who listens goes on.
  EXPECT_TRUE(connection(ours.listener, ours.address(), sizeof(ours.at)).works());
}

TEST(hang_up, without_doors_ends_nothing) {
  const temp_folder folder;
  const unix_door door(folder.file("s"));
  const tcp_door port;
  const connection one(door.listener, door.address(), sizeof(door.at));
  const connection two(port.listener, port.address(), sizeof(port.at));
  clvd::hang_up("", 0);
  EXPECT_TRUE(one.works());
  EXPECT_TRUE(two.works());
}

}  // namespace
}  // namespace clv::test
