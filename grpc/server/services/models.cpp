#include "services/models.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "calls/repeats.hpp"
#include "calls/tables.hpp"
#include "clv_store.h"
#include "ops/server_state.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr std::int32_t default_page = 50, largest_page = 1000;

std::optional<std::int64_t> integer_at(const clv_result& table,
                                       const char* column,
                                       std::int64_t row) {
  const double value = number_at(table, column, row);
  if (std::isnan(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

v1::Alias alias_at(const clv_result& aliases, std::int64_t row) {
  v1::Alias a;
  a.set_name("aliases/" + text_at(aliases, "alias", row));
  a.set_model("models/" + text_at(aliases, "model", row));
  a.set_etag(std::to_string(integer_at(aliases, "etag", row).value_or(0)));
  const std::string previous = text_at(aliases, "previous", row);
  if (!previous.empty()) a.set_previous_model("models/" + previous);
  if (const auto set = integer_at(aliases, "set_us", row); set.value_or(0) > 0) {
    *a.mutable_update_time() = timestamp_of(*set);
  }
  return a;
}

std::vector<v1::Alias> all_aliases(tenant& of) {
  const auto table = of.table("aliases");
  std::vector<v1::Alias> all;
  for (std::int64_t row = 0; row < table->size(); ++row)
    all.push_back(alias_at(table->rows(), row));
  return all;
}

v1::Model model_at(const clv_result& models,
                   std::int64_t row,
                   const std::vector<v1::Alias>& aliases) {
  v1::Model m;
  m.set_name("models/" + text_at(models, "name", row));
  m.set_kind(text_at(models, "model", row));
  m.set_status(text_at(models, "status", row));
  m.set_data_fingerprint(text_at(models, "data_fingerprint", row));
  if (const auto made = integer_at(models, "created_us", row); made.value_or(0) > 0) {
    *m.mutable_create_time() = timestamp_of(*made);
  }
  m.set_retired(integer_at(models, "retired", row).value_or(0) != 0);
  for (const v1::Alias& a : aliases) {
    if (a.model() == m.name()) m.add_aliases(a.name());
  }
  return m;
}

void add_parameters(const clv_model* model, v1::Model& to) {
  const diag_ptr diag(clv_diag_new());
  clv_result* read = nullptr;
  check(clv_model_table(model, &read, diag.get()), diag.get());
  const result_ptr table(read);
  fill_table(*table, *to.mutable_parameters());
  if (to.status().empty()) to.set_status(text_at(*table, "status", 0));
}

// By number, alias, or "" for the one in use.
v1::Model find_model(tenant& of, const std::string& name) {
  const auto served = of.model(name);
  const auto table = of.table("models");
  for (std::int64_t row = 0; row < table->size(); ++row) {
    if (text_at(table->rows(), "name", row) != served->name) continue;
    v1::Model m = model_at(table->rows(), row, all_aliases(of));
    add_parameters(served->model.get(), m);
    return m;
  }
  throw call_error(grpc::StatusCode::NOT_FOUND, "MODEL_UNKNOWN", "there is no such model");
}

std::string required_model(const char* field, const std::string& name) {
  if (name.empty()) throw invalid_field("FIELD_REQUIRED", field, "name the model");
  return model_argument(field, name);
}

std::string alias_argument(const std::string& name) {
  constexpr std::string_view prefix = "aliases/";
  if (!name.starts_with(prefix) || name.size() == prefix.size()) {
    throw invalid_field("INVALID_VALUE", "alias", "write aliases/NAME");
  }
  return text_argument("alias", name).substr(prefix.size());
}

std::int64_t etag_argument(const std::string& etag) {
  std::int64_t value = 0;
  if (etag.empty()) return value;
  const auto read = std::from_chars(etag.data(), etag.data() + etag.size(), value);
  if (read.ec == std::errc() && read.ptr == etag.data() + etag.size() && value > 0) return value;
  throw invalid_field("INVALID_VALUE", "etag", "it is not one that this server gave");
}

model_ptr loaded(const std::string& json) {
  if (json.empty()) throw invalid_field("FIELD_REQUIRED", "model_json", "give a model file");
  const diag_ptr diag(clv_diag_new());
  clv_model* model = nullptr;
  check(clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &model, diag.get()),
        diag.get());
  return model_ptr(model);
}

std::string saved(const clv_model* model) {
  const diag_ptr diag(clv_diag_new());
  std::int64_t size = 0;
  const clv_status sized = clv_model_save(model, nullptr, 0, &size, diag.get());
  if (sized != CLV_E_LIMIT) check(sized, diag.get());
  std::string json(static_cast<std::size_t>(size), '\0');
  check(clv_model_save(model, json.data(), size, &size, diag.get()), diag.get());
  return json;
}

result_ptr stored(clv_engine* engine, const char* table) {
  const diag_ptr diag(clv_diag_new());
  clv_result* read = nullptr;
  check(clv_engine_read(engine, table, &read, diag.get()), diag.get());
  return result_ptr(read);
}

v1::Alias alias_named(clv_engine* engine, const std::string& alias) {
  const result_ptr aliases = stored(engine, "aliases");
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    if (text_at(*aliases, "alias", row) == alias) return alias_at(*aliases, row);
  }
  throw call_error(grpc::StatusCode::NOT_FOUND, "ALIAS_UNKNOWN", "there is no such alias");
}

// Why libclv does not let an alias name the model; its words say which number is wrong.
const char* refusal_of(clv_engine* engine, const clv_alias_options& options) {
  const result_ptr aliases = stored(engine, "aliases");
  std::string number = options.model == nullptr ? "" : options.model;
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    const std::string alias = text_at(*aliases, "alias", row);
    if (options.model == nullptr && alias == options.alias) {
      number = text_at(*aliases, "previous", row);
    } else if (number == alias) {
      number = text_at(*aliases, "model", row);
    }
  }
  if (number.empty()) return "NOTHING_TO_ROLL_BACK";
  const result_ptr models = stored(engine, "models");
  for (std::int64_t row = 0; row < clv_result_rows(models.get()); ++row) {
    if (text_at(*models, "name", row) != number) continue;
    if (number_at(*models, "retired", row) == 1) return "MODEL_RETIRED";
    if (options.model == nullptr || number_at(*models, "converged", row) == 1) break;
    return text_at(*models, "status", row) == "at_boundary" ? "PARAM_AT_BOUND" : "NOT_CONVERGED";
  }
  return "MODEL_STALE";
}

