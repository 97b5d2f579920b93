// clv-plugin-host: runs one plugin for clvd, with as few rights as it can. Started by clvd only,
// with the socket as descriptor 3 and its own process id as the argument.
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>

#include "sandbox.hpp"
#include "session.hpp"

namespace {

constexpr int control = 3;

enum exit_code { good = 0, broken_protocol = 70, wrong_use = 2 };

bool has_control_socket() {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(control, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

int parent_of(const char* argument) {
  int parent = 0;
  const auto read = std::from_chars(argument, argument + std::strlen(argument), parent);
  return read.ec == std::errc() && *read.ptr == '\0' ? parent : 0;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// A plugin's signal and exit status are told as they are; nothing may be traced to look for leaks.
#define CLV_SEEN_BY_RUNTIME extern "C" __attribute__((visibility("default")))
static constexpr const char* default_options =
    "handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:handle_abort=0:detect_leaks=0";
CLV_SEEN_BY_RUNTIME const char* __asan_default_options() {
  return default_options;
}
CLV_SEEN_BY_RUNTIME const char* __tsan_default_options() {
  return default_options;
}
#endif

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::puts(clv_version());
    return good;
  }
  const int parent = argc == 2 ? parent_of(argv[1]) : 0;
  if (parent <= 0 || !has_control_socket()) {
    std::fputs("clv-plugin-host: clvd starts this program; it is of no use by itself\n", stderr);
    return wrong_use;
  }
  int code = broken_protocol;
  try {
    ::umask(0077);
    if (::chdir("/") != 0 || !clv::worker::tie_to_parent(parent)) return wrong_use;
    clv::worker::session plugin(control);
    code = plugin.serve();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "clv-plugin-host: %s\n", e.what());
  }
  ::_exit(code);  // not the plugin's exit handlers
}
