// The library itself, diagnostics, results, Arrow, jobs.
#include "scenario.hpp"

namespace clv_hostile {
namespace {

constexpr auto no = needs_memory::no;
constexpr auto yes = needs_memory::yes;

// A read that has one right answer.
clv_status right(bool answer) {
  return answer ? CLV_OK : CLV_E_INTERNAL;
}

template <typename Work>
scenario pure(const char* function, Work work) {
  return {function, no, [work](inputs&) {
            return [work](inputs&, outputs&, clv_diag*) { return right(work()); };
          }};
}

// On a diag of its own that holds one complaint.
template <typename Work>
scenario on_diag(const char* function, Work work) {
  return {function, no, [work](inputs&) {
            const std::shared_ptr<clv_diag> full(clv_diag_new(), clv_diag_free);
            EXPECT_EQ(clv_job_step(nullptr, 0, full.get()), CLV_E_INVALID);
            return [work, full](inputs&, outputs& out, clv_diag*) { return work(full.get(), out); };
          }};
}

template <typename Work>
scenario on_result(const char* function, needs_memory memory, Work work) {
  return {function, memory, [work](inputs& in) {
            in.read.column = clv_result_find(small_market().scores.get(), "p_alive");
            return [work](inputs& with, outputs& out, clv_diag* diag) {
              return work(small_market().scores.get(), with, out, diag);
            };
          }};
}

std::shared_ptr<clv_job> simulated_job() {
  return finished_job([](clv_job** job, clv_diag* diag) {
    clv_simulate_options o = CLV_SIZED(clv_simulate_options);
    o.customers = 10;
    return clv_simulate_begin(&o, small_market().model.get(), job, diag);
  });
}

clv_job* begun_job() {
  const diag_ptr diag = new_diag();
  clv_simulate_options o = CLV_SIZED(clv_simulate_options);
  o.customers = 10;
  clv_job* job = nullptr;
  EXPECT_EQ(clv_simulate_begin(&o, small_market().model.get(), &job, diag.get()), CLV_OK);
  return job;
}

std::vector<scenario> library_scenarios() {
  return {
      pure("clv_abi", [] { return clv_abi() == CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR); }),
      pure("clv_version", [] { return *clv_version() != '\0'; }),
      pure("clv_build_info_json", [] { return *clv_build_info_json() == '{'; }),
      pure("clv_status_name", [] { return std::string_view(clv_status_name(0)) == "CLV_OK"; }),
      {"clv_catalogue",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           return clv_catalogue("models", &out.v.result, diag);
         };
       }},
  };
}

std::vector<scenario> diag_scenarios() {
  return {
      {"clv_diag_new",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag*) -> clv_status {
           clv_diag* made = clv_diag_new();
           if (made == nullptr) return CLV_E_NO_MEMORY;
           out.v.diag = made;
           return CLV_OK;
         };
       }},
      {"clv_diag_free",
       no,
       [](inputs&) {
         return [made = clv_diag_new()](inputs&, outputs&, clv_diag*) mutable {
           clv_diag_free(std::exchange(made, nullptr));
           return CLV_OK;
         };
       }},
      on_diag("clv_diag_clear",
              [](clv_diag* full, outputs&) {
                clv_diag_clear(full);
                return right(clv_diag_count(full) == 0);
              }),
      on_diag("clv_diag_count",
              [](clv_diag* full, outputs&) { return right(clv_diag_count(full) == 1); }),
      on_diag("clv_diag_get",
              [](clv_diag* full, outputs& out) { return clv_diag_get(full, 0, &out.v.entry); }),
      on_diag("clv_diag_text",
              [](clv_diag* full, outputs&) { return right(*clv_diag_text(full) != '\0'); }),
  };
}

clv_status first_text(const clv_result* scores, outputs& out) {
  // A text needs a NUL behind it, and the first one that is asked for makes the room.
  out.v.text = clv_result_text(scores, clv_result_find(scores, "customer"), 0, &out.v.number);
  const bool given = out.v.text != nullptr;
  if (!given) out.v.text = outputs().v.text;
  return given ? CLV_OK : CLV_E_NO_MEMORY;
}

std::vector<scenario> result_scenarios() {
  using R = const clv_result*;
  return {
      on_result("clv_result_rows",
                no,
                [](R r, inputs&, outputs&, clv_diag*) { return right(clv_result_rows(r) == 40); }),
      on_result("clv_result_columns",
                no,
                [](R r, inputs&, outputs&, clv_diag*) { return right(clv_result_columns(r) > 3); }),
      on_result("clv_result_find",
                no,
                [](R r, inputs&, outputs&, clv_diag*) {
                  return right(clv_result_find(r, "customer") >= 0);
                }),
      on_result("clv_result_column",
                no,
                [](R r, inputs&, outputs& out, clv_diag* diag) {
                  return clv_result_column(r, 1, &out.v.info, diag);
                }),
      on_result("clv_result_read",
                no,
                [](R r, inputs& in, outputs& out, clv_diag* diag) {
                  in.read.values = out.v.items;
                  return clv_result_read(r, &in.read, diag);
                }),
      on_result("clv_result_number",
                no,
                [](R r, inputs& in, outputs&, clv_diag*) {
                  return right(clv_result_number(r, in.read.column, 0) >= 0);
                }),
      on_result("clv_result_batch", no, [](R r, inputs&, outputs& out, clv_diag*) {
        return clv_result_batch(r, &out.v.batch, nullptr);
      })};
}

