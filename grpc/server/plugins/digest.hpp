// SHA-256, of files that may be trusted and of batches that ended a process.
#pragma once

#include <cstddef>
#include <span>
#include <string>

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

}  // namespace clvd::plugins
