#include "services/models.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "calls/model_json.hpp"
#include "calls/repeats.hpp"
#include "calls/tables.hpp"
#include "calls/wire.hpp"
#include "clv_service.h"
#include "ops/server_state.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

// What the answer to ImportModel holds beside the parameters, at most: names, times, a fingerprint.
constexpr std::size_t beside_parameters = 4096;

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

std::vector<v1::Alias> all_aliases(const clv_result& aliases) {
  std::vector<v1::Alias> all;
  for (std::int64_t row = 0; row < clv_result_rows(&aliases); ++row) {
    all.push_back(alias_at(aliases, row));
  }
  return all;
}

std::vector<v1::Alias> all_aliases(tenant& of) {
  return all_aliases(of.table("aliases")->rows());
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

v1::Model model_numbered(const std::string& number,
                         const clv_result& models,
                         const std::vector<v1::Alias>& aliases,
                         const clv_model* model) {
  for (std::int64_t row = 0; row < clv_result_rows(&models); ++row) {
    if (text_at(models, "name", row) != number) continue;
    v1::Model m = model_at(models, row, aliases);
    add_parameters(model, m);
    return m;
  }
  throw call_error(grpc::StatusCode::NOT_FOUND, "MODEL_UNKNOWN", "there is no such model");
}

// By number, alias, or "" for the one in use.
v1::Model find_model(tenant& of, const std::string& name) {
  const auto served = of.model(name);
  return model_numbered(
      served->name, of.table("models")->rows(), all_aliases(of), served->model.get());
}

// What a repeat is told: read of the store itself, which may be ahead of the tables in memory for a
// moment.
v1::Model kept_model(tenant& of, std::int64_t made) {
  const std::string number = std::to_string(made);
  const reading from = of.read();
  const diag_ptr diag(clv_diag_new());
  clv_model* found = nullptr;
  check(clv_engine_model(from.engine(), number.c_str(), &found, diag.get()), diag.get());
  const model_ptr model(found);
  const result_ptr models = stored_table(from.engine(), "models");
  const result_ptr aliases = stored_table(from.engine(), "aliases");
  return model_numbered(number, *models, all_aliases(*aliases), model.get());
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

model_ptr loaded(const std::string& json) {
  if (json.empty()) throw invalid_field("FIELD_REQUIRED", "model_json", "give a model file");
  return loaded_model(json);
}

// Why libclv does not let an alias name the model; its words say which number is wrong.
const char* refusal_of(clv_engine* engine, const clv_alias_options& options) {
  const result_ptr aliases = stored_table(engine, "aliases");
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
  const result_ptr models = stored_table(engine, "models");
  for (std::int64_t row = 0; row < clv_result_rows(models.get()); ++row) {
    if (text_at(*models, "name", row) != number) continue;
    if (number_at(*models, "retired", row) == 1) return "MODEL_RETIRED";
    if (options.model == nullptr || number_at(*models, "converged", row) == 1) break;
    return text_at(*models, "status", row) == "at_boundary" ? "PARAM_AT_BOUND" : "NOT_CONVERGED";
  }
  return "MODEL_STALE";
}

// The alias as it will be, but for its etag: what is answered is kept in the commit that sets it.
v1::Alias alias_after(clv_engine* engine, const clv_alias_options& options) {
  v1::Alias after;
  after.set_name(std::string("aliases/") + options.alias);
  std::string target = options.model == nullptr ? "" : options.model, present, previous;
  const result_ptr aliases = stored_table(engine, "aliases");
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    const std::string alias = text_at(*aliases, "alias", row);
    if (alias == options.alias) {
      present = text_at(*aliases, "model", row);
      previous = text_at(*aliases, "previous", row);
    }
    if (options.model != nullptr && alias == options.model) {
      target = text_at(*aliases, "model", row);
    }
  }
  if (options.model == nullptr) target = previous;
  target.erase(0, target.find_first_not_of('0'));  // "007" is a spelling of "7"
  after.set_model("models/" + target);
  if (!present.empty() && target != present) previous = present;
  if (!previous.empty()) after.set_previous_model("models/" + previous);
  *after.mutable_update_time() = timestamp_of(options.now_us);
  return after;
}

// The etag is what only the commit knows.
template <typename Response>
stored_repeats::completion etag_of(Response& response) {
  return
      [&response](std::int64_t made) { response.mutable_alias()->set_etag(std::to_string(made)); };
}

template <typename Response>
void set_alias(services& with,
               tenant& of,
               clv_alias_options options,
               stored_repeats& known,
               Response& response) {
  with.server->check_writable();
  options.now_us = server_now_us();
  options.max_age_us = with.server->max_model_age_us;
  of.write().run([&](clv_engine* engine) {
    *response.mutable_alias() = alias_after(engine, options);
    const diag_ptr diag(clv_diag_new());
    std::int64_t etag = 0;
    options.answer = known.with(response);
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
    response.mutable_alias()->set_etag(std::to_string(etag));
  });
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
      if (a.name() == to) options.etag = etag_argument(a.etag(), 0);
    }
    stored_repeats unasked(of, "FitModel", "", "");
    v1::PromoteModelResponse made;
    set_alias(with, of, options, unasked, made);
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
  of.adopt(fitting.get(), nullptr, [&made](clv_engine* engine) {
    const result_ptr models = stored_table(engine, "models");
    made = text_at(*models, "name", clv_result_rows(models.get()) - 1);
  });
  v1::FitModelResult result;
  if (!what.request.promote_to().empty()) {
    result.set_promoted(promote_fitted(with, of, made, what.request.promote_to(), job));
  }
  *result.mutable_model() = find_model(of, made);
  to.PackFrom(result);
}

