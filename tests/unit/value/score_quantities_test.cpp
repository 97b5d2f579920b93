// What can be asked for by name beside the score columns, of every kind of model in the table.
#include <gtest/gtest.h>

#include <cmath>

#include "clv/error.hpp"
#include "clv/score.hpp"
#include "cohort.hpp"

namespace clv {
namespace {

bool has(const char* name) {
  for (const model* m : models()) {
    if (m->name == name) return true;
  }
  return false;
}

std::shared_ptr<fitted_model> given(const char* name, std::vector<double> p) {
  auto m = std::make_shared<fitted_model>();
  m->purchase = {.which = &find_model(name), .parameters = std::move(p)};
  return m;
}

std::shared_ptr<fitted_model> bg(double a = 0.793) {
  return given("bg_nbd", {0.2426, 4.4137, a, 2.4262});
}

const std::vector<test::customer> two{{.x = 2, .t_x = 30.43, .T = 38.86},
                                      {.x = 0, .t_x = 0, .T = 38.86}};

std::shared_ptr<const table> scored(std::shared_ptr<fitted_model> m,
                                    std::shared_ptr<const table> rows,
                                    score_options o) {
  job j = score(std::move(m), std::move(rows), std::move(o));
  j.run();
  return j.result().tables.at("");
}

std::string complaint(std::shared_ptr<fitted_model> m,
                      std::shared_ptr<const table> rows,
                      score_options o) {
  try {
    scored(std::move(m), std::move(rows), std::move(o));
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return "nothing";
}

TEST(score_quantities, are_columns_under_the_names_they_were_asked_by) {
  const auto m = bg();
  const auto t = scored(
      m,
      test::summary_of(two),
      {.horizon = 39, .quantities = "pmf:3, p_alive,dert:0.0027,survival:12.5,expected_new,pmf:3"});
  const model& bg_nbd = find_model("bg_nbd");
  const values p = m->purchase.parameters;
  std::vector<double> pmf(4);
  bg_nbd.pmf(p, 39, pmf);
  for (std::size_t i = 0; i < two.size(); ++i) {
    const observation o{.x = two[i].x, .t_x = two[i].t_x, .T = two[i].T};
    EXPECT_EQ(t->numbers("p_alive")[i], bg_nbd.p_alive(p, o));
    EXPECT_EQ(t->numbers("pmf:3")[i], pmf[3]);
    EXPECT_EQ(t->numbers("dert:0.0027")[i], bg_nbd.residual(p, o, 0.0027));
    EXPECT_EQ(t->numbers("survival:12.5")[i], bg_nbd.survival_ahead(p, o, 12.5));
    EXPECT_EQ(t->numbers("expected_new")[i], bg_nbd.expected_new(p, 39));
  }
  EXPECT_EQ(t->columns().back().name(), "expected_new");
  EXPECT_EQ(t->find("clv"), nullptr);
}

TEST(score_quantities, refuse_what_is_no_quantity) {
  const auto rows = test::summary_of(two);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "pmf"}).find("pmf:N"), std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "pmf:x"}).find("not a number"), std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "pmf:1.5"}).find("whole number"),
            std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "dert:-1"}).find("from 0 to 1e15"),
            std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "expected_new:2"}).find("not a quantity"),
            std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "survival:"}).find("not a number"),
            std::string::npos);
  EXPECT_NE(complaint(bg(), rows, {.quantities = "clv"}).find("dert:D"), std::string::npos);
}

TEST(score_quantities, refuse_a_residual_that_is_infinite_and_say_why) {
  const auto rows = test::summary_of(two);
  const std::string text = complaint(bg(0.793), rows, {.quantities = "dert:0"});
  EXPECT_NE(text.find("'dert:0' is infinite"), std::string::npos) << text;
  EXPECT_NE(text.find("a = 0.793"), std::string::npos) << text;
  EXPECT_NE(text.find("discount rate above 0"), std::string::npos) << text;
  EXPECT_NE(complaint(bg(1.0), rows, {.quantities = "dert:0"}), "nothing");
  const auto finite = scored(bg(1.5), rows, {.quantities = "dert:0"});
  EXPECT_TRUE(std::isfinite(finite->numbers("dert:0")[0]));
}

