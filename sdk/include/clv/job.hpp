// Long work that the caller steps: a list of phases, each a small unit of work called repeatedly.
// No thread, no callback, no clock beyond the step's own time budget.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/table.hpp"

namespace clv {

struct fitted_model;
namespace detail {
class unstored;
}

// `advance` does one bounded unit of work (aim: under 10 ms) and returns how much of the phase is
// done, in [0, 1]; 1 ends the phase. It may throw clv::error, which ends the job.
struct phase {
  std::string name;
  std::function<double()> advance;
};

// What a finished job hands over. "" is the main table; others have names ("rejects", ...).
struct outcome {
  std::map<std::string, std::shared_ptr<const table>, std::less<>> tables;
  std::shared_ptr<const fitted_model> model;
  issues notes;  // warnings and row-level findings, in order
  // Of a verb of an engine that only reads: what engine::adopt stores; else nullptr.
  std::shared_ptr<const detail::unstored> unstored;
  // Of the job that fills it, while it lives: true when it is to end. For a unit that cannot be
  // made short, such as SQLite's check of a table; the others are asked between two units.
  const std::atomic<bool>* cancelled = nullptr;
};

class job {
 public:
  job(std::vector<phase> phases, std::shared_ptr<outcome> result)
      : phases_(std::move(phases)), result_(std::move(result)) {
    result_->cancelled = &cancelled_;
  }

  // Works until the budget is used (0: to the end), always at least one unit. True: finished.
  // Throws error{cancelled} after cancel(). A job that has thrown holds nothing but its result, as
  // far as it had come; stepped again it throws error{state}.
  bool step(std::chrono::milliseconds budget);
  void run() { step(std::chrono::milliseconds{0}); }
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }

  bool finished() const { return current_ == phases_.size(); }
  std::size_t phase_count() const { return phases_.size(); }
  std::size_t current_phase() const { return current_; }
  std::string_view phase_name() const {
    return finished() ? std::string_view("done") : phases_[current_].name;
  }
  double fraction() const { return fraction_; }  // 0..1 of the whole, never goes back
  outcome& result() { return *result_; }
  const outcome& result() const { return *result_; }

 private:
  std::vector<phase> phases_;
  std::shared_ptr<outcome> result_;  // shared with the closures that fill it
  std::size_t current_ = 0;
  double fraction_ = 0.0;
  std::atomic<bool> cancelled_{false};
};

}  // namespace clv
