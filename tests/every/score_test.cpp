// What every score promises, for every pair of a purchase and a spend model in the table.
#include "clv/score.hpp"

#include <gtest/gtest.h>

#include <tuple>

#include "market.hpp"

namespace clv {
namespace {

std::vector<const model*> of_kind(tuple_key key) {
  std::vector<const model*> out;
  for (const model* m : models()) {
    if (m->key == key) out.push_back(m);
  }
  return out;
}

class every_score : public testing::TestWithParam<std::tuple<const model*, const model*>> {
 protected:
  const model& purchase() const { return *std::get<0>(GetParam()); }
  const model& spend() const { return *std::get<1>(GetParam()); }
  std::shared_ptr<const table> scored(const std::vector<test::person>& rows,
                                      unsigned threads = 1) const {
    auto m = std::make_shared<fitted_model>();
    m->purchase = {.which = &purchase(), .parameters = test::truth_of(purchase())};
    m->spend = estimates{.which = &spend(), .parameters = test::truth_of(spend())};
    job j = score(
        m, test::summary_of(rows), {.horizon = 52, .annual_discount = 0.1, .threads = threads});
    j.run();
    return j.result().tables.at("");
  }
};

TEST_P(every_score, keeps_probabilities_and_intervals_in_order) {
  const auto t = scored(test::people(&purchase(), &spend(), 500));
  for (std::size_t i = 0; i < t->rows(); ++i) {
    for (const char* name : {"p_alive", "no_purchase"}) {
      EXPECT_GE(t->numbers(name)[i], 0.0);
      EXPECT_LE(t->numbers(name)[i], 1.0);
    }
    EXPECT_GE(t->numbers("no_purchase")[i], 1.0 - t->numbers("p_alive")[i] - 1e-12);
    EXPECT_LE(t->numbers("clv_p10")[i], t->numbers("clv_p50")[i]);
    EXPECT_LE(t->numbers("clv_p50")[i], t->numbers("clv_p90")[i]);
    EXPECT_GT(t->numbers("clv")[i], 0.0);
    EXPECT_GT(t->numbers("clv_sigma")[i], 0.0);
    // Markov: P(CLV > 10 E[CLV]) <= 1/10, up to the log-normal's shape.
    EXPECT_LE(probability_above(10 * t->numbers("clv")[i],
                                t->numbers("no_purchase")[i],
                                t->numbers("clv_mu")[i],
                                t->numbers("clv_sigma")[i]),
              0.11);
  }
}

TEST_P(every_score, does_not_depend_on_other_rows_or_threads) {
  const auto rows = test::people(&purchase(), &spend(), 300);
  const auto all = scored(rows);
  EXPECT_EQ(all->fingerprint(), scored(rows, 2)->fingerprint());
  for (std::size_t i = 0; i < rows.size(); i += 37) {
    const auto one = scored({rows[i]});
    for (const column& c : one->columns()) {
      if (c.kind() == type::f64) {
        EXPECT_EQ(c.numbers()[0], all->numbers(c.name())[i]) << c.name();
      }
    }
  }
}

// score() relies on it: mean and variance of ln S_n are a part in n plus a part in the customer.
TEST_P(every_score, can_part_the_count_from_the_customer) {
  const auto p = test::truth_of(spend());
  const auto grows = [&](const observation& o, double n, double& mean, double& variance) {
    double one_mean = 0;
    double one_variance = 0;
    spend().log_total_spend(p, o, 1.0, one_mean, one_variance);
    spend().log_total_spend(p, o, n, mean, variance);
    mean -= one_mean;
    variance -= one_variance;
  };
  for (const double n : {2.0, 7.0, 300.0, 20'000.0}) {
    double mean = 0;
    double variance = 0;
    grows({}, n, mean, variance);
    for (const observation& o :
         {observation{.x = 1, .mean_spend = 3}, observation{.x = 40, .mean_spend = 900}}) {
      double other_mean = 0;
      double other_variance = 0;
      grows(o, n, other_mean, other_variance);
      EXPECT_NEAR(other_mean, mean, 1e-12 * std::abs(mean));
      EXPECT_NEAR(other_variance, variance, 1e-12);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_score,
                         testing::Combine(testing::ValuesIn(of_kind(tuple_key::purchases)),
                                          testing::ValuesIn(of_kind(tuple_key::spend))),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param)->name) + "_with_" +
                                  std::string(std::get<1>(each.param)->name);
                         });

}  // namespace
}  // namespace clv