// ---- discrete models and contracts

std::shared_ptr<table> donors() {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "n"}) t->add(name, type::f64);
  for (const auto& [x, t_x] : {std::pair{4.0, 5.0}, {0.0, 0.0}, {6.0, 6.0}}) {
    t->find("x")->push(x);
    t->find("t_x")->push(t_x);
    t->find("n")->push(6.0);
  }
  return t;
}

TEST(score_of_periods, counts_opportunities) {
  if (!has("bg_bb")) GTEST_SKIP() << "bg_bb is not in the table";
  auto m = given("bg_bb", {1.203528, 0.7497260, 0.6567808, 2.783796});
  m->unit = "period";
  const auto t = scored(m, donors(), {.horizon = 10});
  // BTYD manual, printed digits: CET 10 for (4, 5, 6) and (0, 0, 6).
  EXPECT_NEAR(t->numbers("expected_purchases")[0], 3.627858, 1e-6);
  EXPECT_NEAR(t->numbers("expected_purchases")[1], 0.1302169, 1e-7);
  EXPECT_EQ(t->numbers("n")[2], 6.0);
}

TEST(score_of_periods, needs_a_whole_horizon_and_the_length_of_a_period) {
  if (!has("bg_bb")) GTEST_SKIP() << "bg_bb is not in the table";
  auto m = given("bg_bb", {1.2, 0.75, 0.66, 2.78});
  m->unit = "period";
  EXPECT_NE(complaint(m, donors(), {}).find("'horizon' is 0"), std::string::npos);
  EXPECT_NE(complaint(m, donors(), {.horizon = 2.5}).find("whole number of periods"),
            std::string::npos);
  EXPECT_NE(complaint(m, donors(), {.horizon = 2, .annual_discount = 0.1}).find("periods_per_year"),
            std::string::npos);
  EXPECT_NE(complaint(m, donors(), {.horizon = 2, .quantities = "survival:1.5"}).find("whole"),
            std::string::npos);
  m->periods_per_year = 1;
  EXPECT_EQ(complaint(m, donors(), {.horizon = 2, .annual_discount = 0.1}), "nothing");
}

// The discounted value against the sum over periods, for a spend model of one value each.
TEST(score_of_periods, discounts_a_period_at_a_time) {
  if (!has("bg_bb")) GTEST_SKIP() << "bg_bb is not in the table";
  auto m = given("bg_bb", {1.2, 0.75, 0.66, 2.78});
  m->unit = "period";
  m->periods_per_year = 4;
  m->spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6.25, 3.74, 15.44}};
  const auto t = scored(m, donors(), {.horizon = 8, .annual_discount = 0.2});
  const model& bg_bb = find_model("bg_bb");
  const double factor = std::pow(1.2, -0.25);
  double sum = 0;
  const observation o{.x = 4, .t_x = 5, .T = 6};
  for (int k = 1; k <= 8; ++k) {
    sum += std::pow(factor, k) * (bg_bb.expected_purchases(m->purchase.parameters, o, k) -
                                  bg_bb.expected_purchases(m->purchase.parameters, o, k - 1));
  }
  EXPECT_NEAR(t->numbers("clv")[0], sum * t->numbers("expected_spend")[0], 1e-12 * sum * 100);
  EXPECT_GT(t->numbers("clv_p90")[0], t->numbers("clv_p10")[0]);
}

