#include "clv/scorer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "clv/error.hpp"
#include "cohort.hpp"

namespace clv {
namespace {

using test::customer;

// With a covariance, so that every part of an interval is at work.
std::shared_ptr<fitted_model> uncertain() {
  auto m = std::make_shared<fitted_model>();
  m->purchase = {
      .which = &find_model("bg_nbd"),
      .parameters = {0.2426, 4.4137, 0.793, 2.4262},
      .covariance = {1.6e-4, 3e-3, 0, 0, 3e-3, 0.14, 0, 0, 0, 0, 0.035, 0.12, 0, 0, 0.12, 0.5}};
  m->spend = estimates{.which = &find_model("gamma_gamma"),
                       .parameters = {6.25, 3.74, 15.44},
                       .covariance = {1.4, 0, 0, 0, 0.084, 0, 0, 0, 17.3}};
  m->currency = "USD";
  return m;
}

std::vector<customer> people() {
  std::vector<customer> rows;
  for (int i = 0; i < 300; ++i) {
    customer c{.x = static_cast<double>(i % 12), .T = 20.0 + (i % 19) / 7.0};
    if (c.x > 0) c.t_x = c.T * (0.2 + 0.1 * (i % 8));
    if (i % 3 != 0 && c.x > 0) c.mean_spend = 10.0 + i;
    rows.push_back(c);
  }
  rows.push_back({.x = 1500, .t_x = 300, .T = 301, .mean_spend = 7});
  return rows;
}

observation of(const customer& c) {
  return {.x = c.x, .t_x = c.t_x, .T = c.T, .mean_spend = c.mean_spend};
}

constexpr std::pair<const char*, double customer_score::*> columns[] = {
    {"log_likelihood", &customer_score::log_likelihood},
    {"p_alive", &customer_score::p_alive},
    {"expected_purchases", &customer_score::expected_purchases},
    {"no_purchase", &customer_score::no_purchase},
    {"expected_spend", &customer_score::expected_spend},
    {"clv", &customer_score::clv},
    {"clv_p10", &customer_score::clv_p10},
    {"clv_p50", &customer_score::clv_p50},
    {"clv_p90", &customer_score::clv_p90},
    {"clv_mu", &customer_score::clv_mu},
    {"clv_sigma", &customer_score::clv_sigma},
    {"clv_skew", &customer_score::clv_skew}};

void expect_the_same_bits(const score_options& o) {
  const auto rows = people();
  job j = score(uncertain(), test::summary_of(rows), o);
  j.run();
  const table& t = *j.result().tables.at("");
  const scorer one(uncertain(), o);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const customer_score s = one.of(of(rows[i]));
    for (const auto& [name, field] : columns) {
      EXPECT_EQ(s.*field, t.numbers(name)[i]) << name << " row " << i;
    }
    EXPECT_EQ(name_of(s.status), t.find("clv_status")->text(i));
  }
}

TEST(scorer, gives_the_same_bits_as_scoring_a_table) {
  expect_the_same_bits({});
  expect_the_same_bits({.horizon = 26, .annual_discount = 0.15, .margin = 0.3});
  expect_the_same_bits({.process_only = true});
}

// What is kept of a model belongs to it and to the options it was asked with.
TEST(prepared_models, give_the_same_bits_as_scoring_without_them) {
  const auto rows = people();
  const auto summary = test::summary_of(rows);
  auto other = uncertain();
  other->purchase.parameters[0] *= 2;
  const std::shared_ptr<const fitted_model> models[] = {uncertain(), other};
  const score_options asked[] = {{},
                                 {.horizon = 26},
                                 {.annual_discount = 0.15},
                                 {.margin = 0.3},
                                 {.quantities = "clv,p_alive"},
                                 {.quantities = "clv,p_alive,pmf:2"},
                                 {.process_only = true}};
  prepared_models kept;
  for (int again = 0; again < 2; ++again) {
    for (const auto& m : models) {
      for (const score_options& o : asked) {
        job with = kept.score(m, summary, o);
        job without = score(m, summary, o);
        with.run();
        without.run();
        const table& t = *with.result().tables.at("");
        const table& expected = *without.result().tables.at("");
        EXPECT_EQ(t.fingerprint(), expected.fingerprint());
        ASSERT_EQ(t.columns().size(), expected.columns().size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
          EXPECT_EQ(t.numbers("clv")[i], expected.numbers("clv")[i]) << "row " << i;
        }
      }
    }
  }
}

TEST(scorer, gives_the_same_bits_on_many_threads) {
  const auto rows = people();
  const scorer shared(uncertain(), {});
  std::vector<double> wanted;
  const scorer alone(uncertain(), {});
  for (const customer& c : rows) wanted.push_back(alone.of(of(c)).clv_p90);
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (shared.of(of(rows[i])).clv_p90 != wanted[i]) ++different;
      }
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(different, 0);
}

TEST(scorer, leaves_the_value_out_without_a_spend_model) {
  auto m = uncertain();
  m->spend.reset();
  const customer_score s = scorer(m, {}).of({.x = 2, .t_x = 30, .T = 38});
  EXPECT_GT(s.expected_purchases, 0);
  EXPECT_TRUE(std::isnan(s.clv));
  EXPECT_TRUE(std::isnan(s.clv_p90));
  EXPECT_EQ(s.status, value_status::insufficient);
}

std::string complaint(const observation& o) {
  try {
    scorer(uncertain(), {}).of(o);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

TEST(scorer, refuses_an_impossible_history_by_column_and_value) {
  EXPECT_NE(complaint({.x = -1, .T = 3}).find("'x': -1 is negative"), std::string::npos);
  EXPECT_NE(complaint({.x = 1.5, .t_x = 1, .T = 3}).find("1.5"), std::string::npos);
  EXPECT_NE(complaint({.x = 1, .t_x = 5, .T = 3}).find("'t_x': 5"), std::string::npos);
  EXPECT_NE(complaint({.x = 1, .t_x = NAN, .T = 3}).find("'t_x'"), std::string::npos);
  EXPECT_NE(complaint({.x = 1, .t_x = 1, .T = 3, .mean_spend = -4}).find("'mean_spend': -4"),
            std::string::npos);
}

TEST(scorer, refuses_a_model_with_covariates) {
  auto m = uncertain();
  m->purchase.coefficients = {{.covariate = "Gender", .value = 1}};
  EXPECT_THROW(scorer(m, {}), error);
}

}  // namespace
}  // namespace clv
