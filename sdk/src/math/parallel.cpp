#include "math/parallel.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace clv::math {
namespace {

using block_work = std::function<void(std::size_t, std::size_t, std::size_t)>;

// Who takes which block is left to chance; what a block holds is not.
struct shared_blocks {
  const block_work& work;
  std::size_t n;
  std::atomic<std::size_t> next{0};
  std::array<std::exception_ptr, block_count> failures{};

  void run() noexcept {
    for (std::size_t block = next++; block < block_count; block = next++) {
      const std::size_t first = block * n / block_count;
      const std::size_t last = (block + 1) * n / block_count;
      if (first == last) continue;
      try {
        work(block, first, last);
      } catch (...) {
        failures[block] = std::current_exception();
      }
    }
  }
};

}  // namespace

void for_blocks(std::size_t n, unsigned threads, const block_work& work) {
  shared_blocks blocks{.work = work, .n = n};
  std::vector<std::thread> helpers;
  const auto wanted = std::min<std::size_t>(threads, block_count);
  try {
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back([&blocks] { blocks.run(); });
  } catch (const std::system_error&) {
    // No more threads to be had: the ones that started and this one do the work.
  }
  blocks.run();
  for (std::thread& helper : helpers) helper.join();
  for (const std::exception_ptr& failure : blocks.failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace clv::math
