// libclv's failure as a reason not to start.
#pragma once

#include <string>

#include "calls/errors.hpp"
#include "config/start_error.hpp"

namespace clvd {

// Runs `open`. The operator is told what a client would not be. `unreachable`: what CLV_E_IO means.
template <typename Open>
auto or_start_error(Open open, exit_status unreachable = usage) {
  try {
    return open();
  } catch (const call_error& e) {
    const exit_status status = e.core == CLV_E_BUSY      ? already_running
                               : e.core == CLV_E_CORRUPT ? corrupt
                               : e.core == CLV_E_IO      ? unreachable
                                                         : usage;
    throw start_error(status, e.hidden.empty() ? e.message : e.hidden);
  }
}

}  // namespace clvd
