#include "doors/listening_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "config/start_error.hpp"

namespace clvd {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr int backlog = 512;

[[noreturn]] void fail(const std::string& address, const std::string& why) {
  throw start_error(failed, "cannot listen on '" + address + "': " + why);
}

[[noreturn]] void fail(const std::string& address) {
  fail(address, std::strerror(errno));
}

using addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

addresses resolved(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) fail(address, "write HOST:PORT or unix:PATH");
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int e = getaddrinfo(host.c_str(), address.c_str() + colon + 1, &wanted, &found);
  if (e != 0) fail(address, gai_strerror(e));
  return {found, freeaddrinfo};
}

// Not where it has the group already: a sandbox may forbid chown.
bool give_to_group(const std::string& path, const peer_rules& peers) {
  struct stat made {};
  if (!peers.gid || (stat(path.c_str(), &made) == 0 && made.st_gid == *peers.gid)) return true;
  return chown(path.c_str(), static_cast<uid_t>(-1), *peers.gid) == 0;
}

}  // namespace

// Between bind and listen nobody can connect: the mode is right before the first one does.
int listening_on(const std::string& path, const peer_rules& peers, int backlog) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path) fail(path, "a socket path has at most 107 bytes");
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 &&
      give_to_group(path, peers) && chmod(path.c_str(), peers.mode()) == 0 &&
      ::listen(fd, backlog) == 0) {
    return fd;
  }
  const int why = errno;
  if (fd >= 0) close(fd);
  errno = why;
  fail(path);
}

listening_socket::listening_socket(const std::string& address, peer_rules peers)
    : peers_(std::move(peers)) {
  try {
    if (address.starts_with(unix_prefix)) {
      const std::string path = address.substr(unix_prefix.size());
      path_ = std::make_unique<socket_path>(path);
      fd_ = listening_on(path, peers_, backlog);
      file_ = path;
    } else {
      listen_on_loopback(address);
    }
  } catch (...) {
    shut();
    throw;
  }
}

void listening_socket::listen_on_loopback(const std::string& address) {
  const addresses found = resolved(address);
  fd_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // Lets a restart have the port at once; a second listener is still refused.
  const int on = 1;
  if (fd_ < 0 || setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd_, found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd_, backlog) != 0) {
    fail(address);
  }
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size) != 0) fail(address);
  // The port stands at the same place in both kinds of address.
  port_ = ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

listening_socket::~listening_socket() {
  shut();
}

void listening_socket::shut() {
  if (fd_ < 0) return;
  if (!file_.empty()) unlink(file_.c_str());
  close(std::exchange(fd_, -1));
}

}  // namespace clvd
