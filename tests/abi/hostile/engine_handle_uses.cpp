// The functions of an engine.
#include "handle_use_parts.hpp"

namespace clv_hostile {
namespace {

std::vector<handle_use> engine_verb_uses() {
  return {{"clv_engine_ingest_begin",
           "engine",
           JOB(clv_engine_ingest_begin(as<clv_engine>(h), nullptr, &log_rows(), out, diag))},
          {"clv_engine_ingest_source_begin",
           "engine",
           [](void* h, clv_diag* d) {
             clv_source none = CLV_SIZED(clv_source);
             none.next = [](void*, clv_batch*) -> clv_status { return CLV_END; };
             given<clv_job> made;
             return clv_engine_ingest_source_begin(
                 as<clv_engine>(h), nullptr, &none, &made.handle, d);
           }},
          {"clv_engine_fit_begin",
           "engine",
           JOB(clv_engine_fit_begin(as<clv_engine>(h), nullptr, nullptr, out, diag))},
          {"clv_engine_score_begin",
           "engine",
           JOB(clv_engine_score_begin(as<clv_engine>(h), nullptr, out, diag))},
          {"clv_engine_segment_begin",
           "engine",
           JOB(clv_engine_segment_begin(as<clv_engine>(h), nullptr, out, diag))},
          {"clv_engine_features_begin",
           "engine",
           JOB(clv_engine_features_begin(as<clv_engine>(h), some_plugins(), nullptr, out, diag))},
          {"clv_engine_propose_begin",
           "engine",
           JOB(clv_engine_propose_begin(as<clv_engine>(h), some_plugins(), nullptr, out, diag))},
          {"clv_engine_decide_begin",
           "engine",
           JOB(clv_engine_decide_begin(as<clv_engine>(h), some_plugins(), nullptr, out, diag))},
          {"clv_engine_plugin_segment_begin",
           "engine",
           JOB(clv_engine_plugin_segment_begin(
               as<clv_engine>(h), some_plugins(), nullptr, "org.example.all_three", out, diag))}};
}

std::vector<handle_use> engine_fact_uses() {
  return {
      {"clv_engine_record_begin",
       "engine",
       JOB(clv_engine_record_begin(
           as<clv_engine>(h), nullptr, "transactions", &log_rows(), out, diag))},
      {"clv_engine_report_begin",
       "engine",
       [](void* h, clv_diag* d) {
         clv_report_options o = CLV_SIZED(clv_report_options);
         o.report = "equity";
         given<clv_job> made;
         return clv_engine_report_begin(as<clv_engine>(h), &o, &made.handle, d);
       }},
      {"clv_engine_apply_begin",
       "engine",
       [](void* h, clv_diag* d) {
         clv_report_options o = CLV_SIZED(clv_report_options);
         o.report = "desk_claim";
         o.options_json = R"({"ticket": "T1", "agent": "bob", "as_of": "1970-01-01T11:00Z"})";
         clv_ingest_options from = CLV_SIZED(clv_ingest_options);
         from.source = "desk";
         given<clv_job> made;
         return clv_engine_apply_begin(as<clv_engine>(h), &o, &from, &made.handle, d);
       }},
      {"clv_engine_replay_begin",
       "engine",
       JOB(clv_engine_replay_begin(as<clv_engine>(h), nullptr, out, diag))},
      {"clv_engine_export_begin",
       "engine",
       JOB(clv_engine_export_begin(as<clv_engine>(h), nullptr, "1", out, diag))},
      {"clv_engine_forget_begin",
       "engine",
       JOB(clv_engine_forget_begin(as<clv_engine>(h), nullptr, "1", out, diag))},
      {"clv_engine_read_begin",
       "engine",
       [](void* h, clv_diag* d) {
         clv_table_options what = CLV_SIZED(clv_table_options);
         what.table = "transactions";
         given<clv_job> made;
         return clv_engine_read_begin(as<clv_engine>(h), &what, &made.handle, d);
       }},
      {"clv_engine_model",
       "engine",
       [](void* h, clv_diag* d) {
         given<clv_model> made;
         return clv_engine_model(as<clv_engine>(h), nullptr, &made.handle, d);
       }},
  };
}

std::vector<handle_use> engine_service_uses() {
  return {{"clv_engine_summarize_begin",
           "engine",
           [](void* h, clv_diag* d) {
             const char* who[] = {"1"};
             given<clv_job> made;
             return clv_engine_summarize_begin(as<clv_engine>(h), nullptr, who, 1, &made.handle, d);
           }},
          {"clv_engine_group_begin",
           "engine",
           JOB(clv_engine_group_begin(as<clv_engine>(h), nullptr, nullptr, 0, out, diag))},
          {"clv_engine_sequence",
           "engine",
           [](void* h, clv_diag* d) {
             int64_t out = 0;
             return clv_engine_sequence(as<clv_engine>(h), "stream", &out, d);
           }},
          {"clv_engine_adopt_begin",
           "engine",
           [](void* h, clv_diag* d) {
             static const std::shared_ptr<clv_job> done =
                 finished_job([](clv_job** job, clv_diag* to) {
                   return clv_segment_begin(nullptr, &score_rows(), job, to);
                 });
             given<clv_job> made;
             return clv_engine_adopt_begin(as<clv_engine>(h), nullptr, done.get(), &made.handle, d);
           }},
          {"clv_engine_answer", "engine", [](void* h, clv_diag* d) {
             clv_answer out = CLV_SIZED(clv_answer);
             return clv_engine_answer(as<clv_engine>(h), "k", &out, d);
           }}};
}

std::vector<handle_use> engine_model_uses() {
  return {
      {"clv_engine_add_model",
       "engine",
       [](void* h, clv_diag* d) {
         const char* name = nullptr;
         return clv_engine_add_model(
             as<clv_engine>(h), nullptr, small_market().model.get(), 5, &name, d);
       }},
      {"clv_engine_set_alias",
       "engine",
       [](void* h, clv_diag* d) {
         clv_alias_options o = CLV_SIZED(clv_alias_options);
         o.alias = "production";
         o.model = "1";
         int64_t etag = 0;
         return clv_engine_set_alias(as<clv_engine>(h), &o, &etag, d);
       }},
      {"clv_engine_retire_model",
       "engine",
       [](void* h, clv_diag* d) {
         return clv_engine_retire_model(as<clv_engine>(h), nullptr, "1", d);
       }},
      {"clv_engine_backup_begin",
       "engine",
       JOB(clv_engine_backup_begin(as<clv_engine>(h), nullptr, "/nowhere/copy", out, diag))},
      {"clv_engine_prune_begin",
       "engine",
       JOB(clv_engine_prune_begin(as<clv_engine>(h), nullptr, "touches", 1, out, diag))},
  };
}

}  // namespace

std::vector<handle_use> engine_handle_uses() {
  std::vector<handle_use> all;
  for (const auto& part :
       {engine_verb_uses(), engine_fact_uses(), engine_service_uses(), engine_model_uses()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace clv_hostile
