#include "jobs/job_context.hpp"

#include <chrono>
#include <utility>

#include "calls/errors.hpp"

namespace clvd {
namespace {

constexpr std::chrono::milliseconds look_every{20};

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
  const std::lock_guard lock(mutex_);
  if (cut_) throw call_error(*cut_);
}

std::unique_lock<std::timed_mutex> job_context::taken(std::timed_mutex& mutex) const {
  std::unique_lock lock(mutex, std::defer_lock);
  // By the system's clock: gcc 12's thread sanitizer does not see a lock that was had by the other.
  while (!lock.try_lock_until(std::chrono::system_clock::now() + look_every)) check_wanted();
  return lock;
}

void job_context::stop() {
  stopped_ = true;
  jobs_.stop();
}

void job_context::cut(call_error why) {
  {
    const std::lock_guard lock(mutex_);
    cut_ = std::move(why);
  }
  jobs_.stop();
}

void job_context::run(clv_job* job) {
  const auto tell = [&] {
    auto progress = CLV_SIZED(clv_progress);
    if (clv_job_progress(job, &progress, nullptr) == CLV_OK)
      report(progress.fraction, progress.phase_name);
  };
  for (note& n : jobs_.run(
           job, [this] { check_wanted(); }, tell)) {
    warnings_.push_back(std::move(n));
  }
}

}  // namespace clvd
