// What a plugin's run begins with and what it leaves behind: a run is one job, in however many
// steps and blocks it is done.
#include "capability_support.hpp"

namespace {

using namespace clv_test;

class plugin_runs : public testing::Test {
 protected:
  job_ptr begin(const plugins_ptr& plugins, int64_t rows) {
    x_.assign(static_cast<std::size_t>(rows), 1.0);
    columns_ = {number_column("x", x_)};
    const clv_batch in = batch_of(columns_, rows);
    clv_job* made = nullptr;
    EXPECT_EQ(clv_propose_begin(plugins.get(), nullptr, &in, &made, d_), CLV_OK) << said(diag_);
    return job_ptr(made);
  }
  // Steps to the end; how many steps it took.
  int run(const job_ptr& job, uint32_t budget_ms) {
    int steps = 1;
    while (clv_job_step(job.get(), budget_ms, d_) == CLV_MORE) ++steps;
    return steps;
  }
  int64_t said_about(const std::string& column) const {
    int64_t times = 0;
    for (int64_t i = 0; i < clv_diag_count(d_); ++i) {
      clv_diag_entry e = CLV_SIZED(clv_diag_entry);
      EXPECT_EQ(clv_diag_get(d_, i, &e), CLV_OK);
      times += e.column != nullptr && column == e.column;
    }
    return times;
  }

  diag_ptr diag_ = new_diag();
  clv_diag* d_ = diag_.get();
  std::vector<double> x_;
  std::vector<clv_column> columns_;
};

TEST_F(plugin_runs, tell_of_a_missing_column_once_each) {
  const plugins_ptr plugins = loaded({"good"});  // reads p_alive
  EXPECT_GT(run(begin(plugins, 200'000), 1), 2) << "one step would prove nothing";
  EXPECT_EQ(said_about("p_alive"), 1);
  run(begin(plugins, 10), 0);
  EXPECT_EQ(said_about("p_alive"), 2) << "the next run says it again";
}

TEST_F(plugin_runs, tell_of_a_column_that_two_capabilities_miss_once) {
  run(begin(loaded({"all_three"}), 10), 0);
  EXPECT_EQ(said_about("segment"), 1);
}

// Under a sanitizer this also shows that no thread of the plugin's looks at a job that is gone.
TEST_F(plugin_runs, that_were_not_cancelled_tell_no_thread_of_the_plugin_that_they_were) {
  const plugins_ptr plugins = loaded({"asks_all_the_time"});
  for (int i = 0; i < 300; ++i) {
    job_ptr job = begin(plugins, 1);
    run(job, 0);
    clv_result* made = nullptr;
    ASSERT_EQ(clv_job_take_result(job.get(), nullptr, &made, d_), CLV_OK) << said(diag_);
    const result_ptr proposals(made);
    job.reset();
    EXPECT_EQ(number_at(proposals, "effect_n", 0), 0);
  }
}

}  // namespace
