// Any bytes on a connection of the HTTP/JSON door: nothing, when they are no whole request, or one
// response that is never a bug.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "doors/http_door.hpp"
#include "local_host.hpp"
#include "promise.hpp"

namespace {

using namespace clv::fuzz;

class door {
 public:
  door() {
    path_ =
        std::filesystem::exists("/dev/shm") ? "/dev/shm/clv_fuzz_XXXXXX" : "/tmp/clv_fuzz_XXXXXX";
    require(mkdtemp(path_.data()) != nullptr, "a folder");
    clvd::http_options options;
    options.address = "unix:" + path_ + "/h";
    options.body_bytes = 1 << 16;
    door_ = std::make_unique<clvd::http_door>(local_host(), options);
  }
  ~door() {
    door_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  // Everything that comes back until the door closes.
  std::string said_to(std::string_view bytes) {
    const int fd = connected();
    while (!bytes.empty()) {
      const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // the door has refused and closed
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    shutdown(fd, SHUT_WR);
    std::string all;
    char part[4096];
    for (ssize_t n = 0; (n = recv(fd, part, sizeof part, 0)) > 0;) {
      all.append(part, static_cast<std::size_t>(n));
    }
    close(fd);
    return all;
  }

 private:
  std::string path_;
  std::unique_ptr<clvd::http_door> door_;

  int connected() const {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    (path_ + "/h").copy(to.sun_path, sizeof to.sun_path - 1);
    require(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0, "connected");
    return fd;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static door open;
  std::string said = open.said_to(text_of(data, size));
  if (said.starts_with("HTTP/1.1 100 Continue\r\n\r\n")) said.erase(0, 25);
  if (said.empty()) return 0;
  require(said.starts_with("HTTP/1.1 "), "a response", said);
  const int status = std::atoi(said.c_str() + 9);
  require(status >= 200 && status < 600 && status != 500, "no request is a bug", said);
  require(said.find("\r\n\r\n") != said.npos, "a head and a body", said);
  return 0;
}
