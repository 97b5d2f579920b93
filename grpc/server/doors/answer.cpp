#include "doors/answer.hpp"

#include <google/protobuf/arena.h>

#include <atomic>
#include <new>
#include <system_error>

#include "calls/wire.hpp"
#include "ops/log.hpp"
#include "ops/metrics.hpp"

namespace clvd {
namespace {

// What went wrong stays in the log, under a number that the client gets.
void hide(call_error& error, const trace& of) {
  static std::atomic<std::int64_t> incidents = 0;
  if (error.code == grpc::StatusCode::INTERNAL) {
    if (error.hidden.empty()) error.hidden = error.message;
    error.message = "internal error";
  }
  if (error.hidden.empty()) return;
  const std::int64_t incident = ++incidents;
  error.metadata["incident"] = std::to_string(incident);
  error.message += ", incident " + std::to_string(incident);
  log_error("incident",
            {{"incident", incident},
             {"text", error.hidden},
             {"request_id", of.request_id},
             {"traceparent", of.traceparent}});
  error.hidden.clear();
}

void handled(host& h,
             const method& m,
             call& c,
             const std::function<void(google::protobuf::Message&)>& decode,
             const std::function<void(const google::protobuf::Message&)>& encode) {
  c.check_wanted();
  check_scope(m, c.who());
  google::protobuf::Arena arena;
  auto& request = *m.request.New(&arena);
  auto& response = *m.response.New(&arena);
  decode(request);
  drop_negative_zeros(request);
  m.handle(h.with, c, request, response);
  drop_negative_zeros(response);
  encode(response);
}

}  // namespace

call_error queue_full() {
  return {grpc::StatusCode::RESOURCE_EXHAUSTED, "QUEUE_FULL", "too many calls are waiting"};
}

call_error shutting_down() {
  return {grpc::StatusCode::UNAVAILABLE, "SHUTTING_DOWN", "the server is shutting down"};
}

caller nobody() {
  return {.tenant = "", .scopes = 0, .name = "nobody"};
}

std::unique_ptr<call_error> answer(
    host& h,
    const method& m,
    call& c,
    const std::function<void(google::protobuf::Message&)>& decode,
    const std::function<void(const google::protobuf::Message&)>& encode) {
  try {
    handled(h, m, c, decode, encode);
    return nullptr;
  } catch (...) {
    return std::make_unique<call_error>(told(std::current_exception(), c.logged()));
  }
}

call_error told(const std::exception_ptr& e, const trace& of) {
  try {
    std::rethrow_exception(e);
  } catch (call_error& error) {
    hide(error, of);
    return error;
  } catch (const std::bad_alloc&) {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED, "OUT_OF_MEMORY", "the server is out of memory"};
  } catch (const std::system_error& failed) {  // no thread, no descriptor to be had
    const bool scarce = failed.code() == std::errc::resource_unavailable_try_again ||
                        failed.code() == std::errc::too_many_files_open;
    call_error error(scarce ? grpc::StatusCode::RESOURCE_EXHAUSTED : grpc::StatusCode::INTERNAL,
                     scarce ? "OUT_OF_MEMORY" : "INTERNAL",
                     scarce ? "the server is out of threads or memory" : failed.what());
    if (!scarce) hide(error, of);
    return error;
  } catch (const std::exception& bug) {
    call_error error(grpc::StatusCode::INTERNAL, "INTERNAL", bug.what());
    hide(error, of);
    return error;
  }
}

void note_end(host& h,
              const char* door,
              const method& m,
              const call& c,
              const call_error* error,
              std::chrono::steady_clock::duration took) {
  const grpc::StatusCode code = error == nullptr ? grpc::StatusCode::OK : error->code;
  const std::chrono::duration<double, std::milli> ms = took;
  h.metrics.call_ended(m.path, code_name(code), door, took);
  log_info("call",
           {{"method", m.path},
            {"door", door},
            {"code", code_name(code)},
            {"reason", error == nullptr ? std::string_view("OK") : error->reason},
            {"ms", ms.count()},
            {"caller", c.who().name},
            {"request_id", c.logged().request_id},
            {"traceparent", c.logged().traceparent}});
}

}  // namespace clvd
