// Stateless verbs, models, scorers.
#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr auto no = needs_memory::no;
constexpr auto yes = needs_memory::yes;

constexpr const char* three_rows =
    "customer,time,amount\nana,1997-01-01,1.50\nbob,1997-01-02,2\ncyd,never,3\n";
constexpr const char* model_json =
    R"({"format":"clv.model/1","unit":"week",
        "purchase":{"model":"bg_nbd","parameters":{"r":0.25,"alpha":4.5,"a":0.8,"b":2.5}}})";

const clv_model* model() {
  return small_market().model.get();
}

scenario csv() {
  return {"clv_csv_begin", yes, [](inputs& in) {
            in.csv.text = three_rows;
            in.csv.size = static_cast<int64_t>(std::strlen(three_rows));
            in.csv.max_rejects = -1;
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_csv_begin(&with.csv, job, diag);
            });
          }};
}

scenario summarize() {
  return {"clv_summarize_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().log);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_summarize_begin(&with.summarize, &with.first, job, diag);
            });
          }};
}

scenario fit() {
  return {"clv_fit_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().summary);
            in.fit.priors = "r=lognormal:-1:1";
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_fit_begin(&with.fit, &with.first, job, diag);
            });
          }};
}

scenario score() {
  return {"clv_score_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().summary);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_score_begin(&with.score, model(), &with.first, job, diag);
            });
          }};
}

scenario segment() {
  return {"clv_segment_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().scores);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_segment_begin(&with.segment, &with.first, job, diag);
            });
          }};
}

scenario simulate() {
  return {"clv_simulate_begin", yes, [](inputs& in) {
            in.simulate.customers = 20;
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_simulate_begin(&with.simulate, model(), job, diag);
            });
          }};
}

scenario report() {
  return {"clv_report_begin", yes, [](inputs& in) {
            in.first = batch_of(small_market().scores);
            const auto named = std::make_shared<clv_named_batch>();
            named->name = "scores";
            named->batch = &in.first;
            in.report.report = "equity";
            in.report.inputs = named.get();
            in.report.n_inputs = 1;
            in.report.model = model();
            in.kept.push_back(named);
            return whole_job([](inputs& with, clv_job** job, clv_diag* diag) {
              return clv_report_begin(&with.report, job, diag);
            });
          }};
}

std::vector<scenario> model_scenarios() {
  return {
      {"clv_model_save",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           return clv_model_save(model(), out.v.buffer, sizeof out.v.buffer, &out.v.number, diag);
         };
       }},
      {"clv_model_load",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           const auto size = static_cast<int64_t>(std::strlen(model_json));
           return clv_model_load(model_json, size, &out.v.model, diag);
         };
       }},
      {"clv_model_table",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           return clv_model_table(model(), &out.v.result, diag);
         };
       }},
      {"clv_model_free",
       no,
       [](inputs&) {
         return [made = known_model().release()](inputs&, outputs&, clv_diag*) mutable {
           clv_model_free(std::exchange(made, nullptr));
           return CLV_OK;
         };
       }},
  };
}

std::shared_ptr<clv_scorer> new_scorer() {
  clv_scorer* made = nullptr;
  EXPECT_EQ(clv_scorer_new(nullptr, model(), &made, nullptr), CLV_OK);
  return {made, clv_scorer_free};
}

constexpr int64_t a_day = 9862;  // 1997-01-01

clv_history one_purchase() {
  clv_history history = CLV_SIZED(clv_history);
  EXPECT_EQ(clv_history_add(&history, a_day, 1250, nullptr), CLV_OK);
  return history;
}

std::vector<scenario> scorer_scenarios() {
  return {
      {"clv_scorer_new",
       yes,
       [](inputs&) {
         return [](inputs& in, outputs& out, clv_diag* diag) {
           return clv_scorer_new(&in.score, model(), &out.v.scorer, diag);
         };
       }},
      {"clv_scorer_free",
       no,
       [](inputs&) {
         return [scorer = new_scorer()](inputs&, outputs&, clv_diag*) mutable {
           scorer.reset();
           return CLV_OK;
         };
       }},
      {"clv_history_add",
       no,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           return clv_history_add(&out.v.history, a_day, 1250, diag);
         };
       }},
      {"clv_scorer_history",
       yes,
       [](inputs&) {
         return [scorer = new_scorer(), history = one_purchase()](
                    inputs&, outputs& out, clv_diag* diag) {
           return clv_scorer_history(scorer.get(), &history, a_day + 90, &out.v.score, diag);
         };
       }},
      {"clv_scorer_row",
       yes,
       [](inputs&) {
         return [scorer = new_scorer()](inputs&, outputs& out, clv_diag* diag) {
           return clv_scorer_row(scorer.get(), &out.v.score, diag);
         };
       }},
  };
}

}  // namespace

std::vector<scenario> value_scenarios() {
  std::vector<scenario> all{csv(), summarize(), fit(), score(), segment(), simulate(), report()};
  for (const auto& part : {model_scenarios(), scorer_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace clv_hostile
