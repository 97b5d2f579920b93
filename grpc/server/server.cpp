#include "server.hpp"

#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "config/or_start_error.hpp"
#include "doors/hang_up.hpp"
#include "ops/last_resort.hpp"
#include "ops/log.hpp"

namespace clvd {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr milliseconds goodbye{200};  // for answers and refusals on their way
constexpr milliseconds slice{20};     // between two looks for a second signal

}  // namespace

std::string server::reload() {
  const std::size_t tokens = known_.reload();
  state_.streams.look();
  ports_->reload();
  try {
    change_log_level(read_again_().log_level);
  } catch (const std::exception& e) {  // whatever a file can bring about: a server stays up
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
  return metrics_.answers();
}

void server::drain(const signals& stops, last_resort& leave) {
  log_info("draining",
           {{"delay_s", std::int64_t{options_.drain_delay.count()}},
            {"timeout_s", std::int64_t{options_.drain_timeout.count()}}});
  state_.draining = true;
  grpc_->GetHealthCheckService()->Shutdown();
  const bool hurried = stops.stop_within(options_.drain_delay);
  refuse_new_calls(stops, hurried);
  // Nothing of ours is in progress any more, or its time is over.
  leave.within(longest_closing);
  const auto deadline = system_clock::now() + goodbye;
  if (http_ != nullptr) http_->stop(deadline);
  ports_->stop();
  // gRPC ends what arrives during a Shutdown as CANCELLED, which no client tries again. So the gate
  // refuses callers while the last answers are on their way, and then the connections are closed:
  // what is on them ends as UNAVAILABLE (tests/faults/process/drain_test.py). Only calls whose time
  // is over are to hear that they were cancelled.
  const auto answered = door_.last() + goodbye;
  std::this_thread::sleep_until(door_.inside() > 0 ? deadline : std::min(deadline, answered));
  if (door_.inside() == 0) hang_up(options_.socket, ports_->tcp_port());
  grpc_->Shutdown(system_clock::now());
  grpc_->Wait();
  state_.streams.stop();
}

// Jobs have half of the time, so that who watches one hears of its end before the streams are
// closed, which calls in progress have all of.
void server::refuse_new_calls(const signals& stops, bool hurried) {
  const auto time = hurried ? milliseconds(0) : milliseconds(options_.drain_timeout);
  const auto now = system_clock::now();
  std::atomic<bool> closed = false;
  std::thread closing([&] {
    door_.refuse();
    if (jobs_ != nullptr) {
      jobs_->stop_all();
      jobs_->await_end(now + time / 2);
    }
    state_.streams.close_all();
    door_.close(now + time);
    closed = true;
  });
  while (!closed && !hurried) {
    hurried = stops.stop_within(slice);
    if (!hurried) continue;
    if (jobs_ != nullptr) jobs_->hurry();
    door_.hurry();
  }
  closing.join();
}

}  // namespace clvd
