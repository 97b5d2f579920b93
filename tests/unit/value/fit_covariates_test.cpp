// Static covariates: what they must not change, what they must find, and what cannot be told.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "cohort.hpp"
#include "real_data.hpp"
#include "support/shared_data.hpp"
#include "value/links.hpp"

namespace clv {
namespace {

// Customers of one model of whom some have z = 1 (or any number): alpha and the mean drop-out are
// moved by the coefficients of the truth.
struct world {
  const char* model = "bg_nbd";
  std::vector<double> parameters{0.8, 6.0, 1.2, 4.0};
  double transaction = 0.6, life = 0.8;
  std::size_t customers = 4000;
};

template <typename Covariate>
std::shared_ptr<table> market(const world& w, Covariate of) {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T", "z"}) t->add(name, type::f64);
  const model& m = find_model(w.model);
  std::vector<double> ages;
  for (std::size_t i = 0; i < w.customers; ++i) {
    random_source random(31, i);
    const double T = 40.0 + static_cast<double>(i % 13);
    const double z = of(i);
    std::vector<double> p = w.parameters;
    apply_links(m, w.transaction * z, w.life * z, p);
    m.simulate_purchases(p, T, random, ages);
    t->find("x")->push(static_cast<double>(ages.size()));
    t->find("t_x")->push(ages.empty() ? 0.0 : ages.back());
    t->find("T")->push(T);
    t->find("z")->push(z);
  }
  return t;
}

double half(std::size_t i) {
  return static_cast<double>(i % 2);
}

fit_options with(const char* model, const char* transaction, const char* life) {
  fit_options o;
  o.model = model;
  o.transaction_covariates = transaction;
  o.life_covariates = life;
  return o;
}

estimates fitted(std::shared_ptr<const table> t, const fit_options& o) {
  return test::fit_of(std::move(t), o).model->purchase;
}

void add_column(table& t, const char* name, const std::vector<double>& values) {
  t.add(name, type::f64).adopt(std::vector<double>(values));
}

std::vector<double> mapped(const table& t, double (*f)(double)) {
  std::vector<double> out;
  for (const double z : t.numbers("z")) out.push_back(f(z));
  return out;
}

TEST(fit_covariates, coefficients_held_at_0_change_nothing) {
  const auto t = market({}, half);
  fit_options o = with("bg_nbd", "z", "z");
  o.fixed = "transaction.z=0,life.z=0";
  const estimates e = fitted(t, o);
  fit_options without;
  without.model = "bg_nbd";
  const estimates plain = fitted(t, without);
  EXPECT_NEAR(e.log_likelihood, plain.log_likelihood, 1e-12 * std::abs(plain.log_likelihood));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(e.parameters[i], plain.parameters[i], 1e-6 * plain.parameters[i]);
    EXPECT_NEAR(e.standard_errors[i], plain.standard_errors[i], 1e-5 * plain.standard_errors[i]);
  }
  EXPECT_EQ(e.free_parameters, 4);
  EXPECT_EQ(e.coefficients[0].value, 0);
  EXPECT_EQ(e.coefficients[0].standard_error, 0);
}

void expect_recovered(const estimates& e, const world& w) {
  ASSERT_EQ(e.status, fit_status::converged) << e.reason;
  for (std::size_t i = 0; i < w.parameters.size(); ++i) {
    const double error = e.standard_errors[i] / e.parameters[i];
    EXPECT_LT(std::abs(std::log(e.parameters[i] / w.parameters[i])), 3 * error) << i;
  }
  ASSERT_EQ(e.coefficients.size(), 2U);
  EXPECT_FALSE(e.coefficients[0].life);
  EXPECT_TRUE(e.coefficients[1].life);
  EXPECT_NEAR(e.coefficients[0].value, w.transaction, 3 * e.coefficients[0].standard_error);
  EXPECT_NEAR(e.coefficients[1].value, w.life, 3 * e.coefficients[1].standard_error);
  EXPECT_LT(e.coefficients[1].standard_error, 0.5);
}

TEST(fit_covariates, finds_the_truth_of_two_groups) {
  const world bg{};
  expect_recovered(fitted(market(bg, half), with("bg_nbd", "z", "z")), bg);
  const world pareto{.model = "pareto_nbd", .parameters = {0.8, 6.0, 0.7, 12.0}};
  expect_recovered(fitted(market(pareto, half), with("pareto_nbd", "z", "z")), pareto);
}

// Every customer a cell of its own.
TEST(fit_covariates, finds_the_truth_of_a_covariate_that_is_a_number) {
  const world w{};
  const auto t = market(w, [](std::size_t i) {
    return std::fmod(static_cast<double>(i) * 0.6180339887498949, 1.0) * 2 - 1;
  });
  expect_recovered(fitted(t, with("bg_nbd", "z", "z")), w);
}

// A covariate counted from elsewhere and in another unit: the same model in other words.
TEST(fit_covariates, an_affine_change_of_a_covariate_moves_only_its_coefficient_and_the_base) {
  const auto t = market({}, half);
  add_column(*t, "year", mapped(*t, [](double z) { return 20 + 3 * z; }));
  const estimates before = fitted(t, with("bg_nbd", "z", "z"));
  const estimates after = fitted(t, with("bg_nbd", "year", "year"));
  EXPECT_NEAR(after.log_likelihood, before.log_likelihood, 1e-7);
  for (std::size_t i = 0; i < 2; ++i) {
    const coefficient& c = before.coefficients[i];
    EXPECT_NEAR(3 * after.coefficients[i].value, c.value, 1e-6);
    EXPECT_NEAR(3 * after.coefficients[i].standard_error, c.standard_error, 1e-6);
  }
  // alpha exp(-g z) with z = (year - 20) / 3.
  const double base = std::exp(before.coefficients[0].value * 20 / 3);
  EXPECT_NEAR(after.parameters[1] / base, before.parameters[1], 1e-5 * before.parameters[1]);
  const double sum = before.parameters[2] + before.parameters[3];
  EXPECT_NEAR(after.parameters[2] + after.parameters[3], sum, 1e-5 * sum);
}

TEST(fit_covariates, one_coefficient_for_both_processes_is_one_number) {
  const auto t = market({.transaction = 0.7, .life = 0.7}, half);
  fit_options o = with("bg_nbd", "z", "z");
  const estimates two = fitted(t, o);
  o.equal_covariates = "z";
  const estimates one = fitted(t, o);
  ASSERT_EQ(one.status, fit_status::converged) << one.reason;
  EXPECT_EQ(one.coefficients[0].value, one.coefficients[1].value);
  EXPECT_EQ(one.coefficients[0].standard_error, one.coefficients[1].standard_error);
  EXPECT_EQ(one.free_parameters, two.free_parameters - 1);
  EXPECT_LE(one.log_likelihood, two.log_likelihood);
  // The covariance of the two is their common variance.
  const std::size_t n = 6;
  EXPECT_EQ(one.covariance[4 * n + 5], one.covariance[4 * n + 4]);
}

TEST(fit_covariates, a_penalty_means_the_same_for_any_number_of_customers_and_any_unit) {
  const auto t = market({.customers = 1500}, half);
  add_column(*t, "weight", std::vector<double>(1500, 10.0));
  fit_options o = with("bg_nbd", "z", "z");
  o.l2_transaction = o.l2_life = 0.01;
  const estimates ten_times = fitted(t, o);
  const auto once = market({.customers = 1500}, half);
  const estimates e = fitted(once, o);
  ASSERT_EQ(e.status, fit_status::converged) << e.reason;
  for (const char* name : {"t_x", "T"}) {
    for (double& age : once->find(name)->mutable_numbers()) age *= 7;
  }
  o.unit = "day";
  const estimates days = fitted(once, o);
  fit_options free = with("bg_nbd", "z", "z");
  free.unit = "day";
  const estimates unpenalised = fitted(once, free);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(e.coefficients[i].value, ten_times.coefficients[i].value, 1e-7);
    EXPECT_NEAR(e.coefficients[i].value, days.coefficients[i].value, 1e-6);
    EXPECT_LT(std::abs(e.coefficients[i].value), std::abs(unpenalised.coefficients[i].value));
  }
  EXPECT_LT(days.log_likelihood, unpenalised.log_likelihood);
}

