#include "services/desk.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <limits>

#include "calls/repeats.hpp"
#include "calls/wire.hpp"
#include "clv_service.h"
#include "ops/server_state.hpp"
#include "services/report_run.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

// Facts that the desk records are the desk's own, whoever asks for them: the same answer from the
// command and from here is recorded once.
constexpr auto source = "desk";

// How often an answer is computed anew because facts that it read changed meanwhile.
constexpr int tries_beside_the_writer = 3;

constexpr std::int64_t last_time_us = 253'402'300'799'000'000;

// "2026-03-16T10:00:00.000000Z"
std::string iso_time(std::int64_t us) {
  const auto seconds = static_cast<std::time_t>(us / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(),
                text.size(),
                "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                parts.tm_year + 1900,
                parts.tm_mon + 1,
                parts.tm_mday,
                parts.tm_hour,
                parts.tm_min,
                parts.tm_sec,
                static_cast<int>(us % 1'000'000));
  return text.data();
}

using words = std::vector<std::pair<const char*, std::string>>;

// What one method asks of its report.
struct desk_run {
  const char* report;
  bool takes_rules = true, takes_time = true;
  words options;  // beside the rules and as_of; empty ones are left out
};

std::int64_t time_of(const v1::DeskQuery& query) {
  if (!query.has_as_of_us()) return server_now_us();
  if (query.as_of_us() >= 0 && query.as_of_us() <= last_time_us) return query.as_of_us();
  throw invalid_field("INVALID_VALUE", "query.as_of_us", "not a time of the years 1970 to 9999");
}

std::string options_of(const v1::DeskQuery& query, const desk_run& run) {
  google::protobuf::Struct options = json_argument("query.options_json", query.options_json());
  auto& fields = *options.mutable_fields();
  if (!query.desk_json().empty() && run.takes_rules) {
    *fields["desk"].mutable_struct_value() = json_argument("query.desk_json", query.desk_json());
  }
  if (run.takes_time) fields["as_of"].set_string_value(iso_time(time_of(query)));
  for (const auto& [name, text] : run.options) {
    if (!text.empty()) fields[name].set_string_value(text);
  }
  return json_of(options);
}

job_ptr applied(clv_engine* engine,
                const desk_run& run,
                const std::string& options,
                const report_inputs& inputs) {
  auto how = CLV_SIZED(clv_ingest_options);
  how.source = source;
  return begun([&](clv_job** out, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = run.report;
    asked.options_json = options.c_str();
    asked.inputs = inputs.data();
    asked.n_inputs = inputs.size();
    return clv_engine_apply_begin(engine, &asked, &how, out, diag);
  });
}

std::int64_t recorded_by(clv_job* job) {
  const result_ptr recorded = taken(job, "recorded");
  double rows = 0;
  for (std::int64_t row = 0; row < clv_result_rows(recorded.get()); ++row) {
    rows += number_at(*recorded, "accepted", row);
  }
  return static_cast<std::int64_t>(rows);
}

std::string arguments_of(const call& c, v1::DeskQuery query, const desk_run& run) {
  query.clear_page();
  std::string all = body_of(query);
  for (const auto& [name, text] : run.options) all += std::string("|") + name + "=" + text;
  return page_arguments(c, run.report, all);
}

// What a method answers, put together on `engine`. Not by pages: asked again, it would be another
// answer, without what is recorded now.
job_ptr computed(clv_engine* engine,
                 call& c,
                 const desk_run& run,
                 const std::string& options,
                 const report_inputs& inputs,
                 v1::DeskAnswer& to) {
  to.Clear();
  job_ptr job = applied(engine, run, options, inputs);
  add_warnings(c.run(job.get()), *to.mutable_warnings());
  fill_whole_report(job.get(), run.report, to);
  return job;
}

// Stores what a finished job on a snapshot found, and the answer with it. The number of what is
// recorded is only known then: it is kept beside the answer.
void adopt(clv_engine* engine, clv_job* done, stored_repeats& known, v1::DeskAnswer& to) {
  const auto options = keeping(known.with(to));
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_adopt_begin(engine, &options, done, out, diag);
  });
  const diag_ptr diag(clv_diag_new());
  check(clv_job_step(job.get(), 0, diag.get()), diag.get());
  to.set_recorded_count(recorded_by(job.get()));
}

// False: facts that it read changed meanwhile.
bool adopted(tenant& of, clv_job* done, stored_repeats& known, v1::DeskAnswer& to) {
  try {
    of.write().run([&](clv_engine* engine) { adopt(engine, done, known, to); });
    return true;
  } catch (const call_error& e) {
    if (e.core != CLV_E_CONFLICT) throw;
    return false;
  }
}

// An answer that cannot be sent is not recorded; its number of recorded rows is not known yet.
void check_sendable(v1::DeskAnswer& answer) {
  answer.set_recorded_count(std::numeric_limits<std::int64_t>::max());
  check_size(answer);
  answer.clear_recorded_count();
}

// Answers and records in one transaction, beside the writer while that works out.
void record(tenant& of,
            call& c,
            const desk_run& run,
            const std::string& options,
            const report_inputs& inputs,
            stored_repeats& known,
            v1::DeskAnswer& to) {
  const auto work_out = [&](const reading& from) {
    job_ptr job = computed(from.engine(), c, run, options, inputs, to);
    check_sendable(to);
    c.check_wanted();
    return job;
  };
  for (int i = 0; i < tries_beside_the_writer; ++i) {
    const reading from = of.read();
    if (adopted(of, work_out(from).get(), known, to)) return;
  }
  // Facts come too fast: on the writer's thread none come in between.
  of.write().run([&](clv_engine* engine) {
    const reading from = of.read();
    adopt(engine, work_out(from).get(), known, to);
  });
}

