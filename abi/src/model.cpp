#include "model.hpp"

#include <cstring>
#include <string>

#include "guard.hpp"
#include "result.hpp"

namespace clv::abi {
namespace {

void save(const clv_model* model, void* buffer, std::int64_t cap, std::int64_t* needed) {
  required(model, "model");
  required(needed, "needed");
  if (cap < 0) throw error(status::invalid, "cap is " + std::to_string(cap) + "; it is a size");
  if (cap > 0) required(buffer, "buffer");
  const std::string json = save_model(*model->core);
  const auto size = static_cast<std::int64_t>(json.size());
  *needed = size;
  if (cap < size) {
    throw error(
        status::limit,
        "the model has " + std::to_string(size) + " bytes, the buffer " + std::to_string(cap),
        "call again with a buffer of *needed bytes");
  }
  std::memcpy(buffer, json.data(), json.size());
}

void load(const void* json, std::int64_t size, clv_model** out) {
  required(json, "json");
  required(out, "out");
  if (size < 0) throw error(status::invalid, "size is " + std::to_string(size));
  const std::string_view text(static_cast<const char*>(json), static_cast<std::size_t>(size));
  *out = new clv_model{std::make_shared<const fitted_model>(load_model(text))};
}

void list(const clv_model* model, clv_result** out) {
  required(model, "model");
  required(out, "out");
  table t = model_table(*model->core);
  if (t.fingerprint().empty()) t.seal(model->core->data_fingerprint);
  *out = new_result(std::make_shared<const table>(std::move(t)));
}

}  // namespace
}  // namespace clv::abi

clv_status clv_model_save(
    const clv_model* model, void* buffer, int64_t cap, int64_t* needed, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::save(model, buffer, cap, needed); });
}

clv_status clv_model_load(const void* json,
                          int64_t size,
                          clv_model** out,
                          clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::load(json, size, out); });
}

clv_status clv_model_table(const clv_model* model, clv_result** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::list(model, out); });
}

void clv_model_free(clv_model* model) noexcept {
  clv::abi::release(model);
}
