#include "ops/signals.hpp"

#include <pthread.h>

#include <cerrno>
#include <ctime>

namespace clvd {

signals::signals() {
  sigemptyset(&stops_);
  sigaddset(&stops_, SIGTERM);
  sigaddset(&stops_, SIGINT);
  all_ = stops_;
  sigaddset(&all_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &all_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int signals::wait() const {
  int signal = 0;
  while (sigwait(&all_, &signal) != 0) {
  }
  return signal;
}

bool signals::stop_within(std::chrono::milliseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        until - std::chrono::steady_clock::now());
    const long ns = left.count() > 0 ? left.count() : 0;
    const timespec wait{ns / 1'000'000'000, ns % 1'000'000'000};
    if (sigtimedwait(&stops_, nullptr, &wait) > 0) return true;
    if (errno != EINTR) return false;
  }
}

}  // namespace clvd
