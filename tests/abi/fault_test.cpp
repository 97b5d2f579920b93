// Memory that runs out at the 1st, 2nd, ... n-th allocation: every call answers with
// CLV_E_NO_MEMORY, hands out nothing, and says so in a diagnostic that needs no memory itself.
#include <cstdlib>
#include <functional>
#include <new>

#include "support.hpp"

namespace {

long allocations_left = -1;  // negative: memory does not run out

void* counted(std::size_t size) {
  if (allocations_left >= 0 && allocations_left-- == 0) {
    allocations_left = 0;  // and stays out
    throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
// The forms that return null must be ours as well: std::stable_sort asks for its buffer with them.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return counted(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using namespace clv_test;
using call = std::function<clv_status(clv_diag*)>;

// Runs `work` with memory for 0, 1, 2, ... allocations (every one at first, then in growing
// steps) until it succeeds, which it must do in the end.
void starve(const char* what, const call& work) {
  const diag_ptr diag = new_diag();
  ASSERT_EQ(work(diag.get()), CLV_OK) << what << ": " << said(diag);
  for (long have = 0;; have += 1 + have / 16) {
    clv_diag_clear(diag.get());
    allocations_left = have;
    const clv_status status = work(diag.get());
    const bool enough = allocations_left > 0;
    allocations_left = -1;
    if (status == CLV_OK) {
      EXPECT_GT(have, 0) << what << " allocates nothing; it is no test";
      return;
    }
    ASSERT_FALSE(enough) << what << " failed with memory left: " << said(diag);
    ASSERT_EQ(status, CLV_E_NO_MEMORY) << what << " with " << have << ": " << said(diag);
    ASSERT_EQ(said(diag), "memory is out") << what << " with " << have;
  }
}

// Begins, steps to the end and takes the main table, as one call.
clv_status run(clv_status begun, clv_job* made, clv_diag* diag) {
  const job_ptr job(made);
  if (begun < 0) return begun;
  clv_result* result = nullptr;
  clv_status status = clv_job_step(job.get(), 0, diag);
  if (status >= 0) status = clv_job_take_result(job.get(), nullptr, &result, diag);
  EXPECT_EQ(result != nullptr, status >= 0);
  clv_result_free(result);
  return status;
}

TEST(memory_out, while_listing) {
  for (const char* what : {"models",
                           "schemas",
                           "segmentations",
                           "reports",
                           "report_inputs",
                           "report_options",
                           "report_outputs"}) {
    starve(what, [&](clv_diag* diag) {
      clv_result* made = nullptr;
      const clv_status status = clv_catalogue(what, &made, diag);
      clv_result_free(made);
      return status;
    });
  }
}

TEST(memory_out, while_making_a_diag) {
  allocations_left = 0;
  clv_diag* none = clv_diag_new();
  allocations_left = -1;
  EXPECT_EQ(none, nullptr);
}

TEST(memory_out, while_reading_csv) {
  const std::string text =
      "customer,time,amount\nana,1997-01-01,1.50\nbob,1997-01-02,2\ncyd,never,3\n";
  clv_csv_options o = CLV_SIZED(clv_csv_options);
  o.text = text.data();
  o.size = static_cast<int64_t>(text.size());
  o.max_rejects = -1;
  starve("csv", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_csv_begin(&o, &job, diag);
    return run(begun, job, diag);
  });
}

TEST(memory_out, while_summarising_fitting_and_scoring) {
  const result_ptr log = simulated_log(60), summary = summary_of(log);
  const model_ptr model = known_model();
  const clv_batch transactions = batch_of(log), customers = batch_of(summary);
  starve("summarize", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_summarize_begin(nullptr, &transactions, &job, diag);
    return run(begun, job, diag);
  });
  starve("fit", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_fit_begin(nullptr, &customers, &job, diag);
    return run(begun, job, diag);
  });
  starve("score", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_score_begin(nullptr, model.get(), &customers, &job, diag);
    return run(begun, job, diag);
  });
  starve("simulate", [&](clv_diag* diag) {
    clv_simulate_options o = CLV_SIZED(clv_simulate_options);
    o.customers = 20;
    clv_job* job = nullptr;
    const clv_status begun = clv_simulate_begin(&o, model.get(), &job, diag);
    return run(begun, job, diag);
  });
}

