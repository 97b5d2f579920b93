// Callers who give up at any moment: deadlines of 0 to 50 ms and cancelled streams. 2,000 calls by
// default, CLV_CALLS of them when set.
#include <clv/v1/model_service.pb.h>
#include <clv/v1/scoring_service.pb.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "producer.hpp"
#include "shop.hpp"

namespace clv::test {
namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

constexpr int callers = 4;

int calls() {
  const char* set = std::getenv("CLV_CALLS");
  return set == nullptr ? 2'000 : std::atoi(set);
}

class storm : public shop {
 protected:
  void SetUp() override { open(1'000, {"--drain-delay", "0"}); }

  // A method and what it is asked.
  struct question {
    std::string method, bytes;
  };
  std::vector<question> questions() {
    v1::ScoreCustomersRequest score;
    const result all = stored(before_, "scores");
    for (int i = 0; i < 300; ++i) {
      score.add_customers(
          clv_result_text(all.get(), clv_result_find(all.get(), "customer"), i, nullptr));
    }
    v1::IngestBatchRequest ingest;
    ingest.set_source("till");
    for (int i = 0; i < 200; ++i) {
      add_sale(*ingest.mutable_events(), "e" + std::to_string(i), "ann", i, 100 + i);
    }
    const v1::ListScoresRequest page;
    return {{"/clv.v1.ScoringService/ScoreSummaries", scoring_request(500).SerializeAsString()},
            {"/clv.v1.ScoringService/ScoreCustomers", score.SerializeAsString()},
            {"/clv.v1.ScoringService/ListScores", page.SerializeAsString()},
            {"/clv.v1.ModelService/ListModels", ""},
            {"/clv.v1.IngestService/IngestBatch", ingest.SerializeAsString()}};
  }
  void expect_alive() {
    ask<v1::ListModelsResponse>("/clv.v1.ModelService/ListModels", v1::ListModelsRequest());
    ask<v1::ListScoresResponse>("/clv.v1.ScoringService/ListScores", v1::ListScoresRequest());
  }
};

TEST_F(storm, of_deadlines_ends_each_call_with_an_answer_or_its_deadline) {
  const std::vector<question> all = questions();
  const std::set<int> allowed{
      grpc::OK, grpc::DEADLINE_EXCEEDED, grpc::CANCELLED, grpc::RESOURCE_EXHAUSTED};
  std::atomic<int> answered = 0, given_up = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(20240229 + t));
      for (int i = 0; i < calls() / callers; ++i) {
        const question& q = all[random() % all.size()];
        const auto patience = microseconds(random() % 50'000);
        const auto until = i % 10 == 0 ? soon() : system_clock::now() + patience;
        const int code = call_raw(*channel_, q.method, q.bytes, until).status.error_code();
        EXPECT_EQ(allowed.count(code), 1U) << q.method << ": " << code;
        ++(code == grpc::OK ? answered : given_up);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%d answered, %d given up\n", answered.load(), given_up.load());
  EXPECT_GT(answered, 0);
  EXPECT_GT(given_up, 0);
  expect_alive();
  stop();
  const result log = stored(store_, "transactions"), before = stored(before_, "transactions");
  const std::int64_t more = clv_result_rows(log.get()) - clv_result_rows(before.get());
  EXPECT_TRUE(more == 0 || more == 200) << more;
}

TEST_F(storm, of_cancelled_streams_leaves_the_server_as_it_was) {
  std::atomic<bool> over = false;
  v1::FitModelRequest fit;
  fit.set_model("auto");
  const auto job = ask<v1::FitModelResponse>("/clv.v1.ModelService/FitModel", fit).job();
  v1::WatchJobRequest watch;
  watch.set_name(job.name());
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(1 + t));
      for (int i = 0; i < calls() / 20 / callers && !over; ++i) {
        if (i % 3 == 0) {
          producer till(*channel_, "till " + std::to_string(t));
          const std::int64_t next = till.opened().durable_sequence() + 1;
          for (std::int64_t s = next; s < next + static_cast<int>(random() % 8); ++s) {
            till.send(s, batch_of(s, 20));
          }
          till.cancel();
        } else if (i % 3 == 1) {
          answers<v1::StreamScoresResponse> some(
              *channel_, "/clv.v1.ScoringService/StreamScores", v1::StreamScoresRequest());
          if (random() % 2 == 0) some.next();
          some.cancel();
        } else {
          answers<v1::WatchJobResponse> some(*channel_, "/clv.v1.JobService/WatchJob", watch);
          for (auto n = random() % 3; n > 0; --n) some.next();
          some.cancel();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  v1::CancelJobRequest cancel;
  cancel.set_name(job.name());
  ask<v1::CancelJobResponse>("/clv.v1.JobService/CancelJob", cancel);
  ended(job);
  expect_alive();
  stop();  // no stream is left that would hold it up
}

}  // namespace
}  // namespace clv::test
