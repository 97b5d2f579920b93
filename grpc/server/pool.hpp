// A fixed number of worker threads and a bounded queue: the core works here, never on gRPC's
// threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace clvd {

class pool {
 public:
  // At least one worker; `queue_limit` tasks may wait.
  pool(unsigned workers, std::size_t queue_limit);
  // Runs what is queued, then joins.
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  // False, and the task is dropped, when the queue is full. Tasks must not throw. [any]
  bool submit(std::function<void()> task);

 private:
  const std::size_t queue_limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;

  void work();
};

}  // namespace clvd
