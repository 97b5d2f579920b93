// The table of methods: every RPC once, for every door. An RPC more is a line in methods.cpp, a
// handler in services/, and its .proto.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <span>
#include <string_view>

#include "calls/call.hpp"
#include "calls/caller.hpp"
#include "calls/producer.hpp"

namespace clvd {

class job_board;
namespace plugins {
class supervisor;
}
class server_state;
class tenants;

// What handlers work with; the same for all calls. All outlive the doors.
struct services {
  clvd::tenants* tenants = nullptr;  // null without --store and --data: FAILED_PRECONDITION
  job_board* jobs = nullptr;         // null as tenants is
  clvd::plugins::supervisor* plugins = nullptr;  // never null; may hold no plugin
  server_state* server = nullptr;                // never null
};

struct method {
  const char* path;                           // "/clv.v1.ScoringService/ScoreSummaries"
  scope needs;                                // what the caller must be allowed
  const google::protobuf::Message& request;   // an empty one: its type
  const google::protobuf::Message& response;  // an empty one: its type
  // One of three. Called with messages of the two types, on a worker thread; throws call_error.
  void (*handle)(services& with,
                 call& c,
                 const google::protobuf::Message& request,
                 google::protobuf::Message& response) = nullptr;
  std::unique_ptr<producer> (*stream)(services& with,
                                      call& c,
                                      const google::protobuf::Message& request) = nullptr;
  bool ingest_stream = false;  // the one bidirectional method: ingest/ingest_stream.hpp
  bool waits = false;          // for its commit, longer than it computes
};

std::span<const method> methods();
// "/clv.v1.X/Method", or null.
const method* find_method(std::string_view path);
// Throws call_error PERMISSION_DENIED SCOPE_MISSING.
void check_scope(const method& m, const caller& who);

}  // namespace clvd
