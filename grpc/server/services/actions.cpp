#include "services/actions.hpp"

#include <cmath>

#include "calls/columns.hpp"
#include "calls/repeats.hpp"
#include "calls/tables.hpp"
#include "clv_service.h"
#include "ingest/event_batch.hpp"
#include "ops/server_state.hpp"
#include "plugins/supervisor.hpp"
#include "services/batch_rows.hpp"
#include "services/common.hpp"
#include "services/report_run.hpp"

namespace clvd {

// What plugins proposed, kept for the pages that follow. `candidates` is what it points into.
struct kept_proposals {
  std::shared_ptr<const cached_table> candidates;
  clv_batch batch = CLV_SIZED(clv_batch);
  plugins::run_outcome outcome;
  std::string name;  // in place of a fingerprint: another run is another table
};

namespace {

namespace v1 = clv::v1;

template <typename Request>
std::int64_t now_of(const Request& request) {
  return request.has_now_us() ? request.now_us() : server_now_us();
}

// What decides the content of the table: all of the request but its paging.
template <typename Request>
std::string arguments_of(const call& c, const char* method, Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return page_arguments(c, method, body_of(request));
}

// One proposing or deciding call of a tenant at a time.
using turn = std::unique_lock<std::timed_mutex>;

turn turn_of(tenant& of) {
  turn mine(of.deciding, std::try_to_lock);
  if (mine.owns_lock()) return mine;
  throw call_error(grpc::StatusCode::ABORTED,
                   "JOB_IN_PROGRESS",
                   "another decision is being made: send this one again later");
}

// ---- proposals

// Asks all plugins. Throws call_error when one fails without which nothing may be decided.
std::shared_ptr<kept_proposals> ask_plugins(services& with,
                                            tenant& of,
                                            std::int64_t now_us,
                                            std::uint64_t seed,
                                            const plugins::patience& until) {
  auto kept = std::make_shared<kept_proposals>();
  kept->candidates = of.table("candidates");
  const diag_ptr diag(clv_diag_new());
  check(clv_result_batch(&kept->candidates->rows(), &kept->batch, nullptr), diag.get());
  try {
    kept->outcome = with.plugins->propose(kept->batch, now_us, seed, until);
  } catch (const plugins::plugin_failure& failure) {
    throw plugin_error(failure);
  }
  if (kept->outcome.refused) throw plugin_error(*kept->outcome.refused);
  kept->name = kept->candidates->fingerprint() + std::to_string(of.next_proposals());
  return kept;
}

plugins::patience patience_of(const call& c) {
  const auto left = c.deadline() - std::chrono::system_clock::now();
  plugins::patience until;
  if (left < std::chrono::hours(24)) {
    until.deadline = plugins::instant::clock::now() +
                     std::chrono::duration_cast<plugins::instant::duration>(left);
  }
  until.cancelled = &c.cancelled_flag();
  return until;
}

template <typename Response>
void add_runs(const plugins::run_outcome& outcome, Response& response) {
  for (const plugins::served& s : outcome.served_by) {
    v1::PluginRun& run = *response.add_plugin_runs();
    run.set_plugin(s.plugin);
    run.set_served_by(s.by);
    run.set_reason(s.reason);
    run.set_message(s.message);
  }
  for (const plugins::warning& w : outcome.warnings) {
    v1::Warning& warning = *response.add_warnings();
    warning.set_plugin(w.plugin);
    warning.set_message(w.message);
  }
}

// ---- decisions

// libclv counts the budget in the store's currency; another one is refused, never converted.
void check_currency(tenant& of, const v1::Money& budget) {
  const std::string currency = of.model("")->currency;
  if (budget.currency_code().empty()) {
    throw invalid_field("FIELD_REQUIRED", "budget.currency_code", "write the store's, " + currency);
  }
  if (currency.empty() || budget.currency_code() == currency) return;
  throw invalid_field("BAD_CURRENCY",
                      "budget.currency_code",
                      "'" + budget.currency_code() + "', but the store counts in " + currency);
}

// A setting that is given may not be 0, which means "the default" to libclv.
double positive(const char* field, bool given, double value) {
  if (given && !(value > 0 && std::isfinite(value))) {
    throw invalid_field("INVALID_VALUE",
                        field,
                        std::to_string(value) + " is not above 0; leave it out for the default");
  }
  return value;
}

clv_decide_options options_of(const v1::DecideRequest& request) {
  auto options = CLV_SIZED(clv_decide_options);
  if (request.has_budget()) {
    options.flags |= CLV_DECIDE_HAS_BUDGET;
    options.budget_minor = request.budget().minor_units();
  }
  if (request.has_holdout_share() && request.holdout_share() == 0)
    options.flags |= CLV_DECIDE_NO_HOLDOUT;
  options.z = positive("z", request.has_z(), request.z());
  options.holdout_share = request.holdout_share();
  options.holdout_salt = or_null(request.holdout_salt());
  options.margin = positive("margin", request.has_margin(), request.margin());
  options.now_us = now_of(request);
  options.policy_json = or_null(request.policy_json());
  return options;
}

void check_request(tenant& of, const v1::DecideRequest& request) {
  text_argument("holdout_salt", request.holdout_salt());
  text_argument("policy_json", request.policy_json());
  if (request.has_budget()) check_currency(of, request.budget());
  options_of(request);
}

// A decision begun on a snapshot; what it decides is stored by tenant::adopt.
struct deciding {
  std::shared_ptr<kept_proposals> proposals;
  reading from;
  job_ptr job;
};

deciding begin_deciding(services& with,
                        tenant& of,
                        const v1::DecideRequest& request,
                        const plugins::patience& until) {
  auto options = options_of(request);
  auto proposals = ask_plugins(with, of, options.now_us, request.seed(), until);
  options.proposals = &proposals->outcome.proposals->batch();
  reading from = of.read();
  job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_decide_begin(from.engine(), nullptr, &options, out, diag);
  });
  return {std::move(proposals), std::move(from), std::move(job)};
}

