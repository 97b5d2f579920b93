// Whether a file can be mapped as a library at all, before the loader tries.
#pragma once

#include <string>

namespace clv::abi {

// The loader maps what the file's headers say and dies by SIGBUS where the file ends before: a copy
// that was cut off must not take the host along. Throws error: invalid (not a file), io (no library
// for this machine, cut off, cannot be read).
void check_library_file(const std::string& path);

}  // namespace clv::abi
