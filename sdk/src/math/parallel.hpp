// Work split into a fixed number of blocks, so that sums have the same bits for any thread count.
#pragma once

#include <cstddef>
#include <functional>

namespace clv::math {

// A constant, never the number of threads: which items share a partial sum must not change.
inline constexpr std::size_t block_count = 64;

// Calls work(block, first, last) once for each non-empty block of [0, n); block b holds the items
// [b * n / 64, (b + 1) * n / 64). With threads <= 1 everything runs on the calling thread; else up
// to `threads` - 1 helpers are started and joined before this returns. The caller combines what
// the blocks left behind in block order. `work` must be safe to call from several threads for
// different blocks. What it throws is rethrown here (of the lowest block). [any]
void for_blocks(
    std::size_t n,
    unsigned threads,
    const std::function<void(std::size_t block, std::size_t first, std::size_t last)>& work);

}  // namespace clv::math
