#include "math/negative_binomial.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "support/golden.hpp"

using clv::math::count_in;
using clv::test::golden;
using clv::test::golden_row;
using clv::test::relative_error;

namespace {

clv::math::negative_binomial count(const golden_row& row) {
  return count_in(row["shape"], row["rate"], row["t"]);
}

}  // namespace

// The list ends at the entry asked for, or far beyond it: the rest must be known either way.
TEST(negative_binomial, probabilities_are_right_in_both_tails) {
  for (const auto& row : golden("negative_binomial.csv", "pmf")) {
    const auto j = static_cast<std::size_t>(row["j"]);
    for (const std::size_t size : {j + 1, j + 700}) {
      std::vector<double> pmf(size);
      clv::math::probabilities(count(row), pmf);
      EXPECT_LE(relative_error(pmf[j], row["value"]), 3e-13) << row.inputs << " of " << size;
    }
  }
}

TEST(negative_binomial, upper_tails_are_right_at_both_ends) {
  for (const auto& row : golden("negative_binomial.csv", "tail")) {
    const auto j = static_cast<std::size_t>(row["j"]);
    for (const std::size_t size : {j + 1, j + 700}) {
      std::vector<double> tail(size);
      clv::math::probabilities(count(row), tail);
      clv::math::upper_tails(count(row), tail);
      EXPECT_LE(relative_error(tail[j], row["value"]), 1e-12) << row.inputs << " of " << size;
    }
  }
}

TEST(negative_binomial, no_time_has_no_events) {
  std::vector<double> pmf(3);
  clv::math::probabilities(count_in(.3, 4, 0), pmf);
  EXPECT_EQ(pmf, (std::vector<double>{1, 0, 0}));
  clv::math::upper_tails(count_in(.3, 4, 0), pmf);
  EXPECT_EQ(pmf, (std::vector<double>{1, 0, 0}));
}
