#include "scoring.hpp"

#include <google/protobuf/descriptor.h>

#include "arguments.hpp"
#include "columns.hpp"
#include "errors.hpp"
#include "model_json.hpp"

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

model_ptr load_model(const v1::ScoreSummariesRequest& request) {
  const std::string json = request.has_parameters() ? model_json(request.parameters())
                                                    : std::string(request.model_json());
  if (json.empty()) {
    throw invalid_field("FIELD_REQUIRED", "model", "give model_json or parameters");
  }
  const diag_ptr diag(clv_diag_new());
  clv_model* model = nullptr;
  check(clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &model, diag.get()),
        diag.get());
  return model_ptr(model);
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& quantities) {
  std::string all;
  for (const std::string& name : quantities) {
    if (name.empty() || name.find(',') != std::string::npos) {
      throw invalid_field("INVALID_VALUE", "quantities", "give one column name per item");
    }
    all += (all.empty() ? "" : ",") + text_argument("quantities", name);
  }
  return all;
}

}  // namespace

void score_summaries(services&,
                     call& c,
                     const v1::ScoreSummariesRequest& request,
                     v1::ScoreSummariesResponse& response) {
  check_size(request);
  check_complete(request);
  const model_ptr model = load_model(request);
  const std::string quantities = joined(request.quantities());
  const row_batch summary(request, "rows");
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = request.horizon();
  options.annual_discount = request.annual_discount();
  options.margin = request.margin();
  options.quantities = quantities.empty() ? nullptr : quantities.c_str();

  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_score_begin(&options, model.get(), &summary.batch(), out, diag);
  });
  const std::vector<note> notes = c.run(job.get());
  const result_ptr scores = taken(job.get());
  append_rows(*scores, 0, clv_result_rows(scores.get()), response, "rows");
  response.set_currency_code(unit_of(*scores, "clv"));
  if (response.currency_code().empty()) {
    response.set_currency_code(unit_of(*scores, "expected_spend"));
  }
  response.set_served_by("builtin");
  response.set_fingerprint(clv_result_fingerprint(scores.get()));
  add_warnings(notes, *response.mutable_warnings());
}

}  // namespace clvd
