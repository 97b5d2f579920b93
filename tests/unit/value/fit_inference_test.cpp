// What a fit says beside the estimates: uncertainty, held and believed values, counts.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "cohort.hpp"

namespace clv {
namespace {

using test::customer;

std::vector<customer> market(std::size_t n) {
  const std::array p{0.25, 4.5, 0.8, 2.4};
  std::vector<customer> rows;
  std::vector<double> ages;
  for (std::size_t i = 0; i < n; ++i) {
    random_source random(9, i);
    const double T = 27.0 + static_cast<double>(i % 13);
    find_model("bg_nbd").simulate_purchases(p, T, random, ages);
    rows.push_back(
        {.x = static_cast<double>(ages.size()), .t_x = ages.empty() ? 0.0 : ages.back(), .T = T});
  }
  return rows;
}

outcome run(const std::vector<customer>& rows, fit_options o) {
  job j = fit(test::summary_of(rows), std::move(o));
  j.run();
  return j.result();
}

estimates fit_inference_fitted(const std::vector<customer>& rows,
                               const char* fixed = "",
                               const char* priors = "") {
  fit_options o;
  o.model = "bg_nbd";
  o.fixed = fixed;
  o.priors = priors;
  return run(rows, o).model->purchase;
}

TEST(fit_inference, the_table_has_limits_and_criteria) {
  fit_options o;
  o.model = "bg_nbd";
  const outcome done = run(market(2000), o);
  const estimates& e = done.model->purchase;
  const table& t = *done.tables.at("");
  ASSERT_EQ(t.rows(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    // 95 % in the logarithm, where the estimate is closer to normal.
    const double factor = std::exp(1.959963984540054 * e.standard_errors[i] / e.parameters[i]);
    EXPECT_NEAR(t.numbers("lower")[i], e.parameters[i] / factor, 1e-12 * e.parameters[i]);
    EXPECT_NEAR(t.numbers("upper")[i], e.parameters[i] * factor, 1e-12 * e.parameters[i] * factor);
    EXPECT_DOUBLE_EQ(t.numbers("aic")[i], 8 - 2 * e.log_likelihood);
    EXPECT_DOUBLE_EQ(t.numbers("bic")[i], 4 * std::log(2000) - 2 * e.log_likelihood);
  }
}

// The covariance of one customer's worth of data is what a second difference of the likelihood
// says.
TEST(fit_inference, the_covariance_is_the_inverse_of_the_curvature) {
  const auto rows = market(2000);
  const estimates e = fit_inference_fitted(rows);
  const tuples t = distinct(*test::summary_of(rows), tuple_key::purchases);
  const auto gradient = [&](std::size_t of, double by) {
    std::vector<double> p = e.parameters;
    p[of] += by;
    likelihood_sum sum{.value = 0, .gradient = std::vector<double>(4)};
    e.which->accumulate(p, t, 0, t.size(), sum);
    return sum.gradient;
  };
  for (std::size_t i = 0; i < 4; ++i) {  // row i of -H times the covariance is the unit vector
    const double h = 1e-5 * e.parameters[i];
    const auto above = gradient(i, h), below = gradient(i, -h);
    for (std::size_t k = 0; k < 4; ++k) {
      double product = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        product -= (above[j] - below[j]) / (2 * h) * e.covariance[j * 4 + k];
      }
      EXPECT_NEAR(product, i == k ? 1 : 0, 2e-3 * e.standard_errors[k] / e.standard_errors[i]);
    }
  }
}

TEST(fit_inference, a_held_parameter_keeps_its_bits_and_has_no_uncertainty) {
  const auto rows = market(2000);
  const estimates e = fit_inference_fitted(rows, "a=0.7,bg_nbd.alpha=4.400000000000001");
  EXPECT_EQ(e.status, fit_status::converged) << e.reason;
  EXPECT_EQ(e.parameters[2], 0.7);
  EXPECT_EQ(e.parameters[1], 4.400000000000001);
  EXPECT_EQ(e.standard_errors[2], 0);
  EXPECT_GT(e.standard_errors[0], 0);
  EXPECT_EQ(e.free_parameters, 2);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(e.covariance[4 * 2 + i], 0);
  EXPECT_LT(e.log_likelihood, fit_inference_fitted(rows).log_likelihood);
  fitted_model m;
  m.purchase = e;
  EXPECT_EQ(save_model(load_model(save_model(m))), save_model(m));
  EXPECT_FALSE(model_table(m).find("standard_error")->present(2));
}

// A prior that knows nothing changes nothing, one that knows all decides; in between lies between.
TEST(fit_inference, priors_pull_as_much_as_they_know) {
  const auto rows = market(400);
  const double free = fit_inference_fitted(rows).parameters[2];
  const double wide = fit_inference_fitted(rows, "", "a=lognormal:0:1000").parameters[2];
  const double narrow =
      fit_inference_fitted(rows, "", "a=lognormal:0.6931471805599453:0.001").parameters[2];
  const double between =
      fit_inference_fitted(rows, "", "a=lognormal:0.6931471805599453:0.3").parameters[2];
  EXPECT_NEAR(wide, free, 1e-5 * free);
  EXPECT_NEAR(narrow, 2, 1e-4);
  EXPECT_GT(std::abs(between - free), 0.01 * free);
  EXPECT_LT(std::abs(between - 2), std::abs(free - 2));
  const estimates with = fit_inference_fitted(rows, "", "a=gamma:4:10");  // mode .4, sd .5 of ln a
  const estimates without = fit_inference_fitted(rows);
  EXPECT_LT(with.standard_errors[2] / with.parameters[2],
            without.standard_errors[2] / without.parameters[2]);
}

// The mode of likelihood times the density of the logarithm: its gradient is 0 there.
TEST(fit_inference, ends_at_the_mode_of_the_posterior_density) {
  const auto rows = market(400);
  const estimates e = fit_inference_fitted(rows, "", "r=gamma:3:8,a=lognormal:-0.5:0.4");
  EXPECT_EQ(e.status, fit_status::converged) << e.reason;
  const tuples t = distinct(*test::summary_of(rows), tuple_key::purchases);
  likelihood_sum sum{.value = 0, .gradient = std::vector<double>(4)};
  e.which->accumulate(e.parameters, t, 0, t.size(), sum);
  const double r = e.parameters[0], a = e.parameters[2];
  EXPECT_NEAR(r * sum.gradient[0] + 3 - 8 * r, 0, 1e-5);
  EXPECT_NEAR(a * sum.gradient[2] - (std::log(a) + 0.5) / 0.16, 0, 1e-5);
  EXPECT_NEAR(e.log_likelihood, sum.value, 1e-8 * std::abs(sum.value));  // without the prior
}

// Priors make even one customer's parameters known, as far as the priors know them.
TEST(fit_inference, priors_identify_what_data_cannot) {
  const std::vector<customer> rows(3, {.x = 2, .t_x = 5, .T = 9});
  const estimates e = fit_inference_fitted(rows,
                                           "",
                                           "r=lognormal:0:0.5,alpha=lognormal:1:0.5,"
                                           "a=lognormal:0:0.5,b=lognormal:1:0.5");
  for (const double p : e.parameters) EXPECT_TRUE(std::isfinite(p));
  EXPECT_LT(e.condition, 100);
}

TEST(fit_inference, the_unit_of_time_does_not_move_a_prior_in_that_unit) {
  const auto rows = market(400);
  auto days = rows;
  for (customer& c : days) {
    c.t_x *= 7;
    c.T *= 7;
  }
  fit_options o;
  o.model = "bg_nbd";
  o.priors = "alpha=lognormal:1.5:0.2";
  const double weeks = run(rows, o).model->purchase.parameters[1];
  o.unit = "day";
  o.priors = "alpha=lognormal:3.445910149055313:0.2";  // + ln 7
  EXPECT_NEAR(run(days, o).model->purchase.parameters[1], 7 * weeks, 1e-5 * weeks);
}

std::string refusal(const char* model, const char* fixed, const char* priors) {
  fit_options o;
  o.model = model;
  o.fixed = fixed;
  o.priors = priors;
  try {
    fit(test::summary_of({{.x = 1, .t_x = 1, .T = 2, .mean_spend = 3}}), o);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

TEST(fit_inference, wrong_settings_are_refused_by_option_and_word) {
  EXPECT_EQ(
      refusal("bg_nbd", "c=1", ""),
      "fit option 'fixed': 'c' is no parameter or coefficient of this fit; known: r, alpha, a, b");
  EXPECT_EQ(refusal("bg_nbd", "a", ""), "fit option 'fixed': 'a' is not of the form name=value");
  EXPECT_EQ(refusal("bg_nbd", "a=-1", ""),
            "fit option 'fixed': 'a=-1' is not from 1e-100 to 1e100");
  EXPECT_EQ(refusal("bg_nbd", "a=one", ""), "fit option 'fixed': 'a=one' is not a finite number");
  EXPECT_EQ(refusal("bg_cnbd_k", "k=2.5", ""),
            "fit option 'fixed': 'k=2.5' is not a whole number from 1 to 12");
  EXPECT_EQ(refusal("bg_nbd", "r=1,alpha=1,a=1,b=1", ""),
            "fit option 'fixed' leaves nothing of bg_nbd to estimate");
  EXPECT_EQ(refusal("bg_nbd", "", "a=normal:0:1"),
            "fit option 'priors': 'a=normal:0:1' is a parameter: lognormal:mu:sigma or "
            "gamma:shape:rate");
  EXPECT_EQ(refusal("bg_nbd", "", "a=lognormal:0"),
            "fit option 'priors': 'a=lognormal:0' must be lognormal:mu:sigma, gamma:shape:rate or "
            "normal:mean:sd");
  EXPECT_EQ(refusal("bg_nbd", "", "a=lognormal:0:0"),
            "fit option 'priors': 'a=lognormal:0:0' needs its sigma, sd, shape and rate above 0");
  EXPECT_EQ(refusal("bg_cnbd_k", "", "k=gamma:1:1"),
            "fit option 'priors': 'k=gamma:1:1' is a whole number and takes no prior; hold it with "
            "fixed");
}

// Two models that share a letter: the bare one is the purchase model's.
TEST(fit_inference, a_name_with_its_model_reaches_the_spend_model) {
  EXPECT_EQ(refusal("bg_nbd+gamma_gamma", "gamma_gamma.q=3,r=0.3", "p=gamma:2:1"), "nothing");
}

// Without litt a k above 1 cannot be compared, and the fit says so.
TEST(fit_inference, k_stays_1_without_the_intervals) {
  fit_options o;
  o.model = "bg_cnbd_k";
  const outcome done = run(market(500), o);
  EXPECT_EQ(done.model->purchase.parameters.back(), 1);
  ASSERT_FALSE(done.notes.empty());
  EXPECT_EQ(done.notes[0].message, "bg_cnbd_k: k is 1, because the summary has no column 'litt'");
}

// Regular buyers: intervals Erlang-3.
TEST(fit_inference, k_is_found_where_purchases_are_regular) {
  const model& m = find_model("mbg_cnbd_k");
  const std::vector<double> truth{0.9, 1.5, 0.8, 3.0, 3};
  auto t = test::summary_of({});
  t->add("litt", type::f64);
  std::vector<double> ages;
  for (std::size_t i = 0; i < 1500; ++i) {
    random_source random(21, i);
    const double T = 30.0 + static_cast<double>(i % 10);
    m.simulate_purchases(truth, T, random, ages);
    double litt = 0, before = 0;
    for (const double age : ages) {
      litt += std::log(age - before);
      before = age;
    }
    const double values[] = {static_cast<double>(ages.size()), before, T, 0, 1, litt};
    std::size_t at = 0;
    for (column& c : t->columns()) c.push(values[at++]);
  }
  fit_options o;
  o.model = "mbg_cnbd_k";
  job j = fit(t, o);
  j.run();
  const estimates& e = j.result().model->purchase;
  EXPECT_EQ(e.status, fit_status::converged) << e.reason;
  EXPECT_EQ(e.parameters[4], 3);
  EXPECT_EQ(e.free_parameters, 5);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_LT(std::abs(std::log(e.parameters[i] / truth[i])),
              3 * e.standard_errors[i] / e.parameters[i])
        << i;
  }
}

}  // namespace
}  // namespace clv