std::vector<scenario> result_output_scenarios() {
  using R = const clv_result*;
  return {
      on_result("clv_result_fingerprint",
                no,
                [](R r, inputs&, outputs&, clv_diag*) {
                  return right(std::strlen(clv_result_fingerprint(r)) == 32);
                }),
      on_result("clv_result_write_csv",
                yes,
                [](R r, inputs&, outputs&, clv_diag* diag) {
                  return clv_result_write_csv(r, "/dev/null", diag);
                }),
      on_result("clv_result_export",
                yes,
                [](R r, inputs&, outputs& out, clv_diag* diag) {
                  return clv_result_export(r, &out.v.stream, diag);
                }),
      {"clv_result_text",
       yes,
       [](inputs&) {
         const std::shared_ptr<clv_result> own(scores_of(small_market().summary).release(),
                                               clv_result_free);
         return [own](inputs&, outputs& out, clv_diag*) { return first_text(own.get(), out); };
       }},
      {"clv_result_free",
       no,
       [](inputs&) {
         clv_result* made = nullptr;
         EXPECT_EQ(clv_catalogue("models", &made, nullptr), CLV_OK);
         return [made](inputs&, outputs&, clv_diag*) mutable {
           clv_result_free(std::exchange(made, nullptr));
           return CLV_OK;
         };
       }},
  };
}

std::shared_ptr<clv_arrow> imported() {
  ArrowArrayStream stream{};
  EXPECT_EQ(clv_result_export(small_market().log.get(), &stream, nullptr), CLV_OK);
  clv_arrow* made = nullptr;
  EXPECT_EQ(clv_arrow_import(&stream, &made, nullptr), CLV_OK);
  return {made, clv_arrow_free};
}

std::vector<scenario> arrow_scenarios() {
  return {
      {"clv_arrow_import",
       yes,
       [](inputs&) {
         return [](inputs&, outputs& out, clv_diag* diag) {
           ArrowArrayStream stream{};
           const clv_status exported = clv_result_export(small_market().log.get(), &stream, diag);
           if (exported < 0) return exported;
           const clv_status status = clv_arrow_import(&stream, &out.v.arrow, diag);
           return stream.release == nullptr ? status : right(false);  // also of a failed import
         };
       }},
      {"clv_arrow_batch",
       no,
       [](inputs&) {
         return [table = imported()](inputs&, outputs& out, clv_diag* diag) {
           return clv_arrow_batch(table.get(), &out.v.batch, diag);
         };
       }},
      {"clv_arrow_free",
       no,
       [](inputs&) {
         return [table = imported()](inputs&, outputs&, clv_diag*) mutable {
           table.reset();
           return CLV_OK;
         };
       }},
  };
}

std::vector<scenario> job_scenarios() {
  return {
      {"clv_job_step",
       yes,
       [](inputs&) {
         return [](inputs& in, outputs&, clv_diag* diag) {
           in.simulate.customers = 10;
           clv_job* made = nullptr;
           const clv_status begun =
               clv_simulate_begin(&in.simulate, small_market().model.get(), &made, diag);
           if (begun < 0) return begun;
           const job_ptr job(made);
           return clv_job_step(made, 0, diag);
         };
       }},
      {"clv_job_progress",
       no,
       [](inputs&) {
         return [job = simulated_job()](inputs&, outputs& out, clv_diag*) {
           return clv_job_progress(job.get(), &out.v.progress, nullptr);
         };
       }},
      {"clv_job_cancel",
       no,
       [](inputs&) {
         return [job = simulated_job()](inputs&, outputs&, clv_diag*) {
           clv_job_cancel(job.get());
           return CLV_OK;
         };
       }},
      {"clv_job_take_result",
       yes,
       [](inputs&) {
         return [job = simulated_job()](inputs&, outputs& out, clv_diag* diag) {
           return clv_job_take_result(job.get(), "truth", &out.v.result, diag);
         };
       }},
      {"clv_job_take_model",
       yes,
       [](inputs&) {
         const std::shared_ptr<clv_job> job = finished_job([](clv_job** made, clv_diag* diag) {
           const clv_batch summary = batch_of(small_market().summary);
           return clv_fit_begin(nullptr, &summary, made, diag);
         });
         return [job](inputs&, outputs& out, clv_diag* diag) {
           return clv_job_take_model(job.get(), &out.v.model, diag);
         };
       }},
      {"clv_job_free",
       no,
       [](inputs&) {
         return [job = begun_job()](inputs&, outputs&, clv_diag*) mutable {
           clv_job_free(std::exchange(job, nullptr));
           return CLV_OK;
         };
       }},
  };
}

}  // namespace

std::vector<scenario> table_scenarios() {
  std::vector<scenario> all;
  for (const auto& part : {library_scenarios(),
                           diag_scenarios(),
                           result_scenarios(),
                           result_output_scenarios(),
                           arrow_scenarios(),
                           job_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace clv_hostile
