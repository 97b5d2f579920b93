// The jobs of a server that stops, that cannot write, and that many watch.
#include "jobs/job_board.hpp"

#include <clv/v1/job_service.pb.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <future>

#include "ops/metrics.hpp"
#include "ops/server_state.hpp"
#include "sidecar.hpp"

namespace clv::test {
namespace {

using namespace clvd;
using std::chrono::system_clock;

class job_board : public testing::Test {
 protected:
  // Deaf: it ends only when it is let go.
  v1::Job start_deaf(const std::string& request_id = "") {
    return board_.start(tenant_,
                        {.kind = "Deaf", .request_id = request_id},
                        [this](job_context&, auto&) { let_go_.get_future().wait(); });
  }
  void run_on_registry(const char* sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.file("clvd.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }
  v1::JobState state_of(const v1::Job& job) { return board_.get(tenant_, job.name()).state(); }
  void await_run(const v1::Job& job) {
    while (state_of(job) == v1::JOB_STATE_QUEUED) std::this_thread::yield();
  }

  temporary_folder folder_;
  metrics metrics_;
  server_state server_;
  std::promise<void> let_go_;
  tenant tenant_{
      {.name = "default", .store = folder_.file("a.clv"), .registry = folder_.file("clvd.db")},
      metrics_,
      server_};
  clvd::job_board board_{1, metrics_};
};

TEST_F(job_board, that_stops_waits_for_a_deaf_job_no_longer_than_it_is_told) {
  const v1::Job deaf = start_deaf(), queued = start_deaf();
  await_run(deaf);
  board_.stop_all();
  EXPECT_EQ(state_of(queued), v1::JOB_STATE_INTERRUPTED);
  board_.await_end(system_clock::now());
  EXPECT_EQ(state_of(deaf), v1::JOB_STATE_RUNNING);
  auto waiting = std::async(std::launch::async, [this] { board_.await_end(soon()); });
  board_.hurry();
  EXPECT_EQ(waiting.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(state_of(deaf), v1::JOB_STATE_RUNNING);
  let_go_.set_value();
}

TEST_F(job_board, that_stops_waits_for_a_job_that_ends) {
  const v1::Job job = board_.start(tenant_, {.kind = "Good"}, [](job_context& c, auto&) {
    while (true) c.check_wanted();
  });
  await_run(job);
  board_.stop_all();
  board_.await_end(soon());
  EXPECT_EQ(state_of(job), v1::JOB_STATE_INTERRUPTED);
}

TEST_F(job_board, ends_a_job_that_waits_for_its_turn) {
  std::timed_mutex turn;
  const std::lock_guard taken(turn);
  const v1::Job job = board_.start(tenant_, {.kind = "Turn"}, [&turn](job_context& c, auto&) {
    const auto mine = c.taken(turn);
  });
  await_run(job);
  board_.stop_all();
  board_.await_end(soon());
  EXPECT_EQ(state_of(job), v1::JOB_STATE_INTERRUPTED);
}

TEST_F(job_board, forgets_watchers_that_left) {
  const v1::Job job = start_deaf();
  await_run(job);
  const auto held = std::make_shared<int>(0);
  v1::WatchJobResponse response;
  for (int i = 0; i < 3; ++i) {
    const auto watch = board_.watch(tenant_, job.name());
    EXPECT_EQ(watch->advance(response), producer::next::message);
    EXPECT_EQ(watch->advance(response), producer::next::wait);
    watch->when_ready([held] { ADD_FAILURE() << "it has left"; });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
  let_go_.set_value();
}

// Not of jobs, but of the same tenant.
TEST_F(job_board, lets_proposals_go_that_nobody_reads_any_more) {
  using std::chrono::minutes;
  const auto now = std::chrono::steady_clock::now;
  auto held = std::make_shared<int>(0);
  tenant_.keep_proposals({held, static_cast<kept_proposals*>(nullptr)});
  tenant_.drop_old_proposals(now() + minutes(9));
  EXPECT_EQ(held.use_count(), 2);
  tenant_.drop_old_proposals(now() + minutes(11));
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(job_board, leaves_nothing_of_a_job_whose_answer_cannot_be_kept) {
  run_on_registry(
      "CREATE TRIGGER no_answer BEFORE INSERT ON answer BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_THROW(start_deaf("r1"), call_error);
  EXPECT_TRUE(board_.list(tenant_, 0, 10, "").empty());
  EXPECT_TRUE(tenant_.kept().unfinished_jobs().empty());
  run_on_registry("DROP TRIGGER no_answer");
  const v1::Job job = start_deaf("r1");
  EXPECT_EQ(start_deaf("r1").name(), job.name());
  let_go_.set_value();
}

}  // namespace
}  // namespace clv::test
