#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "clv/model.hpp"
#include "drop_out_golden.hpp"
#include "math/random.hpp"

using clv::observation;
using clv::test::relative_error;

namespace {

const clv::model& nbd_model() {
  return clv::find_model("nbd");
}

const std::vector<double> nbd_estimates{.384766, 12.072023};

}  // namespace

TEST(nbd, equals_direct_integration) {
  for (const auto& row : clv::test::golden("nbd.csv")) {
    clv::test::expect_answer(nbd_model(), {row["r"], row["alpha"]}, row, 1e-12);
  }
}

// The two forms of the likelihood differ by what x and T alone decide.
TEST(nbd, log_likelihood_is_the_count_probability_and_uniform_times_of_the_purchases) {
  std::vector<double> pmf(8);
  const double T = 38.86;
  nbd_model().pmf(nbd_estimates, T, pmf);
  for (std::size_t x = 0; x < pmf.size(); ++x) {
    const double n = static_cast<double>(x);
    // Given their number, purchase times are x! / T^x in density.
    const double timing = std::log(pmf[x]) + std::log(std::tgamma(n + 1)) - n * std::log(T);
    const double value =
        nbd_model().log_likelihood(nbd_estimates, {.x = n, .t_x = n > 0 ? 20.0 : 0, .T = T});
    EXPECT_NEAR(value, timing, 1e-13 * (1 + std::fabs(timing))) << x;
  }
}

TEST(nbd, count_probabilities_sum_to_one_and_their_mean_is_the_expectation) {
  std::vector<double> pmf(4000);
  for (const double t : {0.0, 1.0, 52.0, 300.0}) {
    nbd_model().pmf(nbd_estimates, t, pmf);
    double sum = 0, mean = 0;
    for (std::size_t j = pmf.size(); j-- > 0;) {
      sum += pmf[j];
      mean += static_cast<double>(j) * pmf[j];
    }
    EXPECT_NEAR(sum, 1, 1e-13) << t;
    EXPECT_NEAR(mean, nbd_model().expected_new(nbd_estimates, t), 1e-12 * mean) << t;
  }
}

TEST(nbd, nobody_drops_out) {
  const observation silent{.x = 3, .t_x = 2, .T = 20'000};
  EXPECT_EQ(nbd_model().p_alive(nbd_estimates, silent), 1);
  EXPECT_EQ(nbd_model().survival(nbd_estimates, 1e6), 1);
  EXPECT_EQ(nbd_model().survival_ahead(nbd_estimates, silent, 1e6), 1);
}

TEST(nbd, without_discount_the_residual_is_infinite) {
  EXPECT_EQ(nbd_model().residual(nbd_estimates, {}, 0), std::numeric_limits<double>::infinity());
  EXPECT_LE(relative_error(nbd_model().residual(nbd_estimates, {2, 30, 38}, .002),
                           (2.384766 / (12.072023 + 38)) / .002),
            1e-15);
}

TEST(nbd, tail_of_a_huge_count_ends_at_twenty_thousand) {
  std::vector<double> tail;
  nbd_model().purchase_tail(nbd_estimates, {1e4, 39.5, 40}, 1e4, tail);
  EXPECT_EQ(tail.size(), 20'000u);
  EXPECT_NEAR(tail.back(), 1, 1e-12);  // its mean is 1.9 million
}

TEST(nbd, simulates_a_million_purchases_and_no_more) {
  clv::random_source random(7);
  std::vector<double> ages;
  nbd_model().simulate_purchases(std::vector<double>{2, 1e-12}, 1e6, random, ages);
  EXPECT_EQ(ages.size(), clv::most_simulated);
}
