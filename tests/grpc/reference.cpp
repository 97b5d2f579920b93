#include "reference.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <vector>

#include "calls/handles.hpp"

namespace clv::test {
namespace {

using namespace clvd;

void require(clv_status status, const diag_ptr& diag) {
  if (status < 0) {
    throw std::runtime_error(std::string(clv_status_name(status)) + ": " +
                             clv_diag_text(diag.get()));
  }
}

result shared(clv_result* r) {
  return {r, [](const clv_result* p) { clv_result_free(const_cast<clv_result*>(p)); }};
}

template <typename Begin>
result finished(Begin begin) {
  const diag_ptr diag(clv_diag_new());
  clv_job* begun = nullptr;
  require(begin(&begun, diag.get()), diag);
  const job_ptr job(begun);
  require(clv_job_step(job.get(), 0, diag.get()), diag);
  clv_result* table = nullptr;
  require(clv_job_take_result(job.get(), nullptr, &table, diag.get()), diag);
  return shared(table);
}

model_ptr loaded(const std::string& json) {
  const diag_ptr diag(clv_diag_new());
  clv_model* model = nullptr;
  require(clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &model, diag.get()),
          diag);
  return model_ptr(model);
}

// A file's path never begins so.
bool is_elsewhere(const std::string& store) {
  return store.starts_with("host=");
}

const clv_storage* driver() {
  void* library = dlopen(CLV_POSTGRES_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  return reinterpret_cast<const clv_storage* (*)()>(dlsym(library, "clv_storage_postgres"))();
}

engine_ptr opened(const std::string& path) {
  const diag_ptr diag(clv_diag_new());
  auto options = CLV_SIZED(clv_engine_options);
  options.path = path.c_str();
  if (is_elsewhere(path)) options.storage = driver();
  clv_engine* engine = nullptr;
  require(clv_engine_open(&options, &engine, diag.get()), diag);
  return engine_ptr(engine);
}

struct columns {
  std::vector<double> x, t_x, T, mean_spend;
};

columns columns_of(const clv::v1::ScoreSummariesRequest& request) {
  columns c;
  for (const auto& row : request.rows()) {
    c.x.push_back(row.x());
    c.t_x.push_back(row.t_x());
    c.T.push_back(row.t());
    c.mean_spend.push_back(row.has_mean_spend() ? row.mean_spend()
                                                : std::numeric_limits<double>::quiet_NaN());
  }
  return c;
}

}  // namespace

std::string other_storage() {
  const char* folder = std::getenv("CLV_TEST_STORAGE");
  return folder == nullptr ? std::string() : std::string(folder);
}

std::string postgres_library() {
  return CLV_POSTGRES_LIBRARY;
}

std::string schema_at(const std::string& folder, const std::string& schema) {
  return "host=" + folder + " dbname=postgres user=clv options=-csearch_path=" + schema;
}

clv::v1::ScoreSummariesRequest scoring_request(int customers) {
  clv::v1::ScoreSummariesRequest request;
  auto& parameters = *request.mutable_parameters();
  parameters.set_unit("week");
  parameters.set_currency_code("USD");
  parameters.mutable_purchase()->set_model("bg_nbd");
  auto& purchase = *parameters.mutable_purchase()->mutable_parameters();
  purchase["r"] = .242595;
  purchase["alpha"] = 4.413602;
  purchase["a"] = .792922;
  purchase["b"] = 2.425907;
  parameters.mutable_spend()->set_model("gamma_gamma");
  auto& spend = *parameters.mutable_spend()->mutable_parameters();
  spend["p"] = 6.249572;
  spend["q"] = 3.744225;
  spend["gamma"] = 15.443521;
  for (int i = 0; i < customers; ++i) {
    auto& row = *request.add_rows();
    const int x = i % 7;
    row.set_customer("c" + std::to_string(i));
    row.set_x(x);
    row.set_t(20 + i % 23 + .3);
    row.set_t_x(x == 0 ? 0 : row.t() * (1 + i % 11) / 12);
    if (x > 0) row.set_mean_spend(5 + i % 37 + .17);
  }
  request.set_annual_discount(.15);
  request.set_horizon(39);
  return request;
}

std::string model_json() {
  return R"({"format":"clv.model/1","unit":"week","currency":"USD",
    "purchase":{"model":"bg_nbd",
      "parameters":{"r":0.242595,"alpha":4.413602,"a":0.792922,"b":2.425907}},
    "spend":{"model":"gamma_gamma","parameters":{"p":6.249572,"q":3.744225,"gamma":15.443521}}})";
}

