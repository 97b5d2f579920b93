#include "plugins/digest.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "memory.hpp"
#include "security/sha256.hpp"
#include "tables.hpp"

namespace clvd::plugins {
namespace {

using clv::worker::descriptor;

constexpr std::size_t largest_file = std::size_t{256} << 20;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void write_all(int to, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t done = ::write(to, from, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("copying a plugin");
    from += done;
    size -= static_cast<std::size_t>(done);
  }
}

// `each(block, size)` sees all bytes in their order.
template <typename Each>
std::string digest_of(const std::string& path, Each each) {
  const descriptor from(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from) fail("'" + path + "'");
  sha256_hash h;
  std::vector<char> block(std::size_t{1} << 16);
  for (std::size_t all = 0;;) {
    const ssize_t size = ::read(from.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail("'" + path + "'");
    if (size == 0) return h.hex();
    all += static_cast<std::size_t>(size);
    if (all > largest_file) throw std::length_error("'" + path + "' is longer than 256 MiB");
    h.add(block.data(), static_cast<std::size_t>(size));
    each(block.data(), static_cast<std::size_t>(size));
  }
}

bool is_same(const struct stat& a, const struct stat& b) {
  const auto same_time = [](const timespec& x, const timespec& y) {
    return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec;
  };
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         same_time(a.st_mtim, b.st_mtim) && same_time(a.st_ctim, b.st_ctim);
}

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  sha256_hash h;
  h.add(bytes.data(), bytes.size());
  return h.hex();
}

std::string sha256_of(const clv_batch& batch) {
  std::vector<std::byte> bytes(clv::worker::encoded_size(batch));
  clv::worker::encode(batch, bytes);
  return sha256(bytes);
}

descriptor sealed_copy(const std::string& path, std::string& digest) {
  descriptor to(::memfd_create("clv-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!to) fail("memfd_create");
  digest = digest_of(
      path, [&](const char* block, std::size_t size) { write_all(to.get(), block, size); });
  constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (::fcntl(to.get(), F_ADD_SEALS, seals) != 0) fail("sealing a plugin");
  return to;
}

std::string file_digest::now() {
  const std::scoped_lock held(mutex_);
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) return {};
  if (!digest_.empty() && is_same(found, seen_)) return digest_;
  digest_.clear();
  try {
    digest_ = digest_of(path_, [](const char*, std::size_t) {});
    seen_ = found;  // as it was before reading: a change meanwhile is noticed by the next call
    ++readings_;
  } catch (const std::exception&) {  // it cannot be read now
  }
  return digest_;
}

}  // namespace clvd::plugins
