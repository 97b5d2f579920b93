// The engine through C: the whole way on one store, one job at a time, nothing half done.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support.hpp"

namespace {

using namespace clv_test;

class engine : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();
  result_ptr log_ = simulated_log(300);

  static engine_ptr open(const std::string& path = {}, uint32_t flags = 0) {
    const diag_ptr diag = new_diag();
    clv_engine_options o = CLV_SIZED(clv_engine_options);
    o.path = path.c_str();
    o.flags = flags;
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(&o, &made, diag.get()), CLV_OK) << said(diag);
    return engine_ptr(made);
  }
  std::string fresh_file(const std::string& name) const {
    const std::string path = testing::TempDir() + "/" + name;
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
    return path;
  }
  result_ptr ingest(const engine_ptr& e) {
    const clv_batch in = batch_of(log_);
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_ingest_begin(e.get(), nullptr, &in, job, diag);
    });
  }
  static result_ptr fit(const engine_ptr& e) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_fit_begin(e.get(), nullptr, nullptr, job, diag);
    });
  }
  static result_ptr score(const engine_ptr& e) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_score_begin(e.get(), nullptr, job, diag);
    });
  }
  static result_ptr read(const engine_ptr& e, const char* table) {
    clv_result* made = nullptr;
    const diag_ptr diag = new_diag();
    EXPECT_EQ(read_stored(e.get(), table, &made, diag.get()), CLV_OK) << said(diag);
    return result_ptr(made);
  }
  static plugins_ptr good_plugin() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    EXPECT_EQ(clv_plugins_load(made, nullptr, CLV_TEST_PLUGINS "/good.so", nullptr), CLV_OK);
    return plugins_ptr(made);
  }
};

TEST_F(engine, goes_the_whole_way_from_log_to_decisions) {
  const engine_ptr e = open();
  const result_ptr taken = ingest(e);
  EXPECT_EQ(clv_result_number(taken.get(), clv_result_find(taken.get(), "accepted"), 0),
            static_cast<double>(clv_result_rows(log_.get())));
  EXPECT_EQ(clv_result_rows(fit(e).get()), 7);
  const result_ptr scores = score(e);
  EXPECT_EQ(clv_result_rows(scores.get()), 300);
  const result_ptr segments = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_segment_begin(e.get(), nullptr, job, diag);
  });
  EXPECT_EQ(clv_result_rows(segments.get()), 300);
  const plugins_ptr plugins = good_plugin();
  const result_ptr proposals = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_propose_begin(e.get(), plugins.get(), nullptr, job, diag);
  });
  EXPECT_EQ(clv_result_rows(proposals.get()), 300);
  const result_ptr decisions = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_decide_begin(e.get(), plugins.get(), nullptr, job, diag);
  });
  EXPECT_EQ(clv_result_rows(decisions.get()), 300);
  for (const char* table : {"transactions",
                            "summary",
                            "parameters",
                            "scores",
                            "segments",
                            "proposals",
                            "decisions",
                            "refusals",
                            "budget"}) {
    EXPECT_NE(read(e, table), nullptr) << table;
  }
  EXPECT_STREQ(clv_result_fingerprint(read(e, "scores").get()),
               clv_result_fingerprint(scores.get()));
}

TEST_F(engine, scores_what_the_stateless_verbs_score) {
  const engine_ptr e = open();
  ingest(e);
  fit(e);
  const result_ptr stored = score(e);
  clv_model* made = nullptr;
  ASSERT_EQ(clv_engine_model(e.get(), nullptr, &made, nullptr), CLV_OK);
  const model_ptr model(made);
  const result_ptr summary = summary_of(log_);
  const clv_batch in = batch_of(summary);
  const result_ptr direct = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(nullptr, model.get(), &in, job, diag);
  });
  for (const char* name : {"p_alive", "expected_purchases", "clv"}) {
    const int32_t a = clv_result_find(stored.get(), name), b = clv_result_find(direct.get(), name);
    for (int64_t row = 0; row < 300; ++row) {
      EXPECT_EQ(clv_result_number(stored.get(), a, row), clv_result_number(direct.get(), b, row))
          << name << " of row " << row;
    }
  }
}

TEST_F(engine, tables_are_not_there_before_their_verb_has_run) {
  const engine_ptr e = open();
  clv_result* none = nullptr;
  clv_model* no_model = nullptr;
  EXPECT_EQ(read_stored(e.get(), "scores", &none, diag_.get()), CLV_E_STATE);
  EXPECT_EQ(read_stored(e.get(), "cats", &none, diag_.get()), CLV_E_NOT_FOUND);
  EXPECT_EQ(clv_engine_model(e.get(), nullptr, &no_model, diag_.get()), CLV_E_STATE);
  EXPECT_EQ(none, nullptr);
  EXPECT_EQ(no_model, nullptr);
}

TEST_F(engine, a_second_job_waits_for_the_first) {
  const engine_ptr e = open();
  const clv_batch in = batch_of(log_);
  clv_job *first = nullptr, *second = nullptr;
  ASSERT_EQ(clv_engine_ingest_begin(e.get(), nullptr, &in, &first, diag_.get()), CLV_OK);
  EXPECT_EQ(clv_engine_ingest_begin(e.get(), nullptr, &in, &second, diag_.get()), CLV_E_CONFLICT);
  EXPECT_EQ(second, nullptr);
  clv_job_free(first);
  EXPECT_NE(ingest(e), nullptr) << "the first one, abandoned, left nothing behind";
}

