#include "clv/score.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "cohort.hpp"
#include "math/parallel.hpp"
#include "value/scoring/score_plan.hpp"

namespace clv {
namespace {

using test::customer;

std::shared_ptr<fitted_model> given(bool purchase = true, bool spend = true) {
  auto m = std::make_shared<fitted_model>();
  if (purchase) {
    m->purchase = {.which = &find_model("bg_nbd"),
                   .parameters = {0.2425982, 4.413684, 0.7929899, 2.426167}};
  }
  if (spend) {
    m->spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6.25, 3.74, 15.44}};
  }
  m->currency = "USD";
  return m;
}

const std::vector<customer> five{{.x = 2, .t_x = 30.43, .T = 38.86, .mean_spend = 22.5},
                                 {.x = 0, .t_x = 0, .T = 38.86},
                                 {.x = 26, .t_x = 216.0 / 7.0, .T = 31, .mean_spend = 80},
                                 {.x = 2, .t_x = 30.43, .T = 38.86, .mean_spend = 0},
                                 {.x = 0, .t_x = 0, .T = 0}};

std::shared_ptr<const table> scored(std::shared_ptr<fitted_model> m,
                                    const std::vector<customer>& rows,
                                    score_options o = {}) {
  job j = score(std::move(m), test::summary_of(rows), std::move(o));
  j.run();
  return j.result().tables.at("");
}

