// What holds for every row of clv::models(), whatever its formulas. A new model is enrolled by
// being in the table; a quantity it does not have is skipped by name, never silently.
#include "clv/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "math/random.hpp"

using clv::likelihood_sum;
using clv::model;
using clv::observation;
using clv::scales;

namespace {

using parameter_set = std::vector<double>;

// Every combination of the start values times the factors: units in which max T is about 1.
std::vector<parameter_set> around_start(const model& m, const std::vector<double>& factors) {
  std::vector<parameter_set> sets{{}};
  for (const auto& parameter : m.parameters) {
    std::vector<parameter_set> longer;
    for (const auto& set : sets) {
      for (const double factor : factors) {
        longer.push_back(set);
        longer.back().push_back(parameter.start * factor);
      }
    }
    sets = std::move(longer);
  }
  return sets;
}

bool by_row(const observation& u, const observation& v) {
  return std::tie(u.x, u.t_x, u.T, u.mean_spend) < std::tie(v.x, v.t_x, v.T, v.mean_spend);
}

// Valid customers in the order of tuples, in units of about 1.
std::vector<observation> customers(const model& m) {
  std::vector<observation> all;
  if (m.key == clv::tuple_key::spend) {
    for (const double x : {1.0, 2.0, 7.0, 60.0}) {
      for (const double z : {0.02, 0.7, 1.0, 30.0}) all.push_back({.x = x, .mean_spend = z});
    }
    return all;
  }
  for (const double T : {0.0, 1e-6, 0.1, 1.0}) all.push_back({.x = 0, .t_x = 0, .T = T});
  for (const double x : {1.0, 2.0, 9.0, 80.0}) {
    for (const double T : {0.1, 1.0}) {
      for (const double share : {0.02, 0.6, 1.0}) all.push_back({.x = x, .t_x = share * T, .T = T});
    }
  }
  std::sort(all.begin(), all.end(), by_row);
  return all;
}

clv::tuples as_tuples(const std::vector<observation>& rows) {
  clv::tuples t;
  double weight = 1;
  for (const auto& row : rows) {
    t.x.push_back(row.x);
    t.t_x.push_back(row.t_x);
    t.T.push_back(row.T);
    t.mean_spend.push_back(row.mean_spend);
    t.weight.push_back(weight);
    t.customers += weight;
    weight = weight < 9 ? weight + 2 : 1;
  }
  return t;
}

likelihood_sum accumulated(const model& m,
                           const parameter_set& p,
                           const clv::tuples& t,
                           std::size_t first,
                           std::size_t last) {
  likelihood_sum sum;
  sum.gradient.resize(m.parameters.size());
  m.accumulate(p, t, first, last, sum);
  return sum;
}

std::string words(const parameter_set& p, const observation& o) {
  std::string text = "parameters";
  for (const double v : p) text += ' ' + std::to_string(v);
  return text + "; x " + std::to_string(o.x) + " t_x " + std::to_string(o.t_x) + " T " +
         std::to_string(o.T) + " mean_spend " + std::to_string(o.mean_spend);
}

// d LL / d ln parameter by a five-point difference: truncation 1e-12, rounding 1e-13 |LL|.
double slope(const model& m, parameter_set p, std::size_t k, const observation& o) {
  const double at = p[k], h = 1e-3;
  const auto value = [&](double steps) {
    p[k] = at * std::exp(steps * h);
    return m.log_likelihood(p, o);
  };
  return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h);
}

class every_model : public testing::TestWithParam<const model*> {
 protected:
  const model& m() const { return *GetParam(); }
  template <class check>
  void for_all(const check& body) const {
    for (const auto& p : around_start(m(), {0.3, 1, 4})) {
      for (const auto& o : customers(m())) {
        SCOPED_TRACE(words(p, o));
        body(p, o);
      }
    }
  }
};

#define CLV_NEEDS(member) \
  if (m().member == nullptr) GTEST_SKIP() << m().name << " has no " #member

}  // namespace

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
  }
}

