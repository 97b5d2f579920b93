// Ctrl-C: the command says that it heard, and stops without having changed anything.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "command.hpp"

namespace clv::test {
namespace {

// The child ignores the signal until the command asks for it, so that one that comes too early ends
// nothing; hence it is sent until the command answers.
TEST(interrupt, is_answered_at_once_and_ends_the_job) {
  const scratch folder;
  const std::string err = folder.path("err");
  const pid_t child = start_clv(
      {"simulate", "--customers", "20000000", "--out", "/dev/null"}, "/dev/null", err, SIGTERM);
  ASSERT_GT(child, 0);  // kill(-1) would reach every process
  int status = 0;
  while (read_all(err).find("stopping") == std::string::npos &&
         waitpid(child, &status, WNOHANG) == 0) {
    kill(child, SIGTERM);
    usleep(1000);  // leaves the processor to the child
  }
  ASSERT_EQ(waitpid(child, &status, 0), child) << read_all(err);
  ASSERT_TRUE(WIFEXITED(status));
  const std::string said = read_all(err);
  EXPECT_EQ(said.find("stopping; press again to end at once\n"), 0U) << said;
  EXPECT_EQ(WEXITSTATUS(status), 1) << said;
  EXPECT_NE(said.find("cancelled; nothing was changed"), std::string::npos) << said;
}

// Signals a millisecond apart are one Ctrl-C; one that comes later ends what does not stop.
TEST(interrupt, ends_a_job_that_hangs_when_it_is_repeated) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), store = folder.path("s.clv");
  ASSERT_EQ(run_clv({"simulate", "--customers", "300", "--out", log}).status, 0);
  ASSERT_EQ(run_clv({"import", "--store", store, log}).status, 0);
  ASSERT_EQ(run_clv({"fit", "--store", store}).status, 0);
  ASSERT_EQ(run_clv({"score", "--store", store}).status, 0);
  const std::string err = folder.path("err");
  const pid_t child = start_clv(
      {"decide", "--store", store, "--plugin", CLV_HANGING_PLUGIN}, "/dev/null", err, SIGTERM);
  ASSERT_GT(child, 0);
  int status = 0;
  pid_t ended = 0;
  while (ended == 0 && read_all(err).find("hanging") == std::string::npos) {
    ended = waitpid(child, &status, WNOHANG);
  }
  ASSERT_EQ(ended, 0) << read_all(err);
  while (waitpid(child, &status, WNOHANG) == 0) {
    kill(child, SIGTERM);
    usleep(1000);
  }
  EXPECT_NE(read_all(err).find("stopping"), std::string::npos) << read_all(err);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM) << read_all(err);
}

}  // namespace
}  // namespace clv::test
