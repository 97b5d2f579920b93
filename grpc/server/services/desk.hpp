// clv.v1.DeskService: see proto/clv/v1/desk_service.proto.
#pragma once

#include <clv/v1/desk_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void import_tickets(services& with,
                    call& c,
                    const clv::v1::ImportTicketsRequest& request,
                    clv::v1::ImportTicketsResponse& response);
void triage_tickets(services& with,
                    call& c,
                    const clv::v1::TriageTicketsRequest& request,
                    clv::v1::TriageTicketsResponse& response);
void list_clocks(services& with,
                 call& c,
                 const clv::v1::ListClocksRequest& request,
                 clv::v1::ListClocksResponse& response);
void tell_due(services& with,
              call& c,
              const clv::v1::TellDueRequest& request,
              clv::v1::TellDueResponse& response);
void assign_tickets(services& with,
                    call& c,
                    const clv::v1::AssignTicketsRequest& request,
                    clv::v1::AssignTicketsResponse& response);
void claim_ticket(services& with,
                  call& c,
                  const clv::v1::ClaimTicketRequest& request,
                  clv::v1::ClaimTicketResponse& response);
void sweep_tickets(services& with,
                   call& c,
                   const clv::v1::SweepTicketsRequest& request,
                   clv::v1::SweepTicketsResponse& response);
void plan_surveys(services& with,
                  call& c,
                  const clv::v1::PlanSurveysRequest& request,
                  clv::v1::PlanSurveysResponse& response);
void plan_follow_ups(services& with,
                     call& c,
                     const clv::v1::PlanFollowUpsRequest& request,
                     clv::v1::PlanFollowUpsResponse& response);
void report_performance(services& with,
                        call& c,
                        const clv::v1::ReportPerformanceRequest& request,
                        clv::v1::ReportPerformanceResponse& response);
void get_timeline(services& with,
                  call& c,
                  const clv::v1::GetTimelineRequest& request,
                  clv::v1::GetTimelineResponse& response);

}  // namespace clvd
