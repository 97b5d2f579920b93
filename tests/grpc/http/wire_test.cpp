// The HTTP door's rules on the wire: framing, smuggling, sizes, verbs, and the connection's end.
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "config/start_error.hpp"
#include "reference.hpp"
#include "two_doors.hpp"

namespace clv::test {
namespace {

class http_wire : public testing::Test {
 protected:
  std::string post_request(const http_headers& more = {}) {
    return post(score_summaries, "{}", more);
  }
  http_answer ask(const std::string& request) { return test::ask(doors_.http(), request); }
  void expect_refusal(const http_answer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.code(), code) << answer.body;
    EXPECT_EQ(answer.rest, "") << "the connection answered twice";
    if (answer.status == 0) return;
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  }

  two_doors doors_;
};

// {} is a valid message without rows: the call happens, and is refused by its handler.
const std::string reached = "FIELD_REQUIRED";

TEST_F(http_wire, answers_one_request_and_closes) {
  const http_answer answer = ask(post_request());
  expect_refusal(answer, 400, "invalid_argument");
  EXPECT_NE(answer.body.find(reached), std::string::npos) << answer.body;
}

TEST_F(http_wire, never_answers_what_stands_behind_a_request) {
  expect_refusal(ask(post_request() + post_request()), 400, "invalid_argument");
}

TEST_F(http_wire, never_reads_the_body_of_a_refused_request_as_the_next_one) {
  const std::string inner = post_request();
  for (const http_headers& wrong :
       {http_headers{{"Content-Encoding", "gzip"}},
        http_headers{{"Content-Type", "text/plain"}},
        http_headers{{"Connect-Protocol-Version", "2"}},
        http_headers{{"Content-Length", "999999999"}},
        http_headers{{"Transfer-Encoding", "chunked"}}}) {  // beside Content-Length
    const http_answer answer = ask(post(score_summaries, inner, wrong));
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(answer.rest, "");
    EXPECT_EQ(answer.body.find(reached), std::string::npos) << answer.body;
  }
}

TEST_F(http_wire, refuses_a_length_beside_chunks_and_two_lengths) {
  const std::string line = "POST " + score_summaries + " HTTP/1.1\r\nHost: h\r\n";
  for (const char* headers : {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                              "Content-Length: 2\r\nContent-Length: 2\r\n",
                              "Content-Length: 2\r\nContent-Length: 0\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: gzip, chunked\r\n",
                              "Content-Length: 2, 2\r\n",
                              ""}) {
    const std::string body = "Content-Type: application/json\r\n\r\n{}";
    expect_refusal(ask(line + headers + body), 411, "invalid_argument");
  }
}

std::string chunked_request(const std::string& chunks) {
  return "POST " + score_summaries + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" +
         "Content-Type: application/json\r\n\r\n" + chunks;
}

TEST_F(http_wire, takes_a_chunked_body) {
  const http_answer answer = ask(chunked_request("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"));
  expect_refusal(answer, 400, "invalid_argument");
  EXPECT_NE(answer.body.find(reached), std::string::npos) << answer.body;
}

TEST_F(http_wire, never_answers_what_stands_behind_a_chunked_body) {
  expect_refusal(
      ask(chunked_request("2\r\n{}\r\n0\r\n\r\n") + post_request()), 400, "invalid_argument");
}

TEST_F(http_wire, bounds_a_chunked_body_without_an_end) {
  std::string request = chunked_request("");
  for (int i = 0; i < 200; ++i) request += "8000\r\n" + std::string(0x8000, ' ') + "\r\n";
  expect_refusal(ask(request), 413, "resource_exhausted");
}

TEST_F(http_wire, refuses_chunks_with_extensions_or_trailers) {
  for (const char* bad : {"2;a=b\r\n{}\r\n0\r\n\r\n", "2\r\n{}\r\n0\r\nX: y\r\n\r\n"}) {
    expect_refusal(ask(chunked_request(bad)), 400, "invalid_argument");
  }
}

TEST_F(http_wire, refuses_a_declared_length_above_4_mib_at_once) {
  expect_refusal(ask(post_request({{"Content-Length", "4194305"}})), 413, "resource_exhausted");
}

TEST_F(http_wire, takes_a_body_of_exactly_4_mib) {
  const std::string body = "{}" + std::string((4 << 20) - 2, ' ');
  const http_answer answer = ask(post(score_summaries, body));
  EXPECT_NE(answer.body.find(reached), std::string::npos) << answer.body;
}

TEST_F(http_wire, does_not_unpack_a_gzip_bomb) {
  std::string packed(20'000, '\0');
  z_stream z{};
  ASSERT_EQ(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string spaces(8 << 20, ' ');
  z.next_in = reinterpret_cast<Bytef*>(spaces.data());
  z.avail_in = static_cast<uInt>(spaces.size());
  z.next_out = reinterpret_cast<Bytef*>(packed.data());
  z.avail_out = static_cast<uInt>(packed.size());
  ASSERT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  packed.resize(z.total_out);
  deflateEnd(&z);
  const http_answer answer = ask(post(score_summaries, packed, {{"Content-Encoding", "gzip"}}));
  expect_refusal(answer, 501, "unimplemented");
  EXPECT_EQ(answer.headers.at("accept-encoding"), "identity");
}

TEST_F(http_wire, refuses_headers_of_64_kib) {
  const http_headers huge{{"X-Large", std::string(64 << 10, 'x')}};
  expect_refusal(ask(post_request(huge)), 431, "resource_exhausted");
  expect_refusal(ask(post("/" + std::string(64 << 10, 'a'), "{}")), 431, "resource_exhausted");
}

TEST_F(http_wire, refuses_what_is_not_http) {
  for (const std::string& bytes : {std::string("hello\r\n\r\n"),
                                   std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                                   std::string("\0\0\0\0\r\n\r\n", 8),
                                   std::string("\x16\x03\x01\x02\r\n\r\n")}) {
    expect_refusal(ask(bytes), 400, "invalid_argument");
  }
}

TEST_F(http_wire, refuses_every_other_verb_and_says_which_one_works) {
  for (const std::string verb : {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET"}) {
    const bool body = verb != "GET" && verb != "OPTIONS" && verb != "TRACE";
    const http_answer answer = ask(verb + " " + score_summaries + " HTTP/1.1\r\nHost: h\r\n" +
                                   (body ? "Content-Length: 0\r\n" : "") + "\r\n");
    expect_refusal(answer, 405, "unimplemented");
    EXPECT_EQ(answer.headers.at("allow"), "POST") << verb;
  }
}

TEST_F(http_wire, says_go_ahead_to_who_waits_for_it) {
  const std::string request = post_request({{"Expect", "100-continue"}});
  http_connection connection(doors_.http());
  ASSERT_TRUE(connection.send(request.substr(0, request.size() - 2)));
  const std::string go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(connection.read_some(go_ahead.size()), go_ahead);
  ASSERT_TRUE(connection.send("{}"));
  EXPECT_EQ(parsed(connection.read_all()).status, 400);
}

TEST_F(http_wire, does_not_say_go_ahead_to_a_body_it_would_refuse) {
  http_connection connection(doors_.http());
  connection.send(post_request({{"Expect", "100-continue"}, {"Content-Length", "4194305"}}));
  EXPECT_EQ(parsed(connection.read_all()).status, 413);
}

TEST_F(http_wire, takes_a_request_that_comes_byte_by_byte) {
  http_connection connection(doors_.http());
  for (const char c : post_request()) ASSERT_TRUE(connection.send({&c, 1}));
  EXPECT_EQ(parsed(connection.read_all()).status, 400);
}

TEST_F(http_wire, answers_a_client_that_has_ended_sending) {
  http_connection connection(doors_.http());
  connection.send(post_request());
  connection.end_of_sending();
  EXPECT_EQ(parsed(connection.read_all()).status, 400);
}

TEST_F(http_wire, gives_the_whole_answer_whatever_range_or_packing_is_asked_for) {
  const std::string plain = ask(post_request()).body;
  for (const http_headers& wish :
       {http_headers{{"Range", "bytes=0-9"}}, http_headers{{"Accept-Encoding", "gzip, br"}}}) {
    const http_answer answer = ask(post_request(wish));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, plain);
    EXPECT_EQ(answer.headers.count("content-encoding"), 0u);
  }
}

TEST_F(http_wire, gives_every_error_a_body_also_for_a_range_that_is_none) {
  EXPECT_EQ(ask(post_request({{"Range", "bytes=x"}})).code(), "invalid_argument");
}

TEST(http_port, is_not_shared_with_a_second_listener) {
  two_doors_options o;
  o.http.address = "127.0.0.1:0";
  o.rules.anonymous_loopback = true;
  const two_doors first(o);
  o.http.address = first.http();
  EXPECT_THROW(two_doors second(o), clvd::start_error);
  EXPECT_EQ(ask(first.http(), post(score_summaries, "{}")).status, 400);
}

// A page may ask its user's browser for http://its-name:PORT/, having made its name mean 127.0.0.1.
TEST(http_port, has_no_anonymous_caller_behind_a_page_of_the_web) {
  two_doors_options o;
  o.http.address = "127.0.0.1:0";
  o.rules.anonymous_loopback = true;
  const two_doors doors(o);
  const auto status = [&](const http_headers& more) {
    return ask(doors.http(), post(score_summaries, "{}", more)).status;
  };
  for (const char* host : {"localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:1", "[::1]:80"}) {
    EXPECT_EQ(status({{"Host", host}}), 400) << host;  // known, and the request is empty
  }
  for (const char* host : {"evil.example",
                           "127.0.0.1.evil.example:80",
                           "localhost.evil.example",
                           "evil.example:localhost",
                           "localhost:80:80",
                           "me@localhost",
                           "[::1",
                           "::1",
                           ":80",
                           "127.0.0.2"}) {
    EXPECT_EQ(status({{"Host", host}}), 401) << host;
  }
  for (const char* origin : {"http://localhost", "https://evil.example", "null"}) {
    EXPECT_EQ(status({{"Origin", origin}}), 401) << origin;
  }
  const std::string get = "GET /clv.v1.AdminService/GetServerInfo HTTP/1.1\r\nHost: ";
  EXPECT_EQ(ask(doors.http(), get + "localhost\r\n\r\n").status, 200);
  EXPECT_EQ(ask(doors.http(), get + "evil.example\r\n\r\n").status, 401);
}

// Behind a Unix socket the kernel knows the proxy only.
TEST(http_socket, knows_nobody_whom_a_proxy_hands_on) {
  const temporary_folder folder;
  two_doors_options o;
  o.http.address = "unix:" + folder.file("s");
  const two_doors doors(o);
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);  // known; an empty request
  for (const char* told : {"Forwarded", "Via", "X-Forwarded-For", "X-Real-IP", "Origin"}) {
    EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}", {{told, "x"}})).status, 401) << told;
  }
}

TEST(http_socket, is_not_taken_from_a_running_server_but_from_a_dead_one) {
  const temporary_folder folder;
  two_doors_options o;
  o.http.address = "unix:" + folder.file("s");
  {
    const two_doors first(o);
    EXPECT_THROW(two_doors second(o), clvd::start_error);
    EXPECT_EQ(ask(first.http(), post(score_summaries, "{}")).status, 400);
    // What a dead server leaves behind: a socket file that nobody listens on.
    std::filesystem::rename(folder.file("s"), folder.file("left_over"));
  }
  std::filesystem::rename(folder.file("left_over"), folder.file("s"));
  const two_doors next(o);
  EXPECT_EQ(ask(next.http(), post(score_summaries, "{}")).status, 400);
}

}  // namespace
}  // namespace clv::test
