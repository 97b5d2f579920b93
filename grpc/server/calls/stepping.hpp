// How libclv's jobs are run on somebody's behalf: step by step, so that a stop is noticed soon.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "calls/handles.hpp"
#include "clv.h"

namespace clvd {

// Something worth telling the client beside the answer.
struct note {
  std::string plugin;
  std::string message;
};

// The warnings among diagnostics.
std::vector<note> warnings_of(const clv_diag* diag);

class stepping {
 public:
  stepping() = default;
  stepping(const stepping&) = delete;
  stepping& operator=(const stepping&) = delete;

  // The job that is being run ends as soon as it can. [any]
  void stop();
  // Steps the job to its end, about 20 ms at a time; `check_wanted` is called before each step and
  // throws when nobody wants the outcome any more, `stepped` after each. Returns the job's
  // warnings. Throws call_error. [one]
  std::vector<note> run(clv_job* job,
                        const std::function<void()>& check_wanted,
                        const std::function<void()>& stepped = {});

 private:
  void set_running(clv_job* job);

  std::mutex mutex_;  // guards running_: the job must not be freed while it is being cancelled
  clv_job* running_ = nullptr;
};

}  // namespace clvd
