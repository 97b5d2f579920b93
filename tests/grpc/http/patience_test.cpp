// Clients that are slow, silent or many: none of them keeps the others from their answers.
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "reference.hpp"
#include "two_doors.hpp"

namespace clv::test {
namespace {

using connections = std::vector<std::unique_ptr<http_connection>>;

connections many(const std::string& address, int n, const std::string& sent) {
  connections all;
  for (int i = 0; i < n; ++i) {
    all.push_back(std::make_unique<http_connection>(address));
    EXPECT_TRUE(all.back()->send(sent));
  }
  return all;
}

two_doors_options patient(std::chrono::milliseconds patience) {
  two_doors_options o;
  o.http.patience = patience;
  o.workers = 1;
  return o;
}

// With one worker and a patience of minutes, the answers below can only come if nobody waits for
// the 400: no time is measured.
TEST(http_patience, answers_others_while_400_connections_are_idle) {
  two_doors doors(patient(std::chrono::minutes(5)));
  const connections idle = many(doors.http(), 400, "");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);
  }
}

TEST(http_patience, answers_others_while_400_requests_are_half_sent) {
  two_doors doors(patient(std::chrono::minutes(5)));
  const std::string request = post(score_summaries, "{}");
  connections heads = many(doors.http(), 200, request.substr(0, 40));
  connections bodies = many(doors.http(), 200, request.substr(0, request.size() - 1));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ask(doors.http(), request).status, 400);
  }
  // And the slow ones get theirs, once they are done.
  for (const auto& slow : {&heads.front(), &heads.back()}) {
    ASSERT_TRUE((*slow)->send(request.substr(40)));
    EXPECT_EQ(parsed((*slow)->read_all()).status, 400);
  }
  ASSERT_TRUE(bodies.front()->send("}"));
  EXPECT_EQ(parsed(bodies.front()->read_all()).status, 400);
}

TEST(http_patience, answers_others_while_nobody_reads_large_answers) {
  two_doors doors(patient(std::chrono::minutes(5)));
  const auto request = scoring_request(10'000);
  const std::string large =
      post(score_summaries, request.SerializeAsString(), {{"Content-Type", "application/proto"}});
  connections deaf = many(doors.http(), 20, large);
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);
  EXPECT_EQ(parsed(deaf.front()->read_all()).status, 200);
  deaf.clear();
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);
}

TEST(http_patience, ends_and_tells_a_sender_that_is_too_slow) {
  two_doors doors(patient(std::chrono::milliseconds(50)));
  http_connection slow(doors.http());
  slow.send("POST /");
  const http_answer answer = parsed(slow.read_all());
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.code(), "deadline_exceeded");
}

TEST(http_patience, closes_a_connection_that_says_nothing) {
  two_doors doors(patient(std::chrono::milliseconds(50)));
  http_connection silent(doors.http());
  EXPECT_EQ(silent.read_all(), "");
}

TEST(http_patience, bounds_the_connections_and_serves_the_next_when_one_has_gone) {
  two_doors_options o = patient(std::chrono::minutes(5));
  o.http.connections = 3;
  two_doors doors(o);
  connections idle = many(doors.http(), 3, "POST");
  http_connection waiting(doors.http());  // in the kernel's queue
  ASSERT_TRUE(waiting.send(post(score_summaries, "{}")));
  idle.pop_back();
  EXPECT_EQ(parsed(waiting.read_all()).status, 400);
}

TEST(http_patience, bounds_what_all_half_sent_requests_may_hold) {
  two_doors_options o = patient(std::chrono::minutes(5));
  o.http.all_bytes = 100'000;
  two_doors doors(o);
  const std::string request = post(score_summaries, std::string(60'000, ' '));
  const std::string half = request.substr(0, request.size() - 1);
  connections first = many(doors.http(), 1, half);
  // Each of these takes at least one round of the front, which reads a part of the first in it.
  for (int i = 0; i < 20; ++i) ask(doors.http(), post(score_summaries, "{}"));
  http_connection second(doors.http());
  second.send(half);
  const http_answer answer = parsed(second.read_all());
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.code(), "unavailable");
  ASSERT_TRUE(first.front()->send(" "));
  EXPECT_EQ(parsed(first.front()->read_all()).status, 400);
  EXPECT_EQ(ask(doors.http(), request).status, 400);
}

TEST(http_patience, bounds_what_all_unread_answers_may_hold) {
  const std::string large = post(score_summaries,
                                 scoring_request(10'000).SerializeAsString(),
                                 {{"Content-Type", "application/proto"}});
  const auto size_of = [&] {
    two_doors doors(patient(std::chrono::minutes(5)));
    return ask(doors.http(), large).body.size();
  };
  const std::size_t size = size_of();
  ASSERT_GT(size, 400'000U) << "more than a socket takes by itself";
  two_doors_options o = patient(std::chrono::minutes(5));
  o.http.answer_bytes = 3 * size + size / 2;
  two_doors doors(o);
  const connections deaf = many(doors.http(), 10, large);
  const deadline until = soon();
  const auto dropped = [&] {
    return doors.host().metrics.page().find("clv_http_answers_dropped_total 7") !=
           std::string::npos;
  };
  while (!dropped() && std::chrono::system_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(dropped());
  int whole = 0;
  for (const auto& one : deaf) whole += one->read_all().size() > size ? 1 : 0;  // with its head
  EXPECT_EQ(whole, 3);
  EXPECT_EQ(ask(doors.http(), large).body.size(), size);
}

TEST(http_patience, forgets_a_client_that_leaves_before_its_answer) {
  two_doors doors(patient(std::chrono::minutes(5)));
  const auto large = scoring_request(10'000).SerializeAsString();
  for (int i = 0; i < 10; ++i) {
    http_connection gone(doors.http());
    gone.send(post(score_summaries, large, {{"Content-Type", "application/proto"}}));
  }
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);
  const deadline until = soon();
  while (!doors.is_quiet() && std::chrono::system_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(doors.is_quiet());
}

TEST(http_stop, sends_the_answers_that_are_on_their_way) {
  two_doors doors(patient(std::chrono::minutes(5)));
  const auto large = scoring_request(10'000).SerializeAsString();
  http_connection client(doors.http());
  ASSERT_TRUE(client.send(post(score_summaries, large, {{"Content-Type", "application/proto"}})));
  const deadline until = soon();
  while (doors.is_quiet() && std::chrono::system_clock::now() < until) std::this_thread::yield();
  std::thread stopping([&] {
    doors.host().door.close(until);
    doors.door().stop(until);
  });
  EXPECT_EQ(parsed(client.read_all()).status, 200);
  stopping.join();
  EXPECT_THROW(http_connection late(doors.http()), std::runtime_error);
}

}  // namespace
}  // namespace clv::test
