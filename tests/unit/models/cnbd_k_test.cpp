#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "clv/model.hpp"
#include "drop_out_golden.hpp"
#include "models/erlang_drop_out.hpp"
#include "models/geometric_renewals.hpp"

using clv::observation;
using clv::test::relative_error;

namespace {

const clv::model& row_of(int first) {
  return clv::find_model(first == 0 ? "bg_cnbd_k" : "mbg_cnbd_k");
}

struct pair_of_models {
  const clv::model& erlang;
  const clv::model& poisson;
};

pair_of_models pair_of(int first) {
  return {row_of(first), clv::find_model(first == 0 ? "bg_nbd" : "mbg_nbd")};
}

const std::vector<std::vector<double>> plain{{.5, 6, .9, 1.6}, {.24, 4.4, 1, 2.4}, {3, 9, .3, .2}};

std::vector<double> with_k(std::vector<double> p, double k) {
  p.push_back(k);
  return p;
}

const std::vector<observation> people{
    {0, 0, 0}, {0, 0, 39}, {1, 1, 39}, {2, 30.43, 38.86}, {26, 30, 31}, {300, 38, 40}};

}  // namespace

// 1e-12 is the budget for ordinary inputs; the extreme ones of the table need no more.
TEST(cnbd_k, equals_direct_integration) {
  for (const auto& row : clv::test::golden("cnbd_k.csv")) {
    clv::test::expect_answer(row_of(static_cast<int>(row["first"])),
                             {row["r"], row["alpha"], row["a"], row["b"], row["k"]},
                             row,
                             1e-12);
  }
}

TEST(cnbd_k, with_one_stage_is_the_model_without_stages) {
  for (const int first : {0, 1}) {
    const auto [erlang, poisson] = pair_of(first);
    for (const auto& p : plain) {
      const auto q = with_k(p, 1);
      for (const auto& o : people) {
        SCOPED_TRACE(std::string(erlang.name) + " r " + std::to_string(p[0]) + " x " +
                     std::to_string(o.x));
        const double ll = poisson.log_likelihood(p, o);
        EXPECT_NEAR(erlang.log_likelihood(q, o), ll, 1e-12 * (1 + std::fabs(ll)));
        EXPECT_LE(relative_error(erlang.p_alive(q, o), poisson.p_alive(p, o)), 1e-12);
        for (const double t : {.1, 39.0, 3e5}) {
          const double expected = poisson.expected_purchases(p, o, t);
          EXPECT_LE(relative_error(erlang.expected_purchases(q, o, t), expected), 1e-12) << t;
          EXPECT_LE(relative_error(erlang.no_purchase(q, o, t), poisson.no_purchase(p, o, t)),
                    1e-12)
              << t;
          EXPECT_LE(relative_error(erlang.survival_ahead(q, o, t), poisson.survival_ahead(p, o, t)),
                    1e-12)
              << t;
        }
        EXPECT_LE(relative_error(erlang.residual(q, o, .002), poisson.residual(p, o, .002)), 1e-12);
      }
      std::vector<double> mine(40), theirs(40);
      erlang.pmf(q, 39, mine);
      poisson.pmf(p, 39, theirs);
      for (std::size_t j = 0; j < mine.size(); ++j) {
        EXPECT_LE(relative_error(mine[j], theirs[j]), 1e-12) << j;
      }
    }
  }
}

TEST(cnbd_k, count_probabilities_sum_to_one_and_their_mean_is_the_expectation) {
  for (const int first : {0, 1}) {
    for (const double k : {1.0, 2.0, 3.0, 12.0}) {
      const auto p = with_k(plain[0], k);
      std::vector<double> pmf(4000);
      row_of(first).pmf(p, 39, pmf);
      double mean = 0;
      for (std::size_t j = pmf.size(); j-- > 0;) mean += static_cast<double>(j) * pmf[j];
      EXPECT_NEAR(std::accumulate(pmf.rbegin(), pmf.rend(), 0.0), 1, 1e-12) << k;
      EXPECT_LE(relative_error(mean, row_of(first).expected_new(p, 39)), 1e-12) << k;
    }
  }
}

