// Files that only their owner may change, and some that only their owner may read.
#pragma once

#include <string>

namespace clvd {

enum class owned {
  config,  // others may read it
  secret,  // nobody else may: tokens, private keys
};

// The whole text. Refuses a file of another user than this one or root, one that others may write,
// and for a secret one that others may read. Throws start_error.
std::string read_owned_file(const std::string& path, owned kind);

// Writes a temporary file beside it with mode 0600, syncs it, renames it, syncs the folder: readers
// see the old text or the new one. Throws start_error.
void replace_file(const std::string& path, const std::string& text);

}  // namespace clvd
