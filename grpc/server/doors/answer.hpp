// One unary call, whatever door it came through: authorised, decoded, handled, counted, logged.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "calls/call.hpp"
#include "calls/errors.hpp"
#include "calls/gate.hpp"
#include "calls/methods.hpp"
#include "calls/pool.hpp"

namespace clvd {

class credentials;
class metrics;

// What every door needs; all outlive it.
struct host {
  services with;
  pool& workers;
  gate& door;
  clvd::metrics& metrics;
  const credentials& known;
  pool* senders = nullptr;  // threads that mostly wait, so that many are in one commit

  pool& pool_for(const method& m) const {
    return m.waits && senders != nullptr ? *senders : workers;
  }
};

// The failures that a door meets before any handler does.
call_error queue_full();
call_error shutting_down();

// The caller of a call that was refused before it was known who calls.
caller nobody();

// Runs the handler of a unary method. `decode` fills the request and `encode` takes the response;
// both may throw call_error. Checks the scope and that the call is still wanted; -0 becomes 0 both
// ways, because JSON cannot tell them apart. Whatever is thrown comes back as a call_error whose
// hidden text is in the log already; nullptr: answered. On a worker thread.
std::unique_ptr<call_error> answer(
    host& h,
    const method& m,
    call& c,
    const std::function<void(google::protobuf::Message&)>& decode,
    const std::function<void(const google::protobuf::Message&)>& encode);

// What is thrown, as the one exception of this program; `e` is the current exception. What the
// client must not see goes to the log under an incident number, with the call's ids.
call_error told(const std::exception_ptr& e, const trace& of = {});

// Writes the log line and counts the call, when it has ended. `door`: "grpc" or "http"; `error` is
// null when there was none.
void note_end(host& h,
              const char* door,
              const method& m,
              const call& c,
              const call_error* error,
              std::chrono::steady_clock::duration took);

}  // namespace clvd
