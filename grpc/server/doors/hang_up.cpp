#include "doors/hang_up.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <filesystem>
#include <system_error>
#include <vector>

namespace clvd {
namespace {

std::vector<int> open_descriptors() {
  std::vector<int> all;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", none)) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    all.push_back(descriptor);
  }
  return all;
}

// Of an end of a connection, not of the socket that listens.
bool was_accepted_at(int descriptor, const std::string& socket, int tcp_port) {
  sockaddr_storage from{}, at{};
  socklen_t from_size = sizeof(from), size = sizeof(at);
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&from), &from_size) != 0) return false;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size) != 0) return false;
  switch (at.ss_family) {
    case AF_UNIX:
      return size > sizeof(sa_family_t) && reinterpret_cast<sockaddr_un&>(at).sun_path == socket;
    case AF_INET:
      return ntohs(reinterpret_cast<sockaddr_in&>(at).sin_port) == tcp_port;
    case AF_INET6:
      return ntohs(reinterpret_cast<sockaddr_in6&>(at).sin6_port) == tcp_port;
    default:
      return false;
  }
}

}  // namespace

void hang_up(const std::string& socket, int tcp_port) {
  for (const int descriptor : open_descriptors()) {
    if (was_accepted_at(descriptor, socket, tcp_port)) shutdown(descriptor, SHUT_RDWR);
  }
}

}  // namespace clvd
