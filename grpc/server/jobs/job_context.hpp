// What long work sees of its job: how it reports progress, and when it must stop.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "calls/call.hpp"
#include "calls/handles.hpp"

namespace clvd {

class job_context {
 public:
  // `report`: fraction of the whole and name of the phase, at most some times a second.
  explicit job_context(std::function<void(double, const std::string&)> report)
      : report_(std::move(report)) {}

  // What comes next is this part of the whole: run() reports within it.
  void part(double from, double to);
  void report(double fraction, const std::string& phase);
  // Steps a job of libclv to its end, 20 ms at a time; its warnings are added to warnings(). Throws
  // call_error CANCELLED when the job was cancelled or the server stops.
  void run(clv_job* job);
  void check_wanted() const;
  bool stopped() const { return stopped_; }
  const std::atomic<bool>& stopped_flag() const { return stopped_; }

  std::vector<note>& warnings() { return warnings_; }

  // [any]
  void stop();

 private:
  const std::function<void(double, const std::string&)> report_;
  double from_ = 0, to_ = 1;
  std::vector<note> warnings_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // guards running_
  clv_job* running_ = nullptr;
};

}  // namespace clvd
