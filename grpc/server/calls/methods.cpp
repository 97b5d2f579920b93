#include "calls/methods.hpp"

#include <array>

#include "services/actions.hpp"
#include "services/admin.hpp"
#include "services/customers.hpp"
#include "services/desk.hpp"
#include "services/ingest.hpp"
#include "services/jobs.hpp"
#include "services/models.hpp"
#include "services/plugins.hpp"
#include "services/reports.hpp"
#include "services/scoring.hpp"
#include "services/segments.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;
using google::protobuf::Message;

// A row from a typed handler.
template <typename Request,
          typename Response,
          void (*Handle)(services&, call&, const Request&, Response&)>
method row(const char* path, scope needs) {
  return {.path = path,
          .needs = needs,
          .request = Request::default_instance(),
          .response = Response::default_instance(),
          .handle = [](services& with, call& c, const Message& request, Message& response) {
            Handle(with, c, static_cast<const Request&>(request), static_cast<Response&>(response));
          }};
}

template <typename Request,
          typename Response,
          std::unique_ptr<producer> (*Open)(services&, call&, const Request&)>
method stream_row(const char* path, scope needs) {
  return {.path = path,
          .needs = needs,
          .request = Request::default_instance(),
          .response = Response::default_instance(),
          .stream = [](services& with, call& c, const Message& request) {
            return Open(with, c, static_cast<const Request&>(request));
          }};
}

method ingest_stream_row(const char* path, scope needs) {
  return {.path = path,
          .needs = needs,
          .request = v1::IngestStreamRequest::default_instance(),
          .response = v1::IngestStreamResponse::default_instance(),
          .ingest_stream = true};
}

method waiting(method m) {
  m.waits = true;
  return m;
}

}  // namespace