v1::Alias set_alias(services& with, tenant& of, clv_alias_options options) {
  with.server->check_writable();
  options.now_us = server_now_us();
  options.max_age_us = with.server->max_model_age_us;
  v1::Alias now;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    std::int64_t etag = 0;
    const clv_status status = clv_engine_set_alias(engine, &options, &etag, diag.get());
    if (status == CLV_E_CONFLICT) {
      throw call_error(grpc::StatusCode::ABORTED,
                       "ETAG_MISMATCH",
                       "the alias was changed meanwhile: read it again");
    }
    if (status == CLV_E_STATE) {
      throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                       refusal_of(engine, options),
                       clv_diag_text(diag.get()));
    }
    check(status, diag.get());
    now = alias_named(engine, options.alias);  // before anybody else can set it
  });
  return now;
}

// The texts of a request, kept while libclv's options point to them.
struct fit_call {
  explicit fit_call(const v1::FitModelRequest& r)
      : request(r), as_of(r.has_as_of() ? day_of(r.as_of(), "as_of") : 0) {
    for (const auto& [field, text] : {std::pair{"model", &r.model()},
                                      {"unit", &r.unit()},
                                      {"time_zone", &r.time_zone()},
                                      {"currency_code", &r.currency_code()},
                                      {"transaction_covariates", &r.transaction_covariates()},
                                      {"life_covariates", &r.life_covariates()},
                                      {"priors", &r.priors()},
                                      {"fixed", &r.fixed()}}) {
      text_argument(field, *text);
    }
    if (!r.promote_to().empty()) alias_argument(r.promote_to());
  }

  job_ptr begin(clv_engine* engine) const {
    auto s = CLV_SIZED(clv_summarize_options);
    s.unit = or_null(request.unit());
    s.time_zone = or_null(request.time_zone());
    s.currency = or_null(request.currency_code());
    s.as_of_us = as_of;
    auto f = CLV_SIZED(clv_fit_options);
    f.model = or_null(request.model());
    f.transaction_covariates = or_null(request.transaction_covariates());
    f.life_covariates = or_null(request.life_covariates());
    f.priors = or_null(request.priors());
    f.fixed = or_null(request.fixed());
    f.l2_transaction = request.l2_transaction();
    f.l2_life = request.l2_life();
    return begun([&](clv_job** out, clv_diag* diag) {
      return clv_engine_fit_begin(engine, &s, &f, out, diag);
    });
  }

  const v1::FitModelRequest request;
  const std::int64_t as_of;
};

// Promotes the model when it may be; a refusal is a warning, the fit stays.
bool promote_fitted(
    services& with, tenant& of, const std::string& model, const std::string& to, job_context& job) {
  const std::string alias = alias_argument(to);
  auto options = CLV_SIZED(clv_alias_options);
  options.alias = alias.c_str();
  options.model = model.c_str();
  try {
    for (const v1::Alias& a : all_aliases(of)) {
      if (a.name() == to) options.etag = etag_argument(a.etag());
    }
    set_alias(with, of, options);
    return true;
  } catch (const call_error& refused) {
    job.warnings().push_back({"", refused.message});
    return false;
  }
}

void fit(
    services& with, tenant& of, const fit_call& what, job_context& job, google::protobuf::Any& to) {
  const reading from = of.read();
  const job_ptr fitting = what.begin(from.engine());
  job.part(0, .9);
  job.run(fitting.get());
  job.check_wanted();
  std::string made;
  of.adopt(fitting.get(), [&made](clv_engine* engine) {
    const result_ptr models = stored(engine, "models");
    made = text_at(*models, "name", clv_result_rows(models.get()) - 1);
  });
  v1::FitModelResult result;
  if (!what.request.promote_to().empty()) {
    result.set_promoted(promote_fitted(with, of, made, what.request.promote_to(), job));
  }
  *result.mutable_model() = find_model(of, made);
  to.PackFrom(result);
}

}  // namespace

