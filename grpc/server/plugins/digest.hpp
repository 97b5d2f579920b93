// SHA-256, of files that may be trusted and of batches that ended a process.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "clv_base.h"
#include "frame.hpp"

namespace clvd::plugins {

// 64 lower-case hex digits.
std::string sha256(std::span<const std::byte> bytes);
// Of names, types and values of all columns: the same for the same batch wherever it lies.
std::string sha256_of(const clv_batch& batch);
// A copy of the file in memory that nobody can change any more, and its digest: what was hashed is
// what gets loaded. Throws std::system_error; std::length_error beyond 256 MiB.
clv::worker::descriptor sealed_copy(const std::string& path, std::string& digest);

// The digest of one file as it is now, computed again only when the file is another or was written
// to: by device, inode, size and both times. [any]
class file_digest {
 public:
  explicit file_digest(std::string path) : path_(std::move(path)) {}
  // "" where there is no file that can be read.
  std::string now();
  // How often the file was read to its end.
  int readings() const { return readings_; }

 private:
  const std::string path_;
  std::mutex mutex_;  // guards what follows
  struct stat seen_ {};
  std::string digest_;
  std::atomic<int> readings_ = 0;
};

}  // namespace clvd::plugins
