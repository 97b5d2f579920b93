// A store as a service runs it, through C: readers compute, the writer stores.
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "clv_service.h"
#include "support.hpp"

namespace {

using namespace clv_test;

engine_ptr open(const std::string& path, uint32_t flags) {
  const diag_ptr diag = new_diag();
  clv_engine_options o = CLV_SIZED(clv_engine_options);
  o.path = path.c_str();
  o.flags = flags;
  clv_engine* made = nullptr;
  EXPECT_EQ(clv_engine_open(&o, &made, diag.get()), CLV_OK) << said(diag);
  return engine_ptr(made);
}

result_ptr read(const engine_ptr& e, const char* table) {
  clv_result* made = nullptr;
  const diag_ptr diag = new_diag();
  EXPECT_EQ(read_stored(e.get(), table, &made, diag.get()), CLV_OK) << said(diag);
  return result_ptr(made);
}

plugins_ptr good_plugin() {
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  EXPECT_EQ(clv_plugins_load(made, nullptr, CLV_TEST_PLUGINS "/good.so", nullptr), CLV_OK);
  return plugins_ptr(made);
}

template <typename Begin>
job_ptr done_job(Begin&& begin) {
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  EXPECT_EQ(begin(&made, diag.get()), CLV_OK) << said(diag);
  EXPECT_EQ(clv_job_step(made, 0, diag.get()), CLV_OK) << said(diag);
  return job_ptr(made);
}

class engine_service : public testing::Test {
 protected:
  engine_service() {
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + tail);
    writer_ = open(path_, 0);
    reader_ = open(path_, CLV_OPEN_READ_ONLY);
    ingest(simulated_log(300), "shop");
  }
  ~engine_service() override {
    reader_.reset();
    writer_.reset();
    std::filesystem::remove(path_);
  }
  void ingest(const result_ptr& log, const char* source) {
    const clv_batch in = batch_of(log);
    clv_ingest_options o = CLV_SIZED(clv_ingest_options);
    o.source = source;
    answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_ingest_begin(writer_.get(), &o, &in, job, diag);
    });
  }
  job_ptr fit(const engine_ptr& e) {
    return done_job([&](clv_job** job, clv_diag* diag) {
      return clv_engine_fit_begin(e.get(), nullptr, nullptr, job, diag);
    });
  }
  job_ptr score(const engine_ptr& e) {
    return done_job([&](clv_job** job, clv_diag* diag) {
      return clv_engine_score_begin(e.get(), nullptr, job, diag);
    });
  }
  result_ptr adopt(const job_ptr& done) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_adopt_begin(writer_.get(), nullptr, done.get(), job, diag);
    });
  }
  clv_status refused(const job_ptr& done) {
    clv_job* job = nullptr;
    const clv_status why =
        clv_engine_adopt_begin(writer_.get(), nullptr, done.get(), &job, diag_.get());
    EXPECT_EQ(job, nullptr);
    return why;
  }

  std::string path_ = testing::TempDir() + "/service_" + std::to_string(getpid()) + ".clv";
  diag_ptr diag_ = new_diag();
  engine_ptr writer_, reader_;
};

TEST_F(engine_service, stores_what_a_reader_on_another_thread_has_computed) {
  job_ptr fitted, scored;
  std::thread([&] { fitted = fit(reader_); }).join();
  const result_ptr parameters = adopt(fitted);
  EXPECT_EQ(clv_result_rows(parameters.get()), 7);
  fitted.reset();
  std::thread([&] { scored = score(reader_); }).join();
  const result_ptr scores = adopt(scored);
  EXPECT_STREQ(clv_result_fingerprint(read(writer_, "scores").get()),
               clv_result_fingerprint(scores.get()));
  EXPECT_EQ(refused(scored), CLV_E_CONFLICT);
}

