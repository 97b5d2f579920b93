#include "frame.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace clv::worker {
namespace {

constexpr std::size_t most_files = 2;

union control_buffer {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int) * most_files)];
};

void attach(msghdr& to, control_buffer& room, const int* files, std::size_t count) {
  to.msg_control = room.bytes;
  to.msg_controllen = CMSG_SPACE(sizeof(int) * count);
  cmsghdr* c = CMSG_FIRSTHDR(&to);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int) * count);
  std::memcpy(CMSG_DATA(c), files, sizeof(int) * count);
}

// Takes every descriptor, also of a message that is refused afterwards: none may leak.
std::size_t take_files(msghdr& from, std::array<descriptor, most_files>& files) {
  std::size_t taken = 0;
  for (cmsghdr* c = CMSG_FIRSTHDR(&from); c != nullptr; c = CMSG_NXTHDR(&from, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
      descriptor owned(fd);
      if (taken < most_files) files[taken] = std::move(owned);
      ++taken;
    }
  }
  return taken;
}

void check(const frame& f, std::size_t bytes, const msghdr& from) {
  if (bytes != sizeof(frame) || (from.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    throw std::runtime_error("a message of " + std::to_string(bytes) + " bytes is no frame");
  }
  if (f.magic != frame_magic) throw std::runtime_error("a message does not begin as a frame does");
  if (f.version != frame_version) {
    throw std::runtime_error("a frame of version " + std::to_string(f.version) +
                             " is not known; install clvd and clv-plugin-host of one release");
  }
}

bool gone(int error) {
  return error == EPIPE || error == ECONNRESET || error == ENOTCONN;
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int descriptor::release() noexcept {
  return std::exchange(fd_, -1);
}

bool send_frame(int socket, const frame& what, int input, int output) {
  iovec part{const_cast<frame*>(&what), sizeof what};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  control_buffer room{};
  const int files[most_files] = {input, output};
  if (input >= 0) attach(message, room, files, output >= 0 ? 2 : 1);
  for (;;) {
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(sizeof what)) return true;
    if (sent >= 0) throw std::runtime_error("a frame was sent in part");
    if (gone(errno)) return false;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "sendmsg");
  }
}

std::optional<parcel> receive_frame(int socket) {
  parcel got;
  iovec part{&got.head, sizeof got.head};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  control_buffer room{};
  message.msg_control = room.bytes;
  message.msg_controllen = sizeof room.bytes;
  ssize_t bytes = -1;
  do {
    bytes = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (bytes < 0 && errno == EINTR);
  if (bytes == 0 || (bytes < 0 && gone(errno))) return std::nullopt;
  if (bytes < 0) throw std::system_error(errno, std::generic_category(), "recvmsg");
  take_files(message, got.files);
  check(got.head, static_cast<std::size_t>(bytes), message);
  return got;
}

}  // namespace clv::worker