void fill_budget(const clv_result& budget, v1::DecideResponse& response) {
  set_row(budget, 0, *response.mutable_budget());
  response.set_currency_code(unit_of(budget, "spent"));
}

void fill_page_of_decisions(const call& c,
                            const clv_result& decisions,
                            const clv_result& budget,
                            const v1::DecideRequest& request,
                            v1::DecideResponse& response) {
  const page_source from{arguments_of(c, "Decide", request),
                         clv_result_fingerprint(&decisions),
                         clv_result_rows(&decisions)};
  const page p = page_of(from, request.page_size(), request.page_token());
  append_rows(decisions, p.first, p.count, response, "rows");
  response.set_next_page_token(p.next_token);
  response.set_total_rows(from.rows);
  response.set_fingerprint(from.fingerprint);
  fill_budget(budget, response);
}

// The answer is put together before anything is stored: one that cannot be sent decides nothing.
void decide_now(services& with,
                call& c,
                tenant& of,
                const v1::DecideRequest& request,
                stored_repeats& known,
                v1::DecideResponse& response) {
  with.server->check_writable();
  check_request(of, request);
  const deciding d = begin_deciding(with, of, request, patience_of(c));
  add_warnings(c.run(d.job.get()), *response.mutable_warnings());
  add_runs(d.proposals->outcome, response);
  const result_ptr decisions = taken(d.job.get()), budget = taken(d.job.get(), "budget");
  fill_page_of_decisions(c, *decisions, *budget, request, response);
  const clv_answer* answer = known.with(response);
  c.check_wanted();
  of.adopt(d.job.get(), answer);
}

void decide_all(services& with,
                tenant& of,
                const v1::DecideRequest& request,
                job_context& job,
                google::protobuf::Any& to) {
  const auto mine = job.taken(of.deciding);  // after the one that is being made
  plugins::patience patience;
  patience.cancelled = &job.stopped_flag();
  const deciding d = begin_deciding(with, of, request, patience);
  job.part(.2, .8);
  job.run(d.job.get());
  job.check_wanted();
  of.adopt(d.job.get());
  v1::DecideResponse result;
  add_runs(d.proposals->outcome, result);
  fill_budget(*taken(d.job.get(), "budget"), result);
  const result_ptr decisions = taken(d.job.get(), "");
  result.set_total_rows(clv_result_rows(decisions.get()));
  result.set_fingerprint(clv_result_fingerprint(decisions.get()));
  to.PackFrom(result);
}

}  // namespace

void propose(services& with,
             call& c,
             const v1::ProposeRequest& request,
             v1::ProposeResponse& response) {
  tenant& of = tenant_of(with, c);
  check_page_size(request.page_size());
  std::shared_ptr<kept_proposals> kept;
  turn mine;  // to the end: a customer who is forgotten meanwhile is not kept again
  if (request.page_token().empty()) {
    mine = turn_of(of);
    kept = ask_plugins(with, of, now_of(request), request.seed(), patience_of(c));
    add_runs(kept->outcome, response);
  } else {
    kept = of.last_proposals();
  }
  const clv_batch none = CLV_SIZED(clv_batch);
  const clv_batch& rows = kept == nullptr ? none : kept->outcome.proposals->batch();
  const page_source from{
      arguments_of(c, "Propose", request), kept == nullptr ? "none" : kept->name, rows.n_rows};
  const page p = page_of(from, request.page_size(), request.page_token());
  append_batch_rows(rows, p.first, p.count, response, "rows");
  // Nobody asks for more of what one page holds; it takes the place of older ones all the same.
  if (request.page_token().empty()) of.keep_proposals(p.next_token.empty() ? nullptr : kept);
  response.set_next_page_token(p.next_token);
  response.set_total_rows(from.rows);
  response.set_fingerprint(from.fingerprint);
}

