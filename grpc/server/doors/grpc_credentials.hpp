// Who makes a gRPC call.
#pragma once

#include <grpcpp/server_context.h>

#include <memory>

#include "calls/caller.hpp"
#include "calls/errors.hpp"
#include "calls/methods.hpp"
#include "calls/trace.hpp"

namespace clvd {

class credentials;

// Of one call: its headers "authorization" and "clv-tenant", the connection's client certificate,
// or its Unix socket. Throws call_error UNAUTHENTICATED or PERMISSION_DENIED. Cheap: a hash and a
// lookup, for gRPC's thread. [any]
//
// Not an AuthMetadataProcessor: what one writes into the auth context is shared by all calls of the
// connection (auth_metadata_processor.h says so), so a proxy's calls would see each other's tenant.
caller caller_of(const grpc::CallbackServerContext& context, const credentials& known);

// The same for the start of a call, which must not throw: who it is, or why not. `within`: the
// caller's scope must be that method's, too. [any]
struct arrival {
  caller who;
  std::unique_ptr<call_error> refusal;  // nullptr: none
};
arrival arrived(const grpc::CallbackServerContext& context,
                const credentials& known,
                const method* within = nullptr);

// Why a stream that was opened by `was` may not go on: its credential was revoked, has expired, or
// says something else by now. nullptr: it may. [any]
std::unique_ptr<call_error> lost_right(const grpc::CallbackServerContext& context,
                                       const credentials& known,
                                       const method& m,
                                       const caller& was);

// A new id, and the call's header "traceparent". Tells the client the id.
trace trace_of(grpc::CallbackServerContext& context);

}  // namespace clvd
