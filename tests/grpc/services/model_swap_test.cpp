// Models are swapped while others score: each answer is of one model, and memory stays flat. 60
// swaps by default, CLV_SWAPS of them when set. And many readers who read slowly.
#include <clv/v1/model_service.pb.h>
#include <clv/v1/scoring_service.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "sales.hpp"
#include "shop.hpp"
#include "streams.hpp"

namespace clv::test {
namespace {

const std::string model_swap_models_of = "/clv.v1.ModelService/";
const std::string model_swap_scoring_of = "/clv.v1.ScoringService/";

int swaps() {
  const char* set = std::getenv("CLV_SWAPS");
  return set == nullptr ? 60 : std::atoi(set);
}

double resident_mib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

class model_swap : public shop {
 protected:
  v1::Alias promoted(const std::string& model, const std::string& etag) {
    v1::PromoteModelRequest request;
    request.set_alias("aliases/production");
    request.set_model(model);
    request.set_etag(etag);
    return ask<v1::PromoteModelResponse>(model_swap_models_of + "PromoteModel", request).alias();
  }
  v1::Alias rolled_back(const std::string& etag) {
    v1::RollbackModelRequest request;
    request.set_alias("aliases/production");
    request.set_etag(etag);
    return ask<v1::RollbackModelResponse>(model_swap_models_of + "RollbackModel", request).alias();
  }
  v1::ScoreCustomersRequest fifty() {
    const result all = stored(before_, "scores");
    v1::ScoreCustomersRequest request;
    for (int i = 0; i < 50; ++i) {
      request.add_customers(
          clv_result_text(all.get(), clv_result_find(all.get(), "customer"), i, nullptr));
    }
    request.mutable_as_of()->set_seconds(first_day + 3'000 * a_day);
    return request;
  }
};

TEST_F(model_swap, gives_each_answer_by_one_model_and_keeps_nothing_of_the_old) {
  open(300, {"--drain-delay", "0"});
  v1::ImportModelRequest import;
  import.set_model_json(model_json());  // other parameters than those fitted
  ask<v1::ImportModelResponse>(model_swap_models_of + "ImportModel", import);
  std::string etag = promoted("models/1", "").etag();
  etag = promoted("models/2", etag).etag();

  const auto request = fifty();
  std::mutex mutex;
  std::map<std::string, std::string> rows_of;  // by model
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  const auto score = [&] {
    while (!over && !HasFailure()) {
      const auto response =
          ask<v1::ScoreCustomersResponse>(model_swap_scoring_of + "ScoreCustomers", request);
      std::string rows;
      for (const auto& row : response.rows()) rows += row.SerializeAsString();
      const std::lock_guard lock(mutex);
      const auto [known, first] = rows_of.emplace(response.model(), rows);
      EXPECT_TRUE(known->second == rows) << response.model() << ", answer " << answered;
      ++answered;
    }
  };
  std::thread one(score), two(score);
  double early = 0;
  for (int i = 0; i < swaps() && !HasFailure(); ++i) {
    const v1::Alias now = rolled_back(etag);
    etag = now.etag();
    // Who asks after a swap gets the new one, however many still work with the old.
    const auto after =
        ask<v1::ScoreCustomersResponse>(model_swap_scoring_of + "ScoreCustomers", request);
    EXPECT_EQ(after.model(), now.model());
    if (i == swaps() / 5) early = resident_mib(clvd_->pid());
  }
  const double late = resident_mib(clvd_->pid());
  over = true;
  one.join();
  two.join();
  EXPECT_EQ(rows_of.size(), 2U);
  EXPECT_NE(rows_of["models/1"], rows_of["models/2"]);
  std::printf("%d answers, %.1f MiB after a fifth of the swaps, %.1f MiB at the end\n",
              answered.load(),
              early,
              late);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // they keep what is freed
  EXPECT_LT(late, early + 8);
#endif
}

TEST_F(model_swap, that_fails_leaves_the_old_model_in_use) {
  open(300, {"--drain-delay", "0"});
  const std::string etag = promoted("models/1", "").etag();
  v1::PromoteModelRequest wrong;
  wrong.set_alias("aliases/production");
  wrong.set_model("models/9");
  wrong.set_etag(etag);
  EXPECT_EQ(refusal(model_swap_models_of + "PromoteModel", wrong), "5 NAME_UNKNOWN");
  const auto response =
      ask<v1::ScoreCustomersResponse>(model_swap_scoring_of + "ScoreCustomers", fifty());
  EXPECT_EQ(response.model(), "models/1");
}

// Takes no more than a message ahead of its reader.
std::shared_ptr<grpc::Channel> small_channel_to(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 65'536);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

// Each has read one message of twenty and then does nothing: the next one waits with the server.
TEST_F(model_swap, readers_who_do_not_read_cost_little_and_hold_nobody_up) {
  open(20'000, {"--drain-delay", "0", "--drain-timeout", "1"});
  const auto request = fifty();
  ask<v1::ScoreCustomersResponse>(model_swap_scoring_of + "ScoreCustomers", request);
  v1::ListScoresRequest page;
  page.mutable_page()->set_page_size(1);
  ask<v1::ListScoresResponse>(model_swap_scoring_of + "ListScores", page);
  const double before = resident_mib(clvd_->pid());
  // Milliseconds of the slowest of 50 calls.
  const auto slowest = [&] {
    std::chrono::steady_clock::duration most{};
    for (int i = 0; i < 50; ++i) {
      const auto began = std::chrono::steady_clock::now();
      ask<v1::ScoreCustomersResponse>(model_swap_scoring_of + "ScoreCustomers", request);
      most = std::max(most, std::chrono::steady_clock::now() - began);
    }
    return std::chrono::duration<double, std::milli>(most).count();
  };
  const double alone_ms = slowest();
  {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    std::vector<std::unique_ptr<answers<v1::StreamScoresResponse>>> readers;
    for (int i = 0; i < 200; ++i) {
      if (i % 50 == 0) channels.push_back(small_channel_to("unix:" + folder_.file("s")));
      readers.push_back(std::make_unique<answers<v1::StreamScoresResponse>>(
          *channels.back(), model_swap_scoring_of + "StreamScores", v1::StreamScoresRequest()));
      ASSERT_TRUE(readers.back()->next());
    }
    const double beside_ms = slowest();
    const double during = resident_mib(clvd_->pid());
    std::printf("%.1f MiB and %.1f ms, with 200 slow readers %.1f MiB and %.1f ms\n",
                before,
                alone_ms,
                during,
                beside_ms);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
    EXPECT_LT(during, before + 200);
#endif
    // A reader who goes on gets the rest.
    int rows = 1'000;
    while (const auto more = readers[7]->next()) rows += more->rows_size();
    EXPECT_EQ(rows, 20'000);
    EXPECT_TRUE(readers[7]->finish().ok());
    // And one who sleeps when the server stops is not told that this was all.
    clvd_->send(SIGTERM);
    int told = 1;
    while (readers[8]->next()) ++told;
    EXPECT_LT(told, 20);
    EXPECT_FALSE(readers[8]->finish().ok());
    EXPECT_EQ(clvd_->wait(), 0) << log();
  }
}

}  // namespace
}  // namespace clv::test
