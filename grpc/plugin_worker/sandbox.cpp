#include "sandbox.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <memory>
#include <system_error>

namespace clv::worker {
namespace {

// Shadow memory of these takes terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_shadow_memory = true;
#else
constexpr bool has_shadow_memory = false;
#endif

void must(int result, const char* what) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

void limit(__rlimit_resource what, rlim_t value, const char* name) {
  const rlimit both{value, value};
  must(::setrlimit(what, &both), name);
}

// A filter that is built call by call and then installed for every thread of the process.
class filter {
 public:
  explicit filter(std::uint32_t otherwise) : rules_(::seccomp_init(otherwise)) {
    if (rules_ == nullptr) throw std::system_error(ENOMEM, std::generic_category(), "seccomp_init");
    check(::seccomp_attr_set(rules_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
  }
  // A call this machine's architecture does not have is left out: there is nothing to match.
  template <typename... Conditions>
  void add(std::uint32_t action, int call, Conditions... conditions) {
    const int done =
        ::seccomp_rule_add(rules_.get(), action, call, sizeof...(conditions), conditions...);
    if (done != -EDOM) check(done);
  }
  void add_all(std::uint32_t action, std::initializer_list<int> calls) {
    for (const int call : calls) add(action, call);
  }
  void install() { check(::seccomp_load(rules_.get())); }

 private:
  struct release {
    void operator()(void* rules) const { ::seccomp_release(rules); }
  };
  std::unique_ptr<void, release> rules_;

  static void check(int result) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), "seccomp");
  }
};

constexpr std::uint32_t refused = SCMP_ACT_ERRNO(EPERM);

void forbid_writing_files(filter& f) {
  for (const unsigned mode : {O_WRONLY, O_RDWR}) {
    f.add(refused, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
    f.add(refused, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
  }
  f.add(refused, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT));
  f.add(refused, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT));
  // Linux empties a file that is opened for reading with O_TRUNC.
  f.add(refused, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, O_TRUNC, O_TRUNC));
  f.add(refused, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, O_TRUNC, O_TRUNC));
  // Its argument is a struct that a filter cannot read; the C library does without.
  f.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2));
  f.add_all(refused,
            {SCMP_SYS(creat),     SCMP_SYS(truncate),  SCMP_SYS(unlink),    SCMP_SYS(unlinkat),
             SCMP_SYS(rename),    SCMP_SYS(renameat),  SCMP_SYS(renameat2), SCMP_SYS(mkdir),
             SCMP_SYS(mkdirat),   SCMP_SYS(rmdir),     SCMP_SYS(mknod),     SCMP_SYS(mknodat),
             SCMP_SYS(link),      SCMP_SYS(linkat),    SCMP_SYS(symlink),   SCMP_SYS(symlinkat),
             SCMP_SYS(chmod),     SCMP_SYS(fchmod),    SCMP_SYS(fchmodat),  SCMP_SYS(chown),
             SCMP_SYS(fchown),    SCMP_SYS(lchown),    SCMP_SYS(fchownat),  SCMP_SYS(setxattr),
             SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr), SCMP_SYS(utimensat), SCMP_SYS(utime),
             SCMP_SYS(utimes),    SCMP_SYS(futimesat), SCMP_SYS(mount),     SCMP_SYS(umount2),
             SCMP_SYS(chroot),    SCMP_SYS(pivot_root)});
}

void forbid_others(filter& f) {
  // clone3 hides its flags in memory; the C library then falls back to clone.
  f.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  f.add_all(refused,
            {SCMP_SYS(clone),
             SCMP_SYS(fork),
             SCMP_SYS(vfork),
             SCMP_SYS(execve),
             SCMP_SYS(execveat),
             SCMP_SYS(ptrace),
             SCMP_SYS(process_vm_readv),
             SCMP_SYS(process_vm_writev),
             SCMP_SYS(kill),
             SCMP_SYS(tkill),
             SCMP_SYS(rt_sigqueueinfo),
             SCMP_SYS(rt_tgsigqueueinfo),
             SCMP_SYS(pidfd_open),
             SCMP_SYS(pidfd_getfd),
             SCMP_SYS(pidfd_send_signal),
             SCMP_SYS(kcmp),
             SCMP_SYS(setrlimit),
             SCMP_SYS(unshare),
             SCMP_SYS(setns),
             SCMP_SYS(bpf),
             SCMP_SYS(perf_event_open),
             SCMP_SYS(keyctl),
             SCMP_SYS(add_key),
             SCMP_SYS(request_key),
             SCMP_SYS(userfaultfd),
             SCMP_SYS(io_uring_setup),
             SCMP_SYS(personality),
             SCMP_SYS(setuid),
             SCMP_SYS(setgid),
             SCMP_SYS(setresuid),
             SCMP_SYS(setresgid),
             SCMP_SYS(setsid),
             SCMP_SYS(setpgid)});
  f.add(refused, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_NE, 0));
  f.add(refused, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, static_cast<scmp_datum_t>(getpid())));
  f.add(refused, SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG));
}

