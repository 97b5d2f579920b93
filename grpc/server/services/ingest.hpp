// clv.v1.IngestService: see proto/clv/v1/ingest_service.proto.
#pragma once

#include <clv/v1/ingest_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void ingest_batch(services& with,
                  call& c,
                  const clv::v1::IngestBatchRequest& request,
                  clv::v1::IngestBatchResponse& response);
void get_watermark(services& with,
                   call& c,
                   const clv::v1::GetWatermarkRequest& request,
                   clv::v1::GetWatermarkResponse& response);

}  // namespace clvd
