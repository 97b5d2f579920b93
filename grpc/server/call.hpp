// One call in progress: when it must end, whether the client still waits, and how libclv's jobs are
// stepped on its behalf.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "clv.h"
#include "handles.hpp"

namespace clvd {

// Something worth telling the client beside the answer.
struct note {
  std::string plugin;
  std::string message;
};

class call {
 public:
  explicit call(std::chrono::system_clock::time_point deadline) : deadline_(deadline) {}

  // The client went away: a job that is being stepped ends as soon as it can. [any]
  void cancel();
  // Throws call_error DEADLINE_EXCEEDED or CANCELLED when nobody waits for the answer. [one]
  void check_wanted() const;
  // Steps the job to its end, about 20 ms at a time. Returns its warnings. Throws call_error. [one]
  std::vector<note> run(clv_job* job);

 private:
  const std::chrono::system_clock::time_point deadline_;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;  // guards running_: the job must not be freed while it is being cancelled
  clv_job* running_ = nullptr;

  void set_running(clv_job* job);
};

}  // namespace clvd
