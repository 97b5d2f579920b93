#include "services/reports.hpp"

#include "calls/model_json.hpp"
#include "calls/repeats.hpp"
#include "services/report_run.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

// All of the request but its paging.
std::string arguments_of(v1::RunReportRequest request) {
  request.clear_page();
  return body_of(request);
}

void add_catalogue(const char* name, v1::Table& to) {
  to.set_name(name);
  fill_table(*catalogue(name), to);
}

}  // namespace

void run_report(services& with,
                call& c,
                const v1::RunReportRequest& request,
                v1::RunReportResponse& response) {
  check_page_size(request.page().page_size());
  const std::string report = text_argument("report", request.report());
  const std::string options = text_argument("options_json", request.options_json());
  const report_inputs inputs(request.inputs(), "inputs");
  model_ptr model;
  if (!request.model_json().empty()) model = loaded_model(request.model_json());
  // A store reads what the caller does not give; a model of the caller's makes it stateless.
  const bool stateless = request.stateless() || model != nullptr || with.tenants == nullptr;
  std::unique_ptr<reading> from;
  if (!stateless) from = std::make_unique<reading>(tenant_of(with, c).read());
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = report.c_str();
    asked.options_json = or_null(options);
    asked.inputs = inputs.data();
    asked.n_inputs = inputs.size();
    if (!stateless) return clv_engine_report_begin(from->engine(), &asked, out, diag);
    asked.model = model.get();
    return clv_report_begin(&asked, out, diag);
  });
  add_warnings(c.run(job.get()), *response.mutable_warnings());
  response.set_stateless(stateless);
  const std::string arguments = page_arguments(c, "RunReport", arguments_of(request));
  fill_report(job.get(), report, {arguments, request.page()}, response);
}

void list_reports(services&,
                  call&,
                  const v1::ListReportsRequest&,
                  v1::ListReportsResponse& response) {
  add_catalogue("reports", *response.mutable_reports());
  add_catalogue("report_inputs", *response.mutable_inputs());
  add_catalogue("report_options", *response.mutable_options());
  add_catalogue("report_outputs", *response.mutable_outputs());
}

}  // namespace clvd
