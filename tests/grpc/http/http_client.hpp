// HTTP/1.1 by hand over a socket: what is sent is exactly what the test wrote, also when it is
// wrong.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace clv::test {

struct http_answer {
  int status = 0;                              // 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string rest;  // whatever came after the body, which is never right

  // "invalid_argument", from the body's "code"; "" when the body is no Connect error.
  std::string code() const;
};

class http_connection {
 public:
  // "unix:PATH" or "127.0.0.1:PORT".
  explicit http_connection(const std::string& address);
  ~http_connection();
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  // False when the other end has closed.
  bool send(std::string_view bytes);
  void end_of_sending();
  // Up to the end of the connection, or half a minute.
  std::string read_all();
  // At least `n` bytes, or less at the end.
  std::string read_some(std::size_t n);

 private:
  int socket_ = -1;
};

http_answer parsed(const std::string& response);
// One connection: sends, reads to the end.
http_answer ask(const std::string& address, std::string_view request);

using http_headers = std::map<std::string, std::string>;

// A POST of JSON with the headers it needs; `more` adds to them or, with "" as the value, drops
// them.
std::string post(const std::string& path, const std::string& body, const http_headers& more = {});

}  // namespace clv::test
