// Copies and checks of a registry's file, beside the server that writes to it. [any]
#pragma once

#include <cstdint>
#include <string>

namespace clvd {

struct registry_copy {
  std::int64_t bytes = 0;
  std::string sha256;
};

// The registry as of one moment, at `to`, where nothing may be: synced, checked, and with
// `to`.sha256 beside it as sha256sum -c reads it. What was erased from the registry is not in the
// copy. Throws call_error: UNAVAILABLE STORE_UNAVAILABLE, FAILED_PRECONDITION READ_ONLY_DISK_FULL,
// DATA_LOSS STORE_CORRUPT; then there is no file at `to`.
registry_copy copy_registry(const std::string& from, const std::string& to);

// What is wrong with the file, in SQLite's words; "" = nothing. Throws call_error where it cannot
// be read at all.
std::string damage_of_registry(const std::string& file);

}  // namespace clvd
