#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "clv/fit.hpp"

namespace clv {
namespace {

fitted_model model_file_sample() {
  fitted_model m;
  m.purchase = {.which = &find_model("bg_nbd"),
                .parameters = {0.1 + 0.2, 4.413602000000001, 1e-5, 1.0 / 3.0},
                .standard_errors = {0.0125, std::nextafter(0.37, 1.0), 5e-324, 1.7e308},
                .covariance = {1, -0.1, 0.2, 0, -0.1, 2, 0, 0, 0.2, 0, 3, 0.7, 0, 0, 0.7, 4e-17},
                .log_likelihood = -9582.429210000001,
                .gradient_norm = 1.25e-9,
                .condition = 1e18,
                .iterations = 12,
                .status = fit_status::at_boundary,
                .reason = "a \"quoted\" reason, \xC3\xBC",
                .customers = 2357,
                .tuples = 1016};
  m.spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6.25, 3.74, 15.44}};
  m.unit = "day";
  m.time_zone = "Europe/Vienna";
  m.currency = "USD";
  m.as_of_us = 875'664'000'123'456;
  m.spend_frequency_correlation = 0.11400000000000002;
  m.data_fingerprint = "00112233445566778899aabbccddeeff";
  return m;
}

TEST(model_file, brings_every_number_back_bit_for_bit) {
  const fitted_model m = model_file_sample();
  const fitted_model back = load_model(save_model(m));
  EXPECT_EQ(back.purchase.which, m.purchase.which);
  EXPECT_EQ(back.purchase.parameters, m.purchase.parameters);
  EXPECT_EQ(back.purchase.standard_errors, m.purchase.standard_errors);
  EXPECT_EQ(back.purchase.covariance, m.purchase.covariance);
  EXPECT_EQ(back.purchase.log_likelihood, m.purchase.log_likelihood);
  EXPECT_EQ(back.purchase.condition, m.purchase.condition);
  EXPECT_EQ(back.purchase.iterations, 12);
  EXPECT_EQ(back.purchase.status, fit_status::at_boundary);
  EXPECT_EQ(back.purchase.reason, m.purchase.reason);
  EXPECT_EQ(back.purchase.customers, 2357);
  EXPECT_EQ(back.purchase.tuples, 1016);
  EXPECT_EQ(back.spend->parameters, m.spend->parameters);
  EXPECT_EQ(back.spend->status, fit_status::given);
  EXPECT_EQ(back.unit, "day");
  EXPECT_EQ(back.time_zone, "Europe/Vienna");
  EXPECT_EQ(back.currency, "USD");
  EXPECT_EQ(back.as_of_us, m.as_of_us);
  EXPECT_EQ(back.spend_frequency_correlation, m.spend_frequency_correlation);
  EXPECT_EQ(back.data_fingerprint, m.data_fingerprint);
  EXPECT_EQ(save_model(back), save_model(m));
}

fitted_model with_covariates() {
  fitted_model m;
  m.purchase = {.which = &find_model("bg_bb"),
                .parameters = {1.2, 0.75, 0.66, 2.78},
                .standard_errors = {0.07, 0.03, 0.05, 0},
                .coefficients = {{.covariate = "Gender", .value = 0.1 + 0.2, .standard_error = 0.1},
                                 {.covariate = "Gender", .life = true, .value = -1.5}},
                .covariance = std::vector<double>(36, 1.0 / 3.0),
                .log_likelihood = -33225.6,
                .free_parameters = 5,
                .status = fit_status::converged,
                .customers = 11104,
                .tuples = 44};
  m.spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6.25, 3.74, 15.44}};
  m.unit = "period";
  m.periods_per_year = 1.0 / 3.0;
  m.spend_frequency_p_value = 0.01 / 3.0;
  return m;
}

TEST(model_file, carries_coefficients_periods_and_counts_bit_for_bit) {
  const fitted_model m = with_covariates();
  const fitted_model back = load_model(save_model(m));
  ASSERT_EQ(back.purchase.coefficients.size(), 2U);
  EXPECT_EQ(back.purchase.coefficients[0].covariate, "Gender");
  EXPECT_FALSE(back.purchase.coefficients[0].life);
  EXPECT_EQ(back.purchase.coefficients[0].value, 0.1 + 0.2);
  EXPECT_EQ(back.purchase.coefficients[0].standard_error, 0.1);
  EXPECT_TRUE(back.purchase.coefficients[1].life);
  EXPECT_EQ(back.purchase.covariance, m.purchase.covariance);
  EXPECT_EQ(back.purchase.standard_errors, m.purchase.standard_errors);  // a held one is 0
  EXPECT_EQ(back.purchase.free_parameters, 5);
  EXPECT_EQ(back.unit, "period");
  EXPECT_EQ(back.periods_per_year, m.periods_per_year);
  EXPECT_EQ(back.spend_frequency_p_value, m.spend_frequency_p_value);
  EXPECT_EQ(save_model(back), save_model(m));
}