TEST(memory_out, while_fitting_with_covariates_and_reporting) {
  const std::vector<double> x{0, 1, 2, 0, 3, 1}, t_x{0, 5, 9, 0, 20, 3}, age(6, 30);
  const std::vector<double> channel{0, 1, 0, 1, 1, 0};
  const std::vector<clv_column> columns{number_column("x", x),
                                        number_column("t_x", t_x),
                                        number_column("T", age),
                                        number_column("channel", channel)};
  const clv_batch customers = batch_of(columns, 6);
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.model = "bg_nbd";
  o.transaction_covariates = "channel";
  o.l2_transaction = 0.1;
  o.max_iterations = 3;
  starve("fit with covariates", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_fit_begin(&o, &customers, &job, diag);
    return run(begun, job, diag);
  });
  clv_result* made = nullptr;
  ASSERT_EQ(clv_model_table(known_model().get(), &made, nullptr), CLV_OK);
  const result_ptr estimates(made);
  const clv_batch table = batch_of(estimates);
  const std::vector<clv_named_batch> inputs{{"restricted", &table}, {"full", &table}};
  const diag_ptr diag = new_diag();
  for (long have = 0; have < 200; ++have) {  // it ends with a refusal: given parameters have no LL
    clv_diag_clear(diag.get());
    clv_job* job = nullptr;
    allocations_left = have;
    clv_report_options asked = CLV_SIZED(clv_report_options);
    asked.report = "likelihood_ratio";
    asked.options_json = "{}";
    asked.inputs = inputs.data();
    asked.n_inputs = 2;
    const clv_status begun = clv_report_begin(&asked, &job, diag.get());
    const clv_status status = run(begun, job, diag.get());
    allocations_left = -1;
    ASSERT_TRUE(status == CLV_E_NO_MEMORY || status == CLV_E_INVALID) << have << said(diag);
  }
}

TEST(memory_out, while_segmenting_proposing_and_deciding) {
  const result_ptr scores = scores_of(summary_of(simulated_log(60)));
  const model_ptr model = known_model();
  const clv_batch customers = batch_of(scores);
  clv_plugins* made = nullptr;
  ASSERT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  const plugins_ptr plugins(made);
  ASSERT_EQ(clv_plugins_load(plugins.get(), nullptr, CLV_TEST_PLUGINS "/good.so", nullptr), CLV_OK);
  const result_ptr offers = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_propose_begin(plugins.get(), nullptr, &customers, job, diag);
  });
  const clv_batch proposals = batch_of(offers);
  starve("segment", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_segment_begin(nullptr, &customers, &job, diag);
    return run(begun, job, diag);
  });
  starve("propose", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun = clv_propose_begin(plugins.get(), nullptr, &customers, &job, diag);
    return run(begun, job, diag);
  });
  starve("decide", [&](clv_diag* diag) {
    clv_job* job = nullptr;
    const clv_status begun =
        clv_decide_begin(nullptr, model.get(), &customers, &proposals, &job, diag);
    return run(begun, job, diag);
  });
}

TEST(memory_out, while_loading_plugins) {
  starve("plugins", [](clv_diag* diag) {
    clv_plugins* made = nullptr;
    clv_status status = clv_plugins_new(&made, diag);
    const plugins_ptr plugins(made);
    if (status >= 0) {
      status = clv_plugins_load(plugins.get(), nullptr, CLV_TEST_PLUGINS "/good.so", diag);
    }
    clv_result* list = nullptr;
    if (status >= 0) status = clv_plugins_list(plugins.get(), &list, diag);
    clv_result_free(list);
    return status;
  });
}

TEST(memory_out, while_saving_and_loading_a_model) {
  const std::string json =
      R"({"format":"clv.model/1","unit":"week",
          "purchase":{"model":"bg_nbd","parameters":{"r":0.25,"alpha":4.5,"a":0.8,"b":2.5}}})";
  starve("model", [&](clv_diag* diag) {
    clv_model* made = nullptr;
    clv_status status = clv_model_load(json.data(), static_cast<int64_t>(json.size()), &made, diag);
    const model_ptr model(made);
    char buffer[4096];
    int64_t needed = 0;
    if (status >= 0) status = clv_model_save(model.get(), buffer, sizeof buffer, &needed, diag);
    clv_result* table = nullptr;
    if (status >= 0) status = clv_model_table(model.get(), &table, diag);
    clv_result_free(table);
    return status;
  });
}

TEST(memory_out, on_the_way_through_an_engine) {
  const result_ptr log = simulated_log(40);
  const clv_batch transactions = batch_of(log);
  starve("engine", [&](clv_diag* diag) {
    clv_engine* made = nullptr;
    clv_status status = clv_engine_open(nullptr, &made, diag);
    const engine_ptr engine(made);
    clv_job* job = nullptr;
    if (status >= 0) {
      status = clv_engine_ingest_begin(engine.get(), nullptr, &transactions, &job, diag);
      status = run(status, job, diag);
    }
    clv_result* rows = nullptr;
    if (status >= 0) status = read_stored(engine.get(), "transactions", &rows, diag);
    clv_result_free(rows);
    return status;
  });
}

}  // namespace