result scored(const clv::v1::ScoreSummariesRequest& request) {
  const columns c = columns_of(request);
  std::vector<std::uint8_t> has_spend((c.x.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    if (request.rows(static_cast<int>(i)).has_mean_spend()) {
      has_spend[i / 8] = static_cast<std::uint8_t>(has_spend[i / 8] | 1u << i % 8);
    }
  }
  const std::vector<clv_column> all{{.name = "x", .data = c.x.data(), .type = CLV_T_F64},
                                    {.name = "t_x", .data = c.t_x.data(), .type = CLV_T_F64},
                                    {.name = "T", .data = c.T.data(), .type = CLV_T_F64},
                                    {.name = "mean_spend",
                                     .data = c.mean_spend.data(),
                                     .validity = has_spend.data(),
                                     .type = CLV_T_F64}};
  auto batch = CLV_SIZED(clv_batch);
  batch.n_columns = static_cast<std::uint32_t>(all.size());
  batch.n_rows = request.rows_size();
  batch.columns = all.data();
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = request.horizon();
  options.annual_discount = request.annual_discount();
  const model_ptr model = loaded(model_json());
  return finished([&](clv_job** out, clv_diag* diag) {
    return clv_score_begin(&options, model.get(), &batch, out, diag);
  });
}

void make_store(const std::string& path, int customers) {
  auto simulate = CLV_SIZED(clv_simulate_options);
  simulate.customers = customers;
  simulate.seed = 20240229;
  simulate.currency = "USD";
  const model_ptr model = loaded(model_json());
  const result log = finished([&](clv_job** out, clv_diag* diag) {
    return clv_simulate_begin(&simulate, model.get(), out, diag);
  });
  auto batch = CLV_SIZED(clv_batch);
  clv_result_batch(log.get(), &batch, nullptr);
  const engine_ptr engine = opened(path);
  auto ingest = CLV_SIZED(clv_ingest_options);
  ingest.source = "simulated";
  finished([&](clv_job** out, clv_diag* diag) {
    return clv_engine_ingest_begin(engine.get(), &ingest, &batch, out, diag);
  });
  auto summarize = CLV_SIZED(clv_summarize_options);
  auto fit = CLV_SIZED(clv_fit_options);
  finished([&](clv_job** out, clv_diag* diag) {
    return clv_engine_fit_begin(engine.get(), &summarize, &fit, out, diag);
  });
  auto score = CLV_SIZED(clv_score_options);
  finished([&](clv_job** out, clv_diag* diag) {
    return clv_engine_score_begin(engine.get(), &score, out, diag);
  });
}

result decided(const std::string& store, const std::string& plugin, std::int64_t now_us) {
  const engine_ptr engine = opened(store);
  const diag_ptr diag(clv_diag_new());
  clv_plugins* made = nullptr;
  require(clv_plugins_new(&made, diag.get()), diag);
  const plugins_ptr plugins(made);
  auto plugin_options = CLV_SIZED(clv_plugin_options);
  plugin_options.now_us = now_us;
  require(clv_plugins_load(plugins.get(), &plugin_options, plugin.c_str(), diag.get()), diag);
  auto options = CLV_SIZED(clv_decide_options);
  options.flags = CLV_DECIDE_HAS_BUDGET;
  options.budget_minor = 2000;
  options.z = .5;
  options.holdout_share = .2;
  options.now_us = now_us;
  return finished([&](clv_job** out, clv_diag* d) {
    return clv_engine_decide_begin(engine.get(), plugins.get(), &options, out, d);
  });
}

result stored(const std::string& store, const std::string& table) {
  const engine_ptr engine = opened(store);
  const diag_ptr diag(clv_diag_new());
  clv_table_options what = CLV_SIZED(clv_table_options);
  what.table = table.c_str();
  clv_job* begun = nullptr;
  require(clv_engine_read_begin(engine.get(), &what, &begun, diag.get()), diag);
  const job_ptr reading(begun);
  require(clv_job_step(begun, 0, diag.get()), diag);
  clv_result* read = nullptr;
  require(clv_job_take_result(begun, nullptr, &read, diag.get()), diag);
  return shared(read);
}

}  // namespace clv::test
