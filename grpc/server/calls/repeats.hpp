// Requests answered once: a repeat of a request_id gets the earlier answer, for 30 days. Where it
// is kept: with what the request changed, in the same transaction, so that it is there exactly when
// that was done.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <string>

#include "calls/errors.hpp"
#include "clv_service.h"

namespace clvd {

class registry;
class tenant;

// What tells a request from others of its method.
class request_name {
 public:
  // `method`: a name of its own per method. `body`: the request, deterministically serialized
  // (body_of). An empty id is never found and never kept. Throws call_error INVALID_ARGUMENT for an
  // id that is too long or no text.
  request_name(std::string method, std::string request_id, const std::string& body);

 protected:
  bool is_given() const { return !id_.empty(); }
  // The answer that was kept for `body_hash`. Throws call_error: INVALID_ARGUMENT REQUEST_ID_REUSED
  // when it was for another body, FAILED_PRECONDITION ANSWER_FORGOTTEN.
  void read(const std::string& body_hash,
            bool forgotten,
            const std::string& answer,
            google::protobuf::Message& response) const;

  const std::string method_, id_, hash_;
};

// Kept in the tenant's registry: of what the registry holds itself, jobs and definitions.
class repeats : public request_name {
 public:
  repeats(registry& kept, std::string method, std::string request_id, const std::string& body);

  // Whether it was answered before; then the answer is in `response`. Throws as read().
  bool find(google::protobuf::Message& response) const;
  // Within registry::together, with the change. Throws call_error, whose core is CLV_E_EXISTS, when
  // it was answered before.
  void keep(const google::protobuf::Message& response) const;

 private:
  registry& kept_;
};

// Kept in the tenant's store, by the commit that does what was asked (clv_answer).
class stored_repeats : public request_name {
 public:
  // `complete` adds to a response what only the commit knew (clv_answer.made).
  using completion = std::function<void(std::int64_t made)>;
  stored_repeats(tenant& of,
                 std::string method,
                 std::string request_id,
                 const std::string& body,
                 completion complete = {});

  bool find(google::protobuf::Message& response) const;
  // For the function that commits, while this is alive and until the next call; nullptr without an
  // id. Throws call_error RESOURCE_EXHAUSTED for a response that could not be sent: then nothing
  // must be done either.
  const clv_answer* with(const google::protobuf::Message& response);

 private:
  tenant& of_;
  const completion complete_;
  const std::string key_;
  std::string bytes_;
  clv_answer answer_ = CLV_SIZED(clv_answer);
};

// Answers from what was kept, or by `work`. Of two with one id at the same time one works, and the
// other gets its answer.
template <typename Known, typename Work>
void answer_once(const Known& known, google::protobuf::Message& response, const Work& work) {
  if (known.find(response)) return;
  try {
    work();
  } catch (const call_error& e) {
    response.Clear();
    if (e.core != CLV_E_EXISTS || !known.find(response)) throw;
  }
}

// The same bytes for the same content: maps in the order of their keys.
std::string body_of(const google::protobuf::Message& request);

// For a verb that keeps that answer; nullptr: none.
inline clv_run_options keeping(const clv_answer* answer) {
  auto options = CLV_SIZED(clv_run_options);
  options.answer = answer;
  return options;
}

}  // namespace clvd