// Keeps the model and returns its number. What is answered is read of the store afterwards, also
// for a repeat; that it can be sent is seen before.
std::int64_t imported(tenant& of, const v1::ImportModelRequest& request, stored_repeats& known) {
  const model_ptr model = loaded(request.model_json());
  v1::ImportModelResponse sendable;
  add_parameters(model.get(), *sendable.mutable_model());
  sendable.mutable_model()->set_name(std::string(beside_parameters, '-'));
  check_size(sendable);
  std::int64_t number = 0;
  of.write().run([&](clv_engine* engine) {
    const diag_ptr diag(clv_diag_new());
    const auto options = keeping(known.with(v1::ImportModelResponse()));
    const char* given = nullptr;
    check(clv_engine_add_model(engine, &options, model.get(), server_now_us(), &given, diag.get()),
          diag.get());
    number = std::stoll(given);
  });
  return number;
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
  const page_source from{page_arguments(c, "ListModels", ""), table->fingerprint(), table->size()};
  const page p = page_of(from, request.page_size(), request.page_token(), list_pages);
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
  stored_repeats known(
      of, "ImportModel", request.request_id(), body_of(request), [&](std::int64_t made) {
        *response.mutable_model() = kept_model(of, made);
      });
  answer_once(known, response, [&] {
    with.server->check_writable();
    *response.mutable_model() = kept_model(of, imported(of, request, known));
  });
}

void export_model(services& with,
                  call& c,
                  const v1::ExportModelRequest& request,
                  v1::ExportModelResponse& response) {
  const auto served = tenant_of(with, c).model(required_model("name", request.name()));
  response.set_model_json(saved_model(*served->model));
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
  stored_repeats known(
      of, "PromoteModel", request.request_id(), body_of(request), etag_of(response));
  answer_once(known, response, [&] {
    const std::string alias = alias_argument(request.alias());
    const std::string model = required_model("model", request.model());
    auto options = CLV_SIZED(clv_alias_options);
    options.alias = alias.c_str();
    options.model = model.c_str();
    options.etag = etag_argument(request.etag(), 0);
    set_alias(with, of, options, known, response);
  });
}

void rollback_model(services& with,
                    call& c,
                    const v1::RollbackModelRequest& request,
                    v1::RollbackModelResponse& response) {
  tenant& of = tenant_of(with, c);
  stored_repeats known(
      of, "RollbackModel", request.request_id(), body_of(request), etag_of(response));
  answer_once(known, response, [&] {
    const std::string alias = alias_argument(request.alias());
    auto options = CLV_SIZED(clv_alias_options);
    options.flags = CLV_ALIAS_ROLLBACK;
    options.alias = alias.c_str();
    options.etag = etag_argument(request.etag(), 0);
    set_alias(with, of, options, known, response);
  });
}

void retire_model(services& with,
                  call& c,
                  const v1::RetireModelRequest& request,
                  v1::RetireModelResponse& response) {
  tenant& of = tenant_of(with, c);
  stored_repeats known(
      of, "RetireModel", request.request_id(), body_of(request), [&](std::int64_t made) {
        *response.mutable_model() = kept_model(of, made);
      });
  answer_once(known, response, [&] {
    with.server->check_writable();
    const std::string name = of.model(required_model("name", request.name()))->name;
    of.write().run([&](clv_engine* engine) {
      const diag_ptr diag(clv_diag_new());
      const auto options = keeping(known.with(response));  // the model comes with `made`
      const clv_status status = clv_engine_retire_model(engine, &options, name.c_str(), diag.get());
      if (status == CLV_E_STATE) {
        throw call_error(
            grpc::StatusCode::FAILED_PRECONDITION, "MODEL_IN_USE", clv_diag_text(diag.get()));
      }
      check(status, diag.get());
    });
    *response.mutable_model() = find_model(of, name);
  });
}

}  // namespace clvd
