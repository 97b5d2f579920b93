// What holds for every row of clv::models() about lifetimes, counts and the discounted future; see
// model_test.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "math/random.hpp"
#include "model_cases.hpp"

using clv::likelihood_sum;
using clv::model;
using clv::observation;
using clv::scales;
using clv::tuple_key;
using namespace clv::test;

TEST_P(every_model, survival_falls_from_what_it_is_at_birth) {
  CLV_NEEDS(survival);
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    // 1, but for a model in which the first purchase may be the last.
    EXPECT_NEAR(m().survival(p, 0), m().p_alive(p, {}), 1e-14) << words(p, {});
    double before = 1;
    for (const double age : {0.0, 1e-3, 0.2, 1.0, 5.0, 40.0, 1e4}) {
      const double alive = m().survival(p, stretch(m(), age));
      EXPECT_TRUE(alive >= 0 && alive <= before * (1 + 1e-13)) << age << ' ' << words(p, {});
      EXPECT_NEAR(m().survival_ahead(p, {}, stretch(m(), age)), alive, 1e-11 * alive) << age;
      before = alive;
    }
  }
}

TEST_P(every_model, survival_ahead_falls_from_p_alive) {
  CLV_NEEDS(survival_ahead);
  for_all([&](const parameter_set& p, const observation& o) {
    double before = m().p_alive(p, o);
    EXPECT_NEAR(m().survival_ahead(p, o, 0), before, 1e-13 * before);
    for (const double ahead : {1e-3, 0.2, 1.0, 5.0, 40.0}) {
      const double alive = m().survival_ahead(p, o, stretch(m(), ahead));
      EXPECT_TRUE(alive >= 0 && alive <= before * (1 + 1e-12)) << alive << " after " << before;
      before = alive;
    }
  });
}

TEST_P(every_model, expects_nothing_in_no_time) {
  CLV_NEEDS(expected_purchases);
  std::vector<double> tail{1};
  for_all([&](const parameter_set& p, const observation& o) {
    EXPECT_EQ(m().expected_purchases(p, o, 0), 0);
    EXPECT_EQ(m().expected_new(p, 0), 0);
    EXPECT_EQ(m().no_purchase(p, o, 0), 1);
    m().purchase_tail(p, o, 0, tail);
    EXPECT_TRUE(tail.empty());
  });
}

TEST_P(every_model, expects_more_in_more_time) {
  CLV_NEEDS(expected_purchases);
  for_all([&](const parameter_set& p, const observation& o) {
    double before = 0, before_new = 0;
    for (const double length : {1e-9, 1e-3, 0.1, 1.0, 1.1, 20.0, 1e4}) {
      const double t = stretch(m(), length);
      const double now = m().expected_purchases(p, o, t), now_new = m().expected_new(p, t);
      EXPECT_GE(now, before * (1 - 1e-12)) << t;  // ways to compute change with t: their rounding
      EXPECT_GE(now_new, before_new * (1 - 1e-12)) << t;
      before = now;
      before_new = now_new;
    }
  });
}

TEST_P(every_model, a_customer_of_the_last_day_is_a_new_customer) {
  CLV_NEEDS(expected_new);
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    for (const double length : {0.1, 1.0, 30.0}) {
      const double t = stretch(m(), length);
      const double expected = m().expected_new(p, t);
      EXPECT_NEAR(m().expected_purchases(p, {}, t), expected, 1e-11 * expected) << words(p, {});
    }
  }
}

