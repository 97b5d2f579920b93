// What long work sees of its job: how it reports progress, and when it must stop.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "calls/errors.hpp"
#include "calls/stepping.hpp"

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
  // Takes the mutex when it is free; throws as check_wanted() while it waits.
  std::unique_lock<std::timed_mutex> taken(std::timed_mutex& mutex) const;
  bool stopped() const { return stopped_; }
  const std::atomic<bool>& stopped_flag() const { return stopped_; }

  std::vector<note>& warnings() { return warnings_; }

  // [any]
  void stop();
  // Ends the job with this error instead: it stands in the way of others. [any]
  void cut(call_error why);

 private:
  const std::function<void(double, const std::string&)> report_;
  double from_ = 0, to_ = 1;
  std::vector<note> warnings_;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;  // guards cut_
  std::optional<call_error> cut_;
  stepping jobs_;
};

}  // namespace clvd