std::string complaint(std::shared_ptr<fitted_model> m,
                      const std::vector<customer>& rows,
                      score_options o = {}) {
  try {
    scored(std::move(m), rows, std::move(o));
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return "nothing";
}

TEST(score, plans_no_more_threads_than_there_are_blocks_of_work) {
  const auto planned = [](unsigned asked) {
    return plan_score(*given(), {.threads = asked}).threads;
  };
  EXPECT_EQ(planned(0), 1U);
  EXPECT_EQ(planned(3), 3U);
  EXPECT_EQ(planned(std::numeric_limits<unsigned>::max()), math::block_count);
}

TEST(score, gives_the_published_expectation_for_customer_1516) {
  const auto t = scored(given(), five, {.horizon = 52});
  // BTYD manual: 25.75659 and .9688523 (our 25.756538 at the same parameters).
  EXPECT_NEAR(t->numbers("expected_purchases")[2], 25.756538, 1e-5 * 25.756538);
  EXPECT_NEAR(t->numbers("p_alive")[2], 0.9688523, 1e-6);
}

TEST(score, values_a_customer_as_spend_times_discounted_purchases) {
  const auto plain = scored(given(), five, {.horizon = 52});
  const auto margin = scored(given(), five, {.horizon = 52, .margin = 0.25});
  const auto discounted = scored(given(), five, {.horizon = 52, .annual_discount = 0.15});
  for (std::size_t i = 0; i < five.size(); ++i) {
    const double value = plain->numbers("clv")[i];
    EXPECT_DOUBLE_EQ(value,
                     plain->numbers("expected_spend")[i] * plain->numbers("expected_purchases")[i]);
    EXPECT_DOUBLE_EQ(margin->numbers("clv")[i], 0.25 * value);
    EXPECT_LT(discounted->numbers("clv")[i], value);
    EXPECT_GT(discounted->numbers("clv")[i], value / 1.15);
  }
}

// The weekly sum of formula (4) discounts at the end of each week: about half a week more.
TEST(score, agrees_with_the_weekly_sum_of_discounted_increments) {
  const auto t = scored(given(), five, {.horizon = 52, .annual_discount = 0.1});
  const model& m = find_model("bg_nbd");
  const double weekly = std::log(1.1) / (365.25 / 7.0);
  for (std::size_t i = 0; i < five.size(); ++i) {
    const observation o{.x = five[i].x, .t_x = five[i].t_x, .T = five[i].T};
    double sum = 0;
    double before = 0;
    for (int week = 1; week <= 52; ++week) {
      const double after = m.expected_purchases(given()->purchase.parameters, o, week);
      sum += (after - before) * std::exp(-weekly * (week - 0.5));
      before = after;
    }
    sum *= t->numbers("expected_spend")[i];
    // The middle of the week in place of the integral: (delta week)^2 / 24 and the curvature.
    EXPECT_NEAR(t->numbers("clv")[i], sum, 2e-4 * sum);
  }
}

// A year is a year: the same customers in days and in weeks are worth the same.
TEST(score, does_not_depend_on_the_time_unit) {
  auto in_days = given();
  in_days->unit = "day";
  in_days->purchase.parameters[1] *= 7;
  std::vector<customer> days = five;
  for (customer& c : days) {
    c.t_x *= 7;
    c.T *= 7;
  }
  const auto a = scored(given(), five, {.annual_discount = 0.2});
  const auto b = scored(in_days, days, {.annual_discount = 0.2});
  for (const char* name :
       {"p_alive", "expected_purchases", "clv", "clv_p50", "clv_p90", "clv_mu"}) {
    for (std::size_t i = 0; i < five.size(); ++i) {
      EXPECT_NEAR(a->numbers(name)[i], b->numbers(name)[i], 1e-11 * std::abs(a->numbers(name)[i]));
    }
  }
}

TEST(score, gives_a_row_the_same_bits_alone_and_among_others) {
  std::vector<customer> many;
  for (int i = 0; i < 5000; ++i) {
    customer c = five[static_cast<std::size_t>(i) % five.size()];
    c.T += i % 700;
    many.push_back(c);
  }
  const auto all = scored(given(), many, {.annual_discount = 0.1});
  const auto threads = scored(given(), many, {.annual_discount = 0.1, .threads = 3});
  for (std::size_t i = 0; i < many.size(); i += 97) {
    const auto one = scored(given(), {many[i]}, {.annual_discount = 0.1});
    for (const column& c : one->columns()) {
      if (c.kind() != type::f64) continue;
      EXPECT_EQ(c.numbers()[0], all->numbers(c.name())[i]) << c.name() << " row " << i;
    }
  }
  EXPECT_EQ(all->fingerprint(), threads->fingerprint());
}

TEST(score, says_where_the_value_comes_from) {
  const auto t = scored(given(), five);
  const char* wanted[] = {"OK", "PRIOR_ONLY", "OK", "PRIOR_ONLY", "PRIOR_ONLY"};
  for (std::size_t i = 0; i < five.size(); ++i) {
    EXPECT_EQ(t->find("clv_status")->text(i), wanted[i]);
  }
  // Row 3 has no spend of its own: population mean p gamma / (q - 1).
  EXPECT_NEAR(t->numbers("expected_spend")[3], 6.25 * 15.44 / 2.74, 1e-12);
  EXPECT_EQ(t->find("clv")->unit(), "USD");
}

TEST(score, without_a_spend_model_says_insufficient_and_offers_no_value) {
  const auto t = scored(given(true, false), five);
  EXPECT_EQ(t->find("clv_status")->text(0), "INSUFFICIENT");
  EXPECT_EQ(t->find("clv"), nullptr);
  EXPECT_EQ(t->find("expected_spend"), nullptr);
  EXPECT_NE(t->find("expected_purchases"), nullptr);
}

TEST(score, without_a_finite_mean_leaves_the_value_absent) {
  auto m = given();
  m->spend->parameters = {3.0, 0.7, 10.0};  // q <= 1
  const auto t = scored(m, five);
  EXPECT_EQ(t->find("clv_status")->text(1), "INSUFFICIENT");
  for (const char* name : {"expected_spend", "clv", "clv_p10", "clv_p90", "clv_mu", "clv_sigma"}) {
    EXPECT_FALSE(t->find(name)->present(1)) << name;
    EXPECT_TRUE(t->find(name)->present(0)) << name;  // p x + q > 1: own history makes it finite
  }
}

TEST(score, passes_on_that_the_fit_did_not_converge) {
  auto m = given();
  m->purchase.status = fit_status::not_converged;
  EXPECT_EQ(scored(m, five)->find("clv_status")->text(0), "NOT_CONVERGED");
  m->purchase.status = fit_status::at_boundary;
  EXPECT_EQ(scored(m, five)->find("clv_status")->text(0), "OK");
}

TEST(score, of_a_spend_model_alone_gives_spend_and_its_likelihood) {
  const auto t = scored(given(false, true), five);
  EXPECT_EQ(t->find("clv_status"), nullptr);
  EXPECT_EQ(t->find("p_alive"), nullptr);
  // E[Z | x, z] = p (gamma + x z) / (p x + q - 1).
  EXPECT_NEAR(
      t->numbers("expected_spend")[0], 6.25 * (15.44 + 2 * 22.5) / (6.25 * 2 + 3.74 - 1), 1e-12);
  EXPECT_EQ(t->numbers("log_likelihood")[1], 0.0);  // no spend: contributes nothing
  EXPECT_LT(t->numbers("log_likelihood")[0], 0.0);
}

TEST(score, computes_only_what_was_asked_for) {
  const auto t = scored(given(), five, {.quantities = "p_alive, clv_p90"});
  EXPECT_NE(t->find("p_alive"), nullptr);
  EXPECT_NE(t->find("clv_p90"), nullptr);
  EXPECT_EQ(t->find("clv"), nullptr);
  const auto all = scored(given(), five);
  EXPECT_EQ(t->numbers("clv_p90")[2], all->numbers("clv_p90")[2]);
  const std::string text = complaint(given(true, false), five, {.quantities = "p_alive,clv"});
  EXPECT_NE(text.find("'clv' is not a quantity bg_nbd can give"), std::string::npos) << text;
  EXPECT_NE(text.find("available: log_likelihood, p_alive"), std::string::npos) << text;
}

TEST(score, refuses_impossible_rows_by_row_column_and_value) {
  auto rows = five;
  rows[3].t_x = 99;
  std::string text = complaint(given(), rows);
  EXPECT_NE(text.find("row 4, column 't_x': 99"), std::string::npos) << text;
  rows = five;
  rows[1].mean_spend = -3;
  text = complaint(given(), rows);
  EXPECT_NE(text.find("row 2, column 'mean_spend': -3"), std::string::npos) << text;
  rows = five;
  rows[4].T = std::numeric_limits<double>::quiet_NaN();
  text = complaint(given(), rows);
  EXPECT_NE(text.find("row 5, column 'T'"), std::string::npos) << text;
  rows = five;
  rows[0].x = 1.5;
  text = complaint(given(false, true), rows);
  EXPECT_NE(text.find("row 1, column 'x': 1.5"), std::string::npos) << text;
}

TEST(score, refuses_numbers_that_would_overflow_by_row_column_and_value) {
  auto rows = five;
  rows[2].x = 1e16;
  std::string text = complaint(given(), rows);
  EXPECT_NE(text.find("row 3, column 'x': 1e+16"), std::string::npos) << text;
  rows = five;
  rows[1].T = 1e16;
  text = complaint(given(), rows);
  EXPECT_NE(text.find("row 2, column 'T': 1e+16"), std::string::npos) << text;
  for (const double spend : {1e101, 1e-101}) {
    rows = five;
    rows[0].mean_spend = spend;
    text = complaint(given(), rows);
    EXPECT_NE(text.find("row 1, column 'mean_spend': 1e"), std::string::npos) << text;
  }
  text = complaint(given(), five, {.horizon = 1e16});
  EXPECT_NE(text.find("'horizon' is 1e+16"), std::string::npos) << text;
}

std::shared_ptr<table> five_in(const char* unit, const char* currency) {
  auto t = test::summary_of(five);
  t->find("t_x")->set_unit(unit);
  t->find("T")->set_unit(unit);
  t->find("mean_spend")->set_unit(currency);
  return t;
}

TEST(score, refuses_a_summary_in_other_units_than_the_model) {
  const auto refusal = [](const char* unit, const char* currency) {
    try {
      score(given(), five_in(unit, currency), {});
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::invalid);
      return e.details().message + " | " + e.details().hint;
    }
    return std::string("nothing");
  };
  EXPECT_EQ(
      refusal("day", "USD"),
      "column 't_x' of the summary is in 'day', the model is in 'week' | summarise the log in "
      "'week', or fit in 'day'");
  EXPECT_EQ(refusal("week", "EUR"),
            "column 'mean_spend' of the summary is in 'EUR', the model is in 'USD' | summarise the "
            "log in 'USD', or fit in 'EUR'");
  for (const char* unit : {"week", ""}) {
    for (const char* currency : {"USD", "XXX", ""}) EXPECT_EQ(refusal(unit, currency), "nothing");
  }
  auto unknown = given();
  unknown->currency = "XXX";
  EXPECT_NO_THROW(score(unknown, five_in("week", "EUR"), {}));
}

