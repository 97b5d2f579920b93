// What holds for every row of clv::models(), whatever its formulas. A new model is enrolled by
// being in the table; a quantity it does not have is skipped by name, never silently. Here: the
// likelihood and what follows from a history; the future is in model_future_test.
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

TEST_P(every_model, says_what_a_fit_needs) {
  EXPECT_FALSE(m().name.empty());
  EXPECT_FALSE(m().source.empty());
  ASSERT_FALSE(m().parameters.empty());
  ASSERT_NE(m().log_likelihood, nullptr);
  ASSERT_NE(m().accumulate, nullptr);
  ASSERT_NE(m().caveat, nullptr);
  for (const auto& parameter : m().parameters) {
    EXPECT_FALSE(parameter.name.empty());
    EXPECT_GT(parameter.start, 0) << parameter.name;
    EXPECT_GE(parameter.most, 0) << parameter.name;
    if (parameter.most == 0) continue;
    EXPECT_EQ(parameter.start, std::floor(parameter.start)) << parameter.name;
    EXPECT_LE(parameter.start, parameter.most) << parameter.name;
  }
}

TEST_P(every_model, has_the_quantities_of_its_kind_together) {
  const bool purchases = m().key != tuple_key::spend;
  EXPECT_EQ(m().p_alive != nullptr, purchases);
  EXPECT_EQ(m().expected_purchases != nullptr, purchases);
  EXPECT_EQ(m().expected_new != nullptr, purchases);
  EXPECT_EQ(m().no_purchase != nullptr, purchases);
  EXPECT_EQ(m().purchase_tail != nullptr, purchases);
  EXPECT_EQ(m().pmf != nullptr, purchases);
  EXPECT_EQ(m().survival != nullptr, purchases);
  EXPECT_EQ(m().survival_ahead != nullptr, purchases);
  EXPECT_EQ(m().residual != nullptr, purchases);
  EXPECT_EQ(m().simulate_purchases != nullptr, purchases);
  EXPECT_EQ(m().expected_spend != nullptr, !purchases);
  EXPECT_EQ(m().log_total_spend != nullptr, !purchases);
  EXPECT_EQ(m().simulate_spend != nullptr, !purchases);
}

TEST_P(every_model, gradient_equals_central_differences) {
  for_all([&](const parameter_set& p, const observation& o) {
    const likelihood_sum sum = accumulated(m(), p, as_tuples({o}), 0, 1);
    const double rounding = 1e-10 * (1 + std::fabs(sum.value));
    for (std::size_t k = 0; k < p.size(); ++k) {
      if (m().parameters[k].most > 0) {
        EXPECT_EQ(sum.gradient[k], 0) << m().parameters[k].name << " is a whole number";
        continue;
      }
      const double expected = slope(m(), p, k, o);
      EXPECT_NEAR(p[k] * sum.gradient[k], expected, 1e-6 * std::fabs(expected) + rounding)
          << m().parameters[k].name;
    }
  });
}

TEST_P(every_model, accumulate_equals_the_weighted_loop) {
  const auto rows = customers(m());
  const auto t = as_tuples(rows);
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    double loop = 0, size = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double term = t.weight[i] * m().log_likelihood(p, rows[i]);
      loop += term;
      size += std::fabs(term);
    }
    const double sum = accumulated(m(), p, t, 0, t.size()).value + constant_of(m(), p, t);
    EXPECT_NEAR(sum, loop, 1e-12 * size) << words(p, {});
  }
}

TEST_P(every_model, accumulate_adds_up_over_splits_and_to_what_was_there) {
  const auto t = as_tuples(customers(m()));
  const auto p = around_start(m(), {1.3}).front();
  const auto whole = accumulated(m(), p, t, 0, t.size());
  for (std::size_t middle = 0; middle <= t.size(); ++middle) {
    auto parts = accumulated(m(), p, t, 0, middle);
    m().accumulate(p, t, middle, t.size(), parts);
    EXPECT_NEAR(parts.value, whole.value, 1e-12 * std::fabs(whole.value)) << middle;
    for (std::size_t k = 0; k < p.size(); ++k) {
      // Terms of both signs: rounding is relative to their size, about the weights' sum.
      EXPECT_NEAR(parts.gradient[k], whole.gradient[k], 1e-11 * t.customers) << middle;
    }
  }
}

namespace {

// The same customers with time (or money) in units c times smaller.
parameter_set in_smaller_units(const model& m, parameter_set p, double c) {
  const bool money = m.key == tuple_key::spend;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const scales how = m.parameters[k].how;
    if (how == (money ? scales::with_money : scales::with_time)) p[k] *= c;
    if (how == scales::per_time && !money) p[k] /= c;
  }
  return p;
}

observation in_smaller_units(const model& m, observation o, double c) {
  if (m.key == tuple_key::spend) {
    o.mean_spend *= c;
  } else {
    o.t_x *= c;
    o.T *= c;
    o.litt += o.x * std::log(c);
  }
  return o;
}

}  // namespace

