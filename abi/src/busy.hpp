// [one]: a second thread inside the same handle gets CLV_E_BUSY instead of a race.
#pragma once

#include <atomic>
#include <string>

#include "clv/error.hpp"

namespace clv::abi {

class busy_flag {
 public:
  bool try_enter() noexcept { return !inside_.exchange(true, std::memory_order_acquire); }
  void leave() noexcept { inside_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> inside_{false};
};

// Holds the flag for its own life; throws error{busy} when another thread has it.
class exclusive {
 public:
  exclusive(busy_flag& flag, const char* handle) : flag_(flag) {
    if (flag_.try_enter()) return;
    throw error(status::busy,
                "another thread is inside this " + std::string(handle),
                "call it from one thread at a time");
  }
  ~exclusive() { flag_.leave(); }
  exclusive(const exclusive&) = delete;
  exclusive& operator=(const exclusive&) = delete;

 private:
  busy_flag& flag_;
};

}  // namespace clv::abi
