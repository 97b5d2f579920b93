// clv.v1.ReportService: see proto/clv/v1/report_service.proto.
#pragma once

#include <clv/v1/report_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void run_report(services& with,
                call& c,
                const clv::v1::RunReportRequest& request,
                clv::v1::RunReportResponse& response);
void list_reports(services& with,
                  call& c,
                  const clv::v1::ListReportsRequest& request,
                  clv::v1::ListReportsResponse& response);

}  // namespace clvd
