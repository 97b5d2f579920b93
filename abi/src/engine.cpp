// The engine's verbs: the same as the stateless ones, on its file.
#include "batch.hpp"
#include "engine_job.hpp"
#include "model.hpp"
#include "options.hpp"
#include "plugins.hpp"
#include "sized.hpp"

namespace clv::abi {
namespace {

void open(const clv_engine_options* options, clv_engine** out) {
  required(out, "out");
  *out = new clv_engine{std::make_shared<engine_state>(to_core(options))};
}

void begin_ingest(clv_engine* engine,
                  const clv_ingest_options* options,
                  const clv_batch* transactions,
                  clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  ingest_options o = to_core(options);
  auto rows = read_batch(transactions, "transactions", "transactions");
  begin_on(engine, out, [&](auto& core) { return core.ingest(std::move(rows), std::move(o)); });
}

// Unit, zone, currency and as_of say how the log is counted, and the model keeps what was counted.
void begin_fit(clv_engine* engine,
               const clv_summarize_options* summarize,
               const clv_fit_options* fit,
               clv_job** out) {
  required(out, "out");
  summarize_options s = to_core(summarize);
  fit_options f = to_core(fit, required(engine, "engine")->state->threads);
  f.unit = s.unit;
  f.time_zone = s.time_zone;
  f.currency = s.currency;
  f.as_of_us = s.as_of_us;
  begin_on(engine, out, [&](auto& core) { return core.fit(std::move(s), std::move(f)); });
}

void begin_score(clv_engine* engine, const clv_score_options* options, clv_job** out) {
  engine_score o = to_engine_score(options, required(engine, "engine")->state->threads);
  begin_on(
      engine, out, [&](auto& core) { return core.score(std::move(o.options), std::move(o.from)); });
}

void begin_segment(clv_engine* engine, const clv_segment_options* options, clv_job** out) {
  segment_options o = to_core(options);
  begin_on(engine, out, [&](auto& core) { return core.segment(std::move(o)); });
}

void begin_features(clv_engine* engine,
                    clv_plugins* plugins,
                    const clv_run_options* options,
                    clv_job** out) {
  const auto& set = required(plugins, "plugins")->set;
  check_answerless(options);
  const exclusive held(set->busy, "plugins handle");
  begin_on(engine, out, [&](auto& core) { return core.features(set->makers()); }, {.plugins = set});
}

void begin_propose(clv_engine* engine,
                   clv_plugins* plugins,
                   const clv_run_options* options,
                   clv_job** out) {
  const auto& set = required(plugins, "plugins")->set;
  check_answerless(options);
  const exclusive held(set->busy, "plugins handle");
  begin_on(engine,
           out,
           [&](auto& core) { return core.propose(set->proposers(), set->makers_for_proposers()); },
           {.plugins = set});
}

void begin_segment_by(clv_engine* engine,
                      clv_plugins* plugins,
                      const clv_run_options* options,
                      const char* plugin_id,
                      clv_job** out) {
  required(engine, "engine");
  check_answerless(options);
  const auto& set = required(plugins, "plugins")->set;
  const exclusive held(set->busy, "plugins handle");
  plugin& by = set->find_segmenter(required(plugin_id, "plugin_id"));
  begin_on(engine,
           out,
           [&](auto& core) { return core.segment(by, set->makers_for(by)); },
           {.plugins = set});
}

// Without plugins there must be something else to decide on.
std::shared_ptr<plugin_set> plugins_of(clv_plugins* plugins, const decide_options& o) {
  if (plugins == nullptr && o.proposals) return std::make_shared<plugin_set>();
  return required(plugins, "plugins")->set;
}

void begin_decide(clv_engine* engine,
                  clv_plugins* plugins,
                  const clv_decide_options* options,
                  clv_job** out) {
  decide_options o = to_engine_decide(options);
  if (!o.previous_hash.empty()) {
    throw error(status::invalid,
                "previous_hash is given, but an engine goes on from its own last decision",
                "leave it out");
  }
  const auto set = plugins_of(plugins, o);
  const exclusive held(set->busy, "plugins handle");
  const bool what_if = (read_sized(options, "options").flags & CLV_DECIDE_WHAT_IF) != 0;
  begin_on(engine,
           out,
           [&](auto& core) {
             return core.decide(
                 set->proposers(), std::move(o), what_if, set->makers_for_proposers());
           },
           {.plugins = set});
}

void begin_read(clv_engine* engine, const clv_table_options* options, clv_job** out) {
  stored_rows what = to_core(options);
  begin_on(engine, out, [&](auto& core) { return core.read(std::move(what)); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_open(const clv_engine_options* options,
                           clv_engine** out,
                           clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::open(options, out); });
}

void clv_engine_free(clv_engine* engine) noexcept {
  clv::abi::release(engine);
}

clv_status clv_engine_ingest_begin(clv_engine* engine,
                                   const clv_ingest_options* options,
                                   const clv_batch* transactions,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_ingest(engine, options, transactions, out); });
}

clv_status clv_engine_fit_begin(clv_engine* engine,
                                const clv_summarize_options* summarize,
                                const clv_fit_options* fit,
                                clv_job** out,
                                clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_fit(engine, summarize, fit, out); });
}

clv_status clv_engine_score_begin(clv_engine* engine,
                                  const clv_score_options* options,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_score(engine, options, out); });
}

clv_status clv_engine_segment_begin(clv_engine* engine,
                                    const clv_segment_options* options,
                                    clv_job** out,
                                    clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_segment(engine, options, out); });
}

clv_status clv_engine_plugin_segment_begin(clv_engine* engine,
                                           clv_plugins* plugins,
                                           const clv_run_options* options,
                                           const char* plugin_id,
                                           clv_job** out,
                                           clv_diag* diag) noexcept {
  return clv::abi::guard(
      diag, [&] { clv::abi::begin_segment_by(engine, plugins, options, plugin_id, out); });
}

clv_status clv_engine_features_begin(clv_engine* engine,
                                     clv_plugins* plugins,
                                     const clv_run_options* options,
                                     clv_job** out,
                                     clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_features(engine, plugins, options, out); });
}

clv_status clv_engine_propose_begin(clv_engine* engine,
                                    clv_plugins* plugins,
                                    const clv_run_options* options,
                                    clv_job** out,
                                    clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_propose(engine, plugins, options, out); });
}

clv_status clv_engine_decide_begin(clv_engine* engine,
                                   clv_plugins* plugins,
                                   const clv_decide_options* options,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_decide(engine, plugins, options, out); });
}

clv_status clv_engine_read_begin(clv_engine* engine,
                                 const clv_table_options* options,
                                 clv_job** out,
                                 clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_read(engine, options, out); });
}
