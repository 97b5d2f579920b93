#include "server.hpp"

#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <thread>

#include "config/or_start_error.hpp"
#include "ops/last_resort.hpp"
#include "ops/log.hpp"

namespace clvd {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr milliseconds goodbye{200};  // for refusals on their way
constexpr milliseconds slice{20};     // between two looks for a second signal

}  // namespace

std::string server::reload() {
  const std::size_t tokens = known_.reload();
  ports_->reload();
  try {
    change_log_level(read_again_().log_level);
  } catch (const start_error& e) {
    call_error error(grpc::StatusCode::FAILED_PRECONDITION,
                     "CONFIGURATION_INVALID",
                     "the configuration cannot be used; the settings from before stay");
    error.hidden = e.what();
    throw error;
  }
  return "tokens (" + std::to_string(tokens) + "), certificates, log level";
}

bool server::alive() {
  // Each takes a lock that calls take too: a deadlock ends the watchdog's signs of life.
  door_.inside();
  return !metrics_.page().empty();
}

void server::drain(const signals& stops) {
  log_info("draining",
           {{"delay_s", std::int64_t{options_.drain_delay.count()}},
            {"timeout_s", std::int64_t{options_.drain_timeout.count()}}});
  state_.draining = true;
  grpc_->GetHealthCheckService()->Shutdown();
  const bool hurried = stops.stop_within(options_.drain_delay);
  refuse_new_calls(stops, hurried);
  // Nothing of ours is in progress any more, or its time is over.
  const auto deadline = system_clock::now() + goodbye;
  if (http_ != nullptr) http_->stop(deadline);
  ports_->stop();
  grpc_->Shutdown(deadline);
  grpc_->Wait();
}

void server::refuse_new_calls(const signals& stops, bool hurried) {
  const auto time = hurried ? milliseconds(0) : milliseconds(options_.drain_timeout);
  const auto deadline = system_clock::now() + time;
  std::atomic<bool> closed = false;
  std::thread closing([&] {
    door_.refuse();
    if (jobs_ != nullptr) jobs_->interrupt();  // before the streams end: who watches one hears it
    state_.streams.close_all();
    door_.close(deadline);
    closed = true;
  });
  while (!closed && !hurried) {
    hurried = stops.stop_within(slice);
    if (hurried) door_.hurry();
  }
  closing.join();
}

}  // namespace clvd