TEST_P(every_model, log_likelihood_scales_with_the_unit_as_its_parameters_say) {
  if (is_discrete(m())) GTEST_SKIP() << m().name << " counts opportunities, not time";
  const double c = 7;  // weeks to days, or a currency of smaller units
  for_all([&](const parameter_set& p, const observation& o) {
    // A density of x ages, or of one mean.
    const double shift = (m().key == tuple_key::spend ? 1 : o.x) * std::log(c);
    const double expected = m().log_likelihood(p, o) - shift;
    const double found =
        m().log_likelihood(in_smaller_units(m(), p, c), in_smaller_units(m(), o, c));
    EXPECT_NEAR(found, expected, 1e-12 * (1 + std::fabs(expected) + o.x));
  });
}

TEST_P(every_model, a_discrete_model_has_no_unit) {
  if (!is_discrete(m())) GTEST_SKIP() << m().name << " lives in continuous time";
  for (const auto& parameter : m().parameters) {
    EXPECT_EQ(parameter.how, scales::not_at_all) << parameter.name;
  }
}

TEST_P(every_model, a_customer_of_the_last_day_has_log_likelihood_zero) {
  CLV_NEEDS(p_alive);
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    EXPECT_NEAR(m().log_likelihood(p, {}), 0, 1e-15) << words(p, {});
  }
}

TEST_P(every_model, probabilities_are_probabilities) {
  CLV_NEEDS(p_alive);
  std::vector<double> tail;
  for_all([&](const parameter_set& p, const observation& o) {
    const double alive = m().p_alive(p, o);
    EXPECT_TRUE(alive >= 0 && alive <= 1) << alive;
    for (const double length : {0.0, 0.2, 5.0}) {
      const double t = stretch(m(), length);
      const double none = m().no_purchase(p, o, t);
      EXPECT_TRUE(none >= 0 && none <= 1) << none;
      m().purchase_tail(p, o, t, tail);
      double before = 1;
      for (const double v : tail) {
        ASSERT_TRUE(v >= 0 && v <= before * (1 + 1e-14)) << v << " after " << before;
        before = v;
      }
    }
  });
}

TEST_P(every_model, p_alive_falls_with_the_silence) {
  CLV_NEEDS(p_alive);
  const bool discrete = is_discrete(m());
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    for (const double x : {0.0, 1.0, 5.0, 50.0}) {
      double before = 1;
      for (const double silence : {0.0, 0.1, 0.5, 1.0, 4.0}) {
        const double t_x = x > 0 ? (discrete ? x : 0.4) : 0;
        const double T = t_x + (discrete ? std::ceil(2 * silence) : silence);
        const observation o{.x = x, .t_x = t_x, .T = T, .litt = litt_of(x, t_x)};
        const double alive = m().p_alive(p, o);
        EXPECT_LE(alive, before * (1 + 1e-13)) << words(p, o);  // where it is 1 but for rounding
        before = alive;
      }
    }
  }
}

TEST_P(every_model, simulated_purchases_rise_and_have_the_expected_count) {
  CLV_NEEDS(simulate_purchases);
  constexpr int people = 20'000;
  std::vector<double> ages;
  for (const auto& p : around_start(m(), {0.6, 1, 2})) {
    const double T = stretch(m(), 1.5);
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < people; ++i) {
      clv::random_source random(20'240'229, i);
      m().simulate_purchases(p, T, random, ages);
      ASSERT_TRUE(std::is_sorted(ages.begin(), ages.end()));
      ASSERT_TRUE(ages.empty() || (ages.front() > 0 && ages.back() <= T));
      if (is_discrete(m())) {
        for (const double age : ages) ASSERT_EQ(age, std::floor(age));
        ASSERT_EQ(std::adjacent_find(ages.begin(), ages.end()), ages.end());
      }
      const double count = static_cast<double>(ages.size());
      sum += count;
      squares += count * count;
    }
    const double mean = sum / people;
    const double expected = m().expected_new(p, T);
    // Of a rare event none may be seen: then its variance is its mean.
    const double variance = std::max(squares / people - mean * mean, expected);
    EXPECT_NEAR(mean, expected, 4 * std::sqrt(variance / people)) << words(p, {});
  }
}

TEST_P(every_model, simulated_spend_has_the_log_moments_of_a_new_customer) {
  CLV_NEEDS(simulate_spend);
  constexpr int people = 20'000;
  std::vector<double> amounts;
  for (const auto& p : around_start(m(), {0.6, 1, 4})) {
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < people; ++i) {
      clv::random_source random(20'240'229, i);
      m().simulate_spend(p, 3, random, amounts);
      ASSERT_EQ(amounts.size(), 3u);
      const double log_total = std::log(std::accumulate(amounts.begin(), amounts.end(), 0.0));
      sum += log_total;
      squares += log_total * log_total;
    }
    double mean = 0, variance = 0;
    m().log_total_spend(p, {}, 3, mean, variance);
    const double found = sum / people;
    EXPECT_NEAR(found, mean, 4 * std::sqrt(variance / people)) << words(p, {});
    // The log of a gamma has a kurtosis below 9: four standard errors of a variance are 8 %.
    EXPECT_NEAR(squares / people - found * found, variance, 0.1 * variance) << words(p, {});
  }
}