// Where sums over stages are slow, quadrature over the drop-out takes over; both where both work.
TEST(cnbd_k, quadrature_equals_the_sum) {
  for (const int k : {1, 2, 3, 7, 12}) {
    for (const double silence : {0.0, .5, 30.0}) {
      for (const double t : {40.0, 2000.0}) {
        const auto m = clv::stages_of({.shape = 2.3, .rate = 44, .a = .8, .b = 3.1}, k, silence);
        const auto P = clv::purchase_chances(m, t, 3000);
        double stay = 1, expected = 0, survival = P.exactly[0];
        for (std::size_t i = 1; i < P.at_least.size(); ++i) {
          const double n = static_cast<double>(i) - 1;
          expected += stay * P.at_least[i];
          stay *= (3.1 + n) / (.8 + 3.1 + n);
          survival += stay * P.exactly[i];
        }
        EXPECT_LE(relative_error(clv::renewals_expected(m, t), expected), 2e-13)
            << k << ' ' << silence << ' ' << t;
        EXPECT_LE(relative_error(clv::renewals_survive(m, t), survival), 2e-13)
            << k << ' ' << silence << ' ' << t;
      }
    }
  }
}

TEST(cnbd_k, the_logs_of_the_intervals_enter_once_per_stage_above_the_first) {
  const observation o{.x = 3, .t_x = 20, .T = 39, .litt = 4.75};
  observation without = o;
  without.litt = 0;
  clv::tuples t;
  t.litt = 4.75;
  for (const int first : {0, 1}) {
    for (const double k : {1.0, 2.0, 5.0}) {
      const auto p = with_k(plain[0], k);
      const clv::model& m = row_of(first);
      EXPECT_NEAR(m.log_likelihood(p, o) - m.log_likelihood(p, without), (k - 1) * 4.75, 1e-13);
      EXPECT_EQ(m.constant(p, t), (k - 1) * 4.75);
    }
  }
}

// The density of two exact purchase times integrates to the probability of two purchases.
TEST(cnbd_k, likelihood_of_the_times_integrates_to_the_count_probability) {
  const auto p = with_k({.9, 5, .7, 2.2}, 2);
  const double T = 12;
  constexpr int n = 400;  // midpoints of both intervals; their error falls like n^-2
  for (const int first : {0, 1}) {
    double sum = 0;
    for (int i = 0; i < n; ++i) {
      const double t_1 = T * (i + .5) / n;
      for (int j = 0; j < n; ++j) {
        const double gap = (T - t_1) * (j + .5) / n;
        const observation o{
            .x = 2, .t_x = t_1 + gap, .T = T, .litt = std::log(t_1) + std::log(gap)};
        sum += std::exp(row_of(first).log_likelihood(p, o)) * (T / n) * ((T - t_1) / n);
      }
    }
    std::vector<double> pmf(3);
    row_of(first).pmf(p, T, pmf);
    EXPECT_NEAR(sum, pmf[2], 1e-5 * pmf[2]) << first;
  }
}

TEST(cnbd_k, p_alive_of_a_regular_customer_falls_faster_than_of_a_random_one) {
  const observation overdue{.x = 20, .t_x = 20, .T = 24};
  double before = 1;
  for (const double k : {1.0, 2.0, 4.0, 12.0}) {
    // The same mean interval: k stages at k times the rate.
    const double alive = row_of(1).p_alive(with_k({5, 5 / k, .8, 2.5}, k), overdue);
    EXPECT_LT(alive, before) << k;
    before = alive;
  }
}

TEST(cnbd_k, without_discount_the_residual_is_the_mean_number_left_or_infinite) {
  const observation o{.x = 3, .t_x = 20, .T = 39};
  for (const double k : {1.0, 2.0, 12.0}) {
    const std::vector<double> p{.5, 6, 1.5, 3, k};
    const double limit = row_of(0).residual(p, o, 0);
    EXPECT_LE(relative_error(limit, row_of(0).p_alive(p, o) * (1.5 + 6 - 1) / .5), 1e-14);
    // a - 1 = 1/2: the approach is like sqrt(delta).
    EXPECT_NEAR(row_of(0).residual(p, o, 1e-12), limit, 2e-5 * limit) << k;
    EXPECT_TRUE(std::isinf(row_of(0).residual(with_k({.5, 6, 1, 3}, k), o, 0)));
  }
}
