#pragma once

#include <clv/v1/action_service.pb.h>

#include "methods.hpp"

namespace clvd {

// ActionService.Propose. Throws call_error.
void propose(services& with,
             call& c,
             const clv::v1::ProposeRequest& request,
             clv::v1::ProposeResponse& response);

// ActionService.Decide. Throws call_error.
void decide(services& with,
            call& c,
            const clv::v1::DecideRequest& request,
            clv::v1::DecideResponse& response);

}  // namespace clvd
