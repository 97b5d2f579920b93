#include "shop.hpp"

#include <filesystem>

namespace clv::test {

void shop::open(int customers, std::vector<std::string> more) {
  if (customers > 0) {
    make_store(store_, customers);
    std::filesystem::copy_file(store_, before_);
  }
  more_ = std::move(more);
  start();
}

void shop::start() {
  std::vector<std::string> words{"--socket", folder_.file("s"), "--http", http_};
  if (more_.empty() || more_[0] != "--data") words.insert(words.end(), {"--store", store_});
  words.insert(words.end(), more_.begin(), more_.end());
  clvd_ = std::make_unique<sidecar>(words, folder_.file("log"));
  channel_ = channel_to("unix:" + folder_.file("s"));
  ASSERT_TRUE(is_serving(*channel_, "clv.v1.ActionService")) << log();
}

void shop::stop() {
  channel_.reset();
  clvd_->send(SIGTERM);
  ASSERT_EQ(clvd_->wait(), 0) << log();
}

std::string shop::refusal(const std::string& method, const google::protobuf::Message& request) {
  const raw_answer answer = call_raw(*channel_, method, request.SerializeAsString());
  return std::to_string(answer.status.error_code()) + " " + error_info(answer.status).reason();
}

v1::Job shop::ended(const v1::Job& job) {
  v1::GetJobRequest request;
  request.set_name(job.name());
  const deadline until = soon();
  for (;;) {
    const auto now = ask<v1::GetJobResponse>("/clv.v1.JobService/GetJob", request).job();
    const bool open = now.state() == v1::JOB_STATE_QUEUED || now.state() == v1::JOB_STATE_RUNNING;
    if (!open || std::chrono::system_clock::now() > until || HasFailure()) return now;
  }
}

}  // namespace clv::test
