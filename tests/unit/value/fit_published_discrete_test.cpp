// The published maxima of the models that count opportunities or renewals.
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "real_data.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

estimates fit_published_discrete_fitted(std::shared_ptr<const table> summary,
                                        const char* model,
                                        std::string fixed = {}) {
  fit_options o;
  o.model = model;
  o.unit = "period";
  o.periods_per_year = 1;
  o.fixed = std::move(fixed);
  return test::fit_of(std::move(summary), o).model->purchase;
}

void expect_near(const std::vector<double>& found,
                 const std::vector<double>& wanted,
                 double relative) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(found[i], wanted[i], relative * wanted[i]) << i;
  }
}

// Fader, Hardie & Shang (2010): 11,104 donors of 1995, six opportunities.
TEST(fit_published, bg_bb_on_the_donations) {
  CLV_REQUIRE_SHARED_DATA(path, "donations_rf.csv");
  csv_options o;
  o.path = path;
  o.schema = "summary";
  job read = read_csv(o);
  read.run();
  const estimates e = fit_published_discrete_fitted(read.result().tables.at(""), "bg_bb");
  EXPECT_EQ(e.status, fit_status::converged) << e.reason;
  EXPECT_EQ(e.tuples, 22);
  EXPECT_EQ(e.customers, 11104);
  EXPECT_NEAR(e.log_likelihood, -33225.58127, 1e-4);
  expect_near(e.parameters, {1.203522, .749716, .656718, 2.783442}, 1e-5);
  expect_near(e.standard_errors, {.0694, .0294, .0510, .3208}, 2e-3);  // printed to three digits
}

// Shares of subscribers alive in per cent by year, as a cohort of 1,000 seen for seven renewals.
std::shared_ptr<const table> cohort(const std::string& path, std::size_t which) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<double> alive;
  while (std::getline(file, line)) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < which; ++i) begin = line.find(',', begin) + 1;
    double share = 0;
    std::from_chars(line.data() + begin, line.data() + line.size(), share);
    alive.push_back(10 * share);
  }
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "n", "weight"}) t->add(name, type::f64);
  const auto add = [&](double x, double n, double weight) {
    t->find("x")->push(x);
    t->find("n")->push(n);
    t->find("weight")->push(std::round(weight));
  };
  for (std::size_t year = 1; year <= 7; ++year) {
    add(static_cast<double>(year) - 1, 7, alive[year - 1] - alive[year]);
  }
  add(7, 7, alive[7]);
  return t;
}

// Fader & Hardie (2007), table 1.
TEST(fit_published, sbg_on_both_cohorts) {
  CLV_REQUIRE_SHARED_DATA(path, "sbg_retention.csv");
  const estimates regular = fit_published_discrete_fitted(cohort(path, 1), "sbg");
  EXPECT_EQ(regular.status, fit_status::converged) << regular.reason;
  EXPECT_NEAR(regular.log_likelihood, -1680.26519, 1e-4);
  expect_near(regular.parameters, {.704077, 1.182043}, 1e-5);
  const estimates high_end = fit_published_discrete_fitted(cohort(path, 2), "sbg");
  EXPECT_NEAR(high_end.log_likelihood, -1611.15815, 1e-4);
  expect_near(high_end.parameters, {.668088, 3.806095}, 1e-5);
}

// No figure is published for this cohort; what must hold does: c = 1 is sBG, and a free c is better
// by as much as the gradient being 0 says.
TEST(fit_published, bdw_with_c_held_at_1_is_sbg_and_free_it_is_not_worse) {
  CLV_REQUIRE_SHARED_DATA(path, "sbg_retention.csv");
  const auto summary = cohort(path, 1);
  const estimates sbg = fit_published_discrete_fitted(summary, "sbg");
  const estimates held = fit_published_discrete_fitted(summary, "bdw", "c=1");
  EXPECT_NEAR(held.log_likelihood, sbg.log_likelihood, 1e-8);
  EXPECT_NEAR(held.parameters[0], sbg.parameters[0], 1e-6);
  EXPECT_EQ(held.parameters[2], 1);
  EXPECT_EQ(held.standard_errors.at(2), 0);
  EXPECT_EQ(held.free_parameters, 2);
  const estimates free = fit_published_discrete_fitted(summary, "bdw");
  EXPECT_EQ(free.status, fit_status::converged) << free.reason;
  EXPECT_GT(free.log_likelihood, sbg.log_likelihood);
  EXPECT_EQ(free.free_parameters, 3);
}

TEST(fit, discrete_models_want_the_unit_period_and_the_others_refuse_it) {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T"}) {
    t->add(name, type::f64).push(1.0);
    t->find(name)->push(2.0);
  }
  const auto refusal = [&](const char* model, const char* unit) {
    try {
      fit(t, {.model = model, .unit = unit});
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(refusal("bg_bb", "week"), "bg_bb counts opportunities or renewals, not 'week's");
  EXPECT_EQ(refusal("bg_nbd", "period"),
            "unit 'period' does not go with bg_nbd, which counts time continuously");
  EXPECT_EQ(refusal("bg_bb", "period"), "nothing");
  EXPECT_EQ(refusal("gamma_gamma", "period"), "nothing");
}

}  // namespace
}  // namespace clv
