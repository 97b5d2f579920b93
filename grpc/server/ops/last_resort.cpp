#include "ops/last_resort.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "config/start_error.hpp"
#include "ops/log.hpp"

namespace clvd {

last_resort::last_resort(std::chrono::milliseconds time)
    : until_(std::chrono::steady_clock::now() + time), thread_([this] { wait(); }) {}

void last_resort::wait() {
  std::unique_lock lock(mutex_);
  while (!called_off_ && std::chrono::steady_clock::now() < until_) {
    const auto until = until_;
    wake_.wait_until(lock, until, [&] { return called_off_ || until_ != until; });
  }
  if (called_off_) return;
  log_error("stop", {{"text", "a call could not be ended in time; leaving without it"}});
  _exit(failed);
}

void last_resort::within(std::chrono::milliseconds time) {
  {
    const std::lock_guard lock(mutex_);
    until_ = std::min(until_, std::chrono::steady_clock::now() + time);
  }
  wake_.notify_all();
}

last_resort::~last_resort() {
  {
    const std::lock_guard lock(mutex_);
    called_off_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

}  // namespace clvd
