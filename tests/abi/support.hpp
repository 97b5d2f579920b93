// What every test of the C ABI needs: handles that free themselves and a small market to work on.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "clv.h"

namespace clv_test {

template <auto Free>
struct frees {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using diag_ptr = std::unique_ptr<clv_diag, frees<clv_diag_free>>;
using job_ptr = std::unique_ptr<clv_job, frees<clv_job_free>>;
using model_ptr = std::unique_ptr<clv_model, frees<clv_model_free>>;
using result_ptr = std::unique_ptr<clv_result, frees<clv_result_free>>;
using plugins_ptr = std::unique_ptr<clv_plugins, frees<clv_plugins_free>>;
using engine_ptr = std::unique_ptr<clv_engine, frees<clv_engine_free>>;

inline diag_ptr new_diag() {
  return diag_ptr(clv_diag_new());
}

// The last failure with its text, for EXPECT messages.
inline std::string said(const diag_ptr& diag) {
  return clv_diag_text(diag.get());
}

// Calls begin(&job, diag), steps to the end and takes table `name`; nullptr after a failure,
// which is reported.
template <typename Begin>
result_ptr answer_of(Begin&& begin, const char* name = nullptr) {
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  EXPECT_EQ(begin(&made, diag.get()), CLV_OK) << said(diag);
  const job_ptr job(made);
  if (job == nullptr) return nullptr;
  EXPECT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_OK) << said(diag);
  clv_result* result = nullptr;
  EXPECT_EQ(clv_job_take_result(job.get(), name, &result, diag.get()), CLV_OK) << said(diag);
  return result_ptr(result);
}

// A stored table whole, as clv_engine_read_begin reads it, in one step.
inline clv_status read_stored(clv_engine* engine,
                              const char* table,
                              clv_result** out,
                              clv_diag* diag) {
  clv_table_options what = CLV_SIZED(clv_table_options);
  what.table = table;
  clv_job* made = nullptr;
  clv_status status = clv_engine_read_begin(engine, &what, &made, diag);
  const job_ptr job(made);
  if (status >= 0) status = clv_job_step(made, 0, diag);
  return status < 0 ? status : clv_job_take_result(made, nullptr, out, diag);
}

inline model_ptr load_model(const std::string& json) {
  const diag_ptr diag = new_diag();
  clv_model* model = nullptr;
  EXPECT_EQ(clv_model_load(json.data(), static_cast<int64_t>(json.size()), &model, diag.get()),
            CLV_OK)
      << said(diag);
  return model_ptr(model);
}

// The published parameters of the CDNOW sample, weeks (Fader, Hardie & Lee 2005).
inline model_ptr known_model() {
  return load_model(
      R"({"format":"clv.model/1","unit":"week","currency":"EUR",
          "purchase":{"model":"bg_nbd","parameters":{"r":0.25,"alpha":4.5,"a":0.8,"b":2.5}},
          "spend":{"model":"gamma_gamma","parameters":{"p":6.25,"q":3.75,"gamma":15.5}}})");
}

inline clv_batch batch_of(const result_ptr& result) {
  clv_batch batch = CLV_SIZED(clv_batch);
  EXPECT_EQ(clv_result_batch(result.get(), &batch, nullptr), CLV_OK);
  return batch;
}

inline result_ptr simulated_log(int64_t customers) {
  const model_ptr model = known_model();
  clv_simulate_options o = CLV_SIZED(clv_simulate_options);
  o.customers = customers;
  o.seed = 11;
  return answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_simulate_begin(&o, model.get(), job, diag);
  });
}

inline result_ptr summary_of(const result_ptr& log) {
  const clv_batch in = batch_of(log);
  return answer_of(
      [&](clv_job** job, clv_diag* diag) { return clv_summarize_begin(nullptr, &in, job, diag); });
}

inline result_ptr scores_of(const result_ptr& summary) {
  const model_ptr model = known_model();
  const clv_batch in = batch_of(summary);
  return answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(nullptr, model.get(), &in, job, diag);
  });
}

// A column of doubles for a batch; borrows.
inline clv_column number_column(const char* name, const std::vector<double>& values) {
  clv_column c{};
  c.name = name;
  c.type = CLV_T_F64;
  c.data = values.data();
  return c;
}

// A column of texts for a batch; keeps its memory.
struct text_column {
  text_column(const char* called, const std::vector<std::string>& values) : name(called) {
    for (const std::string& v : values) {
      chars += v;
      offsets.push_back(static_cast<int64_t>(chars.size()));
    }
  }
  clv_column column() const {
    clv_column c{};
    c.name = name;
    c.type = CLV_T_UTF8;
    c.data = chars.data();
    c.offsets = offsets.data();
    return c;
  }
  const char* name;
  std::string chars;
  std::vector<int64_t> offsets{0};
};

// A column of integers, times or amounts; borrows.
inline clv_column integer_column(const char* name,
                                 clv_type type,
                                 const std::vector<int64_t>& values) {
  clv_column c{};
  c.name = name;
  c.type = type;
  c.data = values.data();
  return c;
}

inline clv_batch batch_of(const std::vector<clv_column>& columns, int64_t rows) {
  clv_batch b = CLV_SIZED(clv_batch);
  b.n_columns = static_cast<uint32_t>(columns.size());
  b.n_rows = rows;
  b.columns = columns.data();
  return b;
}

}  // namespace clv_test
