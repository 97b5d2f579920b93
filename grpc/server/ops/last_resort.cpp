#include "ops/last_resort.hpp"

#include <unistd.h>

#include <cstdint>

#include "config/start_error.hpp"
#include "ops/log.hpp"

namespace clvd {

last_resort::last_resort(std::chrono::milliseconds time)
    : thread_([this, time] {
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, time, [this] { return called_off_; })) return;
        log_error("stop", {{"text", "a call could not be ended in time; leaving without it"}});
        _exit(failed);
      }) {}

last_resort::~last_resort() {
  {
    const std::lock_guard lock(mutex_);
    called_off_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

}  // namespace clvd
