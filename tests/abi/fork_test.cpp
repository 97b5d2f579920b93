// Prefork servers: the parent has loaded and used the library, the children use it anew.
#include <sys/wait.h>
#include <unistd.h>

#include "support.hpp"

namespace {

using namespace clv_test;

std::string work() {
  const result_ptr summary = summary_of(simulated_log(200));
  const clv_batch in = batch_of(summary);
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.threads = 2;  // so that the parent has had threads before it forks
  return clv_result_fingerprint(answer_of([&](clv_job** job, clv_diag* diag) {
                                  return clv_fit_begin(&o, &in, job, diag);
                                }).get());
}

TEST(fork, children_compute_what_the_parent_computed) {
  const std::string before = work();
  for (int i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(work() == before ? 0 : 1);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  EXPECT_EQ(work(), before);
}

// A worker of a prefork server: its own engine, from the first event to the scores.
std::string work_of_one_engine(const result_ptr& log) {
  clv_engine* made = nullptr;
  EXPECT_EQ(clv_engine_open(nullptr, &made, nullptr), CLV_OK);
  const engine_ptr engine(made);
  const clv_batch in = batch_of(log);
  answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_ingest_begin(engine.get(), nullptr, &in, job, diag);
  });
  answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_fit_begin(engine.get(), nullptr, nullptr, job, diag);
  });
  const result_ptr scores = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_score_begin(engine.get(), nullptr, job, diag);
  });
  return clv_result_fingerprint(scores.get());
}

TEST(fork, prefork_workers_run_an_engine_each_at_the_same_time) {
  const result_ptr log = simulated_log(100);  // read by all: results are [any]
  const std::string expected = work_of_one_engine(log);
  std::vector<pid_t> workers;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(work_of_one_engine(log) == expected ? 0 : 1);
    workers.push_back(child);
  }
  for (const pid_t worker : workers) {
    int status = -1;
    ASSERT_EQ(::waitpid(worker, &status, 0), worker);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
}

}  // namespace
