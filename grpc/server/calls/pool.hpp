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

  // While it lives, another thread works in place of this one, which waits: for a disk, say. So a
  // slow flush holds up those who write and nobody else, and what many callers write gathers into
  // one flush. Does nothing on a thread that is no worker. [one]
  class pause {
   public:
    pause();
    ~pause();
    pause(const pause&) = delete;
    pause& operator=(const pause&) = delete;

   private:
    pool* const of_;
  };

 private:
  static constexpr unsigned most_stand_ins = 64;
  static thread_local pool* mine_;  // of a worker: its pool

  const unsigned at_a_time_;
  const std::size_t queue_limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  unsigned busy_ = 0;  // workers in a task, less those that pause
  unsigned idle_ = 0;
  std::vector<std::thread> workers_;

  void work();
  void stand_in();
  bool has_turn() const { return busy_ < at_a_time_; }
};

}  // namespace clvd
