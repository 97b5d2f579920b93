#include "actions.hpp"

#include <chrono>
#include <cmath>

#include "arguments.hpp"
#include "columns.hpp"
#include "errors.hpp"
#include "page.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

store& store_of(services& with) {
  if (with.actions != nullptr) return *with.actions;
  throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                   "STORE_NOT_CONFIGURED",
                   "this server has no store: start clvd with --store FILE");
}

std::int64_t server_now_us() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count();
}

template <typename Request>
std::int64_t now_of(const Request& request) {
  return request.has_now_us() ? request.now_us() : server_now_us();
}

// What decides the content of the table: all of the request but its paging.
template <typename Request>
std::string arguments_of(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return request.SerializeAsString();
}

template <typename Request, typename Response>
void add_page(const clv_result& table, const Request& request, Response& response) {
  const page_source from{
      arguments_of(request), clv_result_fingerprint(&table), clv_result_rows(&table)};
  const page p = page_of(from, request.page_size(), request.page_token());
  append_rows(table, p.first, p.count, response, "rows");
  response.set_next_page_token(p.next_token);
  response.set_total_rows(from.rows);
  response.set_fingerprint(from.fingerprint);
}

std::vector<note> run_propose(store& s, call& c, const v1::ProposeRequest& request) {
  const plugins_ptr plugins = s.load_plugins(now_of(request), request.seed());
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_propose_begin(s.engine(), plugins.get(), out, diag);
  });
  return c.run(job.get());
}

// libclv counts the budget in the store's currency; another one is refused, never converted.
void check_currency(store& s, const v1::Money& budget) {
  const std::string currency = s.currency();
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
    options.flags |= CLV_HAS_BUDGET;
    options.budget_minor = request.budget().minor_units();
  }
  if (request.has_holdout_share() && request.holdout_share() == 0) options.flags |= CLV_NO_HOLDOUT;
  options.z = positive("z", request.has_z(), request.z());
  options.holdout_share = request.holdout_share();
  options.holdout_salt = request.holdout_salt().empty() ? nullptr : request.holdout_salt().c_str();
  options.margin = positive("margin", request.has_margin(), request.margin());
  options.now_us = now_of(request);
  options.policy_json = request.policy_json().empty() ? nullptr : request.policy_json().c_str();
  return options;
}

std::vector<note> run_decide(store& s, call& c, const v1::DecideRequest& request) {
  text_argument("holdout_salt", request.holdout_salt());
  text_argument("policy_json", request.policy_json());
  if (request.has_budget()) check_currency(s, request.budget());
  const clv_decide_options options = options_of(request);
  const plugins_ptr plugins = s.load_plugins(options.now_us, request.seed());
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_decide_begin(s.engine(), plugins.get(), &options, out, diag);
  });
  return c.run(job.get());
}

}  // namespace

void propose(services& with,
             call& c,
             const v1::ProposeRequest& request,
             v1::ProposeResponse& response) {
  store& s = store_of(with);
  check_page_size(request.page_size());
  const auto lock = s.enter();
  if (request.page_token().empty()) {
    add_warnings(run_propose(s, c, request), *response.mutable_warnings());
    s.forget_tables();
  }
  add_page(*s.table("proposals"), request, response);
}

void decide(services& with,
            call& c,
            const v1::DecideRequest& request,
            v1::DecideResponse& response) {
  store& s = store_of(with);
  check_page_size(request.page_size());
  const auto lock = s.enter();
  const bool first_page = request.page_token().empty();
  if (first_page) {
    if (s.decided.find(request.request_id(), request, response)) return;
    add_warnings(run_decide(s, c, request), *response.mutable_warnings());
    s.forget_tables();
  }
  add_page(*s.table("decisions"), request, response);
  const auto budget = s.table("budget");
  set_row(*budget, 0, *response.mutable_budget());
  response.set_currency_code(unit_of(*budget, "spent"));
  if (first_page) s.decided.keep(request.request_id(), request, response);
}

}  // namespace clvd
