// The stateless verbs from a summary on: the caller's columns in, tables out.
#include <memory>
#include <string>
#include <vector>

#include "batch.hpp"
#include "job.hpp"
#include "model.hpp"
#include "options.hpp"
#include "plugins.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

constexpr unsigned one_thread = 1;

// The columns beyond schema "summary" that a fit or a model reads; one named twice is read once.
std::vector<std::string> covariates_of(const fit_options& o) {
  return split_list(o.transaction_covariates + "," + o.life_covariates);
}

std::vector<std::string> covariates_of(const fitted_model& m) {
  std::vector<std::string> names;
  for (const coefficient& c : m.purchase.coefficients) names.push_back(c.covariate);
  return names;
}

void begin_fit(const clv_fit_options* options, const clv_batch* summary, clv_job** out) {
  required(out, "out");
  fit_options core = to_core(options, one_thread);
  auto rows = read_batch(summary, "summary", "summary", covariates_of(core));
  *out = new_job([&] { return fit(std::move(rows), std::move(core)); });
}

void begin_score(const clv_score_options* options,
                 const clv_model* model,
                 const clv_batch* summary,
                 clv_job** out) {
  required(out, "out");
  required(model, "model");
  score_options core = to_core(options, one_thread);
  auto rows = read_batch(summary, "summary", "summary", covariates_of(*model->core));
  *out =
      new_job([&] { return model->prepared.score(model->core, std::move(rows), std::move(core)); });
}

void begin_segment(const clv_segment_options* options, const clv_batch* scores, clv_job** out) {
  required(out, "out");
  segment_options core = to_core(options);
  auto rows = read_batch(scores, "scores", "scores");
  *out = new_job([&] { return segment(std::move(rows), std::move(core)); });
}

void begin_simulate(const clv_simulate_options* options, const clv_model* model, clv_job** out) {
  required(out, "out");
  required(model, "model");
  simulate_options core = to_core(options);
  *out = new_job([&] { return simulate(model->core, std::move(core)); });
}

void begin_propose(clv_plugins* plugins,
                   const clv_run_options* options,
                   const clv_batch* scores,
                   clv_job** out) {
  required(out, "out");
  check_answerless(options);
  required(plugins, "plugins");
  const exclusive held(plugins->set->busy, "plugins handle");
  auto rows = read_scores_and_facts(scores, "scores");
  const plugin_set& set = *plugins->set;
  *out =
      new_job([&] { return propose(std::move(rows), set.proposers(), set.makers_for_proposers()); },
              {.plugins = plugins->set});
}

void begin_features(clv_plugins* plugins,
                    const clv_run_options* options,
                    const clv_batch* scores,
                    clv_job** out) {
  required(out, "out");
  check_answerless(options);
  required(plugins, "plugins");
  const exclusive held(plugins->set->busy, "plugins handle");
  auto rows = read_scores_and_facts(scores, "scores");
  *out = new_job([&] { return make_features(std::move(rows), plugins->set->makers()); },
                 {.plugins = plugins->set});
}

void begin_segment_by(clv_plugins* plugins,
                      const clv_run_options* options,
                      const char* plugin_id,
                      const clv_batch* scores,
                      clv_job** out) {
  required(out, "out");
  check_answerless(options);
  required(plugins, "plugins");
  const exclusive held(plugins->set->busy, "plugins handle");
  plugin& by = plugins->set->find_segmenter(required(plugin_id, "plugin_id"));
  auto rows = read_scores_and_facts(scores, "scores");
  *out = new_job([&] { return segment(std::move(rows), by, plugins->set->makers_for(by)); },
                 {.plugins = plugins->set});
}

void begin_decide(const clv_decide_options* options,
                  const clv_model* model,
                  const clv_batch* scores,
                  const clv_batch* proposals,
                  clv_job** out) {
  required(out, "out");
  required(model, "model");
  decide_options core = to_core(options);
  core.model = model->core;
  auto rows = read_batch(scores, "scores", "scores");
  auto offers = read_batch(proposals, "proposals", "proposals");
  *out = new_job([&] { return decide(std::move(rows), std::move(offers), std::move(core)); });
}

void begin_replay(const clv_run_options* options, const clv_batch* decisions, clv_job** out) {
  required(out, "out");
  check_answerless(options);
  // Columns as they are: a table of decisions and a log of them differ in most.
  auto rows = read_batch(decisions, "decisions", "");
  *out = new_job([&] { return replay(std::move(rows)); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_fit_begin(const clv_fit_options* options,
                         const clv_batch* summary,
                         clv_job** out,
                         clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_fit(options, summary, out); });
}

clv_status clv_score_begin(const clv_score_options* options,
                           const clv_model* model,
                           const clv_batch* summary,
                           clv_job** out,
                           clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_score(options, model, summary, out); });
}

clv_status clv_segment_begin(const clv_segment_options* options,
                             const clv_batch* scores,
                             clv_job** out,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_segment(options, scores, out); });
}

clv_status clv_simulate_begin(const clv_simulate_options* options,
                              const clv_model* model,
                              clv_job** out,
                              clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_simulate(options, model, out); });
}

clv_status clv_propose_begin(clv_plugins* plugins,
                             const clv_run_options* options,
                             const clv_batch* scores,
                             clv_job** out,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_propose(plugins, options, scores, out); });
}

clv_status clv_features_begin(clv_plugins* plugins,
                              const clv_run_options* options,
                              const clv_batch* scores,
                              clv_job** out,
                              clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_features(plugins, options, scores, out); });
}

clv_status clv_plugins_segment_begin(clv_plugins* plugins,
                                     const clv_run_options* options,
                                     const char* plugin_id,
                                     const clv_batch* scores,
                                     clv_job** out,
                                     clv_diag* diag) noexcept {
  return clv::abi::guard(
      diag, [&] { clv::abi::begin_segment_by(plugins, options, plugin_id, scores, out); });
}

clv_status clv_decide_begin(const clv_decide_options* options,
                            const clv_model* model,
                            const clv_batch* scores,
                            const clv_batch* proposals,
                            clv_job** out,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag,
                         [&] { clv::abi::begin_decide(options, model, scores, proposals, out); });
}

clv_status clv_replay_begin(const clv_run_options* options,
                            const clv_batch* decisions,
                            clv_job** out,
                            clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_replay(options, decisions, out); });
}
