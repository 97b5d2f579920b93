#include "effects.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace cli {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t this_machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t this_machine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t this_machine = 0;
#endif

enum class effect { file, socket, process, chance };
struct watched_call {
  int number;
  const char* name;
  effect kind;
};

constexpr watched_call watched[] = {
#ifdef SYS_open
    {SYS_open, "open", effect::file},
    {SYS_creat, "creat", effect::file},
    {SYS_unlink, "unlink", effect::file},
    {SYS_rename, "rename", effect::file},
    {SYS_mkdir, "mkdir", effect::file},
    {SYS_stat, "stat", effect::file},
    {SYS_access, "access", effect::file},
    {SYS_newfstatat, "newfstatat", effect::file},
    {SYS_fork, "fork", effect::process},
    {SYS_vfork, "vfork", effect::process},
#endif
    {SYS_openat, "openat", effect::file},
    {SYS_openat2, "openat2", effect::file},
    {SYS_unlinkat, "unlinkat", effect::file},
    {SYS_renameat2, "renameat2", effect::file},
    {SYS_mkdirat, "mkdirat", effect::file},
    {SYS_faccessat, "faccessat", effect::file},
    {SYS_statx, "statx", effect::file},
    {SYS_socket, "socket", effect::socket},
    {SYS_socketpair, "socketpair", effect::socket},
    {SYS_execve, "execve", effect::process},
    {SYS_execveat, "execveat", effect::process},
    {SYS_kill, "kill", effect::process},
    {SYS_ptrace, "ptrace", effect::process},
    {SYS_clone, "clone", effect::process},  // but for threads: see below
    {SYS_getrandom, "getrandom", effect::chance},
};

const char* words_for(effect kind) {
  switch (kind) {
    case effect::file:
      return "touched a file";
    case effect::socket:
      return "opened a socket";
    case effect::process:
      return "reached for another process";
    case effect::chance:
      return "asked the system for random numbers";
  }
  return "";
}

// The network needs files, too: who is asked for a name is read from one.
bool is_covered(effect kind, const std::string& declared) {
  if (kind == effect::file) return declared == "files" || declared == "network";
  return kind == effect::socket && declared == "network";
}

void (*tell_effect)(const char* sentence) = nullptr;

extern "C" void on_watched_call(int, siginfo_t* info, void*) {
  char sentence[200];
  for (const watched_call& c : watched) {
    if (c.number != info->si_syscall) continue;
    std::snprintf(sentence,
                  sizeof sentence,
                  "it %s (%s), which \"effects\" of its manifest does not say",
                  words_for(c.kind),
                  c.name);
    tell_effect(sentence);
  }
  _exit(1);
}

sock_filter statement(int code, std::uint32_t k) {
  return BPF_STMT(static_cast<std::uint16_t>(code), k);
}

// Skips the next statement unless what was loaded equals k.
sock_filter unless_equal(std::uint32_t k) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1);
}

std::vector<sock_filter> filter_for(const std::string& declared) {
  const auto load = [](std::size_t offset) {
    return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  };
  const sock_filter allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_filter trap = statement(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  // Another machine's calls have other numbers: they are let through, unread.
  std::vector<sock_filter> program{load(offsetof(seccomp_data, arch)),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, this_machine, 1, 0),
                                   allow,
                                   load(offsetof(seccomp_data, nr))};
  for (const watched_call& c : watched) {
    if (c.number == SYS_clone || is_covered(c.kind, declared)) continue;
    program.push_back(unless_equal(static_cast<std::uint32_t>(c.number)));
    program.push_back(trap);
  }
  // A filter cannot look behind clone3's pointer; without clone3 the C library takes clone.
  program.push_back(unless_equal(SYS_clone3));
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  // It makes threads, which are allowed, or processes.
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
  program.push_back(load(offsetof(seccomp_data, args)));
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0));
  program.push_back(trap);
  program.push_back(allow);
  return program;
}

}  // namespace

std::string watch_effects(const std::string& declared, void (*told)(const char* sentence)) {
  if (this_machine == 0) return "not known how on this machine";
#if defined(__SANITIZE_THREAD__)
  return "the thread sanitizer reads files of its own";
#endif
  // Or malloc counts processors, in a file, when a second thread calls it.
  mallopt(M_ARENA_MAX, 4);
  tell_effect = told;
  struct sigaction action = {};
  action.sa_sigaction = on_watched_call;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSYS, &action, nullptr);
  std::vector<sock_filter> program = filter_for(declared);
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  const bool watching = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
  return watching ? "" : std::string("this system allows no filter: ") + std::strerror(errno);
}

}  // namespace cli
