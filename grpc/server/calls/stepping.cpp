#include "calls/stepping.hpp"

#include <cstdint>
#include <utility>

#include "calls/errors.hpp"

namespace clvd {
namespace {

// Short enough to notice a passed deadline soon, long enough to cost nothing.
constexpr std::uint32_t step_ms = 20;

}  // namespace

std::vector<note> warnings_of(const clv_diag* diag) {
  std::vector<note> notes;
  for (std::int64_t i = 0; i < clv_diag_count(diag); ++i) {
    auto entry = CLV_SIZED(clv_diag_entry);
    if (clv_diag_get(diag, i, &entry) != CLV_OK || entry.level < CLV_LOG_WARN) continue;
    notes.push_back({entry.plugin_id != nullptr ? entry.plugin_id : "",
                     entry.message != nullptr ? entry.message : ""});
  }
  return notes;
}

void stepping::stop() {
  const std::lock_guard lock(mutex_);
  if (running_ != nullptr) clv_job_cancel(running_);
}

void stepping::set_running(clv_job* job) {
  const std::lock_guard lock(mutex_);
  running_ = job;
}

std::vector<note> stepping::run(clv_job* job,
                                const std::function<void()>& check_wanted,
                                const std::function<void()>& stepped) {
  struct attached {
    attached(stepping& in, clv_job* j) : s(in) { s.set_running(j); }
    ~attached() { s.set_running(nullptr); }
    stepping& s;
  };
  const attached scope(*this, job);
  const diag_ptr diag(clv_diag_new());
  for (clv_status status = CLV_MORE; status == CLV_MORE;) {
    check_wanted();
    status = clv_job_step(job, step_ms, diag.get());
    if (status < 0) {
      check_wanted();  // a cancelled job fails; say why it was cancelled
      throw core_failure(status, diag.get());
    }
    if (stepped) stepped();
  }
  return warnings_of(diag.get());
}

}  // namespace clvd
