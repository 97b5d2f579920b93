#include "store/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "store/sqlite.hpp"

namespace clv::store {
namespace {

[[noreturn]] void fail(const std::string& path, const char* doing, int system) {
  throw error(status_of_system(system),
              "'" + path + "' cannot be " + doing + ": " + std::generic_category().message(system),
              "check the folder, its permissions and the disk's free space");
}

[[noreturn]] void fail_exists(const std::string& path) {
  throw error(status::exists,
              "'" + path + "' exists; nothing was written over it",
              "name another file, or move that one away");
}

bool is_there(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) == 0) return true;
  if (errno != ENOENT) fail(path, "looked at", errno);
  return false;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The new name itself must survive a power cut.
void sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder, "opened", errno);
  const int system = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  // Some file systems cannot sync a folder and need not.
  if (system != 0 && system != EINVAL) fail(folder, "synced", system);
}

// Renames without replacing. A file system that cannot do that can make a second name.
int rename_to_free(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());
  return 0;
}

}  // namespace

void require_free(const std::string& path, bool as_store) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    throw error(status::invalid, "a path is empty or contains a NUL byte");
  }
  if (is_there(path)) fail_exists(path);
  if (!as_store) return;
  for (const char* side : {"-wal", "-journal"}) {
    struct stat found {};
    if (lstat((path + side).c_str(), &found) != 0 || found.st_size == 0) continue;
    throw error(status::exists,
                "'" + path + side + "' exists: it belongs to a store that was at '" + path +
                    "', and would be played into the new one",
                "move it to where that store is now");
  }
}

// ---- new_file

new_file::new_file(std::string path) : path_(std::move(path)), part_(path_ + ".part-XXXXXX") {
  descriptor_ = mkostemp(part_.data(), O_CLOEXEC);
  if (descriptor_ < 0) {
    const int system = errno;
    part_.clear();
    fail(path_, "made", system);
  }
}

new_file::~new_file() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!part_.empty()) unlink(part_.c_str());
}

void new_file::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t taken = ::write(descriptor_, bytes.data(), bytes.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) fail(path_, "written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void new_file::write_at(std::int64_t offset, std::string_view bytes) {
  const ssize_t taken = pwrite(descriptor_, bytes.data(), bytes.size(), offset);
  if (taken != static_cast<ssize_t>(bytes.size())) fail(path_, "written", taken < 0 ? errno : EIO);
}

void new_file::sync() const {
  if (fsync(descriptor_) != 0) fail(path_, "synced", errno);
}

void new_file::publish() {
  sync();
  const int refused = rename_to_free(part_, path_);
  if (refused == EEXIST) fail_exists(path_);
  if (refused != 0) fail(path_, "renamed", refused);
  part_.clear();
  close(descriptor_);
  descriptor_ = -1;
  sync_folder_of(path_);
}

void new_file::withdraw() noexcept {
  if (part_.empty()) unlink(path_.c_str());
}

// ---- old_file

old_file::old_file(std::string path) : path_(std::move(path)) {
  descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(path_, "opened", errno);
  struct stat found {};
  const int system = fstat(descriptor_, &found) == 0 ? 0 : errno;
  if (system == 0 && S_ISREG(found.st_mode)) {
    bytes_ = found.st_size;
    return;
  }
  close(descriptor_);
  if (system != 0) fail(path_, "looked at", system);
  throw error(status::io, "'" + path_ + "' is not a regular file");
}

old_file::~old_file() {
  close(descriptor_);
}

std::string_view old_file::read(std::size_t most) {
  block_.resize(most);
  ssize_t got = -1;
  do {
    got = ::read(descriptor_, block_.data(), block_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) fail(path_, "read", errno);
  return {block_.data(), static_cast<std::size_t>(got)};
}

}  // namespace clv::store