void fit_model(services& with,
               call& c,
               const v1::FitModelRequest& request,
               v1::FitModelResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_writable();
  const auto what = std::make_shared<const fit_call>(request);
  what->begin(of.read().engine());  // what can be refused at once is
  *response.mutable_job() =
      start_job(with,
                c,
                request,
                {.kind = "FitModel", .cancelled_by = scope::fit, .lane_reason = "FIT_IN_PROGRESS"},
                [&with, &of, what](job_context& job, google::protobuf::Any& result) {
                  fit(with, of, *what, job, result);
                });
}

void get_model(services& with,
               call& c,
               const v1::GetModelRequest& request,
               v1::GetModelResponse& response) {
  *response.mutable_model() =
      find_model(tenant_of(with, c), required_model("name", request.name()));
}

void list_models(services& with,
                 call& c,
                 const v1::ListModelsRequest& request,
                 v1::ListModelsResponse& response) {
  check_page_size(request.page_size());
  tenant& of = tenant_of(with, c);
  const auto table = of.table("models");
  const std::int32_t size =
      request.page_size() == 0 ? default_page : std::min(request.page_size(), largest_page);
  const page_source from{page_arguments(c, "ListModels", ""), table->fingerprint(), table->size()};
  const page p = page_of(from, size, request.page_token());
  const std::vector<v1::Alias> aliases = all_aliases(of);
  for (std::int64_t i = p.first; i < p.first + p.count; ++i) {  // newest first
    *response.add_models() = model_at(table->rows(), table->size() - 1 - i, aliases);
  }
  for (const v1::Alias& a : aliases) *response.add_aliases() = a;
  response.set_next_page_token(p.next_token);
}

void import_model(services& with,
                  call& c,
                  const v1::ImportModelRequest& request,
                  v1::ImportModelResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "ImportModel", request.request_id(), body_of(request));
  if (known.find(response)) return;
  with.server->check_writable();
  const model_ptr model = loaded(request.model_json());
  std::string name;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    const char* given = nullptr;
    check(clv_engine_add_model(engine, model.get(), server_now_us(), &given, diag.get()),
          diag.get());
    name = given;
  });
  *response.mutable_model() = find_model(of, name);
  known.keep(response);
}

void export_model(services& with,
                  call& c,
                  const v1::ExportModelRequest& request,
                  v1::ExportModelResponse& response) {
  const auto served = tenant_of(with, c).model(required_model("name", request.name()));
  response.set_model_json(saved(served->model.get()));
}

void validate_model(services&,
                    call&,
                    const v1::ValidateModelRequest& request,
                    v1::ValidateModelResponse& response) {
  const model_ptr model = loaded(request.model_json());
  add_parameters(model.get(), *response.mutable_model());
}

void promote_model(services& with,
                   call& c,
                   const v1::PromoteModelRequest& request,
                   v1::PromoteModelResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "PromoteModel", request.request_id(), body_of(request));
  if (known.find(response)) return;
  const std::string alias = alias_argument(request.alias());
  const std::string model = required_model("model", request.model());
  auto options = CLV_SIZED(clv_alias_options);
  options.alias = alias.c_str();
  options.model = model.c_str();
  options.etag = etag_argument(request.etag());
  *response.mutable_alias() = set_alias(with, of, options);
  known.keep(response);
}

void rollback_model(services& with,
                    call& c,
                    const v1::RollbackModelRequest& request,
                    v1::RollbackModelResponse& response) {
  tenant& of = tenant_of(with, c);
  const repeats known(of.kept(), "RollbackModel", request.request_id(), body_of(request));
  if (known.find(response)) return;
  const std::string alias = alias_argument(request.alias());
  auto options = CLV_SIZED(clv_alias_options);
  options.flags = CLV_ALIAS_ROLLBACK;
  options.alias = alias.c_str();
  options.etag = etag_argument(request.etag());
  *response.mutable_alias() = set_alias(with, of, options);
  known.keep(response);
}

void retire_model(services& with,
                  call& c,
                  const v1::RetireModelRequest& request,
                  v1::RetireModelResponse& response) {
  tenant& of = tenant_of(with, c);
  with.server->check_writable();
  const std::string name = of.model(required_model("name", request.name()))->name;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    const clv_status status = clv_engine_retire_model(engine, name.c_str(), diag.get());
    if (status == CLV_E_STATE) {
      throw call_error(
          grpc::StatusCode::FAILED_PRECONDITION, "MODEL_IN_USE", clv_diag_text(diag.get()));
    }
    check(status, diag.get());
  });
  *response.mutable_model() = find_model(of, name);
}

}  // namespace clvd
