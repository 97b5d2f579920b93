// clv_failure.hpp - part of clv.hpp: what went wrong, as an exception, and what else libclv had to
// say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "clv.h"

namespace clv::host {

template <auto Free>
struct frees {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

// One sentence of libclv: an error, or a note of a job that went on.
struct note {
  clv_status status = CLV_OK;
  clv_log_level level = CLV_LOG_INFO;
  std::int64_t row = -1;  // from 0; -1 = not about a row
  std::string column;     // "" = not about a column
  std::string message;
  std::string hint;    // what to do about it, or ""
  std::string plugin;  // whose fault it is, or "" for libclv itself
};

// A clv_diag as values. Passed where a function takes a clv_diag*.
class diagnostics {
 public:
  diagnostics() : held_(clv_diag_new()) {}
  operator clv_diag*() const noexcept { return held_.get(); }
  void clear() { clv_diag_clear(held_.get()); }

  std::vector<note> notes() const {
    std::vector<note> all;
    for (std::int64_t i = 0; i < clv_diag_count(held_.get()); ++i) {
      clv_diag_entry e = CLV_SIZED(clv_diag_entry);
      if (clv_diag_get(held_.get(), i, &e) < 0) break;
      all.push_back({e.status,
                     e.level,
                     e.row,
                     text(e.column),
                     text(e.message),
                     text(e.hint),
                     text(e.plugin_id)});
    }
    return all;
  }

 private:
  static std::string text(const char* in) { return in == nullptr ? std::string() : in; }

  std::unique_ptr<clv_diag, frees<clv_diag_free>> held_;
};

// A failed call. what() is the sentence; the rest says where and what to do.
class error : public std::runtime_error {
 public:
  error(clv_status status, std::vector<note> notes)
      : std::runtime_error(sentence(status, notes)), status_(status), notes_(std::move(notes)) {}

  clv_status status() const noexcept { return status_; }
  const char* status_name() const noexcept { return clv_status_name(status_); }
  // What failed, with row, column, hint and plugin; without a sentence only the status.
  note reason() const { return last(status_, notes_); }
  // All that was said, oldest first: also notes from before the failure.
  const std::vector<note>& notes() const noexcept { return notes_; }

 private:
  static note last(clv_status status, const std::vector<note>& notes) {
    for (auto n = notes.rbegin(); n != notes.rend(); ++n) {
      if (n->level == CLV_LOG_ERROR) return *n;
    }
    note silent;
    silent.status = status;
    silent.level = CLV_LOG_ERROR;
    silent.message = clv_status_name(status);
    return silent;
  }
  static std::string sentence(clv_status status, const std::vector<note>& notes) {
    return last(status, notes).message;
  }

  clv_status status_;
  std::vector<note> notes_;
};

// The text for C, which would end it at a NUL byte within: one that has any is refused instead.
inline const char* whole(const std::string& text) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string::npos) return text.c_str();
  const std::string message =
      "a text has a NUL byte after '" + text.substr(0, nul) + "', where C would end it";
  throw error(CLV_E_INVALID, {{CLV_E_INVALID, CLV_LOG_ERROR, -1, {}, message, {}, {}}});
}

// Throws where a call failed; what it returns is CLV_OK, CLV_MORE or CLV_END.
inline clv_status checked(clv_status status, const diagnostics& said) {
  if (status < 0) throw error(status, said.notes());
  return status;
}

}  // namespace clv::host
