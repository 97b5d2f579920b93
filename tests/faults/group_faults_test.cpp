// A writer that dies, or whose disk fills up, in the middle of a group of batches.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "child.hpp"
#include "shop.hpp"

using namespace clv;
using clv::test::error_of;
using clv::test::in_child;
using clv::test::integrity;
using clv::test::log_of;
using clv::test::mentions;
using clv::test::temp_folder;

namespace {

constexpr std::int64_t batches_a_group = 20;
constexpr int rows_a_batch = 300;

// Batch `sequence` of the stream "till": the same rows whenever it is made.
keyed_batch batch(std::int64_t sequence, int rows = rows_a_batch) {
  std::vector<test::sale> sales;
  for (int i = 0; i < rows; ++i) {
    sales.push_back({"c" + std::to_string(i), sequence % 300, 100 + i, ""});
  }
  keyed_batch b;
  b.rows = log_of(sales);
  b.options.source = "shop";
  b.key = "till";
  b.sequence = sequence;
  return b;
}

std::vector<keyed_batch> next_group(engine& e, int rows = rows_a_batch) {
  std::vector<keyed_batch> group;
  const std::int64_t last = e.last_sequence("till");
  for (std::int64_t i = 1; i <= batches_a_group; ++i) group.push_back(batch(last + i, rows));
  return group;
}

// Dies by SIGKILL after that many steps of the group's job; 0 when the job ended before.
int group_and_die(const std::string& path, int steps) {
  engine e({.path = path});
  job j = e.group(next_group(e));
  for (int i = 0; i < steps; ++i) {
    if (j.step(std::chrono::milliseconds{1})) return 0;
  }
  return raise(SIGKILL);
}

}  // namespace

// Rows and the stream's place come and go together, so that the sender can go on from what the
// store says: rows have no event ids here, and none is lost or doubled.
TEST(killed_group, leaves_its_rows_and_its_streams_place_together) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    e.group(next_group(e)).run();
  }
  std::int64_t durable = batches_a_group;
  int killed = 0, finished = 0;
  for (int steps = 1; finished == 0; steps += steps < 8 ? 1 : 6) {
    const int end = in_child([&] { return group_and_die(path, steps); });
    ASSERT_TRUE(end == 0 || end == 1000 + SIGKILL) << end;
    ASSERT_EQ(integrity(path), "ok");
    engine e({.path = path});
    killed += end != 0;
    finished += end == 0;
    if (end == 0) durable += batches_a_group;
    ASSERT_EQ(e.last_sequence("till"), durable) << "after " << steps << " steps";
    ASSERT_EQ(e.read("transactions")->rows(), static_cast<std::size_t>(durable * rows_a_batch));
  }
  EXPECT_GT(killed, 3);
}

TEST(full_disk, fails_a_group_as_a_whole) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    e.group(next_group(e)).run();
  }
  const int end = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);  // the write then fails with EFBIG instead
    engine e({.path = path});
    const rlimit limit{1 << 20, 1 << 20};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    const issue why = error_of([&] { e.group(next_group(e, 5000)).run(); });
    if (!mentions(why.message, path)) return 2;
    if (why.code != status::io && why.code != status::full) return 3;
    if (e.last_sequence("till") != batches_a_group) return 4;
    return e.group({}).finished() ? 5 : 7;  // the engine is free for the next job
  });
  EXPECT_EQ(end, 7);
  EXPECT_EQ(integrity(path), "ok");
  engine e({.path = path});
  e.group(next_group(e, 5000)).run();
  EXPECT_EQ(e.last_sequence("till"), 2 * batches_a_group);
}
