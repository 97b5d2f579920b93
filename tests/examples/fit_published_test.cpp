// clv fit against the published maxima, for every model of the table.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "support/shared_data.hpp"

namespace clv::test {
namespace {

using named_values = std::vector<std::pair<std::string, double>>;

outcome fit(const std::string& model,
            const std::string& summary,
            const std::vector<std::string>& more = {}) {
  std::vector<std::string> call{"fit", "--model", model, "--summary", summary, "--json"};
  call.insert(call.end(), more.begin(), more.end());
  return run_clv(call);
}

// Published estimates have six decimals at most and stand on a flat top: relative 1e-3, and 2e-3
// where the likelihood hardly bends (models.md 2.10).
void expect_estimates(const outcome& o, const named_values& published, double log_likelihood) {
  ASSERT_EQ(o.status, 0) << o.err;
  for (const auto& [name, value] : published) {
    const double loose = name == "b" || name == "beta" ? 2e-3 : 1e-3;
    EXPECT_NEAR(json_number(o.out, name), value, loose * value) << name;
  }
  EXPECT_NEAR(json_number(o.out, "log_likelihood"), log_likelihood, 1e-3);
  EXPECT_NE(o.out.find("\"status\": \"converged\""), std::string::npos) << o.out;
}

TEST(fit, reaches_the_published_maxima_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  expect_estimates(fit("nbd", summary), {{"r", .384766}, {"alpha", 12.072023}}, -9763.65761);
  expect_estimates(fit("mbg_nbd", summary),
                   {{"r", .524843}, {"alpha", 6.183085}, {"a", .891359}, {"b", 1.614002}},
                   -9582.13572);
  expect_estimates(fit("pareto_nbd", summary),
                   {{"r", .553277}, {"alpha", 10.577683}, {"s", .606240}, {"beta", 11.668734}},
                   -9594.97618);
}

// b and beta only have a ratio there: the likelihood is promised, the parameters are not.
TEST(fit, of_gg_nbd_is_as_good_as_the_published_one) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome o = fit("gg_nbd", summary);
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_GE(json_number(o.out, "log_likelihood"), -9594.977);
  EXPECT_EQ(o.out.find("\"status\": \"converged\""), std::string::npos);
  EXPECT_EQ(o.out.find("\"reason\": \"\""), std::string::npos);
}

// The intervals between purchases come from the log, so this one goes through a store.
TEST(fit, reaches_the_published_maxima_of_regular_buyers_on_the_cdnow_log) {
  CLV_REQUIRE_SHARED_DATA(log, "cdnow_sample_elog.csv");
  const scratch folder;
  const std::string store = folder.path("cdnow.clv");
  ASSERT_EQ(run_clv({"import",
                     "--store",
                     store,
                     "--map",
                     "customer=sample_id,time=date,amount=sales",
                     "--currency",
                     "USD",
                     log})
                .status,
            0);
  const auto fit_log = [&](const char* model, const char* fixed) {
    std::vector<std::string> call{
        "fit", "--store", store, "--model", model, "--as-of", "1997-09-30", "--json"};
    if (*fixed != '\0') call.insert(call.end(), {"--fix", fixed});
    return run_clv(call);
  };
  expect_estimates(fit_log("bg_cnbd_k", "k=2"),
                   {{"r", .22692}, {"alpha", 1.46292}, {"a", .94400}, {"b", 2.07433}, {"k", 2}},
                   -9855.3270);
  expect_estimates(fit_log("mbg_cnbd_k", "k=2"),
                   {{"r", .57990}, {"alpha", 2.28815}, {"a", 1.13445}, {"b", 1.58497}, {"k", 2}},
                   -9853.2531);
  const outcome chosen = fit_log("bg_cnbd_k", "");
  expect_estimates(chosen, {{"k", 1}}, -9582.42921);  // customers of CDNOW are not regular
}

TEST(fit, reaches_the_published_maximum_on_the_donations) {
  CLV_REQUIRE_SHARED_DATA(summary, "donations_rf.csv");
  const outcome o = fit("bg_bb", summary);
  expect_estimates(
      o,
      {{"alpha", 1.203522}, {"beta", .749716}, {"gamma", .656718}, {"delta", 2.783442}},
      -33225.58127);
  EXPECT_EQ(json_number(o.out, "customers"), 11104);
  EXPECT_EQ(json_number(o.out, "tuples"), 22);
  EXPECT_NE(o.out.find("\"unit\": \"period\""), std::string::npos);
  const std::size_t errors = o.out.find("standard_errors");
  EXPECT_NEAR(json_number(o.out.substr(errors), "alpha"), .0694, .0694e-2);
  EXPECT_NEAR(json_number(o.out.substr(errors), "delta"), .3208, .3208e-2);
}

// The cohort of the paper as contracts: of 1,000, those lost at each renewal and those left.
std::string contracts(const std::string& retention, std::size_t column) {
  const auto rows = csv_cells(read_all(retention));
  const auto alive = [&](std::size_t year) {
    return std::llround(10 * to_double(rows[year + 1][column]));
  };
  std::string summary = "x,n,weight\n";
  for (std::size_t year = 1; year <= 7; ++year) {
    const std::string made = std::to_string(year - 1), faced = std::to_string(year);
    summary += made + "," + faced + "," + std::to_string(alive(year - 1) - alive(year)) + "\n";
  }
  return summary + "7,7," + std::to_string(alive(7)) + "\n";
}

TEST(fit, reaches_the_published_maxima_of_contracts) {
  CLV_REQUIRE_SHARED_DATA(retention, "sbg_retention.csv");
  const scratch folder;
  const std::string regular = folder.file("regular.csv", contracts(retention, 1));
  const std::string high_end = folder.file("high_end.csv", contracts(retention, 2));
  expect_estimates(fit("sbg", regular), {{"alpha", .704077}, {"beta", 1.182043}}, -1680.26519);
  expect_estimates(fit("sbg", high_end), {{"alpha", .668088}, {"beta", 3.806095}}, -1611.15815);
  for (const auto& [file, of_sbg] : {std::pair{regular, -1680.26519}, {high_end, -1611.15815}}) {
    const outcome held = fit("bdw", file, {"--fix", "c=1"});
    ASSERT_EQ(held.status, 0) << held.err;
    EXPECT_NEAR(json_number(held.out, "log_likelihood"), of_sbg, 1e-4);  // c = 1 is sBG
    const outcome free = fit("bdw", file);
    ASSERT_EQ(free.status, 0) << free.err;
    EXPECT_GE(json_number(free.out, "log_likelihood"), of_sbg - 1e-6);
  }
}

TEST(fit, of_two_models_has_a_part_each) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome o = fit("pareto_nbd+gamma_gamma", summary);
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.out.find("{\"model\": \"pareto_nbd+gamma_gamma\", \"parts\": ["), 0U);
  EXPECT_NEAR(json_number(o.out, "s"), .606240, .606240e-3);
  EXPECT_NEAR(json_number(o.out, "q"), 3.744225, 3.744225e-3);
}

