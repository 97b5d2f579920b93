// What a shared library exports and links, read from the file: nothing of it is run.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct exported_symbol {
  std::string name;
  bool weak = false;  // another library's may stand in for it: templates of the C++ library
};

struct shared_object {
  std::vector<exported_symbol> exported;
  std::vector<std::string> needed;
};

// Throws failure when the file is no ELF library of 64 bits, or is cut off.
shared_object read_shared_object(const std::string& path);

}  // namespace cli
