#include "shop.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace clv::test {

namespace {

namespace fs = std::filesystem;

void write_secret(const std::string& file, const std::string& text) {
  std::ofstream(file) << text << "\n";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

// A tenant whose folder is there is one that exists.
std::vector<std::string> keep_elsewhere(const temporary_folder& folder,
                                        const std::string& storage,
                                        const std::string& prefix,
                                        const std::vector<std::string>& tenants) {
  const std::string data = folder.file("data"), place = folder.file("place");
  for (const std::string& name : tenants) fs::create_directories(data + "/tenants/" + name);
  fs::permissions(data, fs::perms::owner_all);
  write_secret(place, schema_at(storage, prefix + "_{tenant}"));
  return {"--data", data, "--storage", postgres_library(), "--storage-options", place};
}

void shop::be_elsewhere() {
  static int opened = 0;
  const std::string prefix = "shop" + std::to_string(getpid()) + "_" + std::to_string(++opened);
  elsewhere_ = keep_elsewhere(folder_, other_storage(), prefix, {"default"});
  store_ = schema_at(other_storage(), prefix + "_default");
}

// The same bytes go into both, so that what is asked of the one can be compared with the other.
void shop::open(int customers, std::vector<std::string> more) {
  if (!other_storage().empty()) be_elsewhere();
  if (customers > 0) {
    make_store(store_, customers);
    if (elsewhere_.empty()) {
      std::filesystem::copy_file(store_, before_);
    } else {
      make_store(before_, customers);
    }
  }
  more_ = std::move(more);
  start();
}

void shop::start() {
  std::vector<std::string> words{"--socket", folder_.file("s"), "--http", http_};
  if (!elsewhere_.empty()) {
    words.insert(words.end(), elsewhere_.begin(), elsewhere_.end());
  } else if (more_.empty() || more_[0] != "--data") {
    words.insert(words.end(), {"--store", store_});
  }
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
