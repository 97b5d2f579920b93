// clv.v1.JobService: see proto/clv/v1/job_service.proto.
#pragma once

#include <clv/v1/job_service.pb.h>

#include <memory>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void get_job(services& with,
             call& c,
             const clv::v1::GetJobRequest& request,
             clv::v1::GetJobResponse& response);
void list_jobs(services& with,
               call& c,
               const clv::v1::ListJobsRequest& request,
               clv::v1::ListJobsResponse& response);
std::unique_ptr<producer> watch_job(services& with,
                                    call& c,
                                    const clv::v1::WatchJobRequest& request);
void cancel_job(services& with,
                call& c,
                const clv::v1::CancelJobRequest& request,
                clv::v1::CancelJobResponse& response);

}  // namespace clvd
