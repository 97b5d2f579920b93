#include "doors/socket_path.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/options.hpp"

namespace clvd {
namespace {

void check_length(const std::string& path) {
  if (path.size() < sizeof(sockaddr_un::sun_path)) return;
  throw start_error(usage,
                    "--socket '" + path + "': a socket path has at most " +
                        std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes");
}

void remove_stale(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) {
    throw start_error(usage,
                      "--socket '" + path + "': something else is there; it was not touched");
  }
  if (unlink(path.c_str()) != 0) {
    throw start_error(usage, "--socket '" + path + "': " + std::strerror(errno));
  }
}

}  // namespace

socket_path::socket_path(const std::string& path) {
  check_length(path);
  const std::string lock_path = path + ".lock";
  lock_ = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) {
    throw start_error(usage, "cannot open '" + lock_path + "': " + std::strerror(errno));
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    close(lock_);
    throw start_error(already_running, "another clvd serves '" + path + "'");
  }
  remove_stale(path);
}

socket_path::~socket_path() {
  close(lock_);
}

}  // namespace clvd
