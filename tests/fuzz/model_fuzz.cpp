// Any bytes as a model file: refused with a reason, or a model that scores, and that is written and
// read again as the same bytes.
#include <vector>

#include "through_c.hpp"

namespace {

using namespace clv::fuzz;

model_ptr load(std::string_view json) {
  const diag_ptr diag(clv_diag_new());
  clv_model* model = nullptr;
  const clv_status status =
      clv_model_load(json.data(), static_cast<std::int64_t>(json.size()), &model, diag.get());
  require(succeeded(status, diag.get()) == (model != nullptr), "a model just when it is said");
  return model_ptr(model);
}

std::string saved(const clv_model& model) {
  std::int64_t needed = 0;
  clv_model_save(&model, nullptr, 0, &needed, nullptr);
  std::string json(static_cast<std::size_t>(needed), '\0');
  require(clv_model_save(&model, json.data(), needed, &needed, nullptr) == CLV_OK, "it is saved");
  return json;
}

void score(const clv_model& model) {
  const clv_batch summary = batch_of(*small_market().summary);
  clv_score_options options = CLV_SIZED(clv_score_options);
  options.horizon = 13;
  const result_ptr scores = table_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(&options, &model, &summary, job, diag);
  });
  if (scores != nullptr) read_through(*scores);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const model_ptr model = load(text_of(data, size));
  if (model == nullptr) return 0;
  const std::string json = saved(*model);
  const model_ptr again = load(json);
  require(again != nullptr, "what was saved can be loaded", json);
  require(saved(*again) == json, "saved, loaded, saved: the same bytes", json);
  const diag_ptr diag(clv_diag_new());
  clv_result* table = nullptr;
  if (succeeded(clv_model_table(model.get(), &table, diag.get()), diag.get())) {
    read_through(*result_ptr(table));
  }
  score(*model);
  return 0;
}
