#include "calls/call.hpp"

#include "calls/errors.hpp"

namespace clvd {

void call::cancel() {
  cancelled_ = true;
  jobs_.stop();
}

void call::check_wanted() const {
  if (std::chrono::system_clock::now() >= deadline_) {
    throw call_error(
        grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the call's deadline has passed");
  }
  if (cancelled_) {
    throw call_error(grpc::StatusCode::CANCELLED, "CANCELLED", "the call was cancelled");
  }
}

std::vector<note> call::run(clv_job* job) {
  return jobs_.run(job, [this] { check_wanted(); });
}

}  // namespace clvd
