// A process of its own that may die, and what SQLite says of the file it left.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "store/sqlite.hpp"

namespace clv::test {

// SQLite's own verdict on the file.
inline std::string integrity(const std::string& path) {
  constexpr int read_write = 0x2;  // SQLITE_OPEN_READWRITE
  return store::connection(path, read_write, path).text("PRAGMA integrity_check");
}

// Runs `work` in a child process; its exit status, or 1000 + the signal that ended it. A child that
// throws exits with 99. The child never returns into the test program.
template <typename Work>
int in_child(const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      _exit(work());
    } catch (...) {
      _exit(99);
    }
  }
  int how = 0;
  waitpid(child, &how, 0);
  return WIFSIGNALED(how) ? 1000 + WTERMSIG(how) : WEXITSTATUS(how);
}

}  // namespace clv::test