TEST_P(every_model, tail_adds_up_to_the_expected_purchases) {
  CLV_NEEDS(purchase_tail);
  std::vector<double> tail;
  for_all([&](const parameter_set& p, const observation& o) {
    for (const double length : {0.01, 1.0, 6.0}) {
      const double t = stretch(m(), length);
      m().purchase_tail(p, o, t, tail);
      ASSERT_LT(tail.size(), 20'000u);
      const double sum = m().p_alive(p, o) * std::accumulate(tail.rbegin(), tail.rend(), 0.0);
      // Entries below 1e-12 are left out; they fall off within a few hundred.
      EXPECT_NEAR(sum, m().expected_purchases(p, o, t), 1e-11 * sum + 1e-9) << t;
    }
  });
}

TEST_P(every_model, no_purchase_is_what_the_tail_leaves) {
  CLV_NEEDS(no_purchase);
  std::vector<double> tail;
  for_all([&](const parameter_set& p, const observation& o) {
    for (const double length : {0.01, 1.0, 6.0}) {
      const double t = stretch(m(), length);
      m().purchase_tail(p, o, t, tail);
      const double any = tail.empty() ? 0 : tail[0];
      EXPECT_NEAR(m().no_purchase(p, o, t), 1 - m().p_alive(p, o) * any, 1e-12) << t;
    }
  });
}

TEST_P(every_model, count_probabilities_are_those_of_the_tail_of_a_new_customer) {
  CLV_NEEDS(pmf);
  std::vector<double> tail;
  for (const auto& p : around_start(m(), {0.5, 1, 2})) {
    for (const double length : {0.01, 1.0, 4.0}) {
      const double t = stretch(m(), length);
      m().purchase_tail(p, {}, t, tail);
      tail.push_back(0);
      std::vector<double> pmf(tail.size());
      m().pmf(p, t, pmf);
      const double alive = m().p_alive(p, {});
      // Entries of the tail below 1e-12 are left out.
      EXPECT_NEAR(pmf[0], 1 - alive * tail[0], 2e-12) << t << ' ' << words(p, {});
      for (std::size_t j = 1; j < pmf.size(); ++j) {
        ASSERT_NEAR(pmf[j], alive * (tail[j - 1] - tail[j]), 2e-12) << j << ' ' << words(p, {});
      }
    }
  }
}

TEST_P(every_model, count_probabilities_sum_to_one_and_to_the_expected_count) {
  CLV_NEEDS(pmf);
  std::vector<double> tail;
  for (const auto& p : around_start(m(), {0.5, 1, 2})) {
    for (const double length : {0.01, 1.0, 4.0}) {
      const double t = stretch(m(), length);
      m().purchase_tail(p, {}, t, tail);
      std::vector<double> pmf(2 * tail.size() + 20);  // far beyond where the tail is 1e-12
      m().pmf(p, t, pmf);
      double sum = 0, mean = 0;
      for (std::size_t j = pmf.size(); j-- > 0;) {
        ASSERT_TRUE(pmf[j] >= 0 && pmf[j] <= 1) << j << ' ' << words(p, {});
        sum += pmf[j];
        mean += static_cast<double>(j) * pmf[j];
      }
      EXPECT_NEAR(sum, 1, 1e-11) << t << ' ' << words(p, {});
      EXPECT_NEAR(mean, m().expected_new(p, t), 1e-10 * (1 + mean)) << t << ' ' << words(p, {});
    }
  }
}

TEST_P(every_model, residual_falls_with_the_rate) {
  CLV_NEEDS(residual);
  for_all([&](const parameter_set& p, const observation& o) {
    double before = m().residual(p, o, 0);
    EXPECT_GE(before, 0);  // infinite where the purchases to come have no finite mean
    for (const double delta : {1e-3, 0.1, 1.0, 20.0}) {
      const double now = m().residual(p, o, delta);
      EXPECT_TRUE(now >= 0 && std::isfinite(now)) << delta;
      EXPECT_LE(now, before * (1 + 1e-11)) << delta;
      before = now;
    }
  });
}

namespace {

// sum over periods of (E[Y(k)] - E[Y(k-1)]) (1+delta)^-k; the next renewal of a contract is due now
// and not discounted.
double discounted_steps(const model& m, const parameter_set& p, const observation& o, double rate) {
  const double last = std::ceil(35 / std::log1p(rate));  // (1+delta)^-last = 6e-16
  double sum = 0, before = 0;
  for (double k = 1; k <= last; ++k) {
    const double now = m.expected_purchases(p, o, k);
    sum += (now - before) * std::pow(1 + rate, m.key == tuple_key::renewals ? 1 - k : -k);
    before = now;
  }
  return sum;
}

// integral of e^(-delta s) dE[Y(s)] = integral of e^-u E[Y(u/delta)] du, by Simpson's rule in
// ln u, where the integrand is smooth however fast E bends near 0.
double discounted_increments(const model& m,
                             const parameter_set& p,
                             const observation& o,
                             double delta) {
  constexpr int steps = 400;
  constexpr double first = -23, last = 3.7;  // u from 1e-10 to 40
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double u = std::exp(first + (last - first) * i / steps);
    const double factor = i == 0 || i == steps ? 1 : (i % 2 == 1 ? 4 : 2);
    sum += factor * u * std::exp(-u) * m.expected_purchases(p, o, u / delta);
  }
  return sum * (last - first) / steps / 3;
}

}  // namespace

TEST_P(every_model, residual_is_the_discounted_sum_of_small_increments) {
  CLV_NEEDS(residual);
  for (const auto& p : around_start(m(), {0.5, 2})) {
    for (const auto& o : some_customers(m(), 4)) {
      for (const double delta : {0.2, 3.0}) {
        const double sum = is_discrete(m()) ? discounted_steps(m(), p, o, delta)
                                            : discounted_increments(m(), p, o, delta);
        // Simpson's error at these steps; a difference of two sums loses what they have in common.
        EXPECT_NEAR(m().residual(p, o, delta), sum, 1e-7 * sum + 1e-14) << words(p, o);
      }
    }
  }
}

namespace {

// Parameters of a customer whose covariates move a process by eta, as fits and scores apply them.
parameter_set moved(const clv::covariate_link& by, parameter_set p, double eta) {
  if (by.how == clv::link::scale) p[by.first] *= std::exp(-eta);
  if (by.how == clv::link::logit_mean) {
    const double both = p[by.first] + p[by.second];
    const double odds = p[by.first] / p[by.second] * std::exp(eta);
    p[by.first] = both * odds / (1 + odds);
    p[by.second] = both / (1 + odds);
  }
  return p;
}

}  // namespace

TEST_P(every_model, covariates_move_the_process_they_belong_to_in_the_stated_direction) {
  if (m().transaction.how == clv::link::none && m().life.how == clv::link::none) {
    GTEST_SKIP() << m().name << " has no covariate links";
  }
  for (const auto& p : around_start(m(), {0.5, 1, 2})) {
    const double t = stretch(m(), 2);
    const double plain = m().expected_new(p, t);
    for (const auto* by : {&m().transaction, &m().life}) {
      if (by->how == clv::link::none) continue;
      ASSERT_TRUE(by->first < p.size() && by->second < p.size());
      EXPECT_NEAR(m().expected_new(moved(*by, p, 0), t), plain, 1e-13 * plain) << words(p, {});
    }
    if (m().transaction.how != clv::link::none) {
      EXPECT_GT(m().expected_new(moved(m().transaction, p, 0.3), t), plain) << words(p, {});
    }
    if (m().life.how != clv::link::none) {
      EXPECT_LT(m().survival(moved(m().life, p, 0.3), t), m().survival(p, t)) << words(p, {});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_model,
                         testing::ValuesIn(clv::models().begin(), clv::models().end()),
                         [](const auto& row) { return std::string(row.param->name); });