TEST(fit, says_limits_and_information_criteria) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome o = fit("bg_nbd", summary);
  const double likelihood = json_number(o.out, "log_likelihood");
  EXPECT_NEAR(json_number(o.out, "aic"), 2 * 4 - 2 * likelihood, 1e-9);
  EXPECT_NEAR(json_number(o.out, "bic"), 4 * std::log(2357) - 2 * likelihood, 1e-9);
  const double r = json_number(o.out, "r");
  const double error = json_number(o.out.substr(o.out.find("standard_errors")), "r");
  const double z = 1.959963984540054 * error / r;
  EXPECT_NEAR(json_number(o.out.substr(o.out.find("\"lower\"")), "r"), r * std::exp(-z), 1e-6);
  EXPECT_NEAR(json_number(o.out.substr(o.out.find("\"upper\"")), "r"), r * std::exp(z), 1e-6);
}

// The saved model is what predict takes instead of parameters.
TEST(fit, saves_a_model_that_predict_takes) {
  CLV_REQUIRE_SHARED_DATA(summary, "donations_rf.csv");
  const scratch folder;
  const std::string file = folder.path("bg_bb.json");
  ASSERT_EQ(fit("bg_bb", summary, {"--save-model", file}).status, 0);
  const outcome o = run_clv({"predict",
                             "--model-file",
                             file,
                             "--summary",
                             summary,
                             "--horizon",
                             "5",
                             "--quantities",
                             "x,expected_purchases"});
  ASSERT_EQ(o.status, 0) << o.err;
  const auto rows = csv_cells(o.out);
  const auto cells = csv_cells(read_all(summary));
  ASSERT_EQ(rows.size(), 23U);
  double total = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    total += to_double(cells[i][3]) * to_double(rows[i][1]);
  }
  EXPECT_NEAR(total, 12884.2, .5);  // models.md 5.3; printed with one decimal at the same maximum
}

}  // namespace
}  // namespace clv::test