void forbid_sockets(filter& f) {
  f.add_all(refused,
            {SCMP_SYS(socket),
             SCMP_SYS(socketpair),
             SCMP_SYS(connect),
             SCMP_SYS(bind),
             SCMP_SYS(listen),
             SCMP_SYS(accept),
             SCMP_SYS(accept4)});
}

void allow_memory(filter& f) {
  f.add_all(SCMP_ACT_ALLOW, {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise)});
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

// How a sanitizer asks whether memory can be read: it writes it into a pipe of its own.
void allow_looking_at_memory(filter& f) {
  f.add_all(SCMP_ACT_ALLOW, {SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(read), SCMP_SYS(write)});
}

// What talking over the socket takes, and printing, which goes to /dev/null.
void allow_messages(filter& f, int socket) {
  const auto fd = static_cast<scmp_datum_t>(socket);
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(recvmsg), SCMP_A0(SCMP_CMP_EQ, fd));
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_EQ, fd));
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(write), SCMP_A0(SCMP_CMP_LE, 2));
  f.add(SCMP_ACT_ALLOW, SCMP_SYS(writev), SCMP_A0(SCMP_CMP_LE, 2));
  f.add_all(SCMP_ACT_ALLOW, {SCMP_SYS(close), SCMP_SYS(lseek)});
}

}  // namespace

bool tie_to_parent(int parent) {
  must(::prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
  must(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
  return ::getppid() == parent;  // else it ended before the first line
}

void limit_resources(const resource_limits& limits) {
  if (limits.memory_bytes != 0 && !has_shadow_memory) {
    limit(RLIMIT_AS, limits.memory_bytes, "RLIMIT_AS");
  }
  if (limits.cpu_seconds != 0) limit(RLIMIT_CPU, limits.cpu_seconds, "RLIMIT_CPU");
  limit(RLIMIT_NOFILE, 32, "RLIMIT_NOFILE");
  limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE");
  // Not 0: a kernel that pipes cores to a program takes 0 for "any size" there, and 1 for none.
  limit(RLIMIT_CORE, 1, "RLIMIT_CORE");
  limit(RLIMIT_NPROC, 0, "RLIMIT_NPROC");
}

void forbid_reaching_out() {
  filter f(SCMP_ACT_ALLOW);
  forbid_writing_files(f);
  forbid_others(f);
  forbid_sockets(f);
  f.install();
}

void allow_only_computing(int socket) {
  filter f(refused);
  allow_memory(f);
  allow_messages(f, socket);
  if (has_shadow_memory) allow_looking_at_memory(f);
  f.add_all(SCMP_ACT_ALLOW,
            {SCMP_SYS(futex),
             SCMP_SYS(clock_gettime),
             SCMP_SYS(gettimeofday),
             SCMP_SYS(time),
             SCMP_SYS(getrandom),
             SCMP_SYS(sched_yield),
             SCMP_SYS(nanosleep),
             SCMP_SYS(clock_nanosleep),
             SCMP_SYS(restart_syscall),
             SCMP_SYS(rt_sigreturn),
             SCMP_SYS(rt_sigprocmask),
             SCMP_SYS(rt_sigaction),
             SCMP_SYS(sigaltstack),
             SCMP_SYS(getpid),
             SCMP_SYS(gettid),
             SCMP_SYS(exit),
             SCMP_SYS(exit_group)});
  // So that abort() ends with its own signal, which then tells the reason.
  f.add(SCMP_ACT_ALLOW,
        SCMP_SYS(tgkill),
        SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
  f.install();
}

}  // namespace clv::worker
