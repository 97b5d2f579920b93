// clv.v1.ActionService: see proto/clv/v1/action_service.proto.
#pragma once

#include <clv/v1/action_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void propose(services& with,
             call& c,
             const clv::v1::ProposeRequest& request,
             clv::v1::ProposeResponse& response);
void decide(services& with,
            call& c,
            const clv::v1::DecideRequest& request,
            clv::v1::DecideResponse& response);
void start_decide(services& with,
                  call& c,
                  const clv::v1::StartDecideRequest& request,
                  clv::v1::StartDecideResponse& response);
void list_decisions(services& with,
                    call& c,
                    const clv::v1::ListDecisionsRequest& request,
                    clv::v1::ListDecisionsResponse& response);
void record_outcomes(services& with,
                     call& c,
                     const clv::v1::RecordOutcomesRequest& request,
                     clv::v1::RecordOutcomesResponse& response);
void measure_effect(services& with,
                    call& c,
                    const clv::v1::MeasureEffectRequest& request,
                    clv::v1::MeasureEffectResponse& response);
void get_receipt(services& with,
                 call& c,
                 const clv::v1::GetReceiptRequest& request,
                 clv::v1::GetReceiptResponse& response);

}  // namespace clvd
