#include "math/parallel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace clv::math {
namespace {

double blocked_sum(std::size_t n, unsigned threads) {
  std::array<double, block_count> parts{};
  for_blocks(n, threads, [&](std::size_t block, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      parts[block] += std::sin(static_cast<double>(i)) / 3.0;
    }
  });
  double total = 0;
  for (const double part : parts) total += part;
  return total;
}

TEST(for_blocks, gives_sums_of_the_same_bits_for_any_number_of_threads) {
  for (const std::size_t n : {0U, 1U, 63U, 64U, 65U, 10'000U}) {
    const double one = blocked_sum(n, 1);
    for (const unsigned threads : {0U, 2U, 7U, 1000U}) EXPECT_EQ(blocked_sum(n, threads), one);
  }
}

TEST(for_blocks, visits_every_item_once) {
  for (const std::size_t n : {1U, 5U, 64U, 1001U}) {
    std::vector<std::atomic<int>> visits(n);
    for_blocks(n, 3, [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) ++visits[i];
    });
    for (const auto& count : visits) EXPECT_EQ(count, 1);
  }
}

TEST(for_blocks, rethrows_what_the_lowest_block_threw) {
  for (const unsigned threads : {1U, 4U}) {
    try {
      for_blocks(1000, threads, [](std::size_t block, std::size_t, std::size_t) {
        if (block >= 20) throw std::runtime_error(std::to_string(block));
      });
      FAIL();
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "20");
    }
  }
}

}  // namespace
}  // namespace clv::math
