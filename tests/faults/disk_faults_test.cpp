// The n-th call of SQLite's file layer fails, n = 1, 2, ... until there is no n-th: the verb fails
// with the right status or goes on, nothing of it is there by halves, no memory is left behind, and
// the engine works again once the disk does.
#include <sys/time.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "child.hpp"
#include "disk.hpp"
#include "shop.hpp"
#include "store/database.hpp"

using namespace clv;
using clv::test::disk_op;
using clv::test::error_of;
using clv::test::ingest;
using clv::test::integrity;
using clv::test::log_of;
using clv::test::temp_folder;

namespace {

class failing : public test::disk_hooks {
 public:
  failing(disk_op op, int code, int at, bool stays)
      : op_(op), code_(code), left_(at), stays_(stays) {}
  int before(const test::disk_call& call) override {
    if (healed_ || call.op != op_) return SQLITE_OK;
    if (left_ > 0) --left_;
    if (left_ > 0 || (came_ && !stays_)) return SQLITE_OK;
    came_ = true;
    return code_;
  }
  bool came() const { return came_; }
  void heal() { healed_ = true; }

 private:
  disk_op op_;
  int code_, left_;
  bool stays_, came_ = false, healed_ = false;
};

std::shared_ptr<const table> batch(const std::string& prefix, int rows) {
  std::vector<test::sale> sales;
  for (int i = 0; i < rows; ++i) {
    sales.push_back({prefix + std::to_string(i % 50), i % 90, 100 + i, prefix + std::to_string(i)});
  }
  return log_of(sales);
}

struct fault {
  const char* name;
  disk_op op;
  int code;
  std::vector<status> allowed;
  bool stays = false;
};
void PrintTo(const fault& f, std::ostream* to) {
  *to << f.name;
}

class disk_fault : public testing::TestWithParam<fault> {
 protected:
  static constexpr int first = 60, second = 400;
  temp_folder folder_;
  std::string path_ = folder_.file("a.clv"), first_ = folder_.file("first.clv");

