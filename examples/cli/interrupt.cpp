#include "interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace cli {
namespace {

std::atomic<int> times_asked{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

// A process group and its leader may both be told (timeout(1) does): two are one Ctrl-C.
extern "C" void on_signal(int number) {
  if (times_asked.fetch_add(1, std::memory_order_relaxed) >= 2) _exit(128 + number);
}

}  // namespace

void watch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return times_asked.load(std::memory_order_relaxed) > 0;
}

}  // namespace cli
