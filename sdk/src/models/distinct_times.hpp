// The different ages t_x and T of a block of tuples, and where each tuple's are among them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clv/summary.hpp"

namespace clv {

struct distinct_times {
  std::vector<double> at;             // rising, the first one 0
  std::vector<std::uint32_t> t_x, T;  // of the block's tuples: positions in `at`

  distinct_times() = default;
  distinct_times(const tuples& t, std::size_t first, std::size_t last);
};

}  // namespace clv
