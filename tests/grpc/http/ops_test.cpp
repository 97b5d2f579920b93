// /livez, /readyz and /metrics, and that nothing of a client is in the page.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <thread>
#include <vector>

#include "reference.hpp"
#include "two_doors.hpp"

namespace clv::test {
namespace {

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::vector<std::string> lines_of(const std::string& page) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < page.size();) {
    const auto end = page.find('\n', at);
    lines.push_back(page.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// The text format's grammar, a line at a time: every sample belongs to the family announced before
// it, and no series comes twice. Returns the samples.
std::map<std::string, double> checked(const std::string& page) {
  static const std::regex comment(R"(# (HELP|TYPE) (clv_[a-z_]+) (.+))");
  static const std::regex sample(
      R"re((clv_[a-z_]+)(\{[a-z]+="[^"\n\\]*"(,[a-z]+="[^"\n\\]*")*\})? ([-+0-9.eE]+|\+Inf|NaN))re");
  std::map<std::string, double> samples;
  std::set<std::string> families;
  std::string current;
  EXPECT_TRUE(page.ends_with('\n'));
  for (const std::string& line : lines_of(page)) {
    std::smatch m;
    if (std::regex_match(line, m, comment)) {
      current = m[2];
      EXPECT_EQ(families.insert(current).second, m[1] == "HELP") << line;
    } else if (std::regex_match(line, m, sample)) {
      EXPECT_TRUE(m[1].str().starts_with(current)) << line;
      EXPECT_TRUE(samples.emplace(m[1].str() + m[2].str(), std::stod(m[4])).second) << line;
    } else {
      ADD_FAILURE() << "not a line of the format: " << line;
    }
  }
  return samples;
}

TEST(ops, says_alive_ready_and_draining) {
  two_doors doors;
  EXPECT_EQ(ask(doors.ops(), get("/livez")).status, 200);
  EXPECT_EQ(ask(doors.ops(), get("/readyz")).status, 503);
  doors.state().ready = true;
  EXPECT_EQ(ask(doors.ops(), get("/readyz")).status, 200);
  doors.state().draining = true;
  EXPECT_EQ(ask(doors.ops(), get("/readyz")).body, "draining\n");
  EXPECT_EQ(ask(doors.ops(), get("/livez")).status, 200);
}

TEST(ops, is_not_on_the_port_of_calls_and_takes_no_calls) {
  two_doors doors;
  EXPECT_EQ(ask(doors.http(), get("/metrics")).status, 404);
  EXPECT_EQ(ask(doors.ops(), post(score_summaries, "{}")).status, 405);
  EXPECT_EQ(ask(doors.ops(), get("/")).status, 404);
  EXPECT_EQ(ask(doors.ops(), "hello\r\n\r\n").status, 400);
}

TEST(ops, answers_while_the_doors_refuse) {
  two_doors_options o;
  o.queue = 0;
  two_doors doors(o);
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 429);
  EXPECT_EQ(ask(doors.ops(), get("/livez")).status, 200);
}

TEST(metrics_page, counts_calls_of_both_doors) {
  two_doors doors;
  v1::ScoreSummariesResponse response;
  EXPECT_TRUE(call(doors.channel(), score_summaries, scoring_request(3), response).ok());
  EXPECT_EQ(ask(doors.http(), post(score_summaries, "{}")).status, 400);
  EXPECT_EQ(ask(doors.http(), post("/no/Method", "{}")).status, 404);
  EXPECT_EQ(ask(doors.http(), "hello\r\n\r\n").status, 400);
  const http_answer page = ask(doors.ops(), get("/metrics"));
  EXPECT_TRUE(page.headers.at("content-type").starts_with("text/plain; version=0.0.4"));
  const auto samples = checked(page.body);
  const auto value = [&](const std::string& method, const std::string& door, const char* code) {
    const std::string labels = "method=\"" + method + "\",door=\"" + door + "\",code=\"" + code;
    const auto found = samples.find("clv_rpc_total{" + labels + "\"}");
    return found == samples.end() ? 0 : found->second;
  };
  EXPECT_EQ(value(score_summaries, "grpc", "ok"), 1);
  EXPECT_EQ(value(score_summaries, "http", "invalid_argument"), 1);
  EXPECT_EQ(value("other", "http", "unimplemented"), 1);
  EXPECT_EQ(value("other", "http", "invalid_argument"), 1);
}

TEST(metrics_page, has_histograms_that_add_up) {
  clvd::metrics m;
  for (const double s : {.0001, .0005, .004, 3., 1000.}) m.observe("clv_commit_seconds", "", s);
  const auto samples = checked(m.page());
  EXPECT_EQ(samples.at("clv_commit_seconds_bucket{le=\"0.0005\"}"), 2);
  EXPECT_EQ(samples.at("clv_commit_seconds_bucket{le=\"0.005\"}"), 3);
  EXPECT_EQ(samples.at("clv_commit_seconds_bucket{le=\"60\"}"), 4);
  EXPECT_EQ(samples.at("clv_commit_seconds_bucket{le=\"+Inf\"}"), 5);
  EXPECT_EQ(samples.at("clv_commit_seconds_count"), 5);
  EXPECT_NEAR(samples.at("clv_commit_seconds_sum"), 1003.0046, 1e-9);
}

TEST(metrics_page, asks_for_the_state_of_others_each_time) {
  clvd::metrics m;
  int asked = 0;
  m.on_scrape([&](clvd::metrics& page) { page.set("clv_db_bytes", "", ++asked); });
  EXPECT_EQ(checked(m.page()).at("clv_db_bytes"), 1);
  EXPECT_EQ(checked(m.page()).at("clv_db_bytes"), 2);
}

TEST(metrics_page, stays_within_its_budget_and_says_what_it_dropped) {
  clvd::metrics m;
  for (int i = 0; i < 30'000; ++i) {
    m.count("clv_ingest_items_total", "result=\"r" + std::to_string(i) + "\"");
  }
  const auto samples = checked(m.page());
  EXPECT_LE(samples.size(), 10'001u);
  EXPECT_GT(samples.at("clv_series_dropped_total"), 20'000 - 100);
  EXPECT_EQ(samples.at("clv_ingest_items_total{result=\"r0\"}"), 1);
}

TEST(metrics_page, counts_right_from_many_threads) {
  clvd::metrics m;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) m.call_ended("m", "ok", "grpc", std::chrono::milliseconds(1));
    });
  }
  for (std::thread& t : threads) t.join();
  const auto samples = checked(m.page());
  EXPECT_EQ(samples.at("clv_rpc_total{method=\"m\",door=\"grpc\",code=\"ok\"}"), 4000);
  EXPECT_EQ(samples.at("clv_rpc_seconds_count{method=\"m\",door=\"grpc\"}"), 4000);
}

TEST(hygiene, keeps_ids_amounts_and_tokens_out_of_metrics_and_answers_of_strangers) {
  two_doors doors;
  auto request = scoring_request(2);
  request.mutable_rows(0)->set_customer("s3cret-customer");
  request.mutable_rows(0)->set_t(-98765);
  v1::ScoreSummariesResponse response;
  EXPECT_FALSE(call(doors.channel(), score_summaries, request, response).ok());
  ask(doors.http(), post("/s3cret-path/X", "{\"s3cret\":98765}"));
  ask(doors.http(), post(score_summaries, "{}", {{"Authorization", "Bearer clv_s3cret"}}));
  ask(doors.http(), post(score_summaries, "{}", {{"traceparent", "s3cret"}}));
  ask(doors.http(), post(score_summaries, "{\"rows\":[{\"customer\":\"s3cret\",\"x\":\"y\"}]}"));
  const std::string page = ask(doors.ops(), get("/metrics")).body;
  checked(page);
  EXPECT_EQ(page.find("s3cret"), page.npos);
  EXPECT_EQ(page.find("98765"), page.npos);
}

}  // namespace
}  // namespace clv::test
