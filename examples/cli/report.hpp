// How a command says that something went wrong: one exception, and the library's own diagnostics
// turned into sentences that name the file, the row, the column, the value and what to do.
#pragma once

#include <stdexcept>
#include <string>

#include "handles.hpp"

namespace cli {

enum exit_status { exit_ok = 0, exit_failed = 1, exit_usage = 2 };

class failure : public std::runtime_error {
 public:
  failure(int status, const std::string& message) : std::runtime_error(message), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

// The job failed (exit status 1), or the command was called wrongly (2). `hint` may be empty.
[[noreturn]] void fail(const std::string& message, const std::string& hint = {});
[[noreturn]] void misuse(const std::string& message, const std::string& hint = {});

class diag {
 public:
  diag();
  clv_diag* get() const { return handle_.get(); }
  // Throws failure{exit_failed} when `status` is negative, with every error entry, each prefixed by
  // `about` (the file or store the call was about).
  void check(clv_status status, const std::string& about) const;
  // Warnings to standard error (on a terminal, remarks too), then forgets them all.
  void print_notes(const std::string& about) const;

 private:
  diag_handle handle_;
};

}  // namespace cli