// As libclv 0.1.0 wrote it: no coefficients, no counts, no p-value.
TEST(model_file, old_files_load) {
  const fitted_model m = load_model(
      R"({"format":"clv.model/1","unit":"week","time_zone":"UTC","currency":"USD",
          "data_fingerprint":"00112233445566778899aabbccddeeff",
          "purchase":{"model":"bg_nbd","parameters":{"r":0.2426,"alpha":4.4136,"a":0.7929,"b":2.4259},
            "standard_errors":{"r":0.0126,"alpha":0.378,"a":0.186,"b":0.705},
            "covariance":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],
            "status":"converged","log_likelihood":-9582.43,"gradient_norm":1e-9,"condition":171,
            "iterations":12,"customers":2357,"tuples":1016},
          "spend":{"model":"gamma_gamma","parameters":{"p":6.25,"q":3.74,"gamma":15.44}},
          "spend_frequency_correlation":0.114})");
  EXPECT_EQ(m.purchase.free_parameters, 0);  // not known
  EXPECT_TRUE(m.purchase.coefficients.empty());
  EXPECT_EQ(m.spend_frequency_p_value, 1);
  const table t = model_table(m);
  EXPECT_TRUE(t.find("lower")->present(0));
  EXPECT_FALSE(t.find("aic")->present(0));
}

TEST(model_file, takes_given_parameters_without_a_fit) {
  const fitted_model m = load_model(
      R"({"format":"clv.model/1","unit":"week","purchase":{"model":"bg_nbd",
          "parameters":{"r":0.25,"alpha":4,"a":0.8,"b":2.5}}})");
  EXPECT_EQ(m.name(), "bg_nbd");
  EXPECT_EQ(m.purchase.status, fit_status::given);
  EXPECT_EQ(m.purchase.parameters, (std::vector<double>{0.25, 4, 0.8, 2.5}));
}

std::string complaint(const std::string& json) {
  try {
    load_model(json);
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

// The text with `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = R"({"format":"clv.model/1","purchase":{"model":"bg_nbd","parameters":)"
                     R"({"r":0.25,"alpha":4,"a":0.8,"b":2.5}}})";
  return text.replace(text.find(from), from.size(), to);
}

TEST(model_file, names_the_path_and_the_value_it_refuses) {
  EXPECT_EQ(complaint(changed("\"alpha\":4", "\"alpha\":-4")),
            "model file: $.purchase.parameters.alpha is -4, expected a finite number above zero");
  EXPECT_EQ(complaint(changed("\"alpha\":4", "\"beta\":4")),
            "model file: $.purchase.parameters.beta is not a member this version knows");
  EXPECT_EQ(complaint(changed("\"alpha\":4,", "")),
            "model file: $.purchase.parameters.alpha is missing");
  EXPECT_EQ(complaint(changed("clv.model/1", "clv.model/2")),
            "model file: $.format is \"clv.model/2\", expected \"clv.model/1\"");
  EXPECT_EQ(complaint(changed("\"bg_nbd\"", "\"gamma_gamma\"")),
            "model file: $.purchase.model is \"gamma_gamma\", expected a model of purchases");
  EXPECT_EQ(complaint(changed("\"purchase\"", "\"colour\"")),
            "model file: $.colour is not a member this version knows");
  EXPECT_EQ(complaint(changed("\"format\"", "\"unit\":\"month\",\"format\"")),
            "model file: $.unit is \"month\", expected \"day\", \"week\" or \"period\"");
}

std::string coefficient_complaint(const std::string& one) {
  return complaint(changed("}}}", "},\"coefficients\":[" + one + "]}}"));
}

TEST(model_file, names_what_is_wrong_with_a_coefficient_or_a_unit) {
  EXPECT_EQ(coefficient_complaint(R"({"process":"life","covariate":"Gender","value":1})"),
            "nothing");
  EXPECT_EQ(
      coefficient_complaint(R"({"process":"death","covariate":"Gender","value":1})"),
      "model file: $.purchase.coefficients[0].process is \"death\", expected \"transaction\" or "
      "\"life\"");
  EXPECT_EQ(
      coefficient_complaint(R"({"process":"life","covariate":"","value":1})"),
      "model file: $.purchase.coefficients[0].covariate is \"\", expected the name of a column");
  EXPECT_EQ(complaint(R"({"format":"clv.model/1","purchase":{"model":"nbd",
                "parameters":{"r":1,"alpha":2},
                "coefficients":[{"process":"life","covariate":"z","value":1}]}})"),
            "model file: $.purchase.coefficients[0].process is \"life\", expected a process of nbd "
            "that takes covariates");
  EXPECT_EQ(complaint(R"({"format":"clv.model/1","purchase":{"model":"bg_cnbd_k",
                "parameters":{"r":1,"alpha":2,"a":1,"b":2,"k":2.5}}})"),
            "model file: $.purchase.parameters.k is 2.5, expected a whole number from 1 to 12");
  EXPECT_EQ(complaint(R"({"format":"clv.model/1","unit":"week","purchase":{"model":"sbg",
                "parameters":{"alpha":1,"beta":2}}})"),
            "model file: $.unit is \"week\", expected \"period\", which sbg counts");
  EXPECT_EQ(load_model(R"({"format":"clv.model/1","purchase":{"model":"sbg",
                "parameters":{"alpha":1,"beta":2}}})")
                .unit,
            "period");
}

