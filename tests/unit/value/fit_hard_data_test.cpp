// Data that cannot be fitted well: a status with a reason in bounded time, never a NaN or a throw.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "cohort.hpp"
#include "value/fitting/verdict.hpp"

namespace clv {
namespace {

using test::customer;

outcome run_fit(const std::vector<customer>& rows, fit_options o = {}) {
  job j = fit(test::summary_of(rows), o);
  j.run();
  return j.result();
}

estimates purchases_of(const std::vector<customer>& rows) {
  return run_fit(rows, {.model = "bg_nbd"}).model->purchase;
}

estimates spend_of(const std::vector<customer>& rows) {
  return run_fit(rows, {.model = "gamma_gamma"}).model->spend.value();
}

void expect_finite(const estimates& e) {
  for (const double p : e.parameters) EXPECT_TRUE(std::isfinite(p) && p > 0.0) << p;
  for (const double s : e.standard_errors) EXPECT_TRUE(std::isfinite(s)) << s;
  EXPECT_TRUE(std::isfinite(e.log_likelihood));
  EXPECT_TRUE(std::isfinite(e.gradient_norm));
  EXPECT_TRUE(std::isfinite(e.condition));
  EXPECT_LE(e.iterations, 400);  // 200 for the best start and 200 for the whole data
}

void expect_status(const estimates& e, fit_status wanted) {
  expect_finite(e);
  EXPECT_EQ(e.status, wanted) << name_of(e.status) << ": " << e.reason;
  if (wanted != fit_status::converged) {
    EXPECT_FALSE(e.reason.empty());
    EXPECT_TRUE(e.standard_errors.empty());
  }
}

TEST(fit_hard_data, spends_beyond_what_arithmetic_bears_are_refused_by_row_and_value) {
  try {
    spend_of({{.x = 1, .mean_spend = 3}, {.x = 1, .mean_spend = 1e300}, {.x = 1, .mean_spend = 2}});
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::numeric);
    EXPECT_NE(e.details().message.find("row 2, column 'mean_spend': 1e+300"), std::string::npos)
        << e.what();
  }
}

TEST(fit_hard_data, spends_at_both_ends_of_the_range_give_finite_numbers) {
  std::vector<customer> rows;
  for (int i = 0; i < 30; ++i) {
    rows.push_back({.x = 1.0 + i % 3, .mean_spend = std::pow(10.0, i % 3 * 100 - 100)});
  }
  const estimates e = spend_of(rows);
  expect_finite(e);
  EXPECT_NE(e.status, fit_status::converged);
  fitted_model m;
  m.spend = e;
  EXPECT_EQ(save_model(load_model(save_model(m))), save_model(m));
}

// A model whose likelihood is never a number: the verdict must not pass that on.
constexpr std::array one_parameter{parameter{"p", 1, scales::not_at_all}};
void never_a_number(values, const tuples&, std::size_t, std::size_t, likelihood_sum& sum) {
  sum.value = std::nan("");
  sum.gradient.assign(1, std::nan(""));
}

TEST(fit_hard_data, a_likelihood_that_is_not_a_number_is_not_converged_and_stays_finite) {
  model m{};
  m.name = "never";
  m.key = tuple_key::spend;
  m.parameters = one_parameter;
  m.accumulate = never_a_number;
  const tuples t{.x = {1, 1}, .mean_spend = {1, 2}, .weight = {1, 1}, .customers = 2};
  const fit_plan plan{.which = &m, .held = {std::nullopt}, .priors = {prior{}}};
  profile found(plan, t, {});
  while (found.advance() < 1.0) {
  }
  const estimates e = judge(found, {});
  expect_status(e, fit_status::not_converged);
  EXPECT_NE(e.reason.find("not a finite number"), std::string::npos);
}

TEST(fit_hard_data, a_summary_in_other_units_than_asked_for_is_refused) {
  const auto refusal = [](const char* column, const char* unit) {
    auto t = test::summary_of({{.x = 1, .t_x = 1, .T = 2, .mean_spend = 3}});
    t->find(column)->set_unit(unit);
    try {
      fit(t, {.unit = "week", .currency = "USD"});
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::invalid);
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(refusal("T", "day"),
            "column 'T' of the summary is in 'day', the fit is asked for in 'week'");
  EXPECT_EQ(refusal("mean_spend", "EUR"),
            "column 'mean_spend' of the summary is in 'EUR', the fit is asked for in 'USD'");
  EXPECT_EQ(refusal("T", "week"), "nothing");
  EXPECT_EQ(refusal("mean_spend", "XXX"), "nothing");
}

TEST(fit_hard_data, hints_say_what_to_do) {
  try {
    run_fit({});
    FAIL() << "fitted nobody";
  } catch (const error& e) {
    EXPECT_EQ(e.details().hint, "no purchase up to as_of; check as_of, or import purchases first");
  }
  const outcome o = run_fit({{.x = 3, .t_x = 20, .T = 30}}, {.model = "bg_nbd"});
  ASSERT_FALSE(o.notes.empty());
  EXPECT_EQ(o.notes[0].hint, "do not put these values into money before reading the reason");
}

TEST(fit_hard_data, one_time_buyers_alone_do_not_identify_a_rhythm) {
  std::vector<customer> rows;
  for (int i = 0; i < 500; ++i) rows.push_back({.T = 10.0 + i % 39});
  const estimates e = purchases_of(rows);
  expect_status(e, fit_status::not_identified);
  EXPECT_NE(e.reason.find("no customer bought again"), std::string::npos);
}

TEST(fit_hard_data, one_customer_does_not_identify_four_parameters) {
  expect_status(purchases_of({{.x = 3, .t_x = 20, .T = 30}}), fit_status::not_identified);
  expect_status(purchases_of({{.T = 30}}), fit_status::not_identified);
  expect_status(purchases_of({{.T = 0}}), fit_status::not_identified);
}

TEST(fit_hard_data, one_common_history_does_not_identify_four_parameters) {
  const std::vector<customer> rows(1000, {.x = 4, .t_x = 25, .T = 30});
  expect_status(purchases_of(rows), fit_status::not_identified);
}

TEST(fit_hard_data, every_customer_of_the_last_day_says_nothing) {
  const std::vector<customer> rows(100, {.x = 0, .t_x = 0, .T = 0});
  expect_status(purchases_of(rows), fit_status::not_identified);
}

// Regular buyers who never stop: the drop-out probability a/(a+b) runs to 0.
TEST(fit_hard_data, nobody_drops_out_ends_at_a_boundary_that_is_named) {
  std::vector<customer> rows;
  for (int i = 0; i < 400; ++i) {
    const double T = 30.0 + i % 20;
    const double x = 2.0 + i % 17;
    rows.push_back({.x = x, .t_x = T * x / (x + 0.5), .T = T});
  }
  const estimates e = purchases_of(rows);
  expect_status(e, fit_status::at_boundary);
  EXPECT_NE(e.reason.find("edge of the allowed range, a = 1"), std::string::npos) << e.reason;
}

// Everybody buys exactly once more and is never seen again.
TEST(fit_hard_data, everybody_drops_out_at_once_ends_with_a_status) {
  std::vector<customer> rows;
  for (int i = 0; i < 400; ++i) rows.push_back({.x = 1, .t_x = 0.5 + i % 3, .T = 50.0 + i % 20});
  const estimates e = purchases_of(rows);
  expect_finite(e);
  EXPECT_NE(e.status, fit_status::converged);
  EXPECT_FALSE(e.reason.empty());
}

// Equal rates for all: r and alpha run off together and only their ratio, the rate, is known.
TEST(fit_hard_data, equal_customers_give_the_ratio_of_the_parameters_that_run_away) {
  std::vector<customer> rows;
  const double poisson[] = {0.135, 0.271, 0.271, 0.180, 0.090, 0.036, 0.012};
  for (int x = 0; x < 7; ++x) {
    for (int k = 0; k < std::lround(1000 * poisson[x]); ++k) {
      const double T = 20.0 + k % 5;
      rows.push_back({.x = 1.0 * x, .t_x = x > 0 ? T * x / (x + 1.0) : 0.0, .T = T});
    }
  }
  const estimates e = purchases_of(rows);
  expect_status(e, fit_status::at_boundary);
  EXPECT_NE(e.reason.find("r/alpha = 0.0898"), std::string::npos) << e.reason;
}

TEST(fit_hard_data, extreme_counts_and_ages_stay_finite) {
  expect_finite(purchases_of({{.x = 10'000, .t_x = 1e-3, .T = 1e6},
                              {.x = 1, .t_x = 1e6, .T = 1e6},
                              {.x = 0, .t_x = 0, .T = 1e-6},
                              {.x = 500, .t_x = 499.9, .T = 500},
                              {.x = 2, .t_x = 1, .T = 900}}));
}

TEST(fit_hard_data, a_constant_spend_ends_at_a_boundary_with_the_right_mean) {
  std::vector<customer> rows;
  for (int i = 0; i < 300; ++i) {
    rows.push_back({.x = 1.0 + i % 6, .t_x = 5, .T = 30, .mean_spend = 25.0});
  }
  const estimates e = spend_of(rows);
  expect_status(e, fit_status::at_boundary);
  EXPECT_NE(e.reason.find("all mean spends are equal"), std::string::npos) << e.reason;
  // p runs to the edge at 1e5, which leaves a spread of about 1 / sqrt(1e5).
  EXPECT_NEAR(e.which->expected_spend(e.parameters, {.x = 3, .mean_spend = 25.0}), 25.0, 0.1);
}

TEST(fit_hard_data, one_spender_does_not_identify_three_parameters) {
  const estimates e = spend_of({{.x = 2, .t_x = 5, .T = 9, .mean_spend = 12.5}});
  expect_finite(e);
  EXPECT_NE(e.status, fit_status::converged);
}

// Spend with a tail so heavy that no population mean exists.
TEST(fit_hard_data, spend_without_a_finite_mean_converges_with_a_caveat) {
  const std::array truth{3.0, 0.7, 10.0};
  const model& spend = find_model("gamma_gamma");
  std::vector<customer> rows;
  std::vector<double> amounts;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    random_source random(11, i);
    const std::size_t x = 1 + i % 4;
    spend.simulate_spend(truth, x, random, amounts);
    double sum = 0;
    for (const double amount : amounts) sum += amount;
    const auto n = static_cast<double>(x);
    rows.push_back({.x = n, .t_x = 5, .T = 30, .mean_spend = sum / n});
  }
  const estimates e = spend_of(rows);
  expect_status(e, fit_status::converged);
  EXPECT_NE(e.reason.find("q is not above 1"), std::string::npos) << e.reason;
}

TEST(fit_hard_data, spend_is_left_out_with_a_note_when_nobody_has_any) {
  std::vector<customer> rows;
  for (int i = 0; i < 50; ++i) rows.push_back({.x = 1.0 + i % 3, .t_x = 3.0 + i % 7, .T = 20});
  const outcome o = run_fit(rows);
  EXPECT_FALSE(o.model->spend.has_value());
  ASSERT_FALSE(o.notes.empty());
  EXPECT_NE(o.notes[0].message.find("left out"), std::string::npos);
  EXPECT_EQ(o.model->name(), "bg_nbd");
}

status failure_of(const std::vector<customer>& rows, fit_options o = {}) {
  try {
    run_fit(rows, std::move(o));
  } catch (const error& e) {
    return e.details().code;
  }
  return status::ok;
}

TEST(fit_hard_data, impossible_rows_and_options_are_refused) {
  EXPECT_EQ(failure_of({}), status::data);
  EXPECT_EQ(failure_of({{.x = 1, .t_x = 0, .T = 5}}), status::numeric);
  EXPECT_EQ(failure_of({{.x = 1, .t_x = 9, .T = 5}}), status::numeric);
  EXPECT_EQ(failure_of({{.T = -1}}), status::numeric);
  EXPECT_EQ(failure_of({{.T = 5}}, {.model = "no_such"}), status::not_found);
  EXPECT_EQ(failure_of({{.T = 5}}, {.model = "bg_nbd+bg_nbd"}), status::invalid);
  EXPECT_EQ(failure_of({{.T = 5}}, {.unit = "fortnight"}), status::invalid);
  EXPECT_EQ(failure_of({{.T = 5}}, {.tolerance = -1}), status::invalid);
  EXPECT_EQ(failure_of({{.T = 5}}, {.model = "gamma_gamma"}), status::data);
}

// With too few iterations allowed the answer says so.
TEST(fit_hard_data, an_iteration_limit_is_a_status) {
  std::vector<customer> rows;
  const std::array p{0.25, 4.0, 0.8, 2.5};
  std::vector<double> ages;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    random_source random(3, i);
    find_model("bg_nbd").simulate_purchases(p, 39.0, random, ages);
    const auto x = static_cast<double>(ages.size());
    rows.push_back({.x = x, .t_x = ages.empty() ? 0.0 : ages.back(), .T = 39.0});
  }
  const estimates e = run_fit(rows, {.model = "bg_nbd", .max_iterations = 1}).model->purchase;
  expect_status(e, fit_status::not_converged);
}

}  // namespace
}  // namespace clv
