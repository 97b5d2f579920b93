#include "memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace clv::worker {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

void add_seals(int file, int seals) {
  if (::fcntl(file, F_ADD_SEALS, seals) != 0) fail("sealing a memory file");
}

}  // namespace

mapping::mapping(int file, std::size_t size, bool writable) : size_(size) {
  const std::size_t real = size_of(file);
  if (real < size || size == 0) {
    throw std::runtime_error("a memory file has " + std::to_string(real) + " bytes instead of " +
                             std::to_string(size));
  }
  at_ = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
  if (at_ == MAP_FAILED) {
    at_ = nullptr;
    fail("mapping a memory file");
  }
}

mapping& mapping::operator=(mapping&& other) noexcept {
  std::swap(at_, other.at_);
  std::swap(size_, other.size_);
  return *this;
}

mapping::~mapping() {
  if (at_ != nullptr) ::munmap(at_, size_);
}

descriptor new_memory(std::size_t size) {
  descriptor file(::memfd_create("clv-batch", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) fail("memfd_create");
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) fail("sizing a memory file");
  return file;
}

void seal_size(int file) {
  add_seals(file, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

void seal_content(int file) {
  add_seals(file, F_SEAL_FUTURE_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

// Not fstat: the worker's list of system calls has lseek only.
std::size_t size_of(int file) {
  const off_t end = ::lseek(file, 0, SEEK_END);
  if (end < 0) fail("measuring a memory file");
  return static_cast<std::size_t>(end);
}

}  // namespace clv::worker
