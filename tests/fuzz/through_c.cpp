#include "through_c.hpp"

#include <cstring>

namespace clv::fuzz {
namespace {

constexpr const char* published =  // CDNOW sample, weeks (Fader, Hardie & Lee 2005)
    R"({"format":"clv.model/1","unit":"week","currency":"EUR",
        "purchase":{"model":"bg_nbd","parameters":{"r":0.25,"alpha":4.5,"a":0.8,"b":2.5}},
        "spend":{"model":"gamma_gamma","parameters":{"p":6.25,"q":3.75,"gamma":15.5}}})";

market make_market() {
  market m;
  clv_model* model = nullptr;
  const auto size = static_cast<std::int64_t>(std::strlen(published));
  require(clv_model_load(published, size, &model, nullptr) == CLV_OK, "the model is one");
  m.model.reset(model);
  clv_simulate_options simulate = CLV_SIZED(clv_simulate_options);
  simulate.customers = 24;
  simulate.seed = 11;
  m.transactions = table_of([&](clv_job** job, clv_diag* diag) {
    return clv_simulate_begin(&simulate, model, job, diag);
  });
  const clv_batch log = batch_of(*m.transactions);
  m.summary = table_of(
      [&](clv_job** job, clv_diag* diag) { return clv_summarize_begin(nullptr, &log, job, diag); });
  const clv_batch summary = batch_of(*m.summary);
  m.scores = table_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(nullptr, model, &summary, job, diag);
  });
  require(m.scores != nullptr, "the market is scored");
  return m;
}

}  // namespace

bool succeeded(clv_status status, const clv_diag* diag) {
  if (status >= 0) return true;
  require(status != CLV_E_INTERNAL, "input is never a bug of libclv", clv_diag_text(diag));
  require(std::strlen(clv_diag_text(diag)) > 0, "a failure says why", clv_status_name(status));
  return false;
}

bool ran(clv_job* job) {
  constexpr int steps = 50;
  constexpr std::uint32_t step_ms = 20;
  const diag_ptr diag(clv_diag_new());
  clv_status status = CLV_MORE;
  for (int i = 0; i < steps && status == CLV_MORE; ++i) {
    status = clv_job_step(job, step_ms, diag.get());
  }
  if (status == CLV_MORE) {
    clv_job_cancel(job);
    status = clv_job_step(job, step_ms, diag.get());
    require(status == CLV_E_CANCELLED, "a cancelled job ends", clv_status_name(status));
  }
  return succeeded(status, diag.get());
}

void read_through(const clv_result& table) {
  for (std::int32_t c = 0; c < clv_result_columns(&table); ++c) {
    for (std::int64_t row = 0; row < clv_result_rows(&table); ++row) {
      std::int64_t length = 0;
      const char* text = clv_result_text(&table, c, row, &length);
      if (text != nullptr) require(text[length] == '\0', "a text ends where it says");
      clv_result_number(&table, c, row);
    }
  }
}

clv_batch batch_of(const clv_result& table) {
  clv_batch batch = CLV_SIZED(clv_batch);
  require(clv_result_batch(&table, &batch, nullptr) == CLV_OK, "a table is a batch");
  return batch;
}

result_ptr table_of_csv(std::string_view text, const char* schema) {
  clv_csv_options options = CLV_SIZED(clv_csv_options);
  options.text = text.data();
  options.size = static_cast<std::int64_t>(text.size());
  options.schema = schema;
  options.currency = "EUR";
  return table_of(
      [&](clv_job** job, clv_diag* diag) { return clv_csv_begin(&options, job, diag); });
}

const market& small_market() {
  static const market made = make_market();
  return made;
}

}  // namespace clv::fuzz
