#include "services/scoring.hpp"

#include <google/protobuf/descriptor.h>

#include <cmath>
#include <optional>
#include <unordered_map>

#include "calls/arguments.hpp"
#include "calls/columns.hpp"
#include "calls/errors.hpp"
#include "calls/loaded_models.hpp"
#include "calls/model_json.hpp"
#include "calls/repeats.hpp"
#include "clv_service.h"
#include "ops/server_state.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

// Keeps the answer below what clients accept (4 MiB by default): a row takes up to 200 bytes.
constexpr int max_rows = 10'000;

void check_size(const v1::ScoreSummariesRequest& request) {
  if (request.rows_size() == 0) {
    throw invalid_field("FIELD_REQUIRED", "rows", "give at least one customer");
  }
  if (request.rows_size() <= max_rows) return;
  call_error error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                   "TOO_MANY_ROWS",
                   "rows: " + std::to_string(request.rows_size()) + " rows, at most " +
                       std::to_string(max_rows) + " in one call");
  error.metadata["max_rows"] = std::to_string(max_rows);
  throw error;
}

// x, t_x and T are there in every row or in none (a spend model needs no ages): proto3 would read a
// forgotten number as 0, and 0 is a valid age.
void check_complete(const v1::ScoreSummariesRequest& request) {
  const auto& type = *v1::SummaryRow::descriptor();
  const auto& reflection = *v1::SummaryRow::GetReflection();
  for (const char* name : {"x", "t_x", "T"}) {
    const auto* field = type.FindFieldByName(name);
    const bool wanted = reflection.HasField(request.rows(0), field);
    for (int i = 1; i < request.rows_size(); ++i) {
      if (reflection.HasField(request.rows(i), field) == wanted) continue;
      throw invalid_field("FIELD_REQUIRED",
                          "rows[" + std::to_string(wanted ? i : 0) + "]." + name,
                          "the number is missing; other rows have it (write 0 where it is 0)");
    }
  }
}

std::shared_ptr<const clv_model> load_model(loaded_models& loaded,
                                            const v1::ScoreSummariesRequest& request) {
  if (request.has_parameters()) {
    return loaded.of("parameters:" + body_of(request.parameters()),
                     [&] { return loaded_model(model_json(request.parameters())); });
  }
  if (request.model_json().empty()) {
    throw invalid_field("FIELD_REQUIRED", "model", "give model_json or parameters");
  }
  return loaded.of("json:" + request.model_json(),
                   [&] { return loaded_model(request.model_json()); });
}

std::shared_ptr<const served_model> model_in_use(tenant& of, const std::string& model_name) {
  auto served = of.model(model_argument("model_name", model_name));
  if (!served->retired) return served;
  throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                   "MODEL_RETIRED",
                   "models/" + served->name + " is retired: name another model");
}

// The model of the request, and its number where it is the tenant's.
struct chosen_model {
  std::shared_ptr<const served_model> served;
  std::shared_ptr<const clv_model> own;
  const clv_model* get() const { return served != nullptr ? served->model.get() : own.get(); }
  std::string name() const { return served != nullptr ? "models/" + served->name : ""; }
};

chosen_model choose(services& with, call& c, const v1::ScoreSummariesRequest& request) {
  if (request.model_case() != v1::ScoreSummariesRequest::kModelName) {
    return {.served = nullptr, .own = load_model(with.server->models, request)};
  }
  return {.served = model_in_use(tenant_of(with, c), request.model_name()), .own = nullptr};
}

// How far to look: the fields that all scoring requests share.
template <typename Request>
clv_score_options options_of(const Request& request, const std::string& quantities) {
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = request.horizon();
  options.annual_discount = request.annual_discount();
  options.margin = request.margin();
  options.quantities = or_null(quantities);
  return options;
}

std::string currency_of(const clv_result& scores) {
  const std::string currency = unit_of(scores, "clv");
  return currency.empty() ? unit_of(scores, "expected_spend") : currency;
}

template <typename Request>
std::int64_t as_of(const Request& request) {
  return request.has_as_of() ? day_of(request.as_of(), "as_of") : 0;
}

constexpr int max_customers = 1'000;

std::vector<const char*> customers_of(const v1::ScoreCustomersRequest& request) {
  if (request.customers().empty()) {
    throw invalid_field("FIELD_REQUIRED", "customers", "name at least one customer");
  }
  if (request.customers_size() > max_customers) {
    call_error error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                     "TOO_MANY_ROWS",
                     "customers: at most " + std::to_string(max_customers) + " in one call");
    error.metadata["max_rows"] = std::to_string(max_customers);
    throw error;
  }
  std::vector<const char*> ids;
  for (const std::string& id : request.customers()) {
    text_argument("customers", id);
    ids.push_back(id.c_str());
  }
  return ids;
}