TEST_F(engine, a_job_that_has_ended_keeps_no_file) {
  const std::string path = fresh_file("ended.clv");
  const clv_batch in = batch_of(log_);
  for (const bool cancelled : {false, true}) {
    engine_ptr e = open(path);
    clv_job* made = nullptr;
    ASSERT_EQ(clv_engine_ingest_begin(e.get(), nullptr, &in, &made, diag_.get()), CLV_OK);
    const job_ptr job(made);
    if (cancelled) clv_job_cancel(made);
    EXPECT_EQ(clv_job_step(made, 0, diag_.get()), cancelled ? CLV_E_CANCELLED : CLV_OK);
    e.reset();
    EXPECT_NE(open(path), nullptr) << "the one writer's lock is free, with the job still there";
  }
}

TEST_F(engine, an_abandoned_import_leaves_the_file_as_it_was) {
  const std::string path = fresh_file("abandoned.clv");
  {
    const engine_ptr e = open(path);
    const clv_batch in = batch_of(log_);
    clv_job* job = nullptr;
    ASSERT_EQ(clv_engine_ingest_begin(e.get(), nullptr, &in, &job, diag_.get()), CLV_OK);
    clv_job_cancel(job);
    EXPECT_EQ(clv_job_step(job, 0, diag_.get()), CLV_E_CANCELLED);
    clv_job_free(job);
  }
  clv_result* none = nullptr;
  const clv_status status = read_stored(open(path).get(), "transactions", &none, diag_.get());
  const result_ptr stored(none);
  EXPECT_TRUE(status == CLV_E_STATE || clv_result_rows(stored.get()) == 0) << status;
}

TEST_F(engine, another_programs_file_is_refused_and_not_touched) {
  const std::string path = fresh_file("letter.txt");
  std::ofstream(path) << "Dear customer, this is no database at all, but it is long enough.\n";
  const auto size = std::filesystem::file_size(path);
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.path = path.c_str();
  clv_engine* none = nullptr;
  EXPECT_EQ(clv_engine_open(&o, &none, diag_.get()), CLV_E_CORRUPT) << said(diag_);
  EXPECT_EQ(none, nullptr);
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

TEST_F(engine, a_folder_that_is_not_there_is_named) {
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.path = "/no/such/folder/store.clv";
  clv_engine* none = nullptr;
  EXPECT_EQ(clv_engine_open(&o, &none, diag_.get()), CLV_E_IO);
  EXPECT_NE(said(diag_).find("/no/such/folder/store.clv"), std::string::npos) << said(diag_);
}

TEST_F(engine, unknown_flags_and_spare_words_are_refused) {
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  clv_engine* none = nullptr;
  o.flags = 64;
  EXPECT_EQ(clv_engine_open(&o, &none, nullptr), CLV_E_UNSUPPORTED);
  o.flags = 0;
  o.spare = 1;
  EXPECT_EQ(clv_engine_open(&o, &none, nullptr), CLV_E_UNSUPPORTED);
}

TEST_F(engine, an_engine_freed_before_its_job_is_still_there_for_it) {
  engine_ptr e = open();
  const clv_batch in = batch_of(log_);
  clv_job* made = nullptr;
  ASSERT_EQ(clv_engine_ingest_begin(e.get(), nullptr, &in, &made, diag_.get()), CLV_OK);
  const job_ptr job(made);
  e.reset();
  EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
}

TEST_F(engine, a_second_thread_gets_an_answer_or_busy) {
  const engine_ptr e = open();
  ingest(e);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        clv_result* made = nullptr;
        const clv_status status = read_stored(e.get(), "transactions", &made, nullptr);
        const result_ptr rows(made);
        const bool right =
            status == CLV_OK ? clv_result_rows(rows.get()) > 0 : status == CLV_E_BUSY;
        wrong += !right;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(engine, two_engines_in_two_threads_do_not_meet) {
  std::vector<std::thread> threads;
  std::vector<std::string> fingerprints(2);
  for (std::size_t i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      const engine_ptr e = open();
      ingest(e);
      fit(e);
      fingerprints[i] = clv_result_fingerprint(score(e).get());
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(fingerprints[0], fingerprints[1]);
}

TEST_F(engine, refuses_a_verb_that_needs_more_memory_than_its_limit) {
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.memory_limit = 1000;
  clv_engine* made = nullptr;
  ASSERT_EQ(clv_engine_open(&o, &made, diag_.get()), CLV_OK) << said(diag_);
  const engine_ptr e(made);
  const clv_batch in = batch_of(log_);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_ingest_begin(made, nullptr, &in, &job, diag_.get()), CLV_E_LIMIT);
  EXPECT_EQ(job, nullptr);
  EXPECT_NE(said(diag_).find("the memory limit is 1000"), std::string::npos) << said(diag_);
  o.memory_limit = -1;
  clv_engine* none = nullptr;
  EXPECT_EQ(clv_engine_open(&o, &none, diag_.get()), CLV_E_INVALID);
}

TEST_F(engine, reads_csv_up_to_the_memory_limit_of_the_rows) {
  const std::string text = "customer,time,amount\nann,2026-01-01,1\nbob,2026-01-02,2\n";
  clv_csv_options o = CLV_SIZED(clv_csv_options);
  o.text = text.data();
  o.size = static_cast<int64_t>(text.size());
  o.memory_limit = 30;  // three times eight bytes and the three letters of a name are 27
  clv_job* made = nullptr;
  ASSERT_EQ(clv_csv_begin(&o, &made, diag_.get()), CLV_OK) << said(diag_);
  const job_ptr job(made);
  EXPECT_EQ(clv_job_step(made, 0, diag_.get()), CLV_E_LIMIT);
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag_.get(), 0, &entry), CLV_OK);
  EXPECT_EQ(entry.row, 1);
}

}  // namespace
