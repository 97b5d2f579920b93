// The published and recomputed maxima of the purchase models on real logs. CDNOW is data A, exact
// days / 7 (reference: the papers named in sdk/MODELS.md; estimates recomputed to a gradient of
// 2e-6), except where a test says B, which has the ages rounded to two decimals.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "clv/fit.hpp"
#include "cohort.hpp"
#include "real_data.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

struct published {
  const char* model;
  std::vector<double> parameters;
  double log_likelihood;
  std::vector<double> errors = {};
};

estimates fitted(std::shared_ptr<const table> summary, const char* model, std::string fixed = {}) {
  fit_options o;
  o.model = model;
  o.fixed = std::move(fixed);
  return test::fit_of(std::move(summary), o).model->purchase;
}

// Estimates are printed to six digits; the flattest of them (BG b, Pareto beta) move by 1e-4 of
// themselves while the likelihood moves by 1e-7.
void expect_maximum(const estimates& e, const published& p) {
  EXPECT_EQ(e.status, fit_status::converged) << p.model << ": " << e.reason;
  EXPECT_NEAR(e.log_likelihood, p.log_likelihood, 1e-4) << p.model;
  ASSERT_GE(e.parameters.size(), p.parameters.size());
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    EXPECT_NEAR(e.parameters[i], p.parameters[i], 2e-4 * p.parameters[i])
        << p.model << " " << e.which->parameters[i].name;
  }
  for (std::size_t i = 0; i < p.errors.size(); ++i) {
    EXPECT_NEAR(e.standard_errors.at(i), p.errors[i], 2e-3 * p.errors[i])
        << p.model << " " << e.which->parameters[i].name;
  }
}

std::vector<published> cdnow_39_weeks() {
  return {{"nbd", {.384766, 12.072023}, -9763.65761},
          {"bg_nbd",
           {.242595, 4.413602, .792922, 2.425907},
           -9582.42921,
           {.01256, .37822, .18573, .70541}},
          {"mbg_nbd",
           {.524843, 6.183085, .891359, 1.614002},
           -9582.13572,
           {.08327, .69562, .15479, .53749}},
          {"pareto_nbd",
           {.553277, 10.577683, .606240, 11.668734},
           -9594.97618,
           {.04763, .84272, .18729, 6.21143}}};
}

TEST(fit_published, cdnow_after_39_weeks) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto summary = test::summary_of(test::cdnow(path));
  for (const published& p : cdnow_39_weeks()) expect_maximum(fitted(summary, p.model), p);
}

TEST(fit_published, cdnow_after_78_weeks) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto summary = test::cdnow_log(path, "1998-06-30");
  expect_maximum(fitted(summary, "pareto_nbd"),
                 {"pareto_nbd", {.56300, 12.55917, .40811, 10.51455}, -17135.8359});
  expect_maximum(fitted(summary, "bg_nbd"),
                 {"bg_nbd", {.25356, 5.44726, .60737, 2.64723}, -17138.2340});
}

// Data B: the same customers with ages to two decimals, as spreadsheets and packages carry them.
TEST(fit_published, cdnow_with_ages_rounded_to_two_decimals) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  auto rows = test::cdnow(path);
  for (test::customer& c : rows) {
    c.t_x = std::round(c.t_x * 100) / 100;
    c.T = std::round(c.T * 100) / 100;
  }
  expect_maximum(fitted(test::summary_of(rows), "bg_nbd"),
                 {"bg_nbd", {.242593, 4.413532, .792886, 2.425753}, -9582.42556});
}

// On the ridge b -> 0 with beta/b fixed it is the Pareto/NBD, whose likelihood it must reach.
TEST(fit_published, gg_nbd_is_not_identified_on_cdnow_and_says_so) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const estimates e = fitted(test::summary_of(test::cdnow(path)), "gg_nbd");
  EXPECT_GE(e.log_likelihood, -9594.977);
  EXPECT_TRUE(e.status == fit_status::not_identified || e.status == fit_status::at_boundary)
      << name_of(e.status);
  EXPECT_FALSE(e.reason.empty());
  EXPECT_TRUE(e.standard_errors.empty());
}

TEST(fit_published, erlang_intervals_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto summary = test::cdnow_log(path, "1997-09-30");
  expect_maximum(fitted(summary, "bg_cnbd_k", "k=2"),
                 {"bg_cnbd_k", {.22692, 1.46292, .94400, 2.07433}, -9855.3270});
  expect_maximum(fitted(summary, "mbg_cnbd_k", "k=2"),
                 {"mbg_cnbd_k", {.57990, 2.28815, 1.13445, 1.58497}, -9853.2531});
}

// CDNOW's buyers are as irregular as chance: k = 1, which is the model without k.
TEST(fit_published, k_is_1_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto summary = test::cdnow_log(path, "1997-09-30");
  const estimates e = fitted(summary, "mbg_cnbd_k");
  expect_maximum(e, {"mbg_cnbd_k", {.524843, 6.183085, .891359, 1.614002, 1}, -9582.13572});
  EXPECT_EQ(e.parameters.back(), 1);
  EXPECT_EQ(e.standard_errors.back(), 0);
  EXPECT_EQ(e.free_parameters, 5);  // k was estimated, too
  EXPECT_EQ(fitted(summary, "bg_cnbd_k").parameters.back(), 1);
}

TEST(fit_published, apparel_without_covariates) {
  CLV_REQUIRE_SHARED_DATA(log, "apparel_transactions.csv");
  CLV_REQUIRE_SHARED_DATA(about, "apparel_static_covariates.csv");
  const auto two_years = test::apparel(log, about, "2006-12-31");
  const estimates e = fitted(two_years, "pareto_nbd");
  EXPECT_EQ(e.tuples, 358);
  expect_maximum(e, {"pareto_nbd", {1.44894, 48.63488, .56125, 46.88211}, -5848.0978});
  expect_maximum(fitted(two_years, "bg_nbd"),
                 {"bg_nbd", {.60731, 20.95675, 1.27556, 8.86095}, -5857.0197});
  expect_maximum(fitted(test::apparel(log, about, "2010-12-20"), "pareto_nbd"),
                 {"pareto_nbd", {1.37705, 47.30205, .67455, 62.82803}, -11926.5074});
}

}  // namespace
}  // namespace clv
