// Who makes a gRPC call.
#pragma once

#include <grpcpp/server_context.h>

#include "calls/caller.hpp"

namespace clvd {

class credentials;

// Of one call: its headers "authorization" and "clv-tenant", the connection's client certificate,
// or its Unix socket. Throws call_error UNAUTHENTICATED or PERMISSION_DENIED. Cheap: a hash and a
// lookup, for gRPC's thread. [any]
//
// Not an AuthMetadataProcessor: what one writes into the auth context is shared by all calls of the
// connection (auth_metadata_processor.h says so), so a proxy's calls would see each other's tenant.
caller caller_of(const grpc::CallbackServerContext& context, const credentials& known);

}  // namespace clvd
