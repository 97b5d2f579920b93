#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include "../failure.hpp"
#include "../interrupt.hpp"
#include "../rows.hpp"
#include "../text.hpp"

namespace cli {
namespace {

constexpr int answer_descriptor = 3;
constexpr int customers_descriptor = 4;
constexpr char marks[] = "+!-?";  // in the order of verdict

[[noreturn]] void fail_with_errno(const char* what) {
  fail(std::string(what) + ": " + std::strerror(errno));
}

void write_fully(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t n = write(to, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail_with_errno("write");
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
}

std::string read_all_of(int from) {
  std::string all;
  char block[65536];
  for (off_t at = 0;;) {
    const ssize_t n = pread(from, block, sizeof block, at);
    if (n <= 0) return all;
    all.append(block, static_cast<std::size_t>(n));
    at += n;
  }
}

// ---- The parent's side.

struct open_file {
  int descriptor = -1;
  explicit open_file(int d) : descriptor(d) {}
  ~open_file() {
    if (descriptor >= 0) close(descriptor);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
};

int unnamed_file(const char* name) {
  const int made = memfd_create(name, MFD_CLOEXEC);
  if (made < 0) fail_with_errno("memfd_create");
  return made;
}

struct child_files {
  int answer, customers, output;
};

// What else this process has open, or was started with, is no business of the plugin's.
void close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  constexpr long most = 65536;
  const long told = sysconf(_SC_OPEN_MAX);  // -1: there is no limit
  const auto end = static_cast<int>(told < 0 ? most : std::min(told, most));  // before Linux 5.9
  for (int d = first; d < end; ++d) close(d);
}

// Between fork and exec: only what is safe there. Descriptors are moved out of each other's way
// first, since any of them may have the number of another's place.
[[noreturn]] void become_check(const child_files& files, char* const* arguments) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  const int answer = fcntl(files.answer, F_DUPFD_CLOEXEC, 10);
  const int customers = fcntl(files.customers, F_DUPFD_CLOEXEC, 10);
  const int output = fcntl(files.output, F_DUPFD_CLOEXEC, 10);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  dup2(answer, answer_descriptor);
  dup2(customers, customers_descriptor);
  close_from(customers_descriptor + 1);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  execv("/proc/self/exe", arguments);
  _exit(127);
}

std::vector<std::string> arguments_for(const plugin_check& check, const subject& s) {
  std::vector<std::string> all{"clv", "validate", s.path, "--check", check.name, "--in-child"};
  all.insert(all.end(), {"--seed", std::to_string(s.seed)});
  if (!s.config.empty()) all.insert(all.end(), {"--config", s.config});
  all.insert(all.end(), {"--markets", std::to_string(s.market.markets)});
  if (!s.market.effects_json.empty()) {
    all.insert(all.end(), {"--effects-json", s.market.effects_json});
  }
  if (s.market.json) all.emplace_back("--json");
  return all;
}

pid_t start_check(const std::vector<std::string>& words, const child_files& files) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::fflush(nullptr);  // or both processes write what is buffered
  const pid_t pid = fork();
  if (pid < 0) fail_with_errno("fork");
  if (pid == 0) become_check(files, arguments.data());
  setpgid(pid, pid);  // whoever of the two comes first
  return pid;
}

using clock = std::chrono::steady_clock;

enum class wait_end { answered, silent, stopped };

// One line, or nothing more to come, or the time is over.
wait_end wait_for_line(int from, clock::time_point until, std::string& line) {
  for (;;) {
    if (interrupted()) return wait_end::stopped;
    if (clock::now() >= until) return wait_end::silent;
    pollfd watch{from, POLLIN, 0};
    if (poll(&watch, 1, 50) <= 0) continue;
    char block[4096];
    const ssize_t n = read(from, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return wait_end::answered;
    line.append(block, static_cast<std::size_t>(n));
    if (line.find('\n') != std::string::npos) return wait_end::answered;
  }
}

// False: it is still there at that time.
bool wait_for_end(pid_t pid, clock::time_point until, int& status) {
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (clock::now() >= until) return false;
    usleep(500);
  }
  return true;
}

// Processes that the check started, or their orphans: this process adopts them.
void end_left_over() {
  for (;;) {
    const std::string self = std::to_string(getpid());
    std::ifstream children("/proc/" + self + "/task/" + self + "/children");
    bool any = false;
    for (pid_t pid = 0; children >> pid; any = true) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    if (!any) return;
  }
}

std::string ending_of(int status) {
  if (WIFSIGNALED(status)) return std::string("it crashed: ") + strsignal(WTERMSIG(status));
  return "it ended the process with exit status " + std::to_string(WEXITSTATUS(status));
}

// Settings have another option where plugins are used.
std::string in_own_words(std::string detail) {
  constexpr std::string_view elsewhere = "--plugin-config";
  const std::size_t at = detail.find(elsewhere);
  return at == std::string::npos ? detail : detail.replace(at, elsewhere.size(), "--config");
}

finding finding_in(const std::string& line) {
  const char* mark = line.empty() ? nullptr : std::strchr(marks, line[0]);
  if (mark == nullptr) return {verdict::failed, "it wrote into the answer of the check"};
  return {static_cast<verdict>(mark - marks), in_own_words(line.substr(1, line.find('\n') - 1))};
}

// A plugin has no terminal: what it prints ends up in the middle of somebody's output.
finding with_output(finding found, const std::string& output) {
  if (output.empty()) return found;
  const std::string said = fitted(output.substr(0, output.find('\n')), 160);
  if (found.result == verdict::failed) {
    found.detail += "; its last words: " + said;
  } else {
    found = {verdict::failed, "it printed '" + said + "': host->log is there for that"};
  }
  return found;
}

}  // namespace

