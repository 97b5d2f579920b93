#include "config/address.hpp"

#include <sys/un.h>

#include <charconv>
#include <string_view>

#include "config/start_error.hpp"

namespace clvd {
namespace {

constexpr std::string_view unix_prefix = "unix:";

int port_of(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port <= 65'535 ? port : -1;
}

}  // namespace

bool address::is_loopback() const {
  // The whole name: "127.evil.example" is one like any other. Not 127.0.0.2 either: gRPC's local
  // credentials take only this one.
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

address parse_address(const std::string& option, const std::string& text) {
  address a;
  if (text.starts_with(unix_prefix)) {
    a.path = text.substr(unix_prefix.size());
    if (!a.path.empty() && a.path.size() < sizeof(sockaddr_un::sun_path)) return a;
    throw start_error(usage, option + " '" + text + "': a socket path has 1 to 107 bytes");
  }
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    a.host = text.substr(0, colon);
    a.port = port_of(std::string_view(text).substr(colon + 1));
    if (a.host.size() > 2 && a.host.front() == '[' && a.host.back() == ']') {
      a.host = a.host.substr(1, a.host.size() - 2);
    } else if (a.host.find_first_of(":[]") != std::string::npos) {
      a.port = -1;  // an IPv6 address without brackets: where does the port begin?
    }
  }
  if (colon == std::string::npos || a.host.empty() || a.port < 0) {
    throw start_error(usage, option + " '" + text + "': write HOST:PORT, [IPV6]:PORT or unix:PATH");
  }
  return a;
}

}  // namespace clvd
