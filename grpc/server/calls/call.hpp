// One call in progress: when it must end, whether the client still waits, and how libclv's jobs are
// stepped on its behalf.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "calls/caller.hpp"
#include "calls/stepping.hpp"
#include "calls/trace.hpp"
#include "clv.h"

namespace clvd {

class call {
 public:
  call(caller who, std::chrono::system_clock::time_point deadline, trace logged = new_trace(""))
      : who_(std::move(who)), deadline_(deadline), logged_(std::move(logged)) {}

  const caller& who() const { return who_; }
  std::chrono::system_clock::time_point deadline() const { return deadline_; }
  const trace& logged() const { return logged_; }

  // The client went away: a job that is being stepped ends as soon as it can. [any]
  void cancel();
  bool cancelled() const { return cancelled_; }
  const std::atomic<bool>& cancelled_flag() const { return cancelled_; }
  // Throws call_error DEADLINE_EXCEEDED or CANCELLED when nobody waits for the answer. [one]
  void check_wanted() const;
  // Steps the job to its end, about 20 ms at a time. Returns its warnings. Throws call_error. [one]
  std::vector<note> run(clv_job* job);

 private:
  const caller who_;
  const std::chrono::system_clock::time_point deadline_;
  const trace logged_;
  std::atomic<bool> cancelled_ = false;
  stepping jobs_;
};

}  // namespace clvd