void decide(services& with,
            call& c,
            const v1::DecideRequest& request,
            v1::DecideResponse& response) {
  tenant& of = tenant_of(with, c);
  check_page_size(request.page_size());
  if (!request.page_token().empty()) {
    const auto decisions = of.table("decisions"), budget = of.table("budget");
    return fill_page_of_decisions(c, decisions->rows(), budget->rows(), request, response);
  }
  stored_repeats known(of, "Decide", request.request_id(), body_of(request));
  if (known.find(response)) return;  // also while another decision is made
  const turn mine = turn_of(of);
  answer_once(known, response, [&] { decide_now(with, c, of, request, known, response); });
}

void start_decide(services& with,
                  call& c,
                  const v1::StartDecideRequest& request,
                  v1::StartDecideResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_writable();
  check_request(of, request.decide());
  *response.mutable_job() = start_job(
      with,
      c,
      request.decide(),
      {.kind = "StartDecide", .cancelled_by = scope::decide, .lane_reason = "JOB_IN_PROGRESS"},
      [&with, &of, decide = request.decide()](job_context& job, google::protobuf::Any& result) {
        decide_all(with, of, decide, job, result);
      });
}

void list_decisions(services& with,
                    call& c,
                    const v1::ListDecisionsRequest& request,
                    v1::ListDecisionsResponse& response) {
  check_page_size(request.page().page_size());
  const auto table = tenant_of(with, c).table("decisions");
  const page p =
      page_of({page_arguments(c, "ListDecisions", ""), table->fingerprint(), table->size()},
              request.page().page_size(),
              request.page().page_token());
  append_rows(table->rows(), p.first, p.count, response, "rows");
  response.set_currency_code(unit_of(table->rows(), "net"));
  response.set_next_page_token(p.next_token);
  response.set_total_rows(table->size());
  response.set_fingerprint(table->fingerprint());
}

void record_outcomes(services& with,
                     call& c,
                     const v1::RecordOutcomesRequest& request,
                     v1::RecordOutcomesResponse& response) {
  tenant& of = tenant_of(with, c);
  keyed_rows rows =
      rows_of(std::make_shared<const v1::Table>(request.outcomes()), "outcomes", "outcomes");
  rows.source = text_argument("source", request.source());
  rows.currency = text_argument("currency_code", request.currency_code());
  rows.partial = request.partial();
  if (!request.request_id().empty()) {
    rows.key = "outcomes:" + request_id_argument(request.request_id());
  }
  const verdict v = of.write().commit(std::move(rows));
  response.set_accepted_count(v.accepted);
  response.set_duplicate_count(v.duplicates);
  response.set_rejected_count(v.rejected);
}

void measure_effect(services& with,
                    call& c,
                    const v1::MeasureEffectRequest& request,
                    v1::MeasureEffectResponse& response) {
  const std::string options = text_argument("options_json", request.options_json());
  const reading from = tenant_of(with, c).read();
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "lift";
    asked.options_json = or_null(options);
    return clv_engine_report_begin(from.engine(), &asked, out, diag);
  });
  add_warnings(c.run(job.get()), *response.mutable_warnings());
  for (const std::string& name : tables_of_report("lift")) {
    v1::Table& table = *response.add_tables();
    table.set_name(name);
    fill_table(*taken(job.get(), name.c_str()), table);
  }
  response.set_fingerprint(clv_result_fingerprint(taken(job.get(), "").get()));
}

void get_receipt(services& with,
                 call& c,
                 const v1::GetReceiptRequest& request,
                 v1::GetReceiptResponse& response) {
  const std::string id = text_argument("decision_id", request.decision_id());
  if (id.empty()) throw invalid_field("FIELD_REQUIRED", "decision_id", "name the decision");
  const auto log = tenant_of(with, c).table("decision_log");
  std::int64_t found = -1;
  for (std::int64_t row = 0; row < log->size() && found < 0; ++row) {
    if (text_at(log->rows(), "decision_id", row) == id) found = row;
  }
  if (found < 0) {
    throw call_error(grpc::StatusCode::NOT_FOUND, "DECISION_UNKNOWN", "there is no such decision");
  }
  set_row(log->rows(), found, *response.mutable_decision());
  // That one row as a batch: its receipt is computed again from what it says itself.
  v1::Table one;
  fill_table(log->rows(), found, 1, one);
  const table_batch row(one, "decision");
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_replay_begin(nullptr, &row.batch(), out, diag);
  });
  c.run(job.get());
  const result_ptr replayed = taken(job.get(), "");
  response.set_matches(number_at(*replayed, "matches", 0) == 1);
  response.set_difference(text_at(*replayed, "difference", 0));
}

}  // namespace clvd