TEST(score_of_contracts, expects_renewals) {
  if (!has("sbg")) GTEST_SKIP() << "sbg is not in the table";
  auto m = given("sbg", {0.668088, 3.806095});
  m->unit = "period";
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "n"}) t->add(name, type::f64);
  for (const auto& [x, n] : {std::pair{3.0, 3.0}, {3.0, 7.0}, {0.0, 0.0}}) {
    t->find("x")->push(x);
    t->find("n")->push(n);
  }
  const auto scores = scored(m, t, {.horizon = 5});
  const model& sbg = find_model("sbg");
  double expected = 0;  // sum of S(3 + k) / S(3)
  const values p = m->purchase.parameters;
  for (int k = 1; k <= 5; ++k) expected += sbg.survival(p, 3 + k) / sbg.survival(p, 3);
  EXPECT_NEAR(scores->numbers("expected_purchases")[0], expected, 1e-12);
  EXPECT_EQ(scores->numbers("p_alive")[0], 1.0);
  EXPECT_EQ(scores->numbers("p_alive")[1], 0.0);  // not renewed at the fourth renewal
  EXPECT_EQ(scores->numbers("expected_purchases")[1], 0.0);
}

// ---- a parameter k needs the intervals

TEST(score_of_regular_buyers, needs_litt_for_the_likelihood_only) {
  if (!has("bg_cnbd_k")) GTEST_SKIP() << "bg_cnbd_k is not in the table";
  const model& m = find_model("bg_cnbd_k");
  std::vector<double> p;
  for (const parameter& each : m.parameters) p.push_back(each.most > 0 ? 2.0 : 1.5);
  auto rows = test::summary_of(two);
  const auto fitted = given("bg_cnbd_k", p);
  const auto without = scored(fitted, rows, {});
  EXPECT_EQ(without->find("log_likelihood"), nullptr);  // "all that can be had"
  EXPECT_NE(without->find("p_alive"), nullptr);
  const std::string text = complaint(fitted, rows, {.quantities = "log_likelihood"});
  EXPECT_NE(text.find("'litt'"), std::string::npos) << text;
  column& litt = rows->add("litt", type::f64);
  litt.push(4.25);
  litt.push(0.0);
  const auto with = scored(fitted, rows, {});
  EXPECT_EQ(with->numbers("log_likelihood")[0],
            m.log_likelihood(p, {.x = 2, .t_x = 30.43, .T = 38.86, .litt = 4.25}));
  EXPECT_EQ(with->numbers("p_alive")[0], without->numbers("p_alive")[0]);
}

// ---- covariates

TEST(score_with_covariates, gives_each_customer_the_parameters_of_its_covariates) {
  auto m = bg();
  m->purchase.coefficients = {{.covariate = "Gender", .value = 0.4},
                              {.covariate = "Gender", .life = true, .value = -0.3}};
  auto rows = test::summary_of({two[0], two[0], two[1]});
  column& gender = rows->add("Gender", type::f64);
  for (const double v : {0.0, 1.0, 1.0}) gender.push(v);
  const auto t =
      scored(m, rows, {.quantities = "p_alive,expected_purchases,expected_new,dert:0.01"});
  const auto plain = scored(bg(), test::summary_of(two), {.quantities = "p_alive"});
  EXPECT_EQ(t->numbers("p_alive")[0], plain->numbers("p_alive")[0]);
  EXPECT_GT(t->numbers("expected_purchases")[1], t->numbers("expected_purchases")[0]);
  EXPECT_GT(t->numbers("expected_new")[1], t->numbers("expected_new")[0]);
  EXPECT_EQ(t->numbers("expected_new")[1], t->numbers("expected_new")[2]);
  EXPECT_NE(t->numbers("dert:0.01")[1], t->numbers("dert:0.01")[0]);
  EXPECT_NE(complaint(m, test::summary_of(two), {}).find("Gender"), std::string::npos);
}

TEST(score_with_covariates, names_the_row_whose_residual_is_infinite) {
  auto m = bg(1.5);
  m->purchase.coefficients = {{.covariate = "Loyal", .life = true, .value = -2}};
  auto rows = test::summary_of(two);
  column& loyal = rows->add("Loyal", type::f64);
  loyal.push(0.0);
  loyal.push(1.0);
  const std::string text = complaint(m, rows, {.quantities = "dert:0"});
  EXPECT_NE(text.find("row 2: 'dert:0'"), std::string::npos) << text;
}

}  // namespace
}  // namespace clv
