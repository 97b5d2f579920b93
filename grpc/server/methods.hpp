// The table of methods: every RPC once, for every door. An RPC more is a line in methods.cpp, a
// handler, and its .proto.
#pragma once

#include <google/protobuf/message.h>

#include <span>

#include "call.hpp"
#include "store.hpp"

namespace clvd {

// What handlers work with; the same for all calls.
struct services {
  store* actions;  // null without --store
};

struct method {
  const char* path;                           // "/clv.v1.ScoringService/ScoreSummaries"
  const google::protobuf::Message& request;   // an empty one: its type
  const google::protobuf::Message& response;  // an empty one: its type
  // Answers; throws call_error. Called with messages of the two types, on a worker thread.
  void (*handle)(services& with,
                 call& c,
                 const google::protobuf::Message& request,
                 google::protobuf::Message& response);
};

std::span<const method> methods();

}  // namespace clvd
