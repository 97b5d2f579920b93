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

}  // namespace
