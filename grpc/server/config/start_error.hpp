// Why clvd does not start.
#pragma once

#include <stdexcept>
#include <string>

namespace clvd {

// Exit status of the program. "Corrupt" is one of its own, so that nobody restarts into it for
// ever.
enum exit_status { ok = 0, failed = 1, usage = 2, already_running = 3, corrupt = 4 };

// The text is for the operator.
struct start_error : std::runtime_error {
  start_error(exit_status s, const std::string& text) : std::runtime_error(text), status(s) {}
  exit_status status;
};

}  // namespace clvd
