// SIGTERM, SIGINT and SIGHUP as events, never as interruptions.
#pragma once

#include <chrono>
#include <csignal>

namespace clvd {

class signals {
 public:
  // Blocks them for this thread and all that it starts: before any of them exists. Broken pipes
  // become errors of write().
  signals();

  // Waits for the next one. [one]
  int wait() const;
  // Whether SIGTERM or SIGINT came within `time`. [one]
  bool stop_within(std::chrono::milliseconds time) const;

 private:
  sigset_t all_{}, stops_{};
};

}  // namespace clvd
