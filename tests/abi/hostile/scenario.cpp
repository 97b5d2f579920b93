#include "scenario.hpp"

namespace clv_hostile {
namespace {

// Bytes as they are before a call: nothing that a call would write by itself.
outputs::values fresh() {
  outputs::values v;
  std::memset(&v, 0x5a, sizeof v);
  v.entry.struct_size = sizeof v.entry;
  v.info.struct_size = sizeof v.info;
  v.progress.struct_size = sizeof v.progress;
  v.batch.struct_size = sizeof v.batch;
  v.score = CLV_SIZED(clv_score);
  v.history = CLV_SIZED(clv_history);
  v.answer.struct_size = sizeof v.answer;
  v.job = untouched<clv_job>();
  v.result = untouched<clv_result>();
  v.model = untouched<clv_model>();
  v.engine = untouched<clv_engine>();
  v.plugins = untouched<clv_plugins>();
  v.scorer = untouched<clv_scorer>();
  v.arrow = untouched<clv_arrow>();
  v.diag = untouched<clv_diag>();
  v.stream.release = nullptr;
  return v;
}

template <typename T>
void free_given(T* handle, void (*free)(T*)) {
  if (handle != untouched<T>()) free(handle);
}

market make_market() {
  market m;
  m.log = simulated_log(40);
  m.summary = summary_of(m.log);
  m.scores = scores_of(m.summary);
  const std::shared_ptr<clv_plugins> plugins = good_plugin();
  const clv_batch scores = batch_of(m.scores);
  m.proposals = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_propose_begin(plugins.get(), nullptr, &scores, job, diag);
  });
  const clv_batch proposals = batch_of(m.proposals);
  m.decisions = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_decide_begin(nullptr, m.model.get(), &scores, &proposals, job, diag);
  });
  return m;
}

}  // namespace

outputs::outputs() {
  std::memset(&v, 0, sizeof v);
  const values made = fresh();
  std::memcpy(&v, &made, sizeof v);
}

outputs::~outputs() {
  free_given(v.job, clv_job_free);
  free_given(v.result, clv_result_free);
  free_given(v.model, clv_model_free);
  free_given(v.engine, clv_engine_free);
  free_given(v.plugins, clv_plugins_free);
  free_given(v.scorer, clv_scorer_free);
  free_given(v.arrow, clv_arrow_free);
  free_given(v.diag, clv_diag_free);
  if (v.stream.release != nullptr) v.stream.release(&v.stream);
}

bool outputs::same_as_new() const {
  const outputs fresh_ones;
  return std::memcmp(&v, &fresh_ones.v, sizeof v) == 0;
}

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all = [] {
    std::vector<scenario> made;
    for (const auto& part : {table_scenarios(),
                             value_scenarios(),
                             action_scenarios(),
                             engine_scenarios(),
                             service_scenarios()}) {
      made.insert(made.end(), part.begin(), part.end());
    }
    return made;
  }();
  return all;
}

const market& small_market() {
  static const market made = make_market();
  return made;
}

std::shared_ptr<clv_plugins> good_plugin() {
  return plugin_of("good");
}

std::shared_ptr<clv_plugins> plugin_of(const std::string& name) {
  const std::string path = CLV_TEST_PLUGINS "/" + name + ".so";
  const diag_ptr diag = new_diag();
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, diag.get()), CLV_OK);
  EXPECT_EQ(clv_plugins_load(made, nullptr, path.c_str(), diag.get()), CLV_OK) << said(diag);
  return {made, clv_plugins_free};
}

std::shared_ptr<clv_engine> engine_at(stage reached, const std::string& path) {
  const diag_ptr diag = new_diag();
  clv_engine_options options = CLV_SIZED(clv_engine_options);
  options.path = path.empty() ? nullptr : path.c_str();
  clv_engine* made = nullptr;
  EXPECT_EQ(clv_engine_open(&options, &made, diag.get()), CLV_OK) << said(diag);
  std::shared_ptr<clv_engine> engine(made, clv_engine_free);
  if (reached >= stage::ingested) {
    const clv_batch log = batch_of(small_market().log);
    clv_ingest_options from = CLV_SIZED(clv_ingest_options);
    from.source = "shop";
    finished_job([&](clv_job** job, clv_diag* told) {
      return clv_engine_ingest_begin(made, &from, &log, job, told);
    });
  }
  if (reached >= stage::fitted) {
    finished_job([&](clv_job** job, clv_diag* told) {
      return clv_engine_fit_begin(made, nullptr, nullptr, job, told);
    });
  }
  if (reached >= stage::scored) {
    finished_job([&](clv_job** job, clv_diag* told) {
      return clv_engine_score_begin(made, nullptr, job, told);
    });
  }
  if (reached >= stage::decided) {
    const std::shared_ptr<clv_plugins> plugins = good_plugin();
    finished_job([&](clv_job** job, clv_diag* told) {
      return clv_engine_decide_begin(made, plugins.get(), nullptr, job, told);
    });
  }
  return engine;
}

}  // namespace clv_hostile
