#include "config/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/start_error.hpp"

namespace clvd {
namespace {

start_error refused(const std::string& path, const std::string& why) {
  return {usage, "--data '" + path + "': " + why};
}

bool exists(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) == 0) return true;
  if (errno == ENOENT) return false;
  throw refused(path, std::strerror(errno));
}

}  // namespace

void data_folder::check(const std::string& path) {
  struct stat found {};
  if (!exists(path)) return;
  if (stat(path.c_str(), &found) != 0) throw refused(path, std::strerror(errno));
  if (!S_ISDIR(found.st_mode)) throw refused(path, "this is no folder");
  // Started as another user, the stores would be unreadable, or worse: made anew beside.
  if (found.st_uid != geteuid()) {
    throw refused(path,
                  "it belongs to user " + std::to_string(found.st_uid) + ", and clvd runs as " +
                      std::to_string(geteuid()) + ": start it as that user");
  }
  if ((found.st_mode & 0077u) != 0) {
    throw refused(path, "others may enter it: chmod 700 it");
  }
  if (access(path.c_str(), R_OK | W_OK | X_OK) != 0) throw refused(path, std::strerror(errno));
}

data_folder::data_folder(const std::string& path) {
  if (!exists(path) && mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw refused(path, std::string("cannot make it: ") + std::strerror(errno));
  }
  check(path);
  const std::string lock = path + "/clvd.lock";
  lock_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) throw refused(path, "cannot open clvd.lock: " + std::string(std::strerror(errno)));
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  close(lock_);
  throw start_error(already_running, "--data '" + path + "': another clvd has this folder");
}

data_folder::~data_folder() {
  close(lock_);
}

}  // namespace clvd
