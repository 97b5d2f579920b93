// The models that a store keeps, by number and alias.
#include <memory>
#include <string>
#include <utility>

#include "clv_service.h"
#include "engine_state.hpp"
#include "guard.hpp"
#include "model.hpp"
#include "options.hpp"

namespace clv::abi {
namespace {

// Runs `use(core)` alone on the engine.
template <typename Use>
auto on(clv_engine* engine, Use&& use) {
  engine_state& state = *required(engine, "engine")->state;
  const exclusive held(state.busy, "engine");
  return use(state);
}

void add(clv_engine* engine,
         const clv_run_options* options,
         const clv_model* model,
         std::int64_t now_us,
         const char** name) {
  required(engine, "engine");
  required(model, "model");
  required(name, "name");
  auto kept = answer_of(options);
  *name = on(engine, [&](engine_state& state) {
    // Room first: what is stored can be named.
    state.names.reserve(state.names.size() + 1);
    auto number = std::make_unique<std::string>();
    *number = state.core.add_model(*model->core, now_us, std::move(kept));
    return state.names.emplace_back(std::move(number))->c_str();
  });
}

void find(clv_engine* engine, const char* name, clv_model** out) {
  required(out, "out");
  const std::string wanted = name_of_model(name);
  *out = on(engine, [&](engine_state& state) { return new clv_model{state.core.model(wanted)}; });
}

void set(clv_engine* engine, const clv_alias_options* options, std::int64_t* etag) {
  required(engine, "engine");
  required(etag, "etag");
  const alias_options o = to_core(options);
  auto kept = answer_of(options);
  *etag = on(engine, [&](engine_state& state) { return state.core.set_alias(o, std::move(kept)); });
}

void retire(clv_engine* engine, const clv_run_options* options, const char* model) {
  required(engine, "engine");
  const std::string name = name_of_model(required(model, "model"));
  auto kept = answer_of(options);
  on(engine, [&](engine_state& state) { state.core.retire_model(name, std::move(kept)); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_add_model(clv_engine* engine,
                                const clv_run_options* options,
                                const clv_model* model,
                                int64_t now_us,
                                const char** name,
                                clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::add(engine, options, model, now_us, name); });
}

clv_status clv_engine_model(clv_engine* engine,
                            const char* name,
                            clv_model** out,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::find(engine, name, out); });
}

clv_status clv_engine_set_alias(clv_engine* engine,
                                const clv_alias_options* options,
                                int64_t* etag,
                                clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::set(engine, options, etag); });
}

clv_status clv_engine_retire_model(clv_engine* engine,
                                   const clv_run_options* options,
                                   const char* model,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::retire(engine, options, model); });
}