// Whatever parameters a model file may hold and a summary may say: an end, and no NaN.
TEST(score, ends_without_a_nan_for_extreme_parameters) {
  const std::vector<customer> rows{{.x = 1e15, .t_x = 1e15, .T = 1e15, .mean_spend = 1e100},
                                   {.x = 1, .t_x = 1e-9, .T = 1e15, .mean_spend = 1e-100},
                                   {.x = 3, .t_x = 3, .T = 3, .mean_spend = 5},
                                   {.x = 0, .t_x = 0, .T = 0}};
  constexpr std::array extremes{1e-100, 1.0, 1e100};
  for (int i = 0; i < 81; ++i) {
    auto m = given();
    m->purchase.parameters = {
        extremes[i % 3], extremes[i / 3 % 3], extremes[i / 9 % 3], extremes[i / 27]};
    m->spend->parameters = {extremes[i / 27], extremes[i % 3], extremes[i / 9 % 3]};
    const double horizon = i % 2 == 0 ? 52 : 1e15;
    const auto t = scored(m, rows, {.horizon = horizon, .annual_discount = 0.1});
    for (const column& c : t->columns()) {
      for (const double v : c.numbers()) EXPECT_FALSE(std::isnan(v)) << c.name() << " case " << i;
    }
  }
}