  void SetUp() override {
    engine e({.path = first_});
    ingest(e, batch("a", first));
  }
  void begin_anew() const {
    for (const char* side : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path_ + side);
    std::filesystem::copy_file(first_, path_);
  }
  void expect_allowed(const issue& why, int n) const {
    const auto& allowed = GetParam().allowed;
    EXPECT_NE(std::find(allowed.begin(), allowed.end(), why.code), allowed.end())
        << "at call " << n << ": status " << static_cast<int>(why.code) << ", " << why.message;
    EXPECT_FALSE(why.message.empty());
  }
  bool run(int n);
};

// False when there was no n-th call.
bool disk_fault::run(int n) {
  const fault& f = GetParam();
  failing hooks(f.op, f.code, n, f.stays);
  std::size_t rows = 0;
  {
    const test::disk between(hooks);
    try {
      engine e({.path = path_});
      try {
        ingest(e, batch("b", second));
      } catch (const error& failed) {
        expect_allowed(failed.details(), n);
        hooks.heal();  // the same engine goes on
        rows = e.read("transactions")->rows();
        EXPECT_TRUE(rows == first || rows == first + second) << rows << " rows at call " << n;
        EXPECT_EQ(ingest(e, batch("b", second)).first, first + second - static_cast<int>(rows));
      }
      hooks.heal();
      EXPECT_EQ(e.read("transactions")->rows(), std::size_t{first + second}) << "at call " << n;
    } catch (const error& failed) {  // of the opening
      expect_allowed(failed.details(), n);
      rows = first;
    }
  }
  return hooks.came();
}

TEST_P(disk_fault, at_any_call_leaves_all_of_a_batch_or_nothing) {
  int n = 1;
  bool came = true;
  for (; came; n += n < 60 ? 1 : 1 + n / 12) {
    begin_anew();
    const sqlite3_int64 memory = sqlite3_memory_used();
    came = run(n);
    EXPECT_EQ(sqlite3_memory_used(), memory) << "left behind at call " << n;
    EXPECT_EQ(integrity(path_), "ok") << "at call " << n;
    engine after({.path = path_});
    const std::size_t rows = after.read("transactions")->rows();
    EXPECT_TRUE(rows == first || rows == first + second) << rows << " rows at call " << n;
    if (HasFailure()) return;
  }
  EXPECT_GT(n, 2) << "the call was never made";
}

INSTANTIATE_TEST_SUITE_P(
    calls,
    disk_fault,
    testing::Values(
        fault{"read_error", disk_op::read, SQLITE_IOERR_READ, {status::io, status::corrupt}},
        fault{"short_read", disk_op::read, SQLITE_IOERR_SHORT_READ, {status::io, status::corrupt}},
        fault{"write_error", disk_op::write, SQLITE_IOERR_WRITE, {status::io}},
        fault{"disk_full", disk_op::write, SQLITE_FULL, {status::full}},
        fault{"disk_stays_full", disk_op::write, SQLITE_FULL, {status::full}, true},
        fault{"sync_error", disk_op::sync, SQLITE_IOERR_FSYNC, {status::io}},
        fault{"size_error", disk_op::size, SQLITE_IOERR_FSTAT, {status::io}},
        fault{"lock_error", disk_op::lock, SQLITE_IOERR_LOCK, {status::io}},
        fault{"shared_memory_error", disk_op::shared_memory, SQLITE_IOERR_SHMMAP, {status::io}},
        fault{"shared_memory_full", disk_op::shared_memory, SQLITE_FULL, {status::full}},
        fault{"open_error", disk_op::open, SQLITE_CANTOPEN, {status::io}},
        fault{"access_error", disk_op::access, SQLITE_IOERR_ACCESS, {status::io}}),
    [](const auto& given) { return std::string(given.param.name); });

// ---- a full disk while the engine is open

// A disk with so many bytes: a write past them fails, also in the middle of a file.
class small_disk : public test::disk_hooks {
 public:
  int before(const test::disk_call& call) override {
    if (call.op != disk_op::write) return SQLITE_OK;
    const auto end = call.offset + static_cast<std::int64_t>(call.bytes.size());
    return end > most ? SQLITE_FULL : SQLITE_OK;
  }
  std::int64_t most = 1 << 30;
};

TEST(full_disk, leaves_an_engine_that_reads_and_recovers) {
  const temp_folder folder;
  small_disk hooks;
  const test::disk between(hooks);
  engine e({.path = folder.file("a.clv")});
  std::size_t stored = 100;
  ingest(e, batch("a", 100));
  for (int round = 0; round < 3; ++round) {
    const auto more = batch("r" + std::to_string(round), 30000);
    hooks.most = 1 << 20;
    const issue why = error_of([&] { ingest(e, more); });
    EXPECT_EQ(why.code, status::full) << why.message;
    EXPECT_TRUE(test::mentions(why.message, "full")) << why.message;
    EXPECT_EQ(e.read("transactions")->rows(), stored);
    hooks.most = 1 << 30;
    EXPECT_EQ(ingest(e, more).first, 30000);
    stored += 30000;
  }
}

// ---- memory

sqlite3_mem_methods real_memory;
int allocations_left = -1;  // -1: all succeed

bool refuses() {
  if (allocations_left < 0) return false;
  if (allocations_left > 0) --allocations_left;
  return allocations_left == 0;
}

class failing_memory : public testing::Environment {
 public:
  void SetUp() override {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods mine = real_memory;
    mine.xMalloc = [](int bytes) { return refuses() ? nullptr : real_memory.xMalloc(bytes); };
    mine.xRealloc = [](void* old, int bytes) {
      return refuses() ? nullptr : real_memory.xRealloc(old, bytes);
    };
    sqlite3_shutdown();
    ASSERT_EQ(sqlite3_config(SQLITE_CONFIG_MALLOC, &mine), SQLITE_OK);
  }
};
const auto* const memory = testing::AddGlobalTestEnvironment(new failing_memory);

// From the n-th allocation on there is none, until the verb has failed.
TEST(no_memory, at_any_allocation_of_sqlite_leaves_all_of_a_batch_or_nothing) {
  const temp_folder folder;
  const std::string path = folder.file("a.clv");
  {
    engine e({.path = path});
    ingest(e, batch("a", 60));
  }
  int failed = 0;
  for (int n = 1;; n += 1 + n / 10) {
    const sqlite3_int64 before = sqlite3_memory_used();
    bool ended = false;
    try {
      allocations_left = n;
      engine e({.path = path});
      ingest(e, batch("b", 200));
      ended = true;
    } catch (const error& e) {
      allocations_left = -1;
      EXPECT_EQ(e.details().code, status::no_memory) << n << ": " << e.what();
      ++failed;
    }
    allocations_left = -1;
    EXPECT_EQ(sqlite3_memory_used(), before) << n;
    EXPECT_EQ(integrity(path), "ok") << n;
    if (HasFailure() || ended) break;
    EXPECT_EQ(engine({.path = path, .read_only = true}).read("transactions")->rows(), 60U) << n;
  }
  EXPECT_GT(failed, 20);
}

// ---- interrupted system calls

TEST(interrupted_calls, change_nothing) {
  const temp_folder folder;
  struct sigaction none {};
  none.sa_handler = [](int) {};  // without SA_RESTART calls end with EINTR
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGALRM, &none, &before), 0);
  const itimerval often{{0, 300}, {0, 300}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &often, nullptr), 0);
  {
    engine e({.path = folder.file("a.clv")});
    EXPECT_EQ(ingest(e, batch("a", 20000)).first, 20000);
    job copying = e.backup(folder.file("b.clv"));
    copying.run();
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  EXPECT_EQ(integrity(folder.file("a.clv")), "ok");
  engine copy({.path = folder.file("b.clv"), .read_only = true});
  EXPECT_EQ(copy.read("transactions")->rows(), 20000U);
}

}  // namespace
