// Ends the process when an orderly stop hangs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace clvd {

// What is acknowledged is durable already: a call that cannot be stopped, such as one inside a
// trusted plugin, costs a clean end, never a committed row.
class last_resort {
 public:
  // After `time` the process exits with 1, unless this object is gone by then.
  explicit last_resort(std::chrono::milliseconds time);
  ~last_resort();
  last_resort(const last_resort&) = delete;
  last_resort& operator=(const last_resort&) = delete;

  // Not later than this from now on. [any]
  void within(std::chrono::milliseconds time);

 private:
  void wait();

  std::mutex mutex_;  // guards called_off_ and until_
  std::condition_variable wake_;
  bool called_off_ = false;
  std::chrono::steady_clock::time_point until_;
  std::thread thread_;
};

}  // namespace clvd
