// Where a request ends and why it is refused, byte by byte; no sockets.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "doors/http_framing.hpp"

namespace clvd {
namespace {

constexpr http_bounds bounds{8192, 1000};

http_frame frame(const std::string& text) {
  return frame_of(text, bounds);
}

std::string request(const std::string& headers, const std::string& body = "") {
  return "POST /a HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

int refusal(const std::string& text) {
  return frame(text).refusal;
}

TEST(http_framing, finds_the_end_of_a_request_and_of_no_prefix_of_it) {
  const std::string whole = request("Content-Length: 5\r\n", "hello");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_EQ(frame(whole.substr(0, n)).state, http_frame::kind::incomplete) << n;
  }
  EXPECT_EQ(frame(whole).state, http_frame::kind::whole);
  EXPECT_EQ(frame(whole + "more").size, whole.size());
}

TEST(http_framing, asks_for_one_length_or_chunks_and_never_for_both) {
  EXPECT_EQ(refusal(request("")), 411);
  EXPECT_EQ(refusal(request("Content-Length: 5\r\nContent-Length: 5\r\n")), 411);
  EXPECT_EQ(refusal(request("Content-Length: 5\r\ncontent-length: 6\r\n")), 411);
  EXPECT_TRUE(frame(request("Transfer-Encoding: Chunked\r\n")).chunked);
  for (const char* bad : {"identity", "gzip, chunked", "chunked, chunked", "xchunked", ""}) {
    EXPECT_EQ(refusal(request("Transfer-Encoding: " + std::string(bad) + "\r\n")), 411) << bad;
  }
  EXPECT_EQ(refusal(request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 411);
  EXPECT_EQ(refusal(request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")), 411);
  EXPECT_EQ(refusal(request("TRANSFER-ENCODING: identity\r\nContent-Length: 5\r\n")), 411);
  for (const char* bad : {"", "-1", "+5", "5,5", "5, 5", "0x5", "5 5", "5.0", "five"}) {
    EXPECT_EQ(refusal(request("Content-Length: " + std::string(bad) + "\r\n")), 411) << bad;
  }
  EXPECT_EQ(refusal(request("Content-Length: \t 5 \t\r\n", "hello")), 0);
}

TEST(http_framing, refuses_a_length_above_the_limit_before_the_body_comes) {
  EXPECT_EQ(refusal(request("Content-Length: 1000\r\n")), 0);
  EXPECT_EQ(refusal(request("Content-Length: 1001\r\n")), 413);
  EXPECT_EQ(refusal(request("Content-Length: 18446744073709551615\r\n")), 413);
  EXPECT_EQ(refusal(request("Content-Length: 99999999999999999999999\r\n")), 413);
}

TEST(http_framing, refuses_lines_that_two_readers_would_read_in_two_ways) {
  for (const char* bad : {"Content-Length : 5\r\n",  // a space before the colon
                          " Content-Length: 5\r\n",  // a folded line
                          "X: a\r\n b\r\nContent-Length: 5\r\n",
                          "X: a\nContent-Length: 5\r\n",  // a line that ends with LF alone
                          "X: a\rContent-Length: 5\r\n",  // or with CR alone
                          "no colon\r\nContent-Length: 5\r\n",
                          ": no name\r\nContent-Length: 5\r\n",
                          "X\x01: a\r\nContent-Length: 5\r\n",
                          "X: a\x7f\r\nContent-Length: 5\r\n"}) {
    EXPECT_EQ(refusal(request(bad)), 400) << bad;
  }
  EXPECT_EQ(refusal(request(std::string("X: a\0b\r\n", 8) + "Content-Length: 5\r\n")), 400);
}

TEST(http_framing, refuses_request_lines_that_are_none) {
  const std::string rest = "Host: h\r\nContent-Length: 0\r\n\r\n";
  for (const char* bad : {"",
                          "POST\r\n",
                          "POST /a\r\n",
                          "POST  HTTP/1.1\r\n",
                          "POST http://h/a HTTP/1.1\r\n",
                          "POST * HTTP/1.1\r\n",
                          "POST /a b HTTP/1.1\r\n",
                          "POST /\xc3\xa9 HTTP/1.1\r\n",
                          "P(ST /a HTTP/1.1\r\n",
                          " POST /a HTTP/1.1\r\n",
                          "POST /a http/1.1\r\n",
                          "POST /a\tHTTP/1.1\r\n"}) {
    EXPECT_EQ(refusal(bad + rest), 400) << bad;
  }
  for (const char* version : {"HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9"}) {
    EXPECT_EQ(refusal("POST /a " + std::string(version) + "\r\n" + rest), 505) << version;
  }
  EXPECT_EQ(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400);
}

TEST(http_framing, wants_one_host) {
  EXPECT_EQ(refusal("POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), 400);
  EXPECT_EQ(refusal(request("HOST: h\r\nContent-Length: 0\r\n")), 400);
}

TEST(http_framing, lets_verbs_without_a_body_go_without_a_length) {
  const std::string rest = " /a HTTP/1.1\r\nHost: h\r\n";
  for (const char* verb : {"GET", "HEAD", "OPTIONS", "TRACE"}) {
    EXPECT_EQ(frame(verb + rest + "\r\n").state, http_frame::kind::whole) << verb;
    EXPECT_EQ(refusal(verb + rest + "Content-Length: 0\r\n\r\n"), 0) << verb;
    EXPECT_EQ(refusal(verb + rest + "Content-Length: 1\r\n\r\n"), 400) << verb;
  }
  for (const char* verb : {"PUT", "DELETE", "PATCH", "CONNECT", "FROBNICATE"}) {
    EXPECT_EQ(refusal(verb + rest + "\r\n"), 411) << verb;
  }
}

TEST(http_framing, bounds_the_head_whether_it_ends_or_not) {
  EXPECT_EQ(frame(request("X: " + std::string(8000, 'a'))).state, http_frame::kind::incomplete);
  EXPECT_EQ(refusal("POST /" + std::string(9000, 'a')), 431);
  EXPECT_EQ(refusal(request("X: " + std::string(9000, 'a') + "\r\nContent-Length: 0\r\n")), 431);
  std::string many;
  for (int i = 0; i < 80; ++i) many += "X: a\r\n";
  EXPECT_EQ(refusal(request(many + "Content-Length: 0\r\n")), 431);
}

struct gathered {
  int refusal = 0;
  std::string body;
  bool ended = false;
  std::string rest;
};

// Given in pieces of `piece` bytes.
gathered dechunked(const std::string& text, std::size_t piece, std::size_t most = 1000) {
  http_chunks chunks;
  gathered g;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    g.rest += text.substr(at, piece);
    if (!chunks.ended() && g.refusal == 0) g.refusal = chunks.take(g.rest, most);
  }
  g.body = chunks.body();
  g.ended = chunks.ended();
  return g;
}

TEST(http_chunks, are_put_together_however_they_arrive) {
  const std::string text = "5\r\nhello\r\n00A\r\n, chunked!\r\n1\r\n\r\r\n0\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const gathered g = dechunked(text, piece);
    EXPECT_EQ(g.refusal, 0);
    EXPECT_TRUE(g.ended);
    EXPECT_EQ(g.body, "hello, chunked!\r") << piece;
    EXPECT_EQ(g.rest, "");
  }
  EXPECT_EQ(dechunked(text + "more", 1).rest, "more");
  EXPECT_FALSE(dechunked(text.substr(0, text.size() - 1), 3).ended);
}

TEST(http_chunks, are_refused_when_two_readers_could_differ) {
  for (const char* bad : {"5;name=value\r\nhello\r\n",
                          "+5\r\nhello\r\n",
                          "-5\r\nhello\r\n",
                          "0x5\r\nhello\r\n",
                          " 5\r\nhello\r\n",
                          "5 \r\nhello\r\n",
                          "\r\nhello\r\n",
                          "g\r\nhello\r\n",
                          "5\nhello\n0\n\n",
                          "5\r\nhello0\r\n",
                          "000000005\r\nhello\r\n",
                          "0\r\nTrailer: x\r\n\r\n",
                          "123456789012345678901234567890"}) {
    for (const std::size_t piece : {1, 7, 100})
      EXPECT_EQ(dechunked(bad, piece).refusal, 400) << bad;
  }
}

TEST(http_chunks, are_bounded_together_and_alone) {
  EXPECT_EQ(dechunked("3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n", 64).refusal, 0);
  EXPECT_EQ(dechunked("3e9\r\n", 64).refusal, 413);
  EXPECT_EQ(dechunked("ffffffff\r\n", 64).refusal, 413);
  EXPECT_EQ(dechunked("3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx", 64).refusal, 413);
}

TEST(http_chunks, leave_a_head_with_a_length) {
  EXPECT_EQ(with_length("POST / HTTP/1.1\r\ntransfer-Encoding: chunked\r\nA: b\r\n\r\n", 7),
            "POST / HTTP/1.1\r\nA: b\r\nContent-Length: 7\r\n\r\n");
}

TEST(http_framing, knows_who_waits_for_a_go_ahead) {
  EXPECT_TRUE(frame(request("Content-Length: 5\r\nExpect: 100-Continue\r\n")).wants_continue);
  EXPECT_FALSE(frame(request("Content-Length: 5\r\n")).wants_continue);
}

TEST(http_framing, survives_any_change_of_three_bytes) {
  const std::string whole = request("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello");
  std::mt19937_64 random(7);
  for (int round = 0; round < 50'000; ++round) {
    std::string changed = whole;
    for (int k = 0; k < 3; ++k) changed[random() % changed.size()] = static_cast<char>(random());
    const http_frame f = frame(changed);
    EXPECT_EQ(f.state == http_frame::kind::refused, f.refusal != 0);
    if (f.state != http_frame::kind::whole) continue;
    EXPECT_LE(f.size, changed.size());
  }
}

}  // namespace
}  // namespace clvd
