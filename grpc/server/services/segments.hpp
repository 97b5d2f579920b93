// clv.v1.SegmentService: see proto/clv/v1/segment_service.proto.
#pragma once

#include <clv/v1/segment_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void create_segment(services& with,
                    call& c,
                    const clv::v1::CreateSegmentRequest& request,
                    clv::v1::CreateSegmentResponse& response);
void get_segment(services& with,
                 call& c,
                 const clv::v1::GetSegmentRequest& request,
                 clv::v1::GetSegmentResponse& response);
void list_segments(services& with,
                   call& c,
                   const clv::v1::ListSegmentsRequest& request,
                   clv::v1::ListSegmentsResponse& response);
void update_segment(services& with,
                    call& c,
                    const clv::v1::UpdateSegmentRequest& request,
                    clv::v1::UpdateSegmentResponse& response);
void delete_segment(services& with,
                    call& c,
                    const clv::v1::DeleteSegmentRequest& request,
                    clv::v1::DeleteSegmentResponse& response);
void preview_segment(services& with,
                     call& c,
                     const clv::v1::PreviewSegmentRequest& request,
                     clv::v1::PreviewSegmentResponse& response);
void list_segment_members(services& with,
                          call& c,
                          const clv::v1::ListSegmentMembersRequest& request,
                          clv::v1::ListSegmentMembersResponse& response);
void evaluate_segments(services& with,
                       call& c,
                       const clv::v1::EvaluateSegmentsRequest& request,
                       clv::v1::EvaluateSegmentsResponse& response);

}  // namespace clvd
