// How a failure reaches the client: one exception inside, one gRPC status with google.rpc details
// outside.
#pragma once

#include <grpcpp/support/status.h>

#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clv.h"

namespace clvd {

// A wrong field of the request: where ("rows[3].t_x") and what to do about it.
struct violation {
  std::string field;
  std::string description;
};

// The one exception of this program's calls.
class call_error : public std::exception {
 public:
  // `why` is UPPER_SNAKE; `text` is a sentence the client may see.
  call_error(grpc::StatusCode c, std::string why, std::string text)
      : code(c), reason(std::move(why)), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  grpc::StatusCode code;
  clv_status core = CLV_OK;  // what libclv said, where it was libclv
  std::string reason;
  std::string message;
  std::map<std::string, std::string> metadata;  // what varies in the message
  std::vector<violation> violations;            // INVALID_ARGUMENT only
  std::string hidden;  // for the log, not for the client: paths, SQL, words of the system
};

// INVALID_ARGUMENT about one field.
call_error invalid_field(std::string reason, std::string field, std::string description);

// FAILED_PRECONDITION STORE_NOT_CONFIGURED.
call_error no_store();

// What a failing call of libclv means to the client: the table in errors.cpp. Texts that may hold a
// path or SQL go to `hidden`. `diag` may be null.
call_error core_failure(clv_status status, const clv_diag* diag);

// Throws core_failure when `status` is negative.
void check(clv_status status, const clv_diag* diag);

// "invalid_argument": the code's name in Connect, in the log and in metrics.
const char* code_name(grpc::StatusCode code);

// The status with its details (grpc-status-details-bin): always google.rpc.ErrorInfo with the
// domain "libclv"; BadRequest, PreconditionFailure, QuotaFailure or RetryInfo where the code calls
// for them.
grpc::Status to_status(const call_error& error);

}  // namespace clvd
