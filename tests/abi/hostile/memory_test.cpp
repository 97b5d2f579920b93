// Memory that runs out at the 1st, 2nd, ... n-th allocation of every exported function, libclv's
// own and SQLite's: the call says CLV_E_NO_MEMORY, hands out nothing, leaks nothing, and succeeds
// on the same handles as soon as there is memory again. What needs no memory is held to that.
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>

#include "scenario.hpp"

namespace {

long allocations_left = -1;  // negative: memory does not run out
long allocations = 0;        // since the test looked last
long blocks = 0;             // handed out and not freed

// False when memory is out, and from then on.
bool may_allocate() {
  ++allocations;
  if (allocations_left == 0) return false;
  if (allocations_left > 0) --allocations_left;
  return true;
}

void* counted(std::size_t size) noexcept {
  if (!may_allocate()) return nullptr;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory != nullptr) ++blocks;
  return memory;
}

void* counted_or_throw(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}

void uncounted(void* memory) noexcept {
  if (memory != nullptr) --blocks;
  std::free(memory);
}

// SQLite's allocator: each block has its size before it, because SQLite asks for it.
constexpr int header = 16;
void* of_sqlite(int size) {
  auto* memory = static_cast<char*>(counted(static_cast<std::size_t>(size) + header));
  if (memory == nullptr) return nullptr;
  std::memcpy(memory, &size, sizeof size);
  return memory + header;
}
char* block_of(void* given) {
  return static_cast<char*>(given) - header;
}
void free_of_sqlite(void* given) {
  if (given != nullptr) uncounted(block_of(given));
}
int size_in_sqlite(void* given) {
  int size = 0;
  if (given != nullptr) std::memcpy(&size, block_of(given), sizeof size);
  return size;
}
void* larger_in_sqlite(void* given, int size) {
  void* made = of_sqlite(size);
  if (made == nullptr) return nullptr;
  std::memcpy(made, given, static_cast<std::size_t>(std::min(size, size_in_sqlite(given))));
  free_of_sqlite(given);
  return made;
}
int rounded(int size) {
  return (size + 7) & ~7;
}
int started(void*) {
  return SQLITE_OK;
}
void ended(void*) {}

// The one SQLite of this process is also libclv's: it is linked dynamically.
const bool sqlite_counts = [] {
  static const sqlite3_mem_methods methods{of_sqlite,
                                           free_of_sqlite,
                                           larger_in_sqlite,
                                           size_in_sqlite,
                                           rounded,
                                           started,
                                           ended,
                                           nullptr};
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK;
}();

}  // namespace

void* operator new(std::size_t size) {
  return counted_or_throw(size);
}
void* operator new[](std::size_t size) {
  return counted_or_throw(size);
}
// The forms that return null must be ours as well: std::stable_sort asks for its buffer with them.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  uncounted(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  uncounted(memory);
}
void operator delete(void* memory) noexcept {
  uncounted(memory);
}
void operator delete[](void* memory) noexcept {
  uncounted(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  uncounted(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  uncounted(memory);
}

namespace clv_hostile {
namespace {

class memory : public testing::TestWithParam<std::size_t> {
 protected:
  const scenario& tested() const { return scenarios()[GetParam()]; }

  // Its one call with all memory there is; what the process keeps from the first time is then kept.
  // Returns what the call answers.
  std::string run_once() const {
    inputs in;
    const call work = tested().prepare(in);
    outputs out;
    const diag_ptr diag = new_diag();
    const long before = allocations;
    EXPECT_EQ(work(in, out, diag.get()), CLV_OK) << said(diag);
    if (tested().memory == needs_memory::no) {
      EXPECT_EQ(allocations, before) << "it allocates";
    } else {
      EXPECT_GT(allocations, before) << "it allocates nothing";
    }
    return answer_in(out);
  }
  // A table, in CSV, so that two of them can be compared.
  static std::string answer_in(const outputs& out) {
    if (out.v.result == untouched<clv_result>()) return "";
    const std::string path = testing::TempDir() + "/memory_" + std::to_string(getpid()) + ".csv";
    EXPECT_EQ(clv_result_write_csv(out.v.result, path.c_str(), nullptr), CLV_OK);
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    std::filesystem::remove(path);
    return text.str();
  }

  // With memory for 0, 1, 2, ... allocations (every one at first, then in growing steps), on the
  // same handles, until it succeeds, as it must in the end: with the answer that it gives where
  // nothing has failed before, because what failed has changed nothing.
  void starve(const std::string& right) const {
    inputs in;
    const call work = tested().prepare(in);
    const diag_ptr diag = new_diag();
    for (long have = 0;; have += 1 + have / 16) {
      clv_diag_clear(diag.get());
      outputs out;
      allocations_left = have;
      const clv_status status = work(in, out, diag.get());
      const bool enough = allocations_left > 0;
      allocations_left = -1;
      if (status >= 0) {
        EXPECT_TRUE(!tested().same_answer || answer_in(out) == right)
            << "after failures, with " << have;
        return;
      }
      ASSERT_EQ(status, CLV_E_NO_MEMORY) << "with " << have << ": " << said(diag);
      ASSERT_FALSE(enough) << "failed with memory left: " << said(diag);
      ASSERT_TRUE(out.same_as_new()) << "with " << have << " it failed and wrote something";
    }
  }
};

TEST_P(memory, runs_out_without_harm_and_without_a_leak) {
  ASSERT_TRUE(sqlite_counts);
  small_market();
  const std::string right = run_once();
  const long before = blocks;
  if (tested().memory == needs_memory::yes) {
    starve(right);
  } else {
    run_once();
  }
  EXPECT_EQ(blocks, before) << "blocks were leaked";
}

INSTANTIATE_TEST_SUITE_P(of,
                         memory,
                         testing::Range(std::size_t{0}, scenarios().size()),
                         [](const auto& one) { return scenarios()[one.param].function; });

}  // namespace
}  // namespace clv_hostile
