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
    last_ = std::chrono::system_clock::now();
    if (closed_) return false;
    ++inside_;
    return true;
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    last_ = std::chrono::system_clock::now();
    --inside_;
    changed_.notify_all();
  }

  int inside() {
    const std::lock_guard lock(mutex_);
    return inside_;
  }

  // When somebody came or left last.
  std::chrono::system_clock::time_point last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

  // Lets nobody in any more.
  void refuse() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

  // Lets nobody in any more and waits for those inside, at most until `deadline` or hurry().
  void close(std::chrono::system_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait_until(lock, deadline, [this] { return inside_ == 0 || hurried_; });
  }

  // Ends the waiting of close(), now or when it begins.
  void hurry() {
    const std::lock_guard lock(mutex_);
    hurried_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::system_clock::time_point last_{};
  int inside_ = 0;
  bool closed_ = false;
  bool hurried_ = false;
};

}  // namespace clvd