TEST_F(engine_service, hands_out_the_model_of_an_adopted_fit) {
  const job_ptr fitted = fit(reader_);
  const job_ptr stored = done_job([&](clv_job** job, clv_diag* diag) {
    return clv_engine_adopt_begin(writer_.get(), nullptr, fitted.get(), job, diag);
  });
  clv_model* model = nullptr;
  EXPECT_EQ(clv_job_take_model(stored.get(), &model, diag_.get()), CLV_OK);
  clv_model_free(model);
}

TEST_F(engine_service, keeps_an_answer_with_what_it_stores) {
  const job_ptr fitted = fit(reader_);
  const std::string bytes("an\0swer", 7);
  clv_answer answer = CLV_SIZED(clv_answer);
  answer.key = "k";
  answer.body_hash = "h";
  answer.bytes = bytes.data();
  answer.n_bytes = static_cast<int64_t>(bytes.size());
  answer.now_us = 5;
  clv_run_options keeping = CLV_SIZED(clv_run_options);
  keeping.answer = &answer;
  done_job([&](clv_job** job, clv_diag* diag) {
    return clv_engine_adopt_begin(writer_.get(), &keeping, fitted.get(), job, diag);
  });
  clv_answer kept = CLV_SIZED(clv_answer);
  ASSERT_EQ(clv_engine_answer(reader_.get(), "k", &kept, diag_.get()), CLV_OK) << said(diag_);
  EXPECT_STREQ(kept.key, "k");
  EXPECT_STREQ(kept.body_hash, "h");
  EXPECT_EQ(std::string(static_cast<const char*>(kept.bytes), static_cast<size_t>(kept.n_bytes)),
            bytes);
  EXPECT_EQ(kept.flags, 0U);
  EXPECT_EQ(kept.now_us, 5);
  EXPECT_EQ(kept.made, 1);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_adopt_begin(writer_.get(), &keeping, fitted.get(), &job, diag_.get()),
            CLV_E_EXISTS);
  EXPECT_EQ(clv_engine_answer(reader_.get(), "other", &kept, diag_.get()), CLV_E_NOT_FOUND);
  EXPECT_STREQ(kept.key, "k");
}

TEST_F(engine_service, refuses_answers_that_cannot_be_kept) {
  const job_ptr fitted = fit(reader_);
  clv_answer answer = CLV_SIZED(clv_answer);
  clv_run_options keeping = CLV_SIZED(clv_run_options);
  keeping.answer = &answer;
  const auto refused_answer = [&] {
    clv_job* job = nullptr;
    return clv_engine_adopt_begin(writer_.get(), &keeping, fitted.get(), &job, diag_.get());
  };
  EXPECT_EQ(refused_answer(), CLV_E_INVALID);  // no key
  answer.key = "k";
  answer.n_bytes = -1;
  EXPECT_EQ(refused_answer(), CLV_E_INVALID);
  answer.n_bytes = 1;
  EXPECT_EQ(refused_answer(), CLV_E_INVALID);  // without bytes
  answer.n_bytes = 0;
  answer.made = 7;
  EXPECT_EQ(refused_answer(), CLV_E_INVALID);  // the commit's to set
  answer.made = 0;
  answer.flags = CLV_ANSWER_FORGOTTEN;
  EXPECT_EQ(refused_answer(), CLV_E_UNSUPPORTED);
}

TEST_F(engine_service, adopts_no_job_that_is_unfinished_or_stored_its_results_itself) {
  clv_job* begun = nullptr;
  ASSERT_EQ(clv_engine_fit_begin(reader_.get(), nullptr, nullptr, &begun, diag_.get()), CLV_OK);
  const job_ptr unfinished(begun);
  EXPECT_EQ(refused(unfinished), CLV_E_STATE);
  clv_job_cancel(begun);
  EXPECT_EQ(clv_job_step(begun, 0, diag_.get()), CLV_E_CANCELLED);
  EXPECT_EQ(refused(unfinished), CLV_E_STATE);
  const job_ptr stateless = done_job([&](clv_job** job, clv_diag* diag) {
    const model_ptr model = known_model();
    clv_simulate_options o = CLV_SIZED(clv_simulate_options);
    o.customers = 5;
    return clv_simulate_begin(&o, model.get(), job, diag);
  });
  EXPECT_EQ(refused(stateless), CLV_E_STATE);
}