TEST_P(every_model, has_the_quantities_of_its_kind_together) {
  const bool purchases = m().key == clv::tuple_key::purchases;
  EXPECT_EQ(m().p_alive != nullptr, purchases);
  EXPECT_EQ(m().expected_purchases != nullptr, purchases);
  EXPECT_EQ(m().expected_new != nullptr, purchases);
  EXPECT_EQ(m().no_purchase != nullptr, purchases);
  EXPECT_EQ(m().purchase_tail != nullptr, purchases);
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
    const auto sum = accumulated(m(), p, t, 0, t.size());
    EXPECT_NEAR(sum.value, loop, 1e-12 * size) << words(p, {});
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

TEST_P(every_model, log_likelihood_scales_with_the_unit_as_its_parameters_say) {
  const bool purchases = m().key == clv::tuple_key::purchases;
  const double c = 7;  // weeks to days, or a currency of smaller units
  for_all([&](const parameter_set& p, const observation& o) {
    parameter_set q = p;
    for (std::size_t k = 0; k < p.size(); ++k) {
      const scales how = m().parameters[k].how;
      if (how == (purchases ? scales::with_time : scales::with_money)) q[k] *= c;
    }
    observation u = o;
    if (purchases) {
      u.t_x *= c;
      u.T *= c;
    } else {
      u.mean_spend *= c;
    }
    // A density of x ages, or of one mean.
    const double expected = m().log_likelihood(p, o) - (purchases ? o.x : 1) * std::log(c);
    EXPECT_NEAR(m().log_likelihood(q, u), expected, 1e-12 * (1 + std::fabs(expected) + o.x));
  });
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
    for (const double t : {0.0, 0.2, 5.0}) {
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
  for (const auto& p : around_start(m(), {0.3, 1, 4})) {
    for (const double x : {0.0, 1.0, 5.0, 50.0}) {
      double before = 1;
      for (const double silence : {0.0, 0.1, 0.5, 1.0, 4.0}) {
        const double t_x = x > 0 ? 0.4 : 0;
        const observation o{.x = x, .t_x = t_x, .T = t_x + silence};
        const double alive = m().p_alive(p, o);
        EXPECT_LE(alive, before) << words(p, o);
        before = alive;
      }
    }
  }
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
    for (const double t : {1e-9, 1e-3, 0.1, 1.0, 1.1, 20.0, 1e4}) {
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
    for (const double t : {0.1, 1.0, 30.0}) {
      const double expected = m().expected_new(p, t);
      EXPECT_NEAR(m().expected_purchases(p, {}, t), expected, 1e-11 * expected) << words(p, {});
    }
  }
}

TEST_P(every_model, tail_adds_up_to_the_expected_purchases) {
  CLV_NEEDS(purchase_tail);
  std::vector<double> tail;
  for_all([&](const parameter_set& p, const observation& o) {
    for (const double t : {0.01, 1.0, 6.0}) {
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
    for (const double t : {0.01, 1.0, 6.0}) {
      m().purchase_tail(p, o, t, tail);
      const double any = tail.empty() ? 0 : tail[0];
      EXPECT_NEAR(m().no_purchase(p, o, t), 1 - m().p_alive(p, o) * any, 1e-12) << t;
    }
  });
}

TEST_P(every_model, simulated_purchases_rise_and_have_the_expected_count) {
  CLV_NEEDS(simulate_purchases);
  constexpr int people = 20'000;
  std::vector<double> ages;
  for (const auto& p : around_start(m(), {0.6, 1, 2})) {
    const double T = 1.5;
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < people; ++i) {
      clv::random_source random(20'240'229, i);
      m().simulate_purchases(p, T, random, ages);
      ASSERT_TRUE(std::is_sorted(ages.begin(), ages.end()));
      ASSERT_TRUE(ages.empty() || (ages.front() > 0 && ages.back() <= T));
      const double count = static_cast<double>(ages.size());
      sum += count;
      squares += count * count;
    }
    const double mean = sum / people;
    const double standard_error = std::sqrt((squares / people - mean * mean) / people);
    EXPECT_NEAR(mean, m().expected_new(p, T), 4 * standard_error) << words(p, {});
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
  std::vector<double> tail;
  for (const double t : {1e-6, 1.0, 1e6}) {
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
  if (m().key == clv::tuple_key::spend) {
    wild.push_back({.x = 1e4, .mean_spend = 1e6});
    wild.push_back({.x = 1, .mean_spend = 1e-4});
  } else {
    wild.push_back({.x = 1e4, .t_x = 0.9, .T = 1});
    wild.push_back({.x = 1e4, .t_x = 1, .T = 1e3});
  }
  for (const auto& p : around_start(m(), {1e-6, 1e-2, 1e2, 1e6})) {
    for (const auto& o : wild) expect_no_nan(m(), p, o);
  }
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_model,
                         testing::ValuesIn(clv::models().begin(), clv::models().end()),
                         [](const auto& row) { return std::string(row.param->name); });
