#include "store/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "clv/error.hpp"
#include "store/sqlite.hpp"

namespace clv::store {
namespace {

[[noreturn]] void fail_io(const std::string& store_path, int system) {
  throw error(status_of_system(system),
              "store '" + store_path +
                  "' cannot be opened for writing: " + std::generic_category().message(system),
              "the folder must exist and be writable: the store keeps its log and its lock there");
}

int try_lock(int descriptor) {
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

// Whoever releases the lock removes the file first, so a waiter may have opened a file that no
// longer has the name: it must look again, else two writers would hold two files.
writer_lock::writer_lock(const std::string& store_path) : path_(store_path + "-lock") {
  for (;;) {
    // Read access is enough for flock, so writers under other user ids can share the store.
    descriptor_ = open(path_.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor_ < 0) fail_io(store_path, errno);
    const int refused = try_lock(descriptor_);
    if (refused == 0 && holds_the_named_file()) return;
    close(descriptor_);
    if (refused == EWOULDBLOCK) {
      throw error(status::busy,
                  "store '" + store_path + "' is open for writing elsewhere",
                  "one engine writes at a time: close the other one, or open this one read only");
    }
    if (refused != 0) fail_io(store_path, refused);
  }
}

bool writer_lock::holds_the_named_file() const {
  struct stat held {};
  struct stat named {};
  return fstat(descriptor_, &held) == 0 && stat(path_.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

writer_lock::~writer_lock() {
  unlink(path_.c_str());
  close(descriptor_);
}

}  // namespace clv::store
