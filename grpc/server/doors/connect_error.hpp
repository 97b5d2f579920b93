// Errors as the Connect protocol (version 1) writes them in JSON.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "calls/errors.hpp"

namespace clvd {

// The HTTP status of a code: invalid_argument 400, unauthenticated 401, ...
int http_status(grpc::StatusCode code);

// {"code": "...", "message": "...", "details": [{"type", "value", "debug"}]}: the details of
// to_status(), value in base64 without padding.
std::string connect_error_json(const call_error& error);

// Why there is no call at all: the HTTP status of a request that cannot be understood.
call_error http_refusal(int status);

}  // namespace clvd
