#include "interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>

namespace cli {
namespace {

std::atomic<std::int64_t> first_ns{0};  // on the monotonic clock; 0 = not asked yet
static_assert(std::atomic<std::int64_t>::is_always_lock_free,
              "a signal handler may touch nothing else");

// A process group and its leader may both be told (timeout(1) does): two at once are one Ctrl-C.
constexpr std::int64_t at_once_ns = 500'000'000;
constexpr char stopping[] = "stopping; press again to end at once\n";

// clock_gettime, write and _exit are async-signal-safe (POSIX.1-2017, 2.4.3).
extern "C" void on_signal(int number) {
  const int before = errno;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t now_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  std::int64_t first = 0;
  if (first_ns.compare_exchange_strong(first, now_ns)) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, stopping, sizeof stopping - 1);
  } else if (now_ns - first > at_once_ns) {
    _exit(128 + number);
  }
  errno = before;
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
  return first_ns.load(std::memory_order_relaxed) != 0;
}

}  // namespace cli
