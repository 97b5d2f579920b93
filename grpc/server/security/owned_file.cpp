#include "security/owned_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "config/start_error.hpp"

namespace clvd {
namespace {

constexpr off_t largest_bytes = 16 << 20;

start_error cannot(const std::string& what, const std::string& path) {
  return {usage, "cannot " + what + " '" + path + "': " + std::strerror(errno)};
}

struct descriptor {
  int fd;
  ~descriptor() {
    if (fd >= 0) close(fd);
  }
};

void check_owner(const struct stat& found, const std::string& path, owned kind) {
  if (!S_ISREG(found.st_mode)) throw start_error(usage, "'" + path + "' is no file");
  if (found.st_uid != geteuid() && found.st_uid != 0) {
    throw start_error(usage, "'" + path + "' belongs to another user: chown it to this one");
  }
  // What root hands to a group (a mounted secret, the group ssl-cert) is read on root's word.
  const bool handed = found.st_uid == 0 && geteuid() != 0;
  const mode_t refused = kind == owned::config ? 0022 : handed ? 0037 : 0077;
  if ((found.st_mode & refused) == 0) return;
  throw start_error(usage,
                    kind == owned::secret ? "others may read or change '" + path + "': chmod 600 it"
                                          : "others may change '" + path + "': chmod go-w it");
}

void write_all(int fd, const std::string& text, const std::string& path) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw cannot("write", path);
    done += static_cast<std::size_t>(n);
  }
  if (fsync(fd) != 0) throw cannot("write", path);
}

}  // namespace

std::string read_owned_file(const std::string& path, owned kind) {
  const descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat found {};
  if (file.fd < 0 || fstat(file.fd, &found) != 0) throw cannot("read", path);
  check_owner(found, path, kind);
  if (found.st_size > largest_bytes) throw start_error(usage, "'" + path + "' is too large");
  std::string text(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = read(file.fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw cannot("read", path);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  text.resize(done);
  return text;
}

void replace_file(const std::string& path, const std::string& text) {
  std::string temporary = path + ".XXXXXX";
  const descriptor file{mkostemp(temporary.data(), O_CLOEXEC)};  // mode 0600
  if (file.fd < 0) throw cannot("write beside", path);
  try {
    write_all(file.fd, text, path);
    if (rename(temporary.c_str(), path.c_str()) != 0) throw cannot("replace", path);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const descriptor parent{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.fd < 0 || fsync(parent.fd) != 0) throw cannot("sync", folder);
}

}  // namespace clvd
