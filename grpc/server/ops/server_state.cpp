#include "ops/server_state.hpp"

#include "calls/errors.hpp"

namespace clvd {

void server_state::check_writable() const {
  if (disk_full) {
    throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                     "READ_ONLY_DISK_FULL",
                     "the disk is full: the server reads only until there is room again");
  }
  check_deletable();
}

void server_state::check_deletable() const {
  if (read_only) {
    throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                     "READ_ONLY",
                     "an operator made the server read-only: AdminService.SetMode");
  }
}

}  // namespace clvd
