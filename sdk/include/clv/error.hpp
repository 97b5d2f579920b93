// What went wrong, as data: one exception type inside the core, a list of issues for rows.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace clv {

// The values cross the C ABI unchanged; clv_base.h says what each one means.
enum class status : std::int32_t {
  ok = 0,
  more = 1,
  end = 2,
  invalid = -1,
  unsupported = -2,
  abi = -3,
  no_memory = -4,
  state = -5,
  not_found = -6,
  data = -7,
  numeric = -8,
  io = -9,
  busy = -10,
  cancelled = -11,
  plugin = -12,
  permission = -13,
  internal = -14,
  exists = -15,
  conflict = -16,
  limit = -17,
  corrupt = -18,
  full = -19,
};

enum class log_level : std::int32_t { debug = 0, info = 1, warn = 2, error = 3 };

// One finding. `row` counts data rows from 0 (-1: not about a row), `column` is the dictionary's
// or the file's name ("" when it is not about a column). `message` is a full sentence that already
// names row, column and value for a human; the fields repeat them for a program.
struct issue {
  status code = status::invalid;
  log_level level = log_level::error;
  std::int64_t row = -1;
  std::string column;
  std::string message;
  std::string hint;    // what to do about it; may be empty
  std::string plugin;  // who said it; empty: libclv itself
};

// Bad input or a failing device. Programming mistakes are asserts; "did not converge" is a result.
class error : public std::exception {
 public:
  explicit error(issue what) : issue_(std::move(what)) {}
  error(status code, std::string message, std::string hint = {})
      : issue_{.code = code, .message = std::move(message), .hint = std::move(hint)} {}
  const issue& details() const noexcept { return issue_; }
  const char* what() const noexcept override { return issue_.message.c_str(); }

 private:
  issue issue_;
};

using issues = std::vector<issue>;

}  // namespace clv