result_ptr summary_of(call& c,
                      clv_engine* engine,
                      const served_model& model,
                      const std::vector<const char*>& customers,
                      std::int64_t as_of_us) {
  auto options = CLV_SIZED(clv_summarize_options);
  options.unit = or_null(model.unit);
  options.time_zone = or_null(model.time_zone);
  options.currency = or_null(model.currency);
  options.as_of_us = as_of_us;
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_summarize_begin(
        engine, &options, customers.data(), static_cast<std::int32_t>(customers.size()), out, diag);
  });
  c.run(job.get());
  return taken(job.get(), "");
}

// Scores in the order of the request; of one who has none, its name.
void fill_in_order(const clv_result& scores,
                   const v1::ScoreCustomersRequest& request,
                   v1::ScoreCustomersResponse& response) {
  std::unordered_map<std::string, std::int64_t> row_of;
  for (std::int64_t row = 0; row < clv_result_rows(&scores); ++row) {
    row_of.emplace(text_at(scores, "customer", row), row);
  }
  for (int i = 0; i < request.customers_size(); ++i) {
    const auto found = row_of.find(request.customers(i));
    if (found != row_of.end()) {
      set_row(scores, found->second, *response.add_rows());
      continue;
    }
    call_error error(grpc::StatusCode::NOT_FOUND,
                     "CUSTOMER_UNKNOWN",
                     "customers[" + std::to_string(i) + "] '" + request.customers(i) +
                         "' has no purchase in the store up to as_of");
    error.metadata["field"] = "customers[" + std::to_string(i) + "]";
    error.metadata["customer"] = request.customers(i);
    throw error;
  }
}

constexpr auto served_by_libclv = "builtin";

// How the scores that are kept were made, as the last batch scoring noted it; without a model when
// they are of another hand, such as the command's.
constexpr auto note_kind = "scores";
void note_scoring(tenant& of, const v1::BatchScoreResult& done) {
  const std::string bytes = done.SerializeAsString();
  if (of.kept().put(note_kind, "last", bytes, -1) == 0) of.kept().put(note_kind, "last", bytes, 0);
}
v1::BatchScoreResult scoring_of(tenant& of, const std::string& fingerprint) {
  v1::BatchScoreResult done;
  const auto noted = of.kept().find(note_kind, "last");
  if (noted && done.ParseFromString(noted->bytes) && done.fingerprint() == fingerprint) return done;
  return {};
}
template <typename Response>
void tell_scoring(const v1::BatchScoreResult& done, Response& response) {
  response.set_served_by(served_by_libclv);
  response.set_model(done.model());
  if (done.has_as_of()) *response.mutable_as_of() = done.as_of();
}

// A moment of the last day that a summary observes: as long after a first purchase as the customer
// has been watched.
std::optional<std::int64_t> observed_until(const clv_result& summary, const std::string& unit) {
  constexpr std::int64_t day_us = 86'400'000'000;
  if (clv_result_rows(&summary) == 0) return std::nullopt;
  const double days = number_at(summary, "T", 0) * (unit == "week" ? 7 : 1);
  const auto first = static_cast<std::int64_t>(number_at(summary, "first_time", 0));
  return first + std::llround(days) * day_us;
}

void score_all(tenant& of,
               const v1::StartBatchScoreRequest& request,
               job_context& job,
               google::protobuf::Any& to) {
  const reading from = of.read();
  const std::string quantities = joined(request.quantities(), "quantities");
  const auto served = model_in_use(of, request.model_name());
  auto options = options_of(request, quantities);
  options.flags = CLV_SCORE_SUMMARIZE;
  options.model = served->name.c_str();
  options.as_of_us = as_of(request);
  const job_ptr scoring = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_score_begin(from.engine(), &options, out, diag);
  });
  job.part(0, .8);
  job.run(scoring.get());
  job.check_wanted();
  of.adopt(scoring.get());
  v1::BatchScoreResult result;
  const result_ptr scores = taken(scoring.get(), "");
  result.set_customers(clv_result_rows(scores.get()));
  result.set_model("models/" + served->name);
  result.set_fingerprint(clv_result_fingerprint(scores.get()));
  const auto until = observed_until(*taken(scoring.get(), "summary"), served->unit);
  if (options.as_of_us != 0) {
    *result.mutable_as_of() = request.as_of();
  } else if (until) {
    *result.mutable_as_of() = timestamp_of(*until);
  }
  note_scoring(of, result);
  to.PackFrom(result);
}

// The kept scores, a thousand a message; the token is that of ListScores' pages.
class score_producer final : public producer {
 public:
  score_producer(std::shared_ptr<const cached_table> scores,
                 std::string arguments,
                 std::string token,
                 v1::BatchScoreResult made)
      : scores_(std::move(scores)),
        arguments_(std::move(arguments)),
        token_(std::move(token)),
        made_(std::move(made)) {}