void expect_reason(const estimates& e, fit_status wanted, const char* words) {
  EXPECT_EQ(e.status, wanted) << name_of(e.status) << ": " << e.reason;
  EXPECT_NE(e.reason.find(words), std::string::npos) << e.reason;
  EXPECT_TRUE(e.standard_errors.empty());
  for (const double p : e.parameters) EXPECT_TRUE(std::isfinite(p));
  for (const coefficient& c : e.coefficients) EXPECT_TRUE(std::isfinite(c.value));
}

TEST(fit_covariates, a_covariate_that_never_changes_is_named) {
  const auto t = market({.customers = 800}, half);
  add_column(*t, "country", std::vector<double>(800, 0.1));
  expect_reason(fitted(t, with("bg_nbd", "z,country", "z")),
                fit_status::not_identified,
                "covariate 'country' is the same for every customer");
}

TEST(fit_covariates, a_covariate_that_says_what_others_say_is_named) {
  const auto t = market({.customers = 800}, half);
  add_column(*t, "not_z", mapped(*t, [](double z) { return 1 - z; }));
  expect_reason(fitted(t, with("bg_nbd", "z,not_z", "z")),
                fit_status::not_identified,
                "covariate 'not_z' is a combination of the ones before it");
}

// Whoever has z = 1 never bought again: the coefficient runs to minus infinity.
TEST(fit_covariates, a_covariate_that_separates_is_named) {
  const auto t = market({.transaction = 0, .life = 0, .customers = 800}, half);
  for (std::size_t i = 1; i < 800; i += 2) {
    t->find("x")->mutable_numbers()[i] = 0;
    t->find("t_x")->mutable_numbers()[i] = 0;
  }
  for (const char* model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}) {
    expect_reason(fitted(t, with(model, "z", "")),
                  fit_status::at_boundary,
                  "covariate 'z' separates the customers, transaction.z runs away");
  }
}