void answer(services& with,
            call& c,
            const v1::DeskQuery& query,
            const desk_run& run,
            const report_inputs& inputs,
            v1::DeskAnswer& to) {
  check_page_size(query.page().page_size());
  tenant& of = tenant_of(with, c);
  const std::string options = options_of(query, run);
  const report_page which{arguments_of(c, query, run), query.page()};
  const reading from = of.read();
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = run.report;
    asked.options_json = options.c_str();
    asked.inputs = inputs.data();
    asked.n_inputs = inputs.size();
    return clv_engine_report_begin(from.engine(), &asked, out, diag);
  });
  add_warnings(c.run(job.get()), *to.mutable_warnings());
  fill_report(job.get(), run.report, which, to);
}

template <typename Request, typename Response>
void answer(services& with, call& c, const Request& request, const desk_run& run, Response& to) {
  const report_inputs none({}, "");
  answer(with, c, request.query(), run, none, *to.mutable_answer());
}

// The same for a method that records what it answers: once by request_id.
template <typename Request>
void record_answer(services& with,
                   call& c,
                   const Request& request,
                   const desk_run& run,
                   const report_inputs& inputs,
                   v1::DeskAnswer& to) {
  check_page_size(request.query().page().page_size());
  if (!request.query().page().page_token().empty()) {
    throw invalid_field(
        "PAGE_TOKEN_INVALID", "query.page.page_token", "this method answers without pages");
  }
  tenant& of = tenant_of(with, c);
  stored_repeats known(
      of, run.report, request.request_id(), body_of(request), [&to](std::int64_t made) {
        to.set_recorded_count(made);
      });
  answer_once(known, to, [&] {
    with.server->check_writable();
    record(of, c, run, options_of(request.query(), run), inputs, known, to);
  });
}

template <typename Request, typename Response>
void record_answer(
    services& with, call& c, const Request& request, const desk_run& run, Response& to) {
  const report_inputs none({}, "");
  record_answer(with, c, request, run, none, *to.mutable_answer());
}

}  // namespace

void import_tickets(services& with,
                    call& c,
                    const v1::ImportTicketsRequest& request,
                    v1::ImportTicketsResponse& response) {
  report_inputs rows({}, "");
  rows.add("rows", request.tickets(), "tickets");
  const desk_run run{.report = "desk_import",
                     .takes_rules = false,
                     .takes_time = false,
                     .options = {{"source", text_argument("source", request.source())}}};
  record_answer(with, c, request, run, rows, *response.mutable_answer());
}

void triage_tickets(services& with,
                    call& c,
                    const v1::TriageTicketsRequest& request,
                    v1::TriageTicketsResponse& response) {
  answer(with, c, request, {.report = "desk_triage"}, response);
}

void list_clocks(services& with,
                 call& c,
                 const v1::ListClocksRequest& request,
                 v1::ListClocksResponse& response) {
  answer(with, c, request, {.report = "desk_clocks"}, response);
}

void tell_due(services& with,
              call& c,
              const v1::TellDueRequest& request,
              v1::TellDueResponse& response) {
  record_answer(with, c, request, {.report = "desk_due"}, response);
}

void assign_tickets(services& with,
                    call& c,
                    const v1::AssignTicketsRequest& request,
                    v1::AssignTicketsResponse& response) {
  answer(with, c, request, {.report = "desk_assign"}, response);
}

void claim_ticket(services& with,
                  call& c,
                  const v1::ClaimTicketRequest& request,
                  v1::ClaimTicketResponse& response) {
  record_answer(with,
                c,
                request,
                {.report = "desk_claim",
                 .options = {{"ticket", text_argument("ticket", request.ticket())},
                             {"agent", text_argument("agent", request.agent())}}},
                response);
}

void sweep_tickets(services& with,
                   call& c,
                   const v1::SweepTicketsRequest& request,
                   v1::SweepTicketsResponse& response) {
  record_answer(with, c, request, {.report = "desk_sweep"}, response);
}

void plan_surveys(services& with,
                  call& c,
                  const v1::PlanSurveysRequest& request,
                  v1::PlanSurveysResponse& response) {
  record_answer(with, c, request, {.report = "desk_surveys"}, response);
}

void plan_follow_ups(services& with,
                     call& c,
                     const v1::PlanFollowUpsRequest& request,
                     v1::PlanFollowUpsResponse& response) {
  record_answer(with, c, request, {.report = "desk_follow_ups"}, response);
}

void report_performance(services& with,
                        call& c,
                        const v1::ReportPerformanceRequest& request,
                        v1::ReportPerformanceResponse& response) {
  answer(with, c, request, {.report = "desk_performance"}, response);
}

void get_timeline(services& with,
                  call& c,
                  const v1::GetTimelineRequest& request,
                  v1::GetTimelineResponse& response) {
  if (request.ticket().empty() == request.customer().empty()) {
    throw invalid_field("FIELD_REQUIRED", "ticket", "give a ticket or a customer, one of the two");
  }
  answer(with,
         c,
         request,
         {.report = "desk_timeline",
          .takes_rules = false,
          .options = {{"ticket", text_argument("ticket", request.ticket())},
                      {"customer", text_argument("customer", request.customer())}}},
         response);
}

}  // namespace clvd