TEST(model_file, refuses_parameters_beyond_what_arithmetic_bears) {
  for (const char* value : {"1e-101", "1e101", "1e-308"}) {
    const std::string text = complaint(changed("\"alpha\":4", "\"alpha\":" + std::string(value)));
    EXPECT_NE(text.find("$.purchase.parameters.alpha is 1"), std::string::npos) << text;
    EXPECT_NE(text.find("expected a number from 1e-100 to 1e100"), std::string::npos) << text;
  }
  EXPECT_EQ(complaint(changed("\"alpha\":4", "\"alpha\":1e-100")), "nothing");
  EXPECT_EQ(complaint(changed("\"alpha\":4", "\"alpha\":1e100")), "nothing");
}

TEST(model_file, refuses_text_that_is_not_a_model) {
  EXPECT_NE(complaint("").find("not JSON at line 1"), std::string::npos);
  EXPECT_NE(complaint("{\n  \"format\": ]").find("not JSON at line 2, column 13"),
            std::string::npos)
      << complaint("{\n  \"format\": ]");
  EXPECT_NE(complaint("{} x").find("more text after the value"), std::string::npos);
  EXPECT_EQ(complaint("[]"), "model file: $ is [], expected an object");
  EXPECT_EQ(complaint("{}"), "model file: $.format is missing");
  EXPECT_EQ(complaint(R"({"format":"clv.model/1"})"),
            "model file: $ has neither purchase nor spend");
  EXPECT_NE(complaint(std::string(100, '[')).find("not JSON"), std::string::npos);
  EXPECT_NE(complaint(changed("\"r\":0.25", "\"r\":1e999")).find("not JSON"), std::string::npos);
}

TEST(model_table, has_one_row_per_parameter) {
  const table t = model_table(model_file_sample());
  EXPECT_EQ(t.rows(), 7U);
  EXPECT_EQ(t.find("parameter")->text(1), "alpha");
  EXPECT_EQ(t.find("status")->text(1), "at_boundary");
  EXPECT_TRUE(t.find("standard_error")->present(0));
  EXPECT_FALSE(t.find("standard_error")->present(4));
  EXPECT_FALSE(t.find("log_likelihood")->present(4));  // given, not fitted
}

TEST(model_table, has_a_row_for_each_coefficient_with_its_process) {
  const table t = model_table(with_covariates());
  EXPECT_EQ(t.rows(), 9U);
  EXPECT_EQ(t.find("parameter")->text(4), "transaction.Gender");
  EXPECT_EQ(t.find("parameter")->text(5), "life.Gender");
  EXPECT_NEAR(t.numbers("lower")[4], 0.3 - 1.959963984540054 * 0.1, 1e-12);
  EXPECT_FALSE(t.find("standard_error")->present(3));  // held
  EXPECT_FALSE(t.find("upper")->present(5));
  EXPECT_DOUBLE_EQ(t.numbers("aic")[0], 2 * 5 + 2 * 33225.6);
}

}  // namespace
}  // namespace clv
