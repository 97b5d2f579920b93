// clvd under load over its own socket, as ratios in one run: a scoring call beside an empty one,
// ingest beside SQLite by hand with the same rows, latencies at 70 % of what it can do, and what a
// fit does to ingest. Starts a clvd of its own in a temporary folder.
//
//   sidecar_bench [--quick]      --quick: each once and small, to see that it runs
#include <clv/v1/ingest_service.pb.h>
#include <clv/v1/job_service.pb.h>
#include <clv/v1/model_service.pb.h>
#include <clv/v1/scoring_service.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <future>
#include <span>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "http_client.hpp"
#include "load.hpp"
#include "market.hpp"
#include "raw_store.hpp"
#include "reference.hpp"
#include "sidecar.hpp"

namespace {

using namespace clv;
using namespace clv::bench;
namespace v1 = clv::v1;
using steady = std::chrono::steady_clock;

constexpr auto check_health = "/grpc.health.v1.Health/Check";
constexpr auto score_summaries = "/clv.v1.ScoringService/ScoreSummaries";
constexpr auto score_customers = "/clv.v1.ScoringService/ScoreCustomers";
constexpr auto ingest_batch = "/clv.v1.IngestService/IngestBatch";

struct sizes {
  int rounds = 5;
  double seconds = .5;  // of one measurement of calls
  std::int64_t rows = 40'000;
  std::int64_t customers = 100'000;
};

// ---- rows

v1::EventBatch events_of(std::span<const sale> sales) {
  v1::EventBatch events;
  for (const sale& s : sales) {
    v1::Transaction& t = *events.add_transactions();
    t.set_event_id(s.event_id);
    t.set_customer(s.customer);
    t.mutable_time()->set_seconds(s.time / 1'000'000);
    t.mutable_amount()->set_currency_code("EUR");
    t.mutable_amount()->set_minor_units(s.amount);
  }
  return events;
}

std::vector<std::span<const sale>> parts_of(std::span<const sale> all, std::size_t rows) {
  std::vector<std::span<const sale>> parts;
  for (std::size_t at = 0; at < all.size(); at += rows) {
    parts.push_back(all.subspan(at, std::min(rows, all.size() - at)));
  }
  return parts;
}

std::vector<std::string> frames_of(std::span<const sale> all, std::size_t rows) {
  std::vector<std::string> frames;
  for (const auto part : parts_of(all, rows)) {
    v1::IngestStreamRequest frame;
    frame.mutable_batch()->set_sequence(static_cast<std::int64_t>(frames.size()) + 1);
    *frame.mutable_batch()->mutable_events() = events_of(part);
    frames.push_back(frame.SerializeAsString());
  }
  return frames;
}

std::vector<std::string> requests_of(std::span<const sale> all, std::size_t rows) {
  std::vector<std::string> requests;
  for (const auto part : parts_of(all, rows)) {
    v1::IngestBatchRequest request;
    request.set_source("shop");
    request.set_request_id(part.front().event_id);
    *request.mutable_events() = events_of(part);
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

std::vector<sale> sales_of(const table& log) {
  std::vector<sale> all;
  const column& customer = log.get("customer", type::utf8);
  const column& time = log.get("time", type::time);
  const column& amount = log.get("amount", type::money);
  for (std::size_t i = 0; i < log.rows(); ++i) {
    all.push_back({std::string(customer.text(i)),
                   "order-" + std::to_string(i),
                   time.integers()[i] / 1'000'000 * 1'000'000,
                   amount.integers()[i]});
  }
  return all;
}

supply one_after_another(const std::vector<std::string>& all) {
  return [&all, i = std::size_t{0}]() mutable -> std::optional<std::string> {
    if (i == all.size()) return std::nullopt;
    return all[i++];
  };
}

// ---- the server

class served {
 public:
  served()
      : clvd_({"--store",
               folder_.file("a.clv"),
               "--socket",
               folder_.file("s"),
               "--http",
               "unix:" + folder_.file("h"),
               "--ops",
               "unix:" + folder_.file("o")},
              folder_.file("log")),
        channel_(test::channel_to("unix:" + folder_.file("s"))) {
    if (!test::is_serving(*channel_)) {
      throw std::runtime_error("clvd does not serve:\n" + test::text_of(folder_.file("log")));
    }
  }
  grpc::Channel& channel() { return *channel_; }
  std::shared_ptr<grpc::Channel> another() const {
    return test::channel_to("unix:" + folder_.file("s"));
  }
  std::string http() const { return "unix:" + folder_.file("h"); }

  template <typename Response>
  Response call(const std::string& method, const google::protobuf::Message& request) {
    Response response;
    const auto status = test::call(*channel_, method, request, response);
    if (!status.ok()) throw std::runtime_error(method + ": " + status.error_message());
    return response;
  }

  // Transactions so far.
  double commits() const {
    const auto page = test::ask("unix:" + folder_.file("o"),
                                "GET /metrics HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n");
    const std::string name = "\nclv_commit_seconds_count ";
    const auto at = page.body.find(name);
    return at == std::string::npos ? 0 : std::stod(page.body.substr(at + name.size()));
  }

 private:
  test::temporary_folder folder_;
  test::sidecar clvd_;
  std::shared_ptr<grpc::Channel> channel_;
};

void ingest(served& s, const std::vector<sale>& sales, const std::string& producer) {
  stream(s.channel(), producer, frames_of(sales, 1000));
}

// A model under "production".
void give_model(served& s) {
  v1::ImportModelRequest import;
  import.set_request_id("model");
  import.set_model_json(save_model(*truth()));
  const auto imported = s.call<v1::ImportModelResponse>("/clv.v1.ModelService/ImportModel", import);
  v1::PromoteModelRequest promote;
  promote.set_request_id("promote");
  promote.set_alias("aliases/production");
  promote.set_model(imported.model().name());
  s.call<v1::PromoteModelResponse>("/clv.v1.ModelService/PromoteModel", promote);
}

// ---- unary calls

struct variant {
  std::string name;
  request what;
  times alone, many;
};

std::vector<variant> unary_variants(const std::string& customer) {
  v1::ScoreSummariesRequest by_parameters = test::scoring_request(1), by_file = by_parameters,
                            by_name = by_parameters;
  by_file.set_model_json(save_model(*truth()));
  by_name.set_model_name("aliases/production");
  v1::ScoreCustomersRequest stored;
  stored.add_customers(customer);
  return {
      {"empty (health Check)", {check_health, ""}, {}, {}},
      {"ScoreSummaries, parameters", {score_summaries, by_parameters.SerializeAsString()}, {}, {}},
      {"ScoreSummaries, model_json", {score_summaries, by_file.SerializeAsString()}, {}, {}},
      {"ScoreSummaries, model_name", {score_summaries, by_name.SerializeAsString()}, {}, {}},
      {"ScoreCustomers", {score_customers, stored.SerializeAsString()}, {}, {}}};
}

times http_calls(const std::string& address, double seconds) {
  std::string json;
  auto request = test::scoring_request(1);
  request.set_model_name("aliases/production");
  if (!google::protobuf::util::MessageToJsonString(request, &json).ok()) {
    throw std::runtime_error("no JSON");
  }
  const std::string bytes = test::post(score_summaries, json);
  times all;
  const auto begin = steady::now();
  while (std::chrono::duration<double>(steady::now() - begin).count() < seconds) {
    const auto start = steady::now();
    const auto answer = test::ask(address, bytes);  // the door takes one request a connection
    if (answer.status != 200) throw std::runtime_error(answer.body);
    all.add(std::chrono::duration<double, std::micro>(steady::now() - start).count());
  }
  all.took(seconds);
  return all;
}

void unary(const sizes& z) {
  served s;
  const auto sales = sales_of(*log_of(std::min<std::int64_t>(z.customers, 10'000)));
  ingest(s, sales, "first");
  give_model(s);
  auto all = unary_variants(sales.front().customer);
  times http;
  for (int round = 0; round < z.rounds; ++round) {
    for (variant& v : all) {
      v.alone.add(closed_loop(s.channel(), v.what.method, again_for(z.seconds, v.what.bytes), 1));
      v.many.add(closed_loop(s.channel(), v.what.method, again_for(z.seconds, v.what.bytes), 16));
    }
    http.add(http_calls(s.http(), z.seconds));
  }
  std::printf("\n%-30s %10s %10s %10s | %12s %10s\n",
              "one at a time, us",
              "p50",
              "p99",
              "of empty",
              "16: calls/s",
              "of empty");
  const double empty = all[0].alone.quantile(.5), rate = all[0].many.per_second();
  for (const variant& v : all) {
    std::printf("%-30s %10.0f %10.0f %10.2f | %12.0f %10.2f\n",
                v.name.c_str(),
                v.alone.quantile(.5),
                v.alone.quantile(.99),
                v.alone.quantile(.5) / empty,
                v.many.per_second(),
                rate / v.many.per_second());
  }
  std::printf("%-30s %10.0f %10.0f %10.2f |\n",
              "HTTP/JSON, model_name",
              http.quantile(.5),
              http.quantile(.99),
              http.quantile(.5) / empty);
  std::printf(
      "\n%-30s %10s %10s %10s %10s\n", "at 70 % of that", "calls/s", "p50", "p99", "p99/p50");
  for (std::size_t i = 2; i < all.size(); ++i) {
    variant& v = all[i];
    const double pace = .7 * v.many.per_second();
    const times t =
        open_loop(s.channel(), v.what.method, again_for(z.seconds * z.rounds, v.what.bytes), pace);
    std::printf("%-30s %10.0f %10.0f %10.0f %10.1f\n",
                v.name.c_str(),
                pace,
                t.quantile(.5),
                t.quantile(.99),
                t.quantile(.99) / t.quantile(.5));
  }
}

// ---- ingest

double raw_seconds(const std::vector<sale>& sales, std::size_t rows_a_commit) {
  const test::temporary_folder folder;
  raw_store store(folder.file("raw.db"));
  const auto start = steady::now();
  for (const auto part : parts_of(sales, rows_a_commit)) store.insert(part);
  return std::chrono::duration<double>(steady::now() - start).count();
}

struct ingested {
  times batches;
  double seconds = 0, commits = 0;
};

ingested by_streams(const std::vector<sale>& sales, std::size_t rows, std::size_t producers) {
  served s;
  std::vector<std::vector<std::string>> frames;
  const auto shares = parts_of(sales, (sales.size() + producers - 1) / producers);
  for (const auto share : shares) frames.push_back(frames_of(share, rows));
  const auto start = steady::now();
  std::vector<std::future<times>> running;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    running.push_back(std::async(std::launch::async, [&, i] {
      const auto channel = s.another();
      return stream(*channel, "till-" + std::to_string(i), frames[i]);
    }));
  }
  ingested all;
  for (auto& r : running) all.batches.add(r.get());
  all.seconds = std::chrono::duration<double>(steady::now() - start).count();
  all.commits = s.commits();
  return all;
}

ingested by_calls(const std::vector<sale>& sales, std::size_t rows, int at_a_time) {
  served s;
  const auto requests = requests_of(sales, rows);
  ingested all;
  all.batches = closed_loop(s.channel(), ingest_batch, one_after_another(requests), at_a_time);
  all.seconds = all.batches.seconds();
  all.commits = s.commits();
  return all;
}

// Beside SQLite with commits of as many rows as clvd's had on average.
void tell_ingest(const std::string& name,
                 const sizes& z,
                 const std::vector<sale>& sales,
                 const std::function<ingested()>& run) {
  double ours = 0, raw = 0, commits = 0;
  times batches;
  const auto rows = static_cast<double>(sales.size());
  for (int round = 0; round < z.rounds; ++round) {
    const ingested i = run();
    ours += i.seconds;
    commits += i.commits;
    batches.add(i.batches);
    raw += raw_seconds(sales, static_cast<std::size_t>(rows / std::max(1.0, i.commits)));
  }
  std::printf("%-30s %10.0f %10.0f %10.0f %10.0f %10.2f\n",
              name.c_str(),
              rows * z.rounds / ours,
              rows * z.rounds / commits,
              batches.quantile(.5),
              batches.quantile(.99),
              ours / raw);
}

void ingests(const sizes& z) {
  const auto sales = some_sales(z.rows);
  std::printf("\n%-30s %10s %10s %10s %10s %10s\n",
              "durable ingest",
              "rows/s",
              "a commit",
              "p50 us",
              "p99 us",
              "of raw");
  for (const std::size_t producers : {1u, 4u}) {
    for (const std::size_t rows : {100u, 1000u}) {
      tell_ingest(std::to_string(producers) + " streams, batches of " + std::to_string(rows),
                  z,
                  sales,
                  [&] { return by_streams(sales, rows, producers); });
    }
  }
  for (const int at_a_time : {1, 16}) {
    for (const std::size_t rows : {100u, 1000u}) {
      tell_ingest(
          std::to_string(at_a_time) + " calls, batches of " + std::to_string(rows), z, sales, [&] {
            return by_calls(sales, rows, at_a_time);
          });
    }
  }
}

// ---- a fit beside ingest

times paced_ingest(served& s, const std::vector<std::string>& requests, double per_second) {
  return open_loop(s.channel(), ingest_batch, one_after_another(requests), per_second);
}

void fit_beside(const sizes& z) {
  served s;
  const auto log = sales_of(*log_of(z.customers));
  ingest(s, log, "first");
  const auto sales = some_sales(z.rows * 2);
  const std::span<const sale> all(sales);
  const auto requests = requests_of(all, 10);
  const std::size_t third = requests.size() / 2;
  const std::vector<std::string> before(requests.begin(),
                                        requests.begin() + static_cast<std::ptrdiff_t>(third));
  const std::vector<std::string> beside(requests.begin() + static_cast<std::ptrdiff_t>(third),
                                        requests.end());
  constexpr double per_second = 200;
  const auto some = [&](const std::vector<std::string>& from) {
    const auto n =
        std::min(from.size(), static_cast<std::size_t>(per_second * z.seconds * z.rounds));
    return std::vector<std::string>(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(n));
  };
  const times quiet = paced_ingest(s, some(before), per_second);
  v1::FitModelRequest fit;
  fit.set_request_id("fit");
  fit.set_promote_to("aliases/production");
  const auto job = s.call<v1::FitModelResponse>("/clv.v1.ModelService/FitModel", fit).job();
  const times busy = paced_ingest(s, some(beside), per_second);
  v1::GetJobRequest which;
  which.set_name(job.name());
  v1::Job now;
  do {
    now = s.call<v1::GetJobResponse>("/clv.v1.JobService/GetJob", which).job();
  } while (now.state() < v1::JOB_STATE_SUCCEEDED);
  std::printf(
      "\n%-30s %10s %10s %10s\n", "batches of 10, 200 a second", "p50 us", "p99 us", "max us");
  for (const auto& [name, t] : {std::pair{"alone", &quiet}, std::pair{"beside a fit", &busy}}) {
    std::printf(
        "%-30s %10.0f %10.0f %10.0f\n", name, t->quantile(.5), t->quantile(.99), t->quantile(1));
  }
  std::printf("the fit of %lld customers ended as %s\n",
              static_cast<long long>(z.customers),
              v1::JobState_Name(now.state()).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  sizes z;
  std::string part;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick") {
      z = {.rounds = 1, .seconds = .05, .rows = 2'000, .customers = 1'000};
    } else {
      part = word;
    }
  }
  try {
    if (part.empty() || part == "unary") unary(z);
    if (part.empty() || part == "ingest") ingests(z);
    if (part.empty() || part == "fit") fit_beside(z);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
