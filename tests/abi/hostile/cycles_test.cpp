// 10,000 handles of each kind, one after the other: no memory, no descriptor and no thread is left.
// Making an engine takes milliseconds, so the slow test alone makes 10,000 (CLV_ENGINE_CYCLES).
#include <malloc.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "handle_uses.hpp"

namespace clv_hostile {
namespace {

constexpr int cycles = 10'000;

int engine_cycles() {
  const char* given = std::getenv("CLV_ENGINE_CYCLES");
  return given == nullptr ? 300 : std::atoi(given);
}

std::ptrdiff_t entries_of(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

std::size_t allocated() {
  const struct mallinfo2 all = mallinfo2();
  return all.uordblks + all.hblkhd;
}

std::int64_t resident_pages() {
  std::int64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

// The system lists a thread for a moment after it was joined.
std::ptrdiff_t threads_once_ended(std::ptrdiff_t expected) {
  for (int i = 0; i < 100 && entries_of("/proc/self/task") != expected; ++i) usleep(1000);
  return entries_of("/proc/self/task");
}

// Some cycles first: what the process keeps from its first use is kept then.
template <typename Cycle>
void expect_flat(const std::string& what, Cycle cycle, int times = cycles) {
  for (int i = 0; i < 100; ++i) cycle();
  const std::size_t bytes = allocated();
  const std::int64_t pages = resident_pages();
  const std::ptrdiff_t files = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
  for (int i = 0; i < times; ++i) cycle();
  // One block a cycle would be 320,000 bytes at least; SQLite's caches settle within a few
  // thousand.
  EXPECT_LT(allocated(), bytes + 16'384) << what;
  EXPECT_LT(resident_pages(), pages + 256) << what;  // a megabyte: the allocator's own habits
  EXPECT_EQ(entries_of("/proc/self/fd"), files) << what;
  EXPECT_EQ(threads_once_ended(threads), threads) << what;
}

TEST(cycles, of_every_kind_of_handle_leave_nothing_behind) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's allocator keeps what was freed";
#endif
  small_market();
  for (const std::string& kind : handle_kinds()) {
    const int times = kind == "engine" ? engine_cycles() : cycles;
    expect_flat(
        "clv_" + kind, [&] { free_handle(kind, new_handle(kind)); }, times);
  }
}

TEST(cycles, of_a_store_in_a_file_leave_nothing_behind) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's allocator keeps what was freed";
#endif
  const std::string path = testing::TempDir() + "/cycles_" + std::to_string(getpid()) + ".clv";
  const std::shared_ptr<clv_engine> first = engine_at(stage::ingested, path);
  clv_engine_options options = CLV_SIZED(clv_engine_options);
  options.path = path.c_str();
  options.flags = CLV_OPEN_READ_ONLY;
  expect_flat("a reader", [&] {
    clv_engine* made = nullptr;
    ASSERT_EQ(clv_engine_open(&options, &made, nullptr), CLV_OK);
    clv_engine_free(made);
  });
  std::filesystem::remove(path);
}

TEST(cycles, of_a_whole_job_leave_nothing_behind) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's allocator keeps what was freed";
#endif
  const clv_batch scores = batch_of(small_market().scores);
  expect_flat("segmenting", [&] {
    clv_job* job = nullptr;
    clv_result* table = nullptr;
    ASSERT_EQ(clv_segment_begin(nullptr, &scores, &job, nullptr), CLV_OK);
    ASSERT_EQ(clv_job_step(job, 0, nullptr), CLV_OK);
    ASSERT_EQ(clv_job_take_result(job, nullptr, &table, nullptr), CLV_OK);
    clv_result_free(table);
    clv_job_free(job);
  });
}

}  // namespace
}  // namespace clv_hostile
