// How a command says that something went wrong: one exception, and the library's own diagnostics
// turned into sentences that name the file, the row, the column, the value and what to do.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

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
  // Warnings, and errors that did not stop the job (a plugin that failed), to standard error (on a
  // terminal, remarks too); kept as warnings(), then forgotten by the library's own list.
  void print_notes(const std::string& about, bool all = false);
  // A warning of the command's own: printed and kept.
  void warn(const std::string& sentence);
  // Errors about a row are from now on about this file's rows, of which these were rejected.
  void name_rows_of(std::string file, std::vector<std::int64_t> rejected);
  // All warnings so far, as a JSON array of texts.
  std::string warnings_json() const;

 private:
  std::vector<std::string> sentences(clv_log_level least, const std::string& about) const;
  std::string sentence(const clv_diag_entry& entry, const std::string& about) const;

  diag_handle handle_;
  std::vector<std::string> warnings_;
  std::string file_;                    // "" = no file's rows
  std::vector<std::int64_t> rejected_;  // rows of file_, from 1, rising
};

}  // namespace cli
