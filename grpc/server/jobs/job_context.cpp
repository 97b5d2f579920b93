#include "jobs/job_context.hpp"

#include <cstdint>

#include "calls/errors.hpp"

namespace clvd {
namespace {

constexpr std::uint32_t step_ms = 20;

}  // namespace

void job_context::part(double from, double to) {
  from_ = from;
  to_ = to;
}

void job_context::report(double fraction, const std::string& phase) {
  report_(from_ + (to_ - from_) * fraction, phase);
}

void job_context::check_wanted() const {
  if (stopped_) {
    throw call_error(grpc::StatusCode::CANCELLED, "CANCELLED", "the job was asked to stop");
  }
}

void job_context::stop() {
  stopped_ = true;
  const std::lock_guard lock(mutex_);
  if (running_ != nullptr) clv_job_cancel(running_);
}

void job_context::run(clv_job* job) {
  struct attached {
    attached(job_context& c, clv_job* j) : in(c) { set(j); }
    ~attached() { set(nullptr); }
    void set(clv_job* j) {
      const std::lock_guard lock(in.mutex_);
      in.running_ = j;
    }
    job_context& in;
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
    auto progress = CLV_SIZED(clv_progress);
    if (clv_job_progress(job, &progress) == CLV_OK) report(progress.fraction, progress.phase_name);
  }
  for (note& n : warnings_of(diag.get())) warnings_.push_back(std::move(n));
}

}  // namespace clvd