  next advance(google::protobuf::Message& out) override {
    if (last_) return next::end;
    auto& response = static_cast<v1::StreamScoresResponse&>(out);
    const page_source all{arguments_, scores_->fingerprint(), scores_->size()};
    const page p = page_of(all, rows_a_message, token_);
    append_rows(scores_->rows(), p.first, p.count, response, "rows");
    response.set_currency_code(currency_of(scores_->rows()));
    token_ = page_token(all, p.first + p.count);  // of the last one too: nothing follows it
    response.set_resume_token(token_);
    tell_scoring(made_, response);
    last_ = p.next_token.empty();
    return next::message;
  }

 private:
  static constexpr std::int32_t rows_a_message = 1000;
  const std::shared_ptr<const cached_table> scores_;
  const std::string arguments_;
  std::string token_;
  const v1::BatchScoreResult made_;
  bool last_ = false;
};

}  // namespace

void score_summaries(services& with,
                     call& c,
                     const v1::ScoreSummariesRequest& request,
                     v1::ScoreSummariesResponse& response) {
  check_size(request);
  check_complete(request);
  const chosen_model model = choose(with, c, request);
  const std::string quantities = joined(request.quantities(), "quantities");
  const row_batch summary(request, "rows");
  const auto options = options_of(request, quantities);
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_score_begin(&options, model.get(), &summary.batch(), out, diag);
  });
  const std::vector<note> notes = c.run(job.get());
  const result_ptr scores = taken(job.get());
  append_rows(*scores, 0, clv_result_rows(scores.get()), response, "rows");
  response.set_currency_code(currency_of(*scores));
  response.set_served_by(served_by_libclv);
  response.set_model(model.name());
  response.set_fingerprint(clv_result_fingerprint(scores.get()));
  add_warnings(notes, *response.mutable_warnings());
}

void score_customers(services& with,
                     call& c,
                     const v1::ScoreCustomersRequest& request,
                     v1::ScoreCustomersResponse& response) {
  tenant& of = tenant_of(with, c);
  const std::vector<const char*> customers = customers_of(request);
  const std::string quantities = joined(request.quantities(), "quantities");
  const auto served = model_in_use(of, request.model_name());
  const std::int64_t when = request.has_as_of() ? as_of(request) : server_now_us();
  const reading from = of.read();
  const result_ptr summary = summary_of(c, from.engine(), *served, customers, when);
  auto rows = CLV_SIZED(clv_batch);
  check(clv_result_batch(summary.get(), &rows, nullptr), nullptr);
  const auto options = options_of(request, quantities);
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_score_begin(&options, served->model.get(), &rows, out, diag);
  });
  add_warnings(c.run(job.get()), *response.mutable_warnings());
  const result_ptr scores = taken(job.get());
  fill_in_order(*scores, request, response);
  response.set_currency_code(currency_of(*scores));
  response.set_served_by(served_by_libclv);
  response.set_model("models/" + served->name);
  *response.mutable_as_of() = timestamp_of(when);
}

void start_batch_score(services& with,
                       call& c,
                       const v1::StartBatchScoreRequest& request,
                       v1::StartBatchScoreResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_writable();
  joined(request.quantities(), "quantities");  // what is wrong is told now, not by a job
  as_of(request);
  model_in_use(of, request.model_name());
  *response.mutable_job() = start_job(
      with,
      c,
      request,
      {.kind = "StartBatchScore", .cancelled_by = scope::score, .lane_reason = "SCORE_IN_PROGRESS"},
      [&of, request](job_context& job, google::protobuf::Any& result) {
        score_all(of, request, job, result);
      });
}

void list_scores(services& with,
                 call& c,
                 const v1::ListScoresRequest& request,
                 v1::ListScoresResponse& response) {
  check_page_size(request.page().page_size());
  tenant& of = tenant_of(with, c);
  const auto scores = of.table("scores");
  const page p =
      page_of({page_arguments(c, "ListScores", ""), scores->fingerprint(), scores->size()},
              request.page().page_size(),
              request.page().page_token());
  append_rows(scores->rows(), p.first, p.count, response, "rows");
  response.set_currency_code(currency_of(scores->rows()));
  response.set_next_page_token(p.next_token);
  response.set_total_rows(scores->size());
  response.set_fingerprint(scores->fingerprint());
  tell_scoring(scoring_of(of, scores->fingerprint()), response);
}

std::unique_ptr<producer> stream_scores(services& with,
                                        call& c,
                                        const v1::StreamScoresRequest& request) {
  tenant& of = tenant_of(with, c);
  const auto scores = of.table("scores");
  return std::make_unique<score_producer>(scores,
                                          page_arguments(c, "ListScores", ""),
                                          request.resume_token(),
                                          scoring_of(of, scores->fingerprint()));
}

}  // namespace clvd
