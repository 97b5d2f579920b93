#include <cmath>
#include <map>

#include "handle_use_parts.hpp"

namespace clv_hostile {
namespace {

clv_status neutral(bool as_for_null) {
  return as_for_null ? CLV_E_INVALID : CLV_OK;
}

std::vector<handle_use> job_uses() {
  return {
      {"clv_job_step",
       "job",
       [](void* h, clv_diag* d) { return clv_job_step(as<clv_job>(h), 1, d); }},
      {"clv_job_progress",
       "job",
       [](void* h, clv_diag*) {
         clv_progress out = CLV_SIZED(clv_progress);
         return clv_job_progress(as<clv_job>(h), &out, nullptr);
       }},
      {"clv_job_cancel",
       "job",
       [](void* h, clv_diag*) {
         clv_job_cancel(as<clv_job>(h));
         return neutral(true);
       }},
      {"clv_job_take_result",
       "job",
       RESULT(clv_job_take_result(as<clv_job>(h), nullptr, out, diag))},
      {"clv_job_take_model",
       "job",
       [](void* h, clv_diag* d) {
         given<clv_model> made;
         return clv_job_take_model(as<clv_job>(h), &made.handle, d);
       }},
      {"clv_engine_adopt_begin",
       "job",
       JOB(clv_engine_adopt_begin(an_engine(), nullptr, as<clv_job>(h), out, diag))},
  };
}

std::vector<handle_use> result_uses() {
  return {{"clv_result_rows",
           "result",
           [](void* h, clv_diag*) { return neutral(clv_result_rows(as<clv_result>(h)) == 0); }},
          {"clv_result_columns",
           "result",
           [](void* h, clv_diag*) { return neutral(clv_result_columns(as<clv_result>(h)) == 0); }},
          {"clv_result_find",
           "result",
           [](void* h, clv_diag*) {
             return neutral(clv_result_find(as<clv_result>(h), "name") == -1);
           }},
          {"clv_result_column",
           "result",
           [](void* h, clv_diag* d) {
             clv_column_info out = CLV_SIZED(clv_column_info);
             return clv_result_column(as<clv_result>(h), 0, &out, d);
           }},
          {"clv_result_read",
           "result",
           [](void* h, clv_diag* d) {
             double items[4096];
             clv_read_options o = CLV_SIZED(clv_read_options);
             o.values = items;
             return clv_result_read(as<clv_result>(h), &o, d);
           }},
          {"clv_result_text",
           "result",
           [](void* h, clv_diag*) {
             return neutral(clv_result_text(as<clv_result>(h), 0, 0, nullptr) == nullptr);
           }},
          {"clv_result_number", "result", [](void* h, clv_diag*) {
             return neutral(std::isnan(clv_result_number(as<clv_result>(h), 0, 0)));
           }}};
}

std::vector<handle_use> result_output_uses() {
  return {
      {"clv_result_batch",
       "result",
       [](void* h, clv_diag*) {
         clv_batch out = CLV_SIZED(clv_batch);
         return clv_result_batch(as<clv_result>(h), &out, nullptr);
       }},
      {"clv_result_fingerprint",
       "result",
       [](void* h, clv_diag*) {
         return neutral(*clv_result_fingerprint(as<clv_result>(h)) == '\0');
       }},
      {"clv_result_write_csv",
       "result",
       [](void* h, clv_diag* d) {
         return clv_result_write_csv(as<clv_result>(h), "/dev/null", d);
       }},
      {"clv_result_export",
       "result",
       [](void* h, clv_diag* d) {
         ArrowArrayStream out{};
         const clv_status status = clv_result_export(as<clv_result>(h), &out, d);
         if (out.release != nullptr) out.release(&out);
         return status;
       }},
      {"clv_arrow_batch",
       "arrow",
       [](void* h, clv_diag* d) {
         clv_batch out = CLV_SIZED(clv_batch);
         return clv_arrow_batch(as<clv_arrow>(h), &out, d);
       }},
  };
}

std::vector<handle_use> model_uses() {
  return {{"clv_score_begin",
           "model",
           JOB(clv_score_begin(nullptr, as<clv_model>(h), &summary_rows(), out, diag))},
          {"clv_scorer_new",
           "model",
           [](void* h, clv_diag* d) {
             given<clv_scorer> made;
             return clv_scorer_new(nullptr, as<clv_model>(h), &made.handle, d);
           }},
          {"clv_scorer_history",
           "scorer",
           [](void* h, clv_diag* d) {
             clv_history history = CLV_SIZED(clv_history);
             clv_history_add(&history, 9862, 1250, nullptr);
             clv_score out = CLV_SIZED(clv_score);
             return clv_scorer_history(as<clv_scorer>(h), &history, 9900, &out, d);
           }},
          {"clv_scorer_row",
           "scorer",
           [](void* h, clv_diag* d) {
             clv_score out = CLV_SIZED(clv_score);
             return clv_scorer_row(as<clv_scorer>(h), &out, d);
           }},
          {"clv_simulate_begin", "model", [](void* h, clv_diag* d) {
             clv_simulate_options o = CLV_SIZED(clv_simulate_options);
             o.customers = 5;
             given<clv_job> made;
             return clv_simulate_begin(&o, as<clv_model>(h), &made.handle, d);
           }}};
}

std::vector<handle_use> further_model_uses() {
  return {
      {"clv_report_begin",
       "model",
       [](void* h, clv_diag* d) {
         const clv_named_batch scores{"scores", &score_rows()};
         clv_report_options o = CLV_SIZED(clv_report_options);
         o.report = "equity";
         o.inputs = &scores;
         o.n_inputs = 1;
         o.model = as<clv_model>(h);
         given<clv_job> made;
         return clv_report_begin(&o, &made.handle, d);
       }},
      {"clv_model_save",
       "model",
       [](void* h, clv_diag* d) {
         char buffer[4096];
         int64_t needed = 0;
         return clv_model_save(as<clv_model>(h), buffer, sizeof buffer, &needed, d);
       }},
      {"clv_model_table", "model", RESULT(clv_model_table(as<clv_model>(h), out, diag))},
      {"clv_decide_begin",
       "model",
       JOB(clv_decide_begin(
           nullptr, as<clv_model>(h), &score_rows(), &proposal_rows(), out, diag))},
      {"clv_engine_add_model",
       "model",
       [](void* h, clv_diag* d) {
         const char* name = nullptr;
         return clv_engine_add_model(an_engine(), nullptr, as<clv_model>(h), 5, &name, d);
       }},
  };
}

std::vector<handle_use> plugins_uses() {
  return {
      {"clv_plugins_load",
       "plugins",
       [](void* h, clv_diag* d) {
         return clv_plugins_load(as<clv_plugins>(h), nullptr, CLV_TEST_PLUGINS "/good.so", d);
       }},
      {"clv_plugins_list", "plugins", RESULT(clv_plugins_list(as<clv_plugins>(h), out, diag))},
      {"clv_plugins_take_log",
       "plugins",
       RESULT(clv_plugins_take_log(as<clv_plugins>(h), out, diag))},
      {"clv_plugins_renew",
       "plugins",
       [](void* h, clv_diag* d) { return clv_plugins_renew(as<clv_plugins>(h), 5, 7, d); }},
      {"clv_propose_begin",
       "plugins",
       JOB(clv_propose_begin(as<clv_plugins>(h), nullptr, &score_rows(), out, diag))},
      {"clv_features_begin",
       "plugins",
       JOB(clv_features_begin(as<clv_plugins>(h), nullptr, &score_rows(), out, diag))},
      {"clv_plugins_segment_begin",
       "plugins",
       JOB(clv_plugins_segment_begin(
           as<clv_plugins>(h), nullptr, "org.example.all_three", &score_rows(), out, diag))},
      {"clv_engine_features_begin",
       "plugins",
       JOB(clv_engine_features_begin(an_engine(), as<clv_plugins>(h), nullptr, out, diag))},
      {"clv_engine_propose_begin",
       "plugins",
       JOB(clv_engine_propose_begin(an_engine(), as<clv_plugins>(h), nullptr, out, diag))},
      {"clv_engine_decide_begin",
       "plugins",
       JOB(clv_engine_decide_begin(an_engine(), as<clv_plugins>(h), nullptr, out, diag))},
      {"clv_engine_plugin_segment_begin",
       "plugins",
       JOB(clv_engine_plugin_segment_begin(
           an_engine(), as<clv_plugins>(h), nullptr, "org.example.all_three", out, diag))},
  };
}

std::vector<handle_use> diag_uses() {
  return {
      {"clv_diag_clear",
       "diag",
       [](void* h, clv_diag*) {
         clv_diag_clear(as<clv_diag>(h));
         return neutral(true);
       }},
      {"clv_diag_count",
       "diag",
       [](void* h, clv_diag*) { return neutral(clv_diag_count(as<clv_diag>(h)) == 0); }},
      {"clv_diag_get",
       "diag",
       [](void* h, clv_diag*) {
         clv_diag_entry out = CLV_SIZED(clv_diag_entry);
         return clv_diag_get(as<clv_diag>(h), 0, &out);
       }},
      {"clv_diag_text",
       "diag",
       [](void* h, clv_diag*) { return neutral(*clv_diag_text(as<clv_diag>(h)) == '\0'); }},
  };
}

void* new_arrow() {
  ArrowArrayStream stream{};
  EXPECT_EQ(clv_result_export(small_market().scores.get(), &stream, nullptr), CLV_OK);
  clv_arrow* made = nullptr;
  EXPECT_EQ(clv_arrow_import(&stream, &made, nullptr), CLV_OK);
  return made;
}

void* new_job() {
  clv_job* made = nullptr;
  EXPECT_EQ(clv_segment_begin(nullptr, &score_rows(), &made, nullptr), CLV_OK);
  return made;
}

void* new_engine() {
  clv_engine* made = nullptr;
  EXPECT_EQ(clv_engine_open(nullptr, &made, nullptr), CLV_OK);
  return made;
}

void* new_plugins() {
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  return made;
}

void* new_result() {
  clv_result* made = nullptr;
  EXPECT_EQ(clv_catalogue("models", &made, nullptr), CLV_OK);
  return made;
}

void* new_scorer() {
  clv_scorer* made = nullptr;
  EXPECT_EQ(clv_scorer_new(nullptr, small_market().model.get(), &made, nullptr), CLV_OK);
  return made;
}

struct life {
  void* (*make)();
  void (*free)(void*);
};

const std::map<std::string, life>& lives() {
  static const std::map<std::string, life> all{
      {"job", {new_job, [](void* h) { clv_job_free(as<clv_job>(h)); }}},
      {"result", {new_result, [](void* h) { clv_result_free(as<clv_result>(h)); }}},
      {"arrow", {new_arrow, [](void* h) { clv_arrow_free(as<clv_arrow>(h)); }}},
      {"model",
       {[]() -> void* { return known_model().release(); },
        [](void* h) { clv_model_free(as<clv_model>(h)); }}},
      {"scorer", {new_scorer, [](void* h) { clv_scorer_free(as<clv_scorer>(h)); }}},
      {"plugins", {new_plugins, [](void* h) { clv_plugins_free(as<clv_plugins>(h)); }}},
      {"engine", {new_engine, [](void* h) { clv_engine_free(as<clv_engine>(h)); }}},
      {"diag",
       {[]() -> void* { return clv_diag_new(); },
        [](void* h) { clv_diag_free(as<clv_diag>(h)); }}}};
  return all;
}

}  // namespace

const clv_batch& log_rows() {
  static const clv_batch rows = batch_of(small_market().log);
  return rows;
}
const clv_batch& summary_rows() {
  static const clv_batch rows = batch_of(small_market().summary);
  return rows;
}
const clv_batch& score_rows() {
  static const clv_batch rows = batch_of(small_market().scores);
  return rows;
}
const clv_batch& proposal_rows() {
  static const clv_batch rows = batch_of(small_market().proposals);
  return rows;
}

clv_engine* an_engine() {
  static const std::shared_ptr<clv_engine> made = engine_at(stage::scored);
  return made.get();
}
clv_plugins* some_plugins() {
  static const std::shared_ptr<clv_plugins> made = plugin_of("all_three");
  return made.get();
}

const std::vector<handle_use>& handle_uses() {
  static const std::vector<handle_use> all = [] {
    std::vector<handle_use> made;
    for (const auto& part : {job_uses(),
                             result_uses(),
                             result_output_uses(),
                             model_uses(),
                             further_model_uses(),
                             plugins_uses(),
                             engine_handle_uses(),
                             diag_uses()}) {
      made.insert(made.end(), part.begin(), part.end());
    }
    return made;
  }();
  return all;
}

bool has_status(const handle_use& use) {
  // Those that answer with what they are asked for, and clv_job_cancel, which answers nothing.
  for (const char* without : {"clv_job_cancel",
                              "clv_result_rows",
                              "clv_result_columns",
                              "clv_result_find",
                              "clv_result_text",
                              "clv_result_number",
                              "clv_result_fingerprint",
                              "clv_diag_clear",
                              "clv_diag_count",
                              "clv_diag_text"}) {
    if (use.function == without) return false;
  }
  return true;
}

void* new_handle(const std::string& kind) {
  return lives().at(kind).make();
}

void free_handle(const std::string& kind, void* handle) {
  lives().at(kind).free(handle);
}

const std::vector<std::string>& handle_kinds() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const auto& [name, life] : lives()) names.push_back(name);
    return names;
  }();
  return all;
}

}  // namespace clv_hostile
