// A libclv job run to its end in small steps: progress on a terminal, Ctrl-C cancels it.
#pragma once

#include <string>
#include <utility>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

class task {
 public:
  // begin(args..., &job, diag) is one of libclv's ..._begin functions. `title` is shown with the
  // progress, `about` (a file or store) prefixes what goes wrong. `d` must outlive the task.
  template <typename Begin, typename... Args>
  task(diag& d, std::string title, std::string about, Begin begin, Args... args)
      : diag_(d), title_(std::move(title)), about_(std::move(about)) {
    clv_job* raw = nullptr;
    diag_.check(begin(args..., &raw, diag_.get()), about_);
    job_.reset(raw);
  }

  // To the end, or to the first failure, whose status it returns.
  clv_status step();
  // Throws failure for a status that is one, prints the job's notes for one that is not; those that
  // are only worth knowing too, when asked for.
  void conclude(clv_status status, bool all_notes = false) const;
  void run() { conclude(step()); }
  // A table of the job: "" is the main one.
  result take(const char* name = "") const;
  // As take, but null instead of a failure: after a failed step, or when there is no such table.
  result try_take(const char* name) const;
  model take_model() const;

 private:
  diag& diag_;
  job job_;
  std::string title_;
  std::string about_;
};

}  // namespace cli
