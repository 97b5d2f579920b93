// A writer that is killed, at random and at every call that changes a file, and what it had
// acknowledged before. CLV_KILLS says how often at random (25).
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "child.hpp"
#include "deadly_disk.hpp"
#include "history.hpp"
#include "log_batches.hpp"
#include "shop.hpp"

using namespace clv;
using clv::test::history;
using clv::test::in_child;
using clv::test::integrity;
using clv::test::temp_folder;

namespace {

constexpr std::size_t rows_of_a_batch = 37;

std::shared_ptr<const table> rows_of(int batch) {
  std::vector<test::sale> sales;
  for (std::size_t i = 0; i < rows_of_a_batch; ++i) {
    const std::string customer = "c" + std::to_string((batch * 7 + static_cast<int>(i)) % 300);
    sales.push_back({customer, batch % 1000, 100, history::id(batch, i)});
  }
  return test::log_of(sales);
}

// Ingests batch after batch and says the number of each on the pipe once it is durable.
int produce(const std::string& path, int first, int to) {
  engine e({.path = path});
  for (int batch = first;; ++batch) {
    test::ingest(e, rows_of(batch));
    if (write(to, &batch, sizeof batch) != sizeof batch) return 1;
  }
}

std::vector<std::string> events_of(const std::string& path) {
  store::database d({.path = path});
  return test::stored_events(d.sql());
}

class producer {
 public:
  producer(const std::string& path, int first) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      close(ends[0]);
      try {
        _exit(produce(path, first, ends[1]));
      } catch (...) {
        _exit(99);
      }
    }
    close(ends[1]);
    from_ = ends[0];
  }
  ~producer() {
    close(from_);
    if (child_ > 0) kill_it();
  }
  producer(const producer&) = delete;
  producer& operator=(const producer&) = delete;

  // The next batch that is acknowledged; -1: there will be none.
  int next() const {
    int batch = -1;
    return read(from_, &batch, sizeof batch) == sizeof batch ? batch : -1;
  }
  int kill_it() {
    kill(child_, SIGKILL);
    int how = 0;
    waitpid(child_, &how, 0);
    child_ = 0;
    return WIFSIGNALED(how) ? WTERMSIG(how) : 0;
  }

 private:
  pid_t child_ = 0;
  int from_ = -1;
};

int kills() {
  const char* given = std::getenv("CLV_KILLS");
  return given == nullptr ? 25 : std::atoi(given);
}

}  // namespace

TEST(killed_writer, at_random_loses_nothing_that_it_acknowledged) {
  const test::quick_disk disk;  // a killed process takes no written byte along
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  std::mt19937_64 random(20260701);
  history told;
  int next = 0;
  for (int round = 0; round < kills(); ++round) {
    const int first = next;
    producer writer(path, first);
    // It dies some batches later, wherever it then is.
    const auto lives = static_cast<int>(random() % 20);
    int acknowledged = 0;
    for (; acknowledged <= lives; ++acknowledged) {
      const int batch = writer.next();
      ASSERT_EQ(batch, next) << "the writer ended by itself";
      told.sent(batch, rows_of_a_batch);
      told.acknowledged(batch);
      ++next;
    }
    usleep(static_cast<useconds_t>(random() % 4000));
    ASSERT_EQ(writer.kill_it(), SIGKILL);
    for (int batch = writer.next(); batch >= 0; batch = writer.next()) {
      told.sent(batch, rows_of_a_batch);
      told.acknowledged(batch);
      next = batch + 1;
    }
    told.sent(next, rows_of_a_batch);  // on its way, perhaps there
    ASSERT_EQ(integrity(path), "ok") << "round " << round;
    const history::verdict v = told.check(events_of(path));
    ASSERT_TRUE(v.good()) << "round " << round << ": " << testing::PrintToString(v);
    ++next;  // a number is never used for other rows
  }
  EXPECT_GT(told.acknowledged(), static_cast<std::size_t>(kills()));
}

// ---- at every call that changes a file

namespace {

// BEGIN, rows, COMMIT and checkpoint of three batches, and the closing.
int write_three(const std::string& path, int at, bool after, int to) {
  test::deadly_disk hooks(at, after);
  const test::disk between(hooks);
  history ignored;
  store::database d({.path = path});
  d.sql().execute("PRAGMA wal_autocheckpoint = 10");
  for (int batch = 1; batch <= 3; ++batch) {
    test::write_batch(d, batch, 50, ignored);
    if (write(to, &batch, sizeof batch) != sizeof batch) return 1;
  }
  return 0;
}

struct died {
  int status;
  int acknowledged;
};

died write_and_die(const std::string& path, int at, bool after) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  const int status = in_child([&] { return write_three(path, at, after, ends[1]); });
  close(ends[1]);
  int batch = 0, last = 0;
  while (read(ends[0], &batch, sizeof batch) == sizeof batch) last = batch;
  close(ends[0]);
  return {status, last};
}

void expect_kept(const std::string& path, const died& d, const std::string& where) {
  history told;
  for (int batch = 0; batch <= 3; ++batch) {
    told.sent(batch, 50);
    if (batch <= d.acknowledged) told.acknowledged(batch);
  }
  EXPECT_EQ(integrity(path), "ok") << where;
  const history::verdict v = told.check(events_of(path));
  EXPECT_TRUE(v.good()) << where << ": " << testing::PrintToString(v);
}

class killed_at : public testing::TestWithParam<bool> {};
TEST_P(killed_at, every_write_and_sync_leaves_what_was_acknowledged) {
  const test::quick_disk disk;  // a killed process takes no written byte along
  const temp_folder folder;
  const std::string first = folder.file("first.clv"), path = folder.file("a.clv");
  {
    history ignored;
    store::database d({.path = first});
    test::write_batch(d, 0, 50, ignored);
  }
  int deaths = 0;
  for (int at = 1;; ++at) {
    for (const char* side : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path + side);
    std::filesystem::copy_file(first, path);
    const died d = write_and_die(path, at, GetParam());
    ASSERT_TRUE(d.status == 0 || d.status == 1000 + SIGKILL) << d.status;
    expect_kept(path, d, "at call " + std::to_string(at));
    if (HasFailure() || d.status == 0) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 20);
}
INSTANTIATE_TEST_SUITE_P(calls, killed_at, testing::Values(false, true), [](const auto& given) {
  return given.param ? "after" : "before";
});

}  // namespace
