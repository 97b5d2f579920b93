#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "clv/fit.hpp"

namespace clv {
namespace {

fitted_model sample() {
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
  const fitted_model m = sample();
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
            "model file: $.unit is \"month\", expected \"day\" or \"week\"");
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
  const table t = model_table(sample());
  EXPECT_EQ(t.rows(), 7U);
  EXPECT_EQ(t.find("parameter")->text(1), "alpha");
  EXPECT_EQ(t.find("status")->text(1), "at_boundary");
  EXPECT_TRUE(t.find("standard_error")->present(0));
  EXPECT_FALSE(t.find("standard_error")->present(4));
  EXPECT_FALSE(t.find("log_likelihood")->present(4));  // given, not fitted
}

}  // namespace
}  // namespace clv
