#include "http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <stdexcept>

namespace clv::test {
namespace {

constexpr int patience_ms = 30'000;

int connected(const sockaddr* to, socklen_t size) {
  const int s = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0 || connect(s, to, size) != 0) {
    if (s >= 0) close(s);
    throw std::runtime_error("cannot connect");
  }
  return s;
}

int connected(const std::string& address) {
  if (address.starts_with("unix:")) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    address.substr(5).copy(to.sun_path, sizeof to.sun_path - 1);
    return connected(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto port = std::stoi(address.substr(address.rfind(':') + 1));
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  return connected(reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

}  // namespace

std::string http_answer::code() const {
  constexpr std::string_view mark = "{\"code\":\"";
  if (!body.starts_with(mark)) return "";
  return body.substr(mark.size(), body.find('"', mark.size()) - mark.size());
}

http_connection::http_connection(const std::string& address) : socket_(connected(address)) {}

http_connection::~http_connection() {
  close(socket_);
}

bool http_connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void http_connection::end_of_sending() {
  shutdown(socket_, SHUT_WR);
}

std::string http_connection::read_all() {
  return read_some(static_cast<std::size_t>(-1));
}

std::string http_connection::read_some(std::size_t n) {
  std::string all;
  char buffer[64 << 10];
  while (all.size() < n) {
    pollfd fd{socket_, POLLIN, 0};
    if (poll(&fd, 1, patience_ms) <= 0) throw std::runtime_error("no answer in half a minute");
    const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

http_answer parsed(const std::string& response) {
  http_answer answer;
  const auto head_end = response.find("\r\n\r\n");
  if (!response.starts_with("HTTP/1.1 ") || head_end == response.npos) return answer;
  answer.status = std::stoi(response.substr(9, 3));
  for (std::size_t at = response.find("\r\n") + 2; at < head_end;) {
    const auto end = response.find("\r\n", at);
    const auto colon = response.find(": ", at);
    answer.headers[lower(response.substr(at, colon - at))] =
        response.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  const auto length = static_cast<std::size_t>(std::stoul(answer.headers.at("content-length")));
  answer.body = response.substr(head_end + 4, length);
  if (answer.body.size() < length) throw std::runtime_error("the answer was cut short");
  answer.rest = response.substr(head_end + 4 + length);
  return answer;
}

http_answer ask(const std::string& address, std::string_view request) {
  http_connection connection(address);
  connection.send(request);  // a refusal may come before all is sent
  return parsed(connection.read_all());
}

std::string post(const std::string& path, const std::string& body, const http_headers& more) {
  http_headers headers{{"Host", "localhost"},
                       {"Content-Type", "application/json"},
                       {"Content-Length", std::to_string(body.size())}};
  for (const auto& [name, value] : more) headers[name] = value;
  std::string request = "POST " + path + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) {
    if (!value.empty()) request += name + ": " + value + "\r\n";
  }
  return request + "\r\n" + body;
}

}  // namespace clv::test
