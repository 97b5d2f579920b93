#include "doors/unix_listener.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>

#include "config/start_error.hpp"
#include "doors/listening_socket.hpp"
#include "ops/log.hpp"

namespace clvd {
namespace {

constexpr int waiting_connections = 1024;
// Out of descriptors: the connection stays in the kernel's queue until some are free again.
constexpr int pause_ms = 50;

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

struct unix_listener::impl {
  std::string path;
  peer_rules rules;
  events on;
  int socket = -1;
  int wake = -1;
  std::thread thread;
  bool short_of_descriptors = false;

  ~impl() {
    if (socket >= 0) close(socket);
    if (wake >= 0) close(wake);
  }

  void open() {
    wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0) {
      throw start_error(failed, "cannot serve on '" + path + "': " + std::strerror(errno));
    }
    socket = listening_on(path, rules, waiting_connections);
  }

  // False: there is none to accept now.
  bool accept_one() {
    const int connection = accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) {
      if (is_shortage(errno)) wait_for_descriptors();
      return errno == EINTR || errno == ECONNABORTED;
    }
    short_of_descriptors = false;
    if (rules.allows(connection)) {
      on.accepted(connection);
    } else {
      close(connection);
      if (on.refused) on.refused();
    }
    return true;
  }

  void wait_for_descriptors() {
    if (!std::exchange(short_of_descriptors, true)) {
      log_error("accept", {{"text", "out of descriptors: new connections wait"}});
    }
    pollfd woken{wake, POLLIN, 0};
    poll(&woken, 1, pause_ms);
    errno = EMFILE;
  }

  void serve() {
    std::array<pollfd, 2> waits{{{socket, POLLIN, 0}, {wake, POLLIN, 0}}};
    for (;;) {
      if (poll(waits.data(), waits.size(), -1) < 0) continue;
      if (waits[1].revents != 0) return;
      while (accept_one()) {
      }
    }
  }
};

unix_listener::unix_listener(std::string path, peer_rules rules, events on)
    : impl_(std::make_unique<impl>()) {
  impl_->path = std::move(path);
  impl_->rules = std::move(rules);
  impl_->on = std::move(on);
  impl_->open();
}

unix_listener::~unix_listener() {
  stop();
}

void unix_listener::start() {
  impl_->thread = std::thread([this] { impl_->serve(); });
}

void unix_listener::stop() {
  if (impl_->socket < 0) return;
  const std::uint64_t one = 1;
  if (write(impl_->wake, &one, sizeof(one)) < 0) {
    log_error("stop", {{"text", std::strerror(errno)}});
  }
  if (impl_->thread.joinable()) impl_->thread.join();
  unlink(impl_->path.c_str());
  close(std::exchange(impl_->socket, -1));
}

}  // namespace clvd