TEST(fit_covariates, two_threads_and_any_order_give_the_same_bits) {
  const auto t = market({.customers = 1200}, half);
  fit_options o = with("bg_nbd", "z", "z");
  const auto text = [&](unsigned threads, std::shared_ptr<const table> rows) {
    o.threads = threads;
    fitted_model m = *test::fit_of(std::move(rows), o).model;
    return save_model(m);
  };
  auto reversed = std::make_shared<table>();
  for (const column& c : t->columns()) {
    column& to = reversed->add(c.name(), type::f64);
    for (std::size_t i = t->rows(); i-- > 0;) to.push(c.numbers()[i]);
  }
  EXPECT_EQ(text(1, t), text(2, t));
  EXPECT_EQ(text(1, t), text(1, reversed));
}

std::string refusal(const fit_options& o) {
  try {
    fit(market({.customers = 10}, half), o);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

TEST(fit_covariates, wrong_words_are_refused_by_option_and_name) {
  EXPECT_EQ(refusal(with("nbd", "", "z")),
            "fit option 'life_covariates': 'z' has no place in nbd, which has no life covariates");
  EXPECT_EQ(refusal(with("bg_nbd", "z,z", "")),
            "fit option 'transaction_covariates': 'z,z' names 'z' twice");
  fit_options o = with("bg_nbd", "z", "");
  o.equal_covariates = "z";
  EXPECT_EQ(refusal(o),
            "fit option 'equal_covariates': 'z' must be in transaction_covariates and "
            "life_covariates");
  EXPECT_EQ(refusal(with("gamma_gamma", "z", "")),
            "covariates need a purchase model; a spend model has none");
  o = with("bg_nbd", "z", "");
  o.l2_life = -1;
  EXPECT_EQ(refusal(o), "fit option 'l2_life' must be a number of at least 0");
}

// The log-likelihood of the summary's rows one by one, covariates Gender and Channel in both
// processes.
double by_rows(const table& t, const model& m, values parameters, values coefficients) {
  double sum = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    const double g = t.numbers("Gender")[i], c = t.numbers("Channel")[i];
    std::vector<double> p(parameters.begin(), parameters.end());
    apply_links(
        m, coefficients[0] * g + coefficients[1] * c, coefficients[2] * g + coefficients[3] * c, p);
    sum += m.log_likelihood(
        p, {.x = t.numbers("x")[i], .t_x = t.numbers("t_x")[i], .T = t.numbers("T")[i]});
  }
  return sum;
}

// Gender and Channel of the simulated apparel retailer, 104 weeks: no number may be better aside.
TEST(fit_covariates, apparel_has_an_interior_maximum_with_gender_and_channel) {
  CLV_REQUIRE_SHARED_DATA(log, "apparel_transactions.csv");
  CLV_REQUIRE_SHARED_DATA(about, "apparel_static_covariates.csv");
  const auto t = test::apparel(log, about, "2006-12-31");
  for (const char* name : {"pareto_nbd", "bg_nbd", "mbg_nbd"}) {
    const model& m = find_model(name);
    const estimates e = fitted(t, with(name, "Gender,Channel", "Gender,Channel"));
    ASSERT_EQ(e.status, fit_status::converged) << name << ": " << e.reason;
    std::vector<double> c;
    for (const coefficient& each : e.coefficients) c.push_back(each.value);
    EXPECT_NEAR(by_rows(*t, m, e.parameters, c), e.log_likelihood, 1e-7) << name;
    for (std::size_t i = 0; i < 8; ++i) {
      for (const double step : {-0.05, 0.05}) {
        std::vector<double> p = e.parameters, moved = c;
        (i < 4 ? p[i] : moved[i - 4]) += step * std::sqrt(e.covariance[i * 8 + i]);
        EXPECT_LT(by_rows(*t, m, p, moved), e.log_likelihood) << name << " " << i;
      }
    }
    fit_options plain;
    plain.model = name;
    EXPECT_GT(e.log_likelihood, fitted(t, plain).log_likelihood + 1);
  }
}

}  // namespace
}  // namespace clv