check_runner::check_runner(const child_options& o) : options_(o) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  customers_ = unnamed_file("customers");
  const std::string bytes = o.about->customers.packed();
  write_fully(customers_, bytes.data(), bytes.size());
}

check_runner::~check_runner() {
  close(customers_);
}

finding check_runner::run_once(const plugin_check& check) const {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail_with_errno("pipe");
  const open_file from(ends[0]), output(unnamed_file("output"));
  open_file to(ends[1]);
  const pid_t pid = start_check(arguments_for(check, *options_.about),
                                {to.descriptor, customers_, output.descriptor});
  close(std::exchange(to.descriptor, -1));
  const auto until = clock::now() + std::chrono::seconds(options_.seconds);
  std::string line;
  const wait_end end = wait_for_line(from.descriptor, until, line);
  int status = 0;
  // Who has answered, or closed the answer by crashing, is about to go.
  const auto patience = std::chrono::seconds(end == wait_end::answered ? 2 : 0);
  const bool ended = wait_for_end(pid, clock::now() + patience, status);
  kill(-pid, SIGKILL);
  if (!ended) waitpid(pid, &status, 0);
  end_left_over();
  if (end == wait_end::stopped) fail("stopped");
  if (end == wait_end::silent) {
    return {verdict::failed,
            "no answer within " + std::to_string(options_.seconds) + " seconds: it hangs"};
  }
  const finding found =
      line.empty() ? finding{verdict::failed, ending_of(status)} : finding_in(line);
  return with_output(found, read_all_of(output.descriptor));
}

finding check_runner::run(const plugin_check& check) const {
  finding found = run_once(check);
  for (int i = 1; i < check.attempts && found.result == verdict::failed; ++i) {
    found = run_once(check);
  }
  if (!check.twice || found.result != verdict::ok) return found;
  finding again = run_once(check);
  if (again.result != verdict::ok || again.detail == found.detail) return again;
  return {verdict::failed, "another process got another answer to the same question"};
}

// ---- The child's side.

int run_as_child(const plugin_check& check, subject about) {
  fcntl(answer_descriptor, F_SETFD, FD_CLOEXEC);
  fcntl(customers_descriptor, F_SETFD, FD_CLOEXEC);
  tell_at_once_to(answer_descriptor);
  finding found;
  try {
    about.customers = customer_table::unpacked(read_all_of(customers_descriptor));
    close(customers_descriptor);
    found = check.run(about);
  } catch (const std::exception& e) {
    found = {verdict::failed, e.what()};
  }
  std::string line = marks[static_cast<std::size_t>(found.result)] + found.detail;
  for (char& c : line) c = c == '\n' ? ' ' : c;
  line += '\n';
  write_fully(answer_descriptor, line.data(), line.size());
  std::fflush(nullptr);
  _exit(exit_ok);  // no destructors: the plugin may have broken what they rely on
}

}  // namespace cli
