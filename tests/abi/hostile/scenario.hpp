// One call of each function that libclv exports, as a table: what runs out of memory, gets broken
// structs and foreign handles is always one of these. coverage_test.cpp fails when symbols.map has
// a function that is not here.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "../support.hpp"
#include "clv_arrow.h"
#include "clv_service.h"

namespace clv_hostile {

using namespace clv_test;

using arrow_ptr = std::unique_ptr<clv_arrow, frees<clv_arrow_free>>;
using scorer_ptr = std::unique_ptr<clv_scorer, frees<clv_scorer_free>>;

// No address that memory has: what a failed call must have left where it was.
template <typename T>
T* untouched() {
  return reinterpret_cast<T*>(std::uintptr_t{0x5a5a5a5a5a5a5a50});
}

// All that a call may hand out. Of a failed call every byte is as it was.
struct outputs {
  outputs();
  outputs(const outputs&) = delete;
  outputs& operator=(const outputs&) = delete;
  ~outputs();  // frees what was handed out

  bool same_as_new() const;

  struct values {
    clv_job* job;
    clv_result* result;
    clv_model* model;
    clv_engine* engine;
    clv_plugins* plugins;
    clv_scorer* scorer;
    clv_arrow* arrow;
    clv_diag* diag;
    const char* text;
    int64_t number;
    int64_t count;
    double real;
    clv_diag_entry entry;
    clv_column_info info;
    clv_progress progress;
    clv_batch batch;
    clv_score score;
    clv_history history;
    clv_answer answer;
    ArrowArrayStream stream;
    double items[64];
    char buffer[4096];
  } v;
};

// The structs that a caller fills, each with its size.
struct inputs {
  clv_csv_options csv = CLV_SIZED(clv_csv_options);
  clv_summarize_options summarize = CLV_SIZED(clv_summarize_options);
  clv_fit_options fit = CLV_SIZED(clv_fit_options);
  clv_score_options score = CLV_SIZED(clv_score_options);
  clv_segment_options segment = CLV_SIZED(clv_segment_options);
  clv_simulate_options simulate = CLV_SIZED(clv_simulate_options);
  clv_report_options report = CLV_SIZED(clv_report_options);
  clv_plugin_options plugin = CLV_SIZED(clv_plugin_options);
  clv_decide_options decide = CLV_SIZED(clv_decide_options);
  clv_engine_options engine = CLV_SIZED(clv_engine_options);
  clv_ingest_options ingest = CLV_SIZED(clv_ingest_options);
  clv_source source = CLV_SIZED(clv_source);
  clv_keyed_batch keyed = CLV_SIZED(clv_keyed_batch);
  clv_answer answer = CLV_SIZED(clv_answer);
  clv_run_options run = CLV_SIZED(clv_run_options);
  clv_table_options table = CLV_SIZED(clv_table_options);
  clv_alias_options alias = CLV_SIZED(clv_alias_options);
  clv_read_options read = CLV_SIZED(clv_read_options);
  clv_batch first = CLV_SIZED(clv_batch);
  clv_batch second = CLV_SIZED(clv_batch);
  std::vector<std::shared_ptr<void>> kept;  // what the pointers above point to
};

using call = std::function<clv_status(inputs&, outputs&, clv_diag*)>;

enum class needs_memory { no, yes };

struct scenario {
  std::string function;  // its name in symbols.map
  needs_memory memory;
  // Makes what the call works on, also in `inputs`, and returns the call. What the call keeps is
  // freed with it.
  std::function<call(inputs&)> prepare;
  bool same_answer = true;  // its table is the same in another store, at another path
};

const std::vector<scenario>& scenarios();

std::vector<scenario> table_scenarios();   // library, diagnostics, results, Arrow, jobs
std::vector<scenario> value_scenarios();   // stateless verbs, models, scorers
std::vector<scenario> action_scenarios();  // plugins, proposals, decisions
std::vector<scenario> engine_scenarios();
std::vector<scenario> service_scenarios();

// What most of them work on; made once, and immutable.
struct market {
  model_ptr model = known_model();
  result_ptr log, summary, scores, proposals, decisions;
};
const market& small_market();

// A set of one plugin of tests/abi/plugins.
std::shared_ptr<clv_plugins> plugin_of(const std::string& name);
std::shared_ptr<clv_plugins> good_plugin();

// An engine in memory that has come as far as asked.
enum class stage { opened, ingested, fitted, scored, decided };
std::shared_ptr<clv_engine> engine_at(stage reached, const std::string& path = {});

// Begins, steps to the end, takes the main table: one call. `begin(in, &job, diag)`.
template <typename Begin>
call whole_job(Begin begin) {
  // A job that is done is kept until its table could be taken: its work is not done twice.
  const auto done = std::make_shared<job_ptr>();
  return [begin, done](inputs& in, outputs& out, clv_diag* diag) {
    if (*done == nullptr) {
      clv_status status = begin(in, &out.v.job, diag);
      if (status < 0) return status;
      job_ptr job(std::exchange(out.v.job, untouched<clv_job>()));
      status = clv_job_step(job.get(), 0, diag);
      if (status < 0) return status;
      *done = std::move(job);
    }
    const clv_status taken = clv_job_take_result(done->get(), nullptr, &out.v.result, diag);
    if (taken >= 0) done->reset();
    return taken;
  };
}

// A job that has finished, for those who take something from one.
template <typename Begin>
std::shared_ptr<clv_job> finished_job(Begin&& begin) {
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  EXPECT_EQ(begin(&made, diag.get()), CLV_OK) << said(diag);
  std::shared_ptr<clv_job> job(made, clv_job_free);
  EXPECT_EQ(clv_job_step(made, 0, diag.get()), CLV_OK) << said(diag);
  return job;
}

}  // namespace clv_hostile
