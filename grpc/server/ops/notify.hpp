// Tells systemd (Type=notify) how the service is. Silent where nobody listens.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace clvd {

class notifier {
 public:
  // Takes NOTIFY_SOCKET and WATCHDOG_USEC from the environment and removes them, so that no worker
  // inherits them. Before any thread starts.
  notifier();
  // stop().
  ~notifier();
  notifier(const notifier&) = delete;
  notifier& operator=(const notifier&) = delete;

  // One datagram: "READY=1", "STOPPING=1", "STATUS=...". [any]
  void tell(const std::string& state) const;
  // From here on WATCHDOG=1 is said twice in each period, but only while `alive` says true: it must
  // try what may hang, and is called on a thread of this object's own.
  void watch(std::function<bool()> alive);
  // `alive` is not called any more. More than once is fine.
  void stop();

 private:
  std::string socket_;
  long period_us_ = 0;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace clvd
