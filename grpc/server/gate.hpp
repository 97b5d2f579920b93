// Counts the calls in progress, and closes for new ones when the server drains.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace clvd {

class gate {
 public:
  // False once closed. Each true is answered by one leave(). [any]
  bool enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++inside_;
    return true;
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    changed_.notify_all();
  }

  // Lets nobody in any more and waits for those inside, at most until `deadline`.
  void close(std::chrono::system_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait_until(lock, deadline, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool closed_ = false;
};

}  // namespace clvd
