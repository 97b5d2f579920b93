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

enum class effect { file, socket, process, chance, unseen };
struct watched_call {
  const char* name;
  int number;
  effect kind;
};

#define CLV_WATCHED(name, kind) \
  { #name, SYS_##name, effect::kind }

// clang-format off
constexpr watched_call watched[] = {
#ifdef SYS_open  // not on machines younger than openat
    CLV_WATCHED(open, file), CLV_WATCHED(creat, file), CLV_WATCHED(unlink, file),
    CLV_WATCHED(rmdir, file), CLV_WATCHED(rename, file), CLV_WATCHED(link, file),
    CLV_WATCHED(symlink, file), CLV_WATCHED(readlink, file), CLV_WATCHED(mkdir, file),
    CLV_WATCHED(mknod, file), CLV_WATCHED(chmod, file), CLV_WATCHED(chown, file),
    CLV_WATCHED(lchown, file), CLV_WATCHED(utime, file), CLV_WATCHED(utimes, file),
    CLV_WATCHED(futimesat, file), CLV_WATCHED(stat, file), CLV_WATCHED(lstat, file),
    CLV_WATCHED(access, file), CLV_WATCHED(inotify_init, file),
    CLV_WATCHED(fork, process), CLV_WATCHED(vfork, process),
#endif
#ifdef SYS_renameat
    CLV_WATCHED(renameat, file),
#endif
    CLV_WATCHED(openat, file), CLV_WATCHED(openat2, file), CLV_WATCHED(unlinkat, file),
    CLV_WATCHED(renameat2, file), CLV_WATCHED(linkat, file), CLV_WATCHED(symlinkat, file),
    CLV_WATCHED(readlinkat, file), CLV_WATCHED(mkdirat, file), CLV_WATCHED(mknodat, file),
    CLV_WATCHED(fchmodat, file), CLV_WATCHED(fchownat, file), CLV_WATCHED(utimensat, file),
    CLV_WATCHED(truncate, file), CLV_WATCHED(newfstatat, file), CLV_WATCHED(statx, file),
    CLV_WATCHED(statfs, file), CLV_WATCHED(faccessat, file), CLV_WATCHED(faccessat2, file),
    CLV_WATCHED(getxattr, file), CLV_WATCHED(lgetxattr, file), CLV_WATCHED(setxattr, file),
    CLV_WATCHED(lsetxattr, file), CLV_WATCHED(removexattr, file),
    CLV_WATCHED(lremovexattr, file), CLV_WATCHED(inotify_init1, file),
    CLV_WATCHED(name_to_handle_at, file), CLV_WATCHED(open_by_handle_at, file),
    CLV_WATCHED(mount, file), CLV_WATCHED(umount2, file), CLV_WATCHED(chroot, file),
    CLV_WATCHED(socket, socket), CLV_WATCHED(socketpair, socket),
    CLV_WATCHED(execve, process), CLV_WATCHED(execveat, process),
    CLV_WATCHED(clone, process),  // but for threads: see below
    CLV_WATCHED(kill, process), CLV_WATCHED(rt_sigqueueinfo, process),
    CLV_WATCHED(pidfd_open, process), CLV_WATCHED(pidfd_send_signal, process),
    CLV_WATCHED(ptrace, process), CLV_WATCHED(process_vm_readv, process),
    CLV_WATCHED(process_vm_writev, process), CLV_WATCHED(mq_open, process),
    CLV_WATCHED(shmget, process), CLV_WATCHED(msgget, process), CLV_WATCHED(semget, process),
    CLV_WATCHED(unshare, process), CLV_WATCHED(setns, process),
    CLV_WATCHED(getrandom, chance),
    // Rings and programs do in the kernel's name what is watched here.
    CLV_WATCHED(io_uring_setup, unseen), CLV_WATCHED(bpf, unseen),
};
// clang-format on
#undef CLV_WATCHED

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
    case effect::unseen:
      return "asked for what nobody can watch";
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
    if (c.number != info->si_syscall || info->si_arch != this_machine) continue;
    std::snprintf(sentence,
                  sizeof sentence,
                  "it %s (%s), which \"effects\" of its manifest does not say",
                  words_for(c.kind),
                  c.name);
    tell_effect(sentence);
    _exit(1);
  }
  tell_effect("it made a system call in the way of another machine, which nobody can watch");
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
  // Another machine's calls have other numbers. Those of x32 are x86-64's and more.
  constexpr std::uint32_t x32 = 0x40000000;
  std::vector<sock_filter> program{load(offsetof(seccomp_data, arch)),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, this_machine, 1, 0),
                                   trap,
                                   load(offsetof(seccomp_data, nr)),
                                   BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, x32, 0, 1),
                                   trap};
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
  // Threads that are there already, of a library being loaded, are watched, too.
  long refused = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (refused == 0) {
    refused = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  }
  if (refused > 0) return "a thread of the plugin's has a filter of its own";
  return refused == 0 ? "" : std::string("this system allows no filter: ") + std::strerror(errno);
}

}  // namespace cli
