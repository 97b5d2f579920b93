#include "plugins/digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "memory.hpp"
#include "tables.hpp"

namespace clvd::plugins {
namespace {

using clv::worker::descriptor;

constexpr std::size_t largest_file = std::size_t{256} << 20;

struct free_context {
  void operator()(EVP_MD_CTX* c) const { ::EVP_MD_CTX_free(c); }
};

class hasher {
 public:
  hasher() : context_(::EVP_MD_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
    must(::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr));
  }
  void add(const void* data, std::size_t size) {
    must(::EVP_DigestUpdate(context_.get(), data, size));
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    must(::EVP_DigestFinal_ex(context_.get(), raw.data(), &size));
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
      text += "0123456789abcdef"[raw[i] >> 4];
      text += "0123456789abcdef"[raw[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, free_context> context_;
  static void must(int done) {
    if (done != 1) throw std::runtime_error("libcrypto has no SHA-256");
  }
};

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

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  hasher h;
  h.add(bytes.data(), bytes.size());
  return h.hex();
}

std::string sha256_of(const clv_batch& batch) {
  std::vector<std::byte> bytes(clv::worker::encoded_size(batch));
  clv::worker::encode(batch, bytes);
  return sha256(bytes);
}

descriptor sealed_copy(const std::string& path, std::string& digest) {
  const descriptor from(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from) fail("'" + path + "'");
  descriptor to(::memfd_create("clv-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!to) fail("memfd_create");
  hasher h;
  std::vector<char> block(std::size_t{1} << 16);
  for (std::size_t all = 0;;) {
    const ssize_t size = ::read(from.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail("'" + path + "'");
    if (size == 0) break;
    all += static_cast<std::size_t>(size);
    if (all > largest_file) throw std::length_error("'" + path + "' is longer than 256 MiB");
    h.add(block.data(), static_cast<std::size_t>(size));
    write_all(to.get(), block.data(), static_cast<std::size_t>(size));
  }
  constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (::fcntl(to.get(), F_ADD_SEALS, seals) != 0) fail("sealing a plugin");
  digest = h.hex();
  return to;
}

}  // namespace clvd::plugins
