#include "plugins/spawner.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace clvd::plugins {
namespace {

using clv::worker::descriptor;

constexpr int control = 3;  // where the worker looks for its socket

void must(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// Descriptors of the new process, in the order they are made.
class file_actions {
 public:
  explicit file_actions(int socket) {
    must(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
    for (const int fd : {0, 1, 2}) {
      must(::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0), "/dev/null");
    }
    must(::posix_spawn_file_actions_adddup2(&actions_, socket, control), "dup2");
    must(::posix_spawn_file_actions_addclosefrom_np(&actions_, control + 1), "closefrom");
  }
  ~file_actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  file_actions(const file_actions&) = delete;
  file_actions& operator=(const file_actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals as in a program started from nowhere, and out of reach of the terminal's Ctrl-C.
class attributes {
 public:
  attributes() {
    must(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t signals;
    ::sigemptyset(&signals);
    must(::posix_spawnattr_setsigmask(&attributes_, &signals), "setsigmask");
    ::sigfillset(&signals);
    must(::posix_spawnattr_setsigdefault(&attributes_, &signals), "setsigdefault");
    must(::posix_spawnattr_setpgroup(&attributes_, 0), "setpgroup");
    constexpr int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    must(::posix_spawnattr_setflags(&attributes_, flags), "setflags");
  }
  ~attributes() { ::posix_spawnattr_destroy(&attributes_); }
  attributes(const attributes&) = delete;
  attributes& operator=(const attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// The worker's end stands above what the file actions open.
std::pair<descriptor, descriptor> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    must(errno, "socketpair");
  }
  descriptor ours(ends[0]);
  const descriptor theirs(ends[1]);
  descriptor above(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, control + 1));
  if (!above) must(errno, "dup");
  return {std::move(ours), std::move(above)};
}

started_process spawn(const std::string& program) {
  auto [ours, theirs] = socket_pair();
  const file_actions files(theirs.get());
  const attributes how;
  std::string name = program;
  std::string parent = std::to_string(::getpid());
  const std::array<char*, 3> arguments{name.data(), parent.data(), nullptr};
  std::array<char*, 1> environment{nullptr};
  pid_t pid = 0;
  must(::posix_spawn(
           &pid, program.c_str(), files.get(), how.get(), arguments.data(), environment.data()),
       program.c_str());
  // Nobody but its owner waits for it, so the number is still its own.
  descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) {
    const int error = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    must(error, "pidfd_open");
  }
  return {std::move(pidfd), std::move(ours), pid};
}

}  // namespace

spawner::spawner() : thread_([this] { serve(); }) {}

spawner::~spawner() {
  {
    const std::scoped_lock held(mutex_);
    ending_ = true;
  }
  work_.notify_all();
  thread_.join();
}

started_process spawner::start(const std::string& program) {
  std::packaged_task<started_process()> task([program] { return spawn(program); });
  std::future<started_process> made = task.get_future();
  {
    const std::scoped_lock held(mutex_);
    waiting_.push_back(std::move(task));
  }
  work_.notify_one();
  return made.get();
}

void spawner::serve() {
  std::unique_lock held(mutex_);
  for (;;) {
    work_.wait(held, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::packaged_task<started_process()> task = std::move(waiting_.front());
    waiting_.pop_front();
    held.unlock();
    task();
    held.lock();
  }
}

}  // namespace clvd::plugins
