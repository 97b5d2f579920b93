// A mutex that can be waited for with a limit. Rationale: std::timed_mutex is
// pthread_mutex_clocklock, which gcc 12's thread sanitizer does not know.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace clvd::plugins {

class turn {  // Lockable, for std::unique_lock and std::scoped_lock
 public:
  void lock() {
    std::unique_lock held(mutex_);
    freed_.wait(held, [this] { return !taken_; });
    taken_ = true;
  }
  bool try_lock() { return try_lock_for(std::chrono::milliseconds(0)); }
  bool try_lock_for(std::chrono::milliseconds most) {
    std::unique_lock held(mutex_);
    if (!freed_.wait_for(held, most, [this] { return !taken_; })) return false;
    taken_ = true;
    return true;
  }
  void unlock() {
    {
      const std::scoped_lock held(mutex_);
      taken_ = false;
    }
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  bool taken_ = false;
};

}  // namespace clvd::plugins