TEST_P(every_model, expected_spend_lies_between_own_mean_and_population_mean) {
  CLV_NEEDS(expected_spend);
  for_all([&](const parameter_set& p, const observation& o) {
    const double population = m().expected_spend(p, {}), value = m().expected_spend(p, o);
    EXPECT_GT(value, 0);
    if (!std::isfinite(population) || !std::isfinite(value)) {
      EXPECT_FALSE(m().caveat(p).empty() && !std::isfinite(population));
      return;
    }
    EXPECT_GE(value, std::min(population, o.mean_spend) * (1 - 1e-12));
    EXPECT_LE(value, std::max(population, o.mean_spend) * (1 + 1e-12));
  });
}

TEST_P(every_model, money_unit_moves_the_log_of_the_spend_by_its_log) {
  CLV_NEEDS(log_total_spend);
  for_all([&](const parameter_set& p, const observation& o) {
    parameter_set q = p;
    for (std::size_t k = 0; k < p.size(); ++k) {
      if (m().parameters[k].how == scales::with_money) q[k] *= 100;
    }
    double mean = 0, variance = 0, cents = 0, same = 0;
    m().log_total_spend(p, o, 4, mean, variance);
    m().log_total_spend(q, {.x = o.x, .mean_spend = 100 * o.mean_spend}, 4, cents, same);
    EXPECT_NEAR(cents, mean + std::log(100), 1e-13 * (1 + std::fabs(mean)));
    EXPECT_NEAR(same, variance, 1e-13 * variance);
  });
}

namespace {

// What a wild parameter may do to the numbers of one customer: anything but a NaN.
void expect_no_nan(const model& m, const parameter_set& p, const observation& o) {
  SCOPED_TRACE(words(p, o));
  const auto number = [](double v) { EXPECT_FALSE(std::isnan(v)); };
  number(m.log_likelihood(p, o));
  const auto sum = accumulated(m, p, as_tuples({o}), 0, 1);
  number(sum.value);
  for (const double v : sum.gradient) number(v);
  std::vector<double> tail, pmf(5);
  for (const double length : {1e-6, 1.0, 1e6}) {
    const double t = stretch(m, length);
    if (m.survival != nullptr) number(m.survival(p, t));
    if (m.survival_ahead != nullptr) number(m.survival_ahead(p, o, t));
    if (m.residual != nullptr) number(m.residual(p, o, 1 / t));
    if (m.pmf != nullptr) {
      m.pmf(p, t, pmf);
      for (const double v : pmf) number(v);
    }
    if (m.p_alive != nullptr) number(m.p_alive(p, o));
    if (m.expected_purchases != nullptr) number(m.expected_purchases(p, o, t));
    if (m.expected_new != nullptr) number(m.expected_new(p, t));
    if (m.no_purchase != nullptr) number(m.no_purchase(p, o, t));
    if (m.purchase_tail != nullptr && t < 10) {
      m.purchase_tail(p, o, t, tail);
      for (const double v : tail) ASSERT_FALSE(std::isnan(v));
    }
    if (m.expected_spend != nullptr) number(m.expected_spend(p, o));
    if (m.log_total_spend != nullptr) {
      double mean = 0, variance = 0;
      m.log_total_spend(p, o, t, mean, variance);
      number(mean);
      number(variance);
    }
  }
}

}  // namespace

TEST_P(every_model, is_never_a_nan_for_wild_parameters) {
  std::vector<observation> wild = customers(m());
  wild.resize(std::min<std::size_t>(wild.size(), 6));
  if (m().key == tuple_key::spend) {
    wild.push_back({.x = 1e4, .mean_spend = 1e6});
    wild.push_back({.x = 1, .mean_spend = 1e-4});
  } else if (m().key == tuple_key::opportunities) {
    wild.push_back({.x = 9'000, .t_x = 9'900, .T = 10'000});
    wild.push_back({.x = 1, .t_x = 1, .T = 10'000});
  } else if (m().key == tuple_key::renewals) {
    wild.push_back({.x = 1e4, .t_x = 1e4, .T = 1e4});
    wild.push_back({.x = 1e4, .t_x = 1e4, .T = 1e4 + 1});
  } else {
    wild.push_back({.x = 1e4, .t_x = 0.9, .T = 1, .litt = litt_of(1e4, 0.9)});
    wild.push_back({.x = 1e4, .t_x = 1, .T = 1e3, .litt = litt_of(1e4, 1)});
  }
  for (const auto& p : around_start(m(), {1e-6, 1e-2, 1e2, 1e6})) {
    for (const auto& o : wild) expect_no_nan(m(), p, o);
  }
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_model,
                         testing::ValuesIn(clv::models().begin(), clv::models().end()),
                         [](const auto& row) { return std::string(row.param->name); });
