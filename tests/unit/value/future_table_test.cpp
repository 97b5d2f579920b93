#include "value/scoring/future_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace clv {
namespace {

const std::vector<double> future_table_spend{6.25, 3.74, 15.44};

future_maker maker_of(const char* name, std::vector<double> p, const count_terms& counts) {
  std::vector<std::vector<double>> around;
  for (const double by : {0.9, 1.0, 1.1}) {
    around.push_back(p);
    around.back()[0] *= by;
  }
  return {find_model(name),
          std::move(p),
          std::move(around),
          &counts,
          {.length = 52.18, .delta = 0.002}};
}

void expect_same(const future& a, const future& b, double x, double T) {
  EXPECT_NEAR(a.discount, b.discount, 1e-9) << "x " << x << " T " << T;
  EXPECT_NEAR(a.mean, b.mean, 1e-3) << "x " << x << " T " << T;
  EXPECT_NEAR(a.variance, b.variance, 1e-3) << "x " << x << " T " << T;
  EXPECT_NEAR(a.skew, b.skew, 1e-3) << "x " << x << " T " << T;
  EXPECT_NEAR(a.spread, b.spread, 1e-6) << "x " << x << " T " << T;
}

TEST(future_table, gives_what_is_computed_for_any_last_purchase) {
  const count_terms counts(find_model("gamma_gamma"), future_table_spend);
  const future_maker maker = maker_of("bg_nbd", {0.2426, 4.4137, 0.793, 2.4262}, counts);
  const auto table = future_table::for_maker(maker);
  ASSERT_TRUE(table);
  std::vector<double> scratch;
  int found = 0;
  for (const double x : {0.0, 1.0, 4.0, 30.0, 60.0, 255.0}) {
    for (const double T : {0.0, 1.0 / 7, 3.0, 26.3, 38.86, 200.0, 5000.0, 1e6}) {
      if (x > 0 && T == 0) continue;
      const observation o{.x = x, .t_x = x > 0 ? 0.6 * T : 0.0, .T = T};
      future f;
      if (!table->at(maker, o, scratch, f)) continue;
      ++found;
      expect_same(f, maker.of(o, scratch), x, T);
    }
  }
  EXPECT_GT(found, 30);  // of 43: nearly everywhere
}

TEST(future_table, leaves_what_is_beyond_it_to_be_computed) {
  const count_terms counts(find_model("gamma_gamma"), future_table_spend);
  const future_maker maker = maker_of("bg_nbd", {0.2426, 4.4137, 0.793, 2.4262}, counts);
  const auto table = future_table::for_maker(maker);
  std::vector<double> scratch;
  future f;
  EXPECT_FALSE(table->at(maker, {.x = 256, .t_x = 30, .T = 39}, scratch, f));
  EXPECT_FALSE(table->at(maker, {.x = 1e15, .t_x = 30, .T = 39}, scratch, f));
  const future_maker spoiled = maker_of("bg_nbd", {1e100, 1e-100, 1e100, 1e-100}, counts);
  const auto unfit = future_table::for_maker(spoiled);
  EXPECT_FALSE(unfit && unfit->at(spoiled, {.x = 1, .t_x = 30, .T = 39}, scratch, f));
}

TEST(future_table, has_the_same_bits_whoever_fills_it) {
  const count_terms counts(find_model("gamma_gamma"), future_table_spend);
  const future_maker maker = maker_of("bg_nbd", {1.2, 4.0, 0.4, 4.0}, counts);
  const auto shared = future_table::for_maker(maker);
  const auto alone = future_table::for_maker(maker);
  const auto sum_over = [&](const future_table& from, int first, double& sum) {
    std::vector<double> scratch;
    for (int i = 0; i < 400; ++i) {
      const double T = 1.0 + (first + i) % 40;
      future f;
      if (from.at(maker, {.x = static_cast<double>(i % 20), .t_x = T / 2, .T = T}, scratch, f)) {
        sum += f.mean + f.variance + f.skew + f.spread + f.discount;
      }
    }
  };
  double here = 0, there = 0, wanted = 0, wanted_there = 0;
  std::thread other([&] { sum_over(*shared, 7, there); });
  sum_over(*shared, 0, here);
  other.join();
  sum_over(*alone, 0, wanted);
  sum_over(*alone, 7, wanted_there);
  EXPECT_EQ(here, wanted);
  EXPECT_EQ(there, wanted_there);
}

// The battery for every row of the table that claims it.
TEST(future_table, is_used_by_models_whose_future_forgets_the_last_purchase) {
  for (const model* m : models()) {
    if (!m->future_forgets_t_x) continue;
    std::vector<double> p;
    for (const parameter& each : m->parameters) {
      p.push_back(each.how == scales::with_time ? 10 * each.start : each.start);
    }
    std::vector<double> early;
    std::vector<double> late;
    m->purchase_tail(p, {.x = 3, .t_x = 5, .T = 30}, 52, early);
    m->purchase_tail(p, {.x = 3, .t_x = 29, .T = 30}, 52, late);
    EXPECT_EQ(early, late) << m->name;
  }
}

}  // namespace
}  // namespace clv
