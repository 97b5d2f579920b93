// What every fit promises, for every model in the table.
#include "clv/fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "market.hpp"

namespace clv {
namespace {

using test::person;

class every_fit : public testing::TestWithParam<const model*> {
 protected:
  const model& m() const { return *GetParam(); }
  bool spends() const { return m().key == tuple_key::spend; }
  std::vector<person> people(std::size_t n) const {
    return spends() ? test::people(nullptr, &m(), n) : test::people(&m(), nullptr, n);
  }
  fitted_model fitted(const std::vector<person>& rows, unsigned threads = 1) const {
    job j = fit(test::summary_of(rows),
                {.model = std::string(m().name),
                 .threads = threads,
                 .unit = is_discrete(m()) ? "period" : "week"});
    j.run();
    return *j.result().model;
  }
  const estimates& part(const fitted_model& f) const { return spends() ? *f.spend : f.purchase; }
  // What the model says of the rows, in their own units.
  likelihood_sum likelihood(values p, const std::vector<person>& rows) const {
    const tuples t = distinct(*test::summary_of(rows), m().key);
    likelihood_sum sum;
    m().accumulate(p, t, 0, t.size(), sum);
    if (m().constant != nullptr) sum.value += m().constant(p, t);
    return sum;
  }
  void expect_near_truth(const estimates& e) const;
};

void every_fit::expect_near_truth(const estimates& e) const {
  const std::vector<double> truth = test::truth_of(m());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (m().parameters[i].most > 0) {
      EXPECT_EQ(e.parameters[i], truth[i]) << m().parameters[i].name << " is a whole number";
      continue;
    }
    // In logs, where the sampling distribution of a positive estimate is closer to normal.
    const double error = e.standard_errors[i] / e.parameters[i];
    EXPECT_LT(std::abs(std::log(e.parameters[i] / truth[i])), 4 * error) << m().parameters[i].name;
  }
}

TEST_P(every_fit, finds_the_truth_it_was_drawn_from_within_four_standard_errors) {
  if (!test::tells_its_parameters(m())) GTEST_SKIP() << m().name << " is not identified there";
  const estimates e = part(fitted(people(5000)));
  ASSERT_EQ(e.status, fit_status::converged) << e.reason;
  expect_near_truth(e);
}

// Also where the parameters cannot be told: twice the gain is chi-square, asymptotically.
TEST_P(every_fit, fits_no_worse_than_the_truth_and_says_where_it_cannot_tell) {
  const auto rows = people(5000);
  const estimates e = part(fitted(rows));
  EXPECT_GT(e.log_likelihood, likelihood(test::truth_of(m()), rows).value);
  if (test::tells_its_parameters(m())) return;
  EXPECT_NE(e.status, fit_status::converged);
  EXPECT_NE(e.reason, "");
  EXPECT_TRUE(e.standard_errors.empty()) << "errors of what cannot be told";
}

// The scores of ln b and ln s are equal at GG/NBD's truth, customer by customer: no log of any
// length tells them apart, and only such a row is spared the test of its parameters.
TEST_P(every_fit, is_spared_only_where_two_scores_coincide) {
  if (test::tells_its_parameters(m())) GTEST_SKIP() << m().name << " is tested at its truth";
  const std::vector<double> truth = test::truth_of(m());
  for (const person& who : people(50)) {
    const auto score = likelihood(truth, {who}).gradient;
    EXPECT_NEAR(score[2] * truth[2], score[3] * truth[3], 1e-12);  // rounding of terms near 1
  }
}

TEST_P(every_fit, is_a_maximum) {
  const auto rows = people(1000);
  const fitted_model f = fitted(rows);
  const estimates& e = part(f);
  const auto log_likelihood = [&](const std::vector<double>& p) {
    return likelihood(p, rows).value;
  };
  EXPECT_NEAR(log_likelihood(e.parameters), e.log_likelihood, 1e-12 * std::abs(e.log_likelihood));
  for (std::size_t i = 0; i < e.parameters.size(); ++i) {
    const bool whole = m().parameters[i].most > 0;
    for (const double factor : {0.98, 1.02}) {
      std::vector<double> moved = e.parameters;
      moved[i] = whole ? moved[i] + (factor > 1 ? 1 : -1) : moved[i] * factor;
      if (whole && moved[i] < 1) continue;
      EXPECT_LT(log_likelihood(moved), e.log_likelihood) << m().parameters[i].name;
    }
  }
}

TEST_P(every_fit, has_the_same_bits_for_any_threads_and_order_and_for_weights) {
  std::vector<person> weighted = people(800);
  std::vector<person> repeated;
  for (std::size_t i = 0; i < weighted.size(); ++i) {
    weighted[i].weight = static_cast<double>(1 + i % 3);
    person once = weighted[i];
    once.weight = 1;
    repeated.insert(repeated.begin(), 1 + i % 3, once);  // in reverse order, too
  }
  const std::string text = save_model(fitted(weighted));
  EXPECT_EQ(text, save_model(fitted(weighted, 2)));
  EXPECT_EQ(text, save_model(fitted(repeated)));
}

TEST_P(every_fit, moves_with_the_units_of_time_and_money_and_not_otherwise) {
  if (is_discrete(m())) GTEST_SKIP() << m().name << " counts opportunities, not time";
  constexpr double time = 7.0;
  constexpr double money = 100.0;
  std::vector<person> rows = people(800);
  const fitted_model before = fitted(rows);
  for (person& who : rows) {
    who.t_x *= time;
    who.T *= time;
    who.litt += who.x * std::log(time);
    who.mean_spend *= money;
  }
  const fitted_model after = fitted(rows);
  for (std::size_t i = 0; i < m().parameters.size(); ++i) {
    double wanted = part(before).parameters[i];
    if (m().parameters[i].how == scales::with_time) wanted *= time;
    if (m().parameters[i].how == scales::per_time) wanted /= time;
    if (m().parameters[i].how == scales::with_money) wanted *= money;
    // Two searches, each to a gradient of 1e-9 per customer, over a condition of some hundreds.
    EXPECT_NEAR(part(after).parameters[i], wanted, 1e-5 * wanted) << m().parameters[i].name;
  }
}

TEST_P(every_fit, comes_back_from_its_file) {
  const fitted_model f = fitted(people(300));
  EXPECT_EQ(save_model(load_model(save_model(f))), save_model(f));
  EXPECT_EQ(load_model(save_model(f)).name(), m().name);
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_fit,
                         testing::ValuesIn(models().begin(), models().end()),
                         [](const auto& each) { return std::string(each.param->name); });

}  // namespace
}  // namespace clv
