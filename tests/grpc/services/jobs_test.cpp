// JobService: long work that can be watched, cancelled, and found again after the server stopped.
#include <clv/v1/model_service.pb.h>
#include <clv/v1/scoring_service.pb.h>
#include <sqlite3.h>

#include "shop.hpp"
#include "streams.hpp"

namespace clv::test {
namespace {

const std::string jobs_of = "/clv.v1.JobService/";
constexpr auto fit_model = "/clv.v1.ModelService/FitModel";
constexpr auto batch_score = "/clv.v1.ScoringService/StartBatchScore";

class jobs : public shop {
 protected:
  void SetUp() override { open(1'000, {"--drain-delay", "0"}); }

  v1::Job started_score(const std::string& request_id = "") {
    v1::StartBatchScoreRequest request;
    request.set_request_id(request_id);
    return ask<v1::StartBatchScoreResponse>(batch_score, request).job();
  }
  // Seconds of work: every model that there is.
  v1::FitModelRequest long_fit() {
    v1::FitModelRequest request;
    request.set_model("auto");
    return request;
  }
  v1::Job started_fit() { return ask<v1::FitModelResponse>(fit_model, long_fit()).job(); }
  template <typename Request>
  static Request about(const v1::Job& job) {
    Request request;
    request.set_name(job.name());
    return request;
  }
  v1::Job got(const v1::Job& job) {
    return ask<v1::GetJobResponse>(jobs_of + "GetJob", about<v1::GetJobRequest>(job)).job();
  }
  answers<v1::WatchJobResponse> watched(const v1::Job& job) {
    return {*channel_, jobs_of + "WatchJob", about<v1::WatchJobRequest>(job)};
  }
  // Waits until it computes.
  void run(const v1::Job& job) {
    answers<v1::WatchJobResponse> watch(
        *channel_, jobs_of + "WatchJob", about<v1::WatchJobRequest>(job));
    while (const auto now = watch.next()) {
      if (now->job().state() == v1::JOB_STATE_RUNNING && now->job().progress() > 0) return;
    }
    FAIL() << got(job).ShortDebugString();
  }
  v1::Job cancelled(const v1::Job& job) {
    return ask<v1::CancelJobResponse>(jobs_of + "CancelJob", about<v1::CancelJobRequest>(job))
        .job();
  }
  v1::ListJobsResponse page(int size, const std::string& token = "", const std::string& kind = "") {
    v1::ListJobsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    request.set_kind(kind);
    return ask<v1::ListJobsResponse>(jobs_of + "ListJobs", request);
  }
};

TEST_F(jobs, a_watch_tells_every_change_until_the_end) {
  v1::FitModelRequest request;
  const v1::Job job = ask<v1::FitModelResponse>(fit_model, request).job();
  EXPECT_EQ(job.name(), "jobs/1");
  EXPECT_EQ(job.kind(), "FitModel");
  EXPECT_GT(job.create_time().seconds(), 0);
  auto watch = watched(job);
  v1::Job last;
  double progress = 0;
  int told = 0;
  while (const auto now = watch.next()) {
    EXPECT_GE(now->job().progress(), progress);
    EXPECT_GE(now->job().state(), last.state());
    progress = now->job().progress();
    last = now->job();
    ++told;
  }
  EXPECT_TRUE(watch.finish().ok());
  EXPECT_EQ(last.state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(last.progress(), 1);
  EXPECT_TRUE(last.result().Is<v1::FitModelResult>());
  EXPECT_GE(told, 1);
  EXPECT_EQ(got(job).SerializeAsString(), last.SerializeAsString());
  auto again = watched(job);  // of one that has ended: once
  EXPECT_EQ(again.next()->job().SerializeAsString(), last.SerializeAsString());
  EXPECT_FALSE(again.next());
  EXPECT_TRUE(again.finish().ok());
}

TEST_F(jobs, a_cancelled_job_stops_and_leaves_nothing) {
  const v1::Job job = started_fit();
  run(job);
  auto watch = watched(job);
  cancelled(job);
  v1::Job last;
  while (const auto now = watch.next()) last = now->job();
  EXPECT_EQ(last.state(), v1::JOB_STATE_CANCELLED);
  EXPECT_FALSE(last.has_result());
  EXPECT_EQ(cancelled(job).state(), v1::JOB_STATE_CANCELLED);  // it stays as it is
  const auto list =
      ask<v1::ListModelsResponse>("/clv.v1.ModelService/ListModels", v1::ListModelsRequest());
  EXPECT_EQ(list.models_size(), 1);
}

TEST_F(jobs, a_watcher_may_leave) {
  const v1::Job job = started_fit();
  run(job);
  for (int i = 0; i < 20; ++i) {
    auto watch = watched(job);
    EXPECT_TRUE(watch.next());
    watch.cancel();
    EXPECT_EQ(watch.finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  cancelled(job);
  EXPECT_EQ(ended(job).state(), v1::JOB_STATE_CANCELLED);
}

TEST_F(jobs, one_that_runs_when_the_server_stops_is_interrupted_and_its_watcher_hears_it) {
  const v1::Job job = started_fit();
  run(job);
  {
    auto watch = watched(job);
    ASSERT_TRUE(watch.next());
    clvd_->send(SIGTERM);
    v1::Job last;
    while (const auto now = watch.next()) last = now->job();
    EXPECT_EQ(last.state(), v1::JOB_STATE_INTERRUPTED);
    const grpc::Status status = watch.finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  channel_.reset();
  EXPECT_EQ(clvd_->wait(), 0) << log();
  start();
  EXPECT_EQ(got(job).state(), v1::JOB_STATE_INTERRUPTED);
  EXPECT_EQ(result_of<v1::BatchScoreResult>(started_score()).customers(), 1'000);
}

TEST_F(jobs, one_that_runs_when_the_server_is_killed_is_interrupted_afterwards) {
  const v1::Job job = started_fit();
  const v1::Job next = started_score();
  run(job);
  clvd_->send(SIGKILL);
  clvd_->wait();
  start();
  const v1::Job found = got(job);
  EXPECT_EQ(found.state(), v1::JOB_STATE_INTERRUPTED);
  EXPECT_EQ(found.name(), job.name());
  EXPECT_EQ(found.kind(), "FitModel");
  EXPECT_NE(got(next).state(), v1::JOB_STATE_RUNNING);
  EXPECT_NE(got(next).state(), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(result_of<v1::BatchScoreResult>(started_score()).customers(), 1'000);
}

TEST_F(jobs, two_fits_at_a_time_do_not_go_together) {
  const v1::Job job = started_fit();
  const raw_answer answer = call_raw(*channel_, fit_model, long_fit().SerializeAsString());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(error_info(answer.status).reason(), "FIT_IN_PROGRESS");
  EXPECT_EQ(error_info(answer.status).metadata().at("job"), job.name());
  EXPECT_EQ(started_score().kind(), "StartBatchScore");  // another lane
  cancelled(job);
  EXPECT_EQ(ended(job).state(), v1::JOB_STATE_CANCELLED);
  EXPECT_EQ(ask<v1::FitModelResponse>(fit_model, v1::FitModelRequest()).job().kind(), "FitModel");
}

TEST_F(jobs, a_request_id_names_one_job_even_after_a_restart) {
  const v1::Job job = started_score("s1");
  const v1::Job done = ended(job);
  EXPECT_EQ(started_score("s1").SerializeAsString(), done.SerializeAsString());
  stop();
  start();
  EXPECT_EQ(started_score("s1").SerializeAsString(), done.SerializeAsString());
  v1::StartBatchScoreRequest request;
  request.set_request_id("s1");
  request.set_horizon(3);
  EXPECT_EQ(refusal(batch_score, request), "3 REQUEST_ID_REUSED");
  request.set_request_id(std::string(129, 's'));
  EXPECT_EQ(refusal(batch_score, request), "3 INVALID_VALUE");
  EXPECT_EQ(page(0).jobs_size(), 1);
}

TEST_F(jobs, are_listed_by_pages_newest_first_and_by_kind) {
  for (int i = 0; i < 5; ++i) ended(started_score());
  v1::FitModelRequest fit;
  ended(ask<v1::FitModelResponse>(fit_model, fit).job());
  std::vector<std::string> names;
  std::string token;
  do {
    const auto some = page(2, token, "StartBatchScore");
    for (const v1::Job& job : some.jobs()) names.push_back(job.name());
    token = some.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"jobs/5", "jobs/4", "jobs/3", "jobs/2", "jobs/1"}));
  EXPECT_EQ(page(0).jobs(0).name(), "jobs/6");
  EXPECT_EQ(page(0, "", "NoSuchMethod").jobs_size(), 0);
  v1::ListJobsRequest request;
  request.set_page_token(page(2, "", "StartBatchScore").next_page_token());
  EXPECT_EQ(refusal(jobs_of + "ListJobs", request), "3 PAGE_TOKEN_INVALID");
  request.set_page_size(-1);
  EXPECT_EQ(refusal(jobs_of + "ListJobs", request), "3 INVALID_VALUE");
}

TEST_F(jobs, one_that_fails_says_why_with_a_reason) {
  v1::FitModelRequest request;
  request.set_currency_code("JPY");
  const v1::Job job = ended(ask<v1::FitModelResponse>(fit_model, request).job());
  EXPECT_EQ(job.state(), v1::JOB_STATE_FAILED);
  EXPECT_FALSE(job.has_result());
  EXPECT_NE(job.error().code(), 0);
  ASSERT_GT(job.error().details_size(), 0);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(job.error().details(0).UnpackTo(&info));
  EXPECT_FALSE(info.reason().empty());
  EXPECT_EQ(info.domain(), "libclv");
  EXPECT_NE(job.error().message().find("JPY"), std::string::npos) << job.error().message();
}

TEST_F(jobs, what_went_almost_wrong_is_a_warning) {
  stop();
  more_ = {"--max-model-days", "1", "--drain-delay", "0"};
  start();
  v1::FitModelRequest request;
  request.set_promote_to("aliases/production");  // of data that ended years ago
  const v1::Job job = ended(ask<v1::FitModelResponse>(fit_model, request).job());
  EXPECT_EQ(job.state(), v1::JOB_STATE_SUCCEEDED);
  ASSERT_GE(job.warnings_size(), 1);
  EXPECT_NE(job.warnings(job.warnings_size() - 1).find("too old"), std::string::npos)
      << job.ShortDebugString();
  EXPECT_FALSE(result_of<v1::FitModelResult>(job).promoted());
}

TEST_F(jobs, that_do_not_exist_are_not_found) {
  for (const std::string name : {"", "jobs/", "jobs/7", "jobs/-1", "jobs/1x", "7"}) {
    v1::GetJobRequest request;
    request.set_name(name);
    EXPECT_EQ(refusal(jobs_of + "GetJob", request), "5 JOB_UNKNOWN") << name;
    EXPECT_EQ(refusal(jobs_of + "CancelJob", request), "5 JOB_UNKNOWN") << name;
    v1::Job job;
    job.set_name(name);
    auto watch = watched(job);
    EXPECT_EQ(error_info(watch.finish()).reason(), "JOB_UNKNOWN") << name;
  }
}

TEST_F(jobs, are_forgotten_after_thirty_days) {
  const v1::Job old = started_score("s1");
  ended(old);
  const v1::Job young = started_score();
  ended(young);
  stop();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((store_ + "-clvd").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db,
                         "UPDATE job SET changed_us = changed_us - 31 * 86400000000 WHERE number = "
                         "1; UPDATE answer SET at_us = at_us - 31 * 86400000000;",
                         nullptr,
                         nullptr,
                         nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  start();
  EXPECT_EQ(refusal(jobs_of + "GetJob", about<v1::GetJobRequest>(old)), "5 JOB_UNKNOWN");
  EXPECT_EQ(got(young).state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(started_score("s1").name(), "jobs/3");  // numbers are never given twice
}

}  // namespace
}  // namespace clv::test
