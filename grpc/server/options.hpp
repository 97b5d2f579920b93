// What `clvd` was asked to do.
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "store.hpp"

namespace clvd {

// Exit status of the program.
enum exit_status { ok = 0, failed = 1, usage = 2, already_running = 3 };

// Why the server cannot start; the text is for the operator.
struct start_error : std::runtime_error {
  start_error(exit_status s, const std::string& text) : std::runtime_error(text), status(s) {}
  exit_status status;
};

struct options {
  std::string socket;  // "" = none
  std::string listen;  // "127.0.0.1:PORT", "" = none
  std::string store;   // "" = none: ActionService refuses
  std::vector<plugin_file> plugins;
  unsigned workers = 0;  // 0 = one per processor
  std::size_t queue = 64;
  std::chrono::seconds drain{10};
  std::string log_level = "info";
  bool check_config = false;
};

// Parses the command line; --help and --version print and exit(0). Throws start_error{usage}.
options parse_options(int argc, char** argv);

}  // namespace clvd
