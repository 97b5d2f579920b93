// Memory shared by two processes: an anonymous file that is mapped by both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "frame.hpp"

namespace clv::worker {

// A mapping of the beginning of a memory file.
class mapping {
 public:
  mapping() = default;
  // Throws std::runtime_error when the file has fewer bytes than `size`, std::system_error when it
  // cannot be mapped so.
  mapping(int file, std::size_t size, bool writable);
  mapping(mapping&& other) noexcept
      : at_(std::exchange(other.at_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  mapping& operator=(mapping&& other) noexcept;
  ~mapping();
  std::span<std::byte> bytes() const noexcept { return {static_cast<std::byte*>(at_), size_}; }

 private:
  void* at_ = nullptr;
  std::size_t size_ = 0;
};

// A new memory file of `size` bytes, all 0; pages are taken as they are written. Throws
// std::system_error.
descriptor new_memory(std::size_t size);
// Nobody can change its size any more. Throws std::system_error.
void seal_size(int file);
// Nobody can change its size or make a new mapping to write through; those that exist stay. Throws
// std::system_error.
void seal_content(int file);
// As the kernel says. Throws std::system_error.
std::size_t size_of(int file);

}  // namespace clv::worker
