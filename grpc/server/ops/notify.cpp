#include "ops/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace clvd {
namespace {

std::string taken(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  unsetenv(name);
  return text;
}

long number(const std::string& text) {
  long n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

}  // namespace

notifier::notifier() : socket_(taken("NOTIFY_SOCKET")), period_us_(number(taken("WATCHDOG_USEC"))) {
  // Meant for another process, such as a shell that started this one.
  const long pid = number(taken("WATCHDOG_PID"));
  if (pid != 0 && pid != getpid()) period_us_ = 0;
}

notifier::~notifier() {
  stop();
}

void notifier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void notifier::tell(const std::string& state) const {
  sockaddr_un to{};
  if (socket_.empty() || socket_.size() >= sizeof(to.sun_path)) return;
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';  // systemd writes an abstract name so
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // Nothing to be done about a failure: systemd's own time-out acts.
  (void)sendto(fd, state.data(), state.size(), 0, reinterpret_cast<const sockaddr*>(&to), size);
  close(fd);
}

void notifier::watch(std::function<bool()> alive) {
  if (period_us_ <= 0) return;
  thread_ = std::thread([this, alive = std::move(alive)] {
    const auto half = std::chrono::microseconds(period_us_ / 2);
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      if (alive()) tell("WATCHDOG=1");
      lock.lock();
      wake_.wait_for(lock, half, [this] { return stopping_; });
    }
  });
}

}  // namespace clvd
