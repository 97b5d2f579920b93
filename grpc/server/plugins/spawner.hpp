// Starts processes from one thread that lives as long as they do. Rationale: the signal a process
// asks for at its parent's death comes when the thread that started it ends, and threads that serve
// calls end before the program does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "frame.hpp"

namespace clvd::plugins {

// A running worker and this side of its socket.
struct started_process {
  clv::worker::descriptor pidfd;
  clv::worker::descriptor socket;
  int pid = 0;  // for /proc while the process has not been waited for; never to send signals
};

class spawner {
 public:
  spawner();
  ~spawner();  // processes it started get SIGKILL
  spawner(const spawner&) = delete;
  spawner& operator=(const spawner&) = delete;

  // Runs `program`: cleared environment, nothing open but /dev/null as 0 to 2 and a socket as 3, no
  // blocked signal, a process group of its own. Throws std::system_error. [any]
  started_process start(const std::string& program);

 private:
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::packaged_task<started_process()>> waiting_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others

  void serve();
};

}  // namespace clvd::plugins
