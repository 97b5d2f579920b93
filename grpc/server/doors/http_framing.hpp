// Where an HTTP/1.1 request ends, or why it is refused. cpp-httplib 0.11.4 takes requests with two
// lengths or with a length and chunks, bounds no chunked body, and skips header lines that it does
// not understand (measured); what stands between two such readers smuggles requests, so these rules
// come first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace clvd {

struct http_frame {
  enum class kind { incomplete, whole, refused };

  kind state = kind::incomplete;
  int refusal = 0;  // HTTP status, when refused
  // Of head and body; 0 while the head is incomplete. With chunks: of the head.
  std::size_t size = 0;
  bool chunked = false;         // the body comes in chunks: http_chunks
  bool wants_continue = false;  // the client waits for "100 Continue" before it sends the body
};

struct http_bounds {
  std::size_t head_bytes;
  std::size_t body_bytes;
};

// Looks at the bytes that have arrived. A request is a line "METHOD /target HTTP/1.1" and header
// lines "Name: value" that all end with CR LF, with one Host, and with exactly one Content-Length
// or exactly one "Transfer-Encoding: chunked", never both (neither is needed by GET and other verbs
// without a body). Refusals: 400, 411 (length), 413, 431, 505.
http_frame frame_of(std::string_view arrived, const http_bounds& bounds);

// Puts a chunked body together; the Connect client for Node sends all bodies so. Extensions and
// trailers, which carry nothing here, are refused.
class http_chunks {
 public:
  // Takes whole chunks from the front of `arrived` and erases them there. 0, or the refusal: 400,
  // 413. Not after the end.
  int take(std::string& arrived, std::size_t most);
  bool ended() const { return ended_; }
  const std::string& body() const { return body_; }

 private:
  std::string body_;
  bool ended_ = false;
};

// A head of a chunked request with the length of its body instead of Transfer-Encoding.
std::string with_length(std::string_view head, std::size_t length);

}  // namespace clvd