TEST_F(engine_service, decides_on_given_proposals_without_plugins) {
  adopt(fit(reader_));
  adopt(score(reader_));
  const plugins_ptr plugins = good_plugin();
  const result_ptr proposals = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_propose_begin(reader_.get(), plugins.get(), nullptr, job, diag);
  });
  const clv_batch in = batch_of(proposals);
  clv_decide_options o = CLV_SIZED(clv_decide_options);
  o.proposals = &in;
  o.model = "1";
  const result_ptr decisions = adopt(done_job([&](clv_job** job, clv_diag* diag) {
    return clv_engine_decide_begin(reader_.get(), nullptr, &o, job, diag);
  }));
  EXPECT_EQ(clv_result_rows(decisions.get()), 300);
  EXPECT_EQ(clv_result_rows(read(writer_, "proposals").get()), clv_result_rows(proposals.get()));
  o.model = "2";
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_decide_begin(reader_.get(), nullptr, &o, &job, diag_.get()),
            CLV_E_NOT_FOUND);
  EXPECT_EQ(clv_engine_decide_begin(reader_.get(), nullptr, nullptr, &job, diag_.get()),
            CLV_E_INVALID);
}

TEST_F(engine_service, takes_proposals_and_a_models_name_for_an_engine_only) {
  const result_ptr scores = scores_of(summary_of(simulated_log(20)));
  const model_ptr model = known_model();
  const clv_batch in = batch_of(scores);
  clv_decide_options o = CLV_SIZED(clv_decide_options);
  o.model = "1";
  clv_job* job = nullptr;
  EXPECT_EQ(clv_decide_begin(&o, model.get(), &in, &in, &job, diag_.get()), CLV_E_INVALID);
}

TEST_F(engine_service, takes_no_link_of_a_chain_for_an_engine) {
  clv_decide_options o = CLV_SIZED(clv_decide_options);
  o.previous_hash = "0123456789abcdef";
  clv_plugins* none = nullptr;
  ASSERT_EQ(clv_plugins_new(&none, nullptr), CLV_OK);
  const plugins_ptr plugins(none);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_decide_begin(writer_.get(), plugins.get(), &o, &job, diag_.get()),
            CLV_E_INVALID);
  EXPECT_NE(said(diag_).find("previous_hash"), std::string::npos) << said(diag_);
}

TEST_F(engine_service, hands_out_the_candidates_that_plugins_see) {
  adopt(fit(reader_));
  adopt(score(reader_));
  const result_ptr candidates = read(reader_, "candidates");
  EXPECT_EQ(clv_result_rows(candidates.get()), 300);
  EXPECT_GE(clv_result_find(candidates.get(), "clv"), 0);
}

TEST_F(engine_service, of_any_age_works_on_while_transactions_come_and_says_so) {
  adopt(fit(reader_));
  clv_model* made = nullptr;
  ASSERT_EQ(clv_engine_model(reader_.get(), nullptr, &made, diag_.get()), CLV_OK);
  const model_ptr model(made);
  ingest(simulated_log(5), "another shop");
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_score_begin(reader_.get(), nullptr, &job, diag_.get()), CLV_E_STATE);
  const engine_ptr patient = open(path_, CLV_OPEN_READ_ONLY | CLV_OPEN_ANY_AGE);
  ASSERT_EQ(clv_engine_score_begin(patient.get(), nullptr, &job, diag_.get()), CLV_OK);
  const job_ptr scored(job);
  const diag_ptr told = new_diag();
  EXPECT_EQ(clv_job_step(job, 0, told.get()), CLV_OK);
  ASSERT_EQ(clv_diag_count(told.get()), 1);
  clv_diag_entry note = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(told.get(), 0, &note), CLV_OK);
  EXPECT_EQ(note.level, CLV_LOG_WARN);
  const std::string message = note.message;
  EXPECT_NE(message.find("model is older than the transactions"), std::string::npos) << message;
}

}  // namespace