std::span<const method> methods() {
  static const std::array table{
      waiting(row<v1::IngestBatchRequest, v1::IngestBatchResponse, ingest_batch>(
          "/clv.v1.IngestService/IngestBatch", scope::ingest)),
      ingest_stream_row("/clv.v1.IngestService/IngestStream", scope::ingest),
      row<v1::GetWatermarkRequest, v1::GetWatermarkResponse, get_watermark>(
          "/clv.v1.IngestService/GetWatermark", scope::ingest),
      row<v1::GetCustomerRequest, v1::GetCustomerResponse, get_customer>(
          "/clv.v1.CustomerService/GetCustomer", scope::read),
      row<v1::ListCustomersRequest, v1::ListCustomersResponse, list_customers>(
          "/clv.v1.CustomerService/ListCustomers", scope::read),
      waiting(row<v1::UpsertCustomersRequest, v1::UpsertCustomersResponse, upsert_customers>(
          "/clv.v1.CustomerService/UpsertCustomers", scope::ingest)),
      row<v1::ForgetCustomerRequest, v1::ForgetCustomerResponse, forget_customer>(
          "/clv.v1.CustomerService/ForgetCustomer", scope::admin),
      stream_row<v1::ExportCustomerRequest, v1::ExportCustomerResponse, export_customer>(
          "/clv.v1.CustomerService/ExportCustomer", scope::admin),
      row<v1::FitModelRequest, v1::FitModelResponse, fit_model>("/clv.v1.ModelService/FitModel",
                                                                scope::fit),
      row<v1::GetModelRequest, v1::GetModelResponse, get_model>("/clv.v1.ModelService/GetModel",
                                                                scope::read),
      row<v1::ListModelsRequest, v1::ListModelsResponse, list_models>(
          "/clv.v1.ModelService/ListModels", scope::read),
      row<v1::ImportModelRequest, v1::ImportModelResponse, import_model>(
          "/clv.v1.ModelService/ImportModel", scope::fit),
      row<v1::ExportModelRequest, v1::ExportModelResponse, export_model>(
          "/clv.v1.ModelService/ExportModel", scope::read),
      row<v1::ValidateModelRequest, v1::ValidateModelResponse, validate_model>(
          "/clv.v1.ModelService/ValidateModel", scope::read),
      row<v1::PromoteModelRequest, v1::PromoteModelResponse, promote_model>(
          "/clv.v1.ModelService/PromoteModel", scope::fit),
      row<v1::RollbackModelRequest, v1::RollbackModelResponse, rollback_model>(
          "/clv.v1.ModelService/RollbackModel", scope::fit),
      row<v1::RetireModelRequest, v1::RetireModelResponse, retire_model>(
          "/clv.v1.ModelService/RetireModel", scope::fit),
      row<v1::ScoreSummariesRequest, v1::ScoreSummariesResponse, score_summaries>(
          "/clv.v1.ScoringService/ScoreSummaries", scope::score),
      row<v1::ScoreCustomersRequest, v1::ScoreCustomersResponse, score_customers>(
          "/clv.v1.ScoringService/ScoreCustomers", scope::score),
      row<v1::StartBatchScoreRequest, v1::StartBatchScoreResponse, start_batch_score>(
          "/clv.v1.ScoringService/StartBatchScore", scope::score),
      row<v1::ListScoresRequest, v1::ListScoresResponse, list_scores>(
          "/clv.v1.ScoringService/ListScores", scope::read),
      stream_row<v1::StreamScoresRequest, v1::StreamScoresResponse, stream_scores>(
          "/clv.v1.ScoringService/StreamScores", scope::read),
      row<v1::CreateSegmentRequest, v1::CreateSegmentResponse, create_segment>(
          "/clv.v1.SegmentService/CreateSegment", scope::score),
      row<v1::GetSegmentRequest, v1::GetSegmentResponse, get_segment>(
          "/clv.v1.SegmentService/GetSegment", scope::read),
      row<v1::ListSegmentsRequest, v1::ListSegmentsResponse, list_segments>(
          "/clv.v1.SegmentService/ListSegments", scope::read),
      row<v1::UpdateSegmentRequest, v1::UpdateSegmentResponse, update_segment>(
          "/clv.v1.SegmentService/UpdateSegment", scope::score),
      row<v1::DeleteSegmentRequest, v1::DeleteSegmentResponse, delete_segment>(
          "/clv.v1.SegmentService/DeleteSegment", scope::score),
      row<v1::PreviewSegmentRequest, v1::PreviewSegmentResponse, preview_segment>(
          "/clv.v1.SegmentService/PreviewSegment", scope::read),
      row<v1::ListSegmentMembersRequest, v1::ListSegmentMembersResponse, list_segment_members>(
          "/clv.v1.SegmentService/ListSegmentMembers", scope::read),
      row<v1::EvaluateSegmentsRequest, v1::EvaluateSegmentsResponse, evaluate_segments>(
          "/clv.v1.SegmentService/EvaluateSegments", scope::score),
      row<v1::ProposeRequest, v1::ProposeResponse, propose>("/clv.v1.ActionService/Propose",
                                                            scope::decide),
      row<v1::DecideRequest, v1::DecideResponse, decide>("/clv.v1.ActionService/Decide",
                                                         scope::decide),
      row<v1::StartDecideRequest, v1::StartDecideResponse, start_decide>(
          "/clv.v1.ActionService/StartDecide", scope::decide),
      row<v1::ListDecisionsRequest, v1::ListDecisionsResponse, list_decisions>(
          "/clv.v1.ActionService/ListDecisions", scope::read),
      waiting(row<v1::RecordOutcomesRequest, v1::RecordOutcomesResponse, record_outcomes>(
          "/clv.v1.ActionService/RecordOutcomes", scope::ingest)),
      row<v1::MeasureEffectRequest, v1::MeasureEffectResponse, measure_effect>(
          "/clv.v1.ActionService/MeasureEffect", scope::read),
      row<v1::GetReceiptRequest, v1::GetReceiptResponse, get_receipt>(
          "/clv.v1.ActionService/GetReceipt", scope::read),
      row<v1::RunReportRequest, v1::RunReportResponse, run_report>(
          "/clv.v1.ReportService/RunReport", scope::read),
      row<v1::ListReportsRequest, v1::ListReportsResponse, list_reports>(
          "/clv.v1.ReportService/ListReports", scope::none),
      row<v1::ImportTicketsRequest, v1::ImportTicketsResponse, import_tickets>(
          "/clv.v1.DeskService/ImportTickets", scope::desk),
      row<v1::TriageTicketsRequest, v1::TriageTicketsResponse, triage_tickets>(
          "/clv.v1.DeskService/TriageTickets", scope::desk),
      row<v1::ListClocksRequest, v1::ListClocksResponse, list_clocks>(
          "/clv.v1.DeskService/ListClocks", scope::desk),
      row<v1::TellDueRequest, v1::TellDueResponse, tell_due>("/clv.v1.DeskService/TellDue",
                                                             scope::desk),
      row<v1::AssignTicketsRequest, v1::AssignTicketsResponse, assign_tickets>(
          "/clv.v1.DeskService/AssignTickets", scope::desk),
      row<v1::ClaimTicketRequest, v1::ClaimTicketResponse, claim_ticket>(
          "/clv.v1.DeskService/ClaimTicket", scope::desk),
      row<v1::SweepTicketsRequest, v1::SweepTicketsResponse, sweep_tickets>(
          "/clv.v1.DeskService/SweepTickets", scope::desk),
      row<v1::PlanSurveysRequest, v1::PlanSurveysResponse, plan_surveys>(
          "/clv.v1.DeskService/PlanSurveys", scope::desk),
      row<v1::PlanFollowUpsRequest, v1::PlanFollowUpsResponse, plan_follow_ups>(
          "/clv.v1.DeskService/PlanFollowUps", scope::desk),
      row<v1::ReportPerformanceRequest, v1::ReportPerformanceResponse, report_performance>(
          "/clv.v1.DeskService/ReportPerformance", scope::desk),
      row<v1::GetTimelineRequest, v1::GetTimelineResponse, get_timeline>(
          "/clv.v1.DeskService/GetTimeline", scope::desk),
      row<v1::GetJobRequest, v1::GetJobResponse, get_job>("/clv.v1.JobService/GetJob", scope::read),
      row<v1::ListJobsRequest, v1::ListJobsResponse, list_jobs>("/clv.v1.JobService/ListJobs",
                                                                scope::read),
      stream_row<v1::WatchJobRequest, v1::WatchJobResponse, watch_job>(
          "/clv.v1.JobService/WatchJob", scope::read),
      row<v1::CancelJobRequest, v1::CancelJobResponse, cancel_job>("/clv.v1.JobService/CancelJob",
                                                                   scope::none),
      row<v1::ListPluginsRequest, v1::ListPluginsResponse, list_plugins>(
          "/clv.v1.PluginService/ListPlugins", scope::read),
      row<v1::GetPluginRequest, v1::GetPluginResponse, get_plugin>(
          "/clv.v1.PluginService/GetPlugin", scope::read),
      row<v1::EnablePluginRequest, v1::EnablePluginResponse, enable_plugin>(
          "/clv.v1.PluginService/EnablePlugin", scope::admin),
      row<v1::DisablePluginRequest, v1::DisablePluginResponse, disable_plugin>(
          "/clv.v1.PluginService/DisablePlugin", scope::admin),
      row<v1::ReloadPluginRequest, v1::ReloadPluginResponse, reload_plugin>(
          "/clv.v1.PluginService/ReloadPlugin", scope::admin),
      row<v1::GetServerInfoRequest, v1::GetServerInfoResponse, get_server_info>(
          "/clv.v1.AdminService/GetServerInfo", scope::none),
      row<v1::StartBackupRequest, v1::StartBackupResponse, start_backup>(
          "/clv.v1.AdminService/StartBackup", scope::admin),
      row<v1::StartIntegrityCheckRequest, v1::StartIntegrityCheckResponse, start_integrity_check>(
          "/clv.v1.AdminService/StartIntegrityCheck", scope::admin),
      row<v1::ReloadConfigRequest, v1::ReloadConfigResponse, reload_config>(
          "/clv.v1.AdminService/ReloadConfig", scope::admin),
      row<v1::SetLogLevelRequest, v1::SetLogLevelResponse, set_log_level>(
          "/clv.v1.AdminService/SetLogLevel", scope::admin),
      row<v1::SetModeRequest, v1::SetModeResponse, set_mode>("/clv.v1.AdminService/SetMode",
                                                             scope::admin),
  };
  return table;
}

const method* find_method(std::string_view path) {
  for (const method& m : methods()) {
    if (m.path == path) return &m;
  }
  return nullptr;
}

}  // namespace clvd