TEST(score, refuses_impossible_options) {
  EXPECT_NE(complaint(given(), five, {.horizon = -1}).find("'horizon' is -1"), std::string::npos);
  EXPECT_NE(complaint(given(), five, {.annual_discount = -0.1}).find("'annual_discount' is -0.1"),
            std::string::npos);
  EXPECT_NE(complaint(given(), five, {.margin = 1.5}).find("'margin' is 1.5"), std::string::npos);
  EXPECT_NE(complaint(given(false, false), five).find("the model is empty"), std::string::npos);
}

TEST(score, of_nobody_is_an_empty_table) {
  const auto t = scored(given(), {});
  EXPECT_EQ(t->rows(), 0U);
  EXPECT_NE(t->find("clv"), nullptr);
}

TEST(score, stays_finite_for_extreme_customers) {
  std::vector<customer> rows{{.x = 10'000, .t_x = 400, .T = 400, .mean_spend = 1e9},
                             {.x = 10'000, .t_x = 1, .T = 5000, .mean_spend = 0.01},
                             {.x = 1, .t_x = 1e-9, .T = 1e6, .mean_spend = 1},
                             {.x = 0, .t_x = 0, .T = 1e9}};
  const auto t = scored(given(), rows, {.annual_discount = 0.1});
  for (const column& c : t->columns()) {
    for (const double v : c.numbers()) EXPECT_TRUE(std::isfinite(v)) << c.name();
  }
}

}  // namespace
}  // namespace clv
