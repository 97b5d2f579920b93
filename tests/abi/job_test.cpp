// Long work that the caller steps: budget, progress, cancel, and what is left after a failure.
#include <atomic>
#include <cfenv>
#include <thread>

#include "support.hpp"

namespace {

using namespace clv_test;

class job : public testing::Test {
 protected:
  result_ptr log_ = simulated_log(400);
  clv_batch in_ = batch_of(log_);
  diag_ptr diag_ = new_diag();

  job_ptr begin() {
    clv_job* made = nullptr;
    EXPECT_EQ(clv_summarize_begin(nullptr, &in_, &made, diag_.get()), CLV_OK) << said(diag_);
    return job_ptr(made);
  }
  static job_ptr begin_csv(const std::string& text, int64_t max_rejects) {
    clv_csv_options o = CLV_SIZED(clv_csv_options);
    o.text = text.data();
    o.size = static_cast<int64_t>(text.size());
    o.max_rejects = max_rejects;
    clv_job* made = nullptr;
    EXPECT_EQ(clv_csv_begin(&o, &made, nullptr), CLV_OK);
    return job_ptr(made);
  }
};

TEST_F(job, progress_starts_at_zero_never_goes_back_and_ends_at_one) {
  const job_ptr made = begin();
  clv_progress now = CLV_SIZED(clv_progress);
  ASSERT_EQ(clv_job_progress(made.get(), &now, nullptr), CLV_OK);
  EXPECT_EQ(now.fraction, 0.0);
  EXPECT_GT(now.phase_count, 0U);
  double last = 0;
  uint32_t last_phase = 0;
  clv_status status = CLV_MORE;
  for (int steps = 0; status == CLV_MORE; ++steps) {
    status = clv_job_step(made.get(), 1, diag_.get());
    ASSERT_EQ(clv_job_progress(made.get(), &now, nullptr), CLV_OK);
    EXPECT_GE(now.fraction, last);
    EXPECT_GE(now.phase, last_phase);
    EXPECT_NE(std::string(now.phase_name), "");
    last = now.fraction;
    last_phase = now.phase;
    ASSERT_LT(steps, 1'000'000);
  }
  EXPECT_EQ(status, CLV_OK) << said(diag_);
  EXPECT_EQ(last, 1.0);
  EXPECT_EQ(clv_job_step(made.get(), 0, nullptr), CLV_OK) << "a finished job stays finished";
}

TEST_F(job, an_unfinished_job_has_no_result) {
  const job_ptr made = begin();
  clv_result* result = nullptr;
  clv_model* model = nullptr;
  EXPECT_EQ(clv_job_take_result(made.get(), nullptr, &result, diag_.get()), CLV_E_STATE);
  EXPECT_EQ(clv_job_take_model(made.get(), &model, diag_.get()), CLV_E_STATE);
  EXPECT_EQ(result, nullptr);
  EXPECT_EQ(model, nullptr);
}

TEST_F(job, a_result_can_be_taken_by_name_and_outlives_the_job) {
  job_ptr made = begin();
  ASSERT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_OK);
  clv_result* taken = nullptr;
  ASSERT_EQ(clv_job_take_result(made.get(), "", &taken, diag_.get()), CLV_OK);
  const result_ptr result(taken);
  clv_result* other = nullptr;
  EXPECT_EQ(clv_job_take_result(made.get(), "cats", &other, diag_.get()), CLV_E_NOT_FOUND);
  EXPECT_EQ(other, nullptr);
  clv_model* model = nullptr;
  EXPECT_EQ(clv_job_take_model(made.get(), &model, diag_.get()), CLV_E_NOT_FOUND);
  made.reset();
  EXPECT_EQ(clv_result_rows(result.get()), 400);
}

TEST_F(job, a_cancelled_job_ends_with_the_next_step_and_cannot_go_on) {
  const job_ptr made = begin();
  clv_job_cancel(made.get());
  EXPECT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_E_CANCELLED);
  EXPECT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_E_STATE);
  clv_result* result = nullptr;
  EXPECT_EQ(clv_job_take_result(made.get(), nullptr, &result, nullptr), CLV_E_STATE);
}

TEST_F(job, a_failed_import_can_still_be_asked_for_its_rejects) {
  const job_ptr made = begin_csv("customer,time,amount\nana,1997-01-01,1\nbob,yesterday,2\n", 0);
  EXPECT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_E_DATA);
  EXPECT_NE(said(diag_), "");
  clv_result* taken = nullptr;
  EXPECT_EQ(clv_job_take_result(made.get(), nullptr, &taken, nullptr), CLV_E_STATE);
  ASSERT_EQ(clv_job_take_result(made.get(), "rejects", &taken, diag_.get()), CLV_OK) << said(diag_);
  const result_ptr rejects(taken);
  ASSERT_EQ(clv_result_rows(rejects.get()), 1);
  EXPECT_EQ(clv_result_number(rejects.get(), clv_result_find(rejects.get(), "row"), 0), 2);
}

TEST_F(job, the_text_of_a_csv_is_copied) {
  std::string text = "customer,time,amount\nana,1997-01-01,1\n";
  const job_ptr made = begin_csv(text, 0);
  text.assign(text.size(), 'x');
  EXPECT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_OK) << said(diag_);
}

TEST_F(job, rounding_other_than_to_nearest_is_refused) {
  const job_ptr made = begin();
  clv_job* second = nullptr;
  std::fesetround(FE_UPWARD);
  const clv_status step = clv_job_step(made.get(), 0, diag_.get());
  const clv_status begun = clv_summarize_begin(nullptr, &in_, &second, diag_.get());
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(step, CLV_E_STATE);
  EXPECT_EQ(begun, CLV_E_STATE);
  EXPECT_NE(said(diag_).find("rounding"), std::string::npos) << said(diag_);
  EXPECT_EQ(clv_job_step(made.get(), 0, diag_.get()), CLV_OK) << "the refusal did not end the job";
}

TEST_F(job, a_cancel_from_another_thread_ends_a_running_step) {
  const job_ptr made = begin();
  std::thread other([&] { clv_job_cancel(made.get()); });
  const clv_status status = clv_job_step(made.get(), 0, nullptr);
  other.join();
  EXPECT_TRUE(status == CLV_OK || status == CLV_E_CANCELLED) << status;
}

// Each of several threads gets either a true answer or CLV_E_BUSY; run under tsan this also shows
// that there is no race.
TEST_F(job, a_second_thread_is_told_busy) {
  const job_ptr made = begin();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      clv_status status = CLV_MORE;
      while (status == CLV_MORE || status == CLV_E_BUSY) {
        clv_progress now = CLV_SIZED(clv_progress);
        const clv_status seen = clv_job_progress(made.get(), &now, nullptr);
        if (seen != CLV_OK && seen != CLV_E_BUSY) ++wrong;
        status = clv_job_step(made.get(), 1, nullptr);
      }
      if (status != CLV_OK) ++wrong;
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  clv_result* taken = nullptr;
  ASSERT_EQ(clv_job_take_result(made.get(), nullptr, &taken, nullptr), CLV_OK);
  const result_ptr result(taken);
  EXPECT_EQ(clv_result_rows(result.get()), 400);
}

TEST_F(job, one_diag_shared_by_two_threads_keeps_both_failures) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      clv_result* none = nullptr;
      for (int k = 0; k < 100; ++k) clv_catalogue("cats", &none, diag_.get());
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(clv_diag_count(diag_.get()), 400);
}

}  // namespace
