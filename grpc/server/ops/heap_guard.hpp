// Gives memory back to the system that a crowd of calls has left behind.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace clvd {

// gRPC takes some 20 KiB for a call before the server hears of it, and 10,000 that are reset at
// once are all there at the same time. When they are gone, the C library keeps what they had,
// hundreds of MiB, for good (measured): a look every few seconds returns it.
class heap_guard {
 public:
  heap_guard();
  ~heap_guard();
  heap_guard(const heap_guard&) = delete;
  heap_guard& operator=(const heap_guard&) = delete;

 private:
  std::mutex mutex_;  // guards stopping_
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace clvd
