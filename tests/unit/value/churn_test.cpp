#include "churn_rows.hpp"

namespace clv {
namespace {

using test::add;
using test::complaint;
using test::fit;
using test::plans;
using test::rows_of_text;
using test::scored;
using test::simulated;
using test::text_of;
using test::two_plans;
using test::value_of;

// A saturated model without shrinkage has the log odds ratio of its four counts, and Woolf's error.
TEST(churn_fit, two_levels_give_the_log_odds_ratio) {
  const outcome out = fit(plans(two_plans()), R"({"penalty":1e-6})");
  const table& t = *out.tables.at("");
  const double log_odds = std::log(60.0 / 20) - std::log(30.0 / 70);
  const double error = std::sqrt(1.0 / 60 + 1.0 / 20 + 1.0 / 30 + 1.0 / 70);
  EXPECT_NEAR(*value_of(t, "term", "plan = gold", "coefficient"), log_odds, 1e-6);
  EXPECT_NEAR(*value_of(t, "term", "plan = gold", "standard_error"), error, 1e-6);
  EXPECT_NEAR(*value_of(t, "term", "plan = gold", "lower"),
              std::exp(log_odds - 1.959963984540054 * error),
              1e-5);
  EXPECT_EQ(text_of(t, "term", "plan = basic", "kind"), "reference");
  EXPECT_EQ(text_of(t, "term", "plan = gold", "association"), "association, not cause");
}

// At the optimum sum (y - p) x = penalty x coefficient, and sum (y - p) = 0 but for 1e-6.
TEST(churn_fit, the_ridge_equations_hold) {
  const outcome out = fit(plans(two_plans()), R"({"penalty":5})");
  const table& t = *out.tables.at("");
  const double gold = *value_of(t, "term", "plan = gold", "coefficient");
  const double base = *value_of(t, "term", "(intercept)", "coefficient");
  const double of_basic = 30 - 100 * logistic(base), of_gold = 60 - 80 * logistic(base + gold);
  EXPECT_NEAR(of_gold, 5 * gold, 1e-6);
  EXPECT_NEAR(of_gold + of_basic, 0, 1e-5);
}

TEST(churn_fit, finds_the_truth_it_was_simulated_from) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const outcome out = fit(simulated(5000, seed), R"({"penalty":1e-3})");
    const table& t = *out.tables.at("");
    const auto within = [&](const char* term, double value) {
      EXPECT_NEAR(*value_of(t, "term", term, "coefficient"),
                  value,
                  3 * *value_of(t, "term", term, "standard_error"))
          << term << " seed " << seed;
    };
    within("usage", 0.8);  // per standard deviation, which is 1 up to 1 %
    within("noise", 0);
    within("channel = web", -0.7);
  }
}

TEST(churn_fit, a_driver_matters_and_noise_does_not) {
  const outcome out = fit(simulated(3000, 4));
  const table& t = *out.tables.at("ablation");
  EXPECT_GT(*value_of(t, "without", "usage", "log_loss_added"), 0.02);
  EXPECT_LT(*value_of(t, "without", "noise", "log_loss_added"), 0.001);
  EXPECT_EQ(out.tables.at("drivers")->get("feature", type::utf8).text(0), "usage");
}

TEST(churn_fit, groups_are_left_out_together) {
  const outcome out = fit(simulated(1000, 5), R"({"groups":["all=usage+noise+channel"]})");
  // Without any feature the out-of-fold predictions are the rates of the other folds.
  EXPECT_NEAR(*value_of(*out.tables.at("ablation"), "without", "all", "log_loss"),
              out.tables.at("quality")->numbers("base_log_loss")[0],
              2e-3);
  EXPECT_NE(complaint([] {
              fit(simulated(50, 5), R"({"groups":["all=usage+typo"]})");
            }).find("'typo' is none"),
            std::string::npos);
}

TEST(churn_fit, separable_data_stay_finite_and_say_so) {
  rows_of_text rows;
  add(rows, "basic", "no", 60);
  add(rows, "gold", "yes", 40);
  const outcome out = fit(plans(rows));
  const table& t = *out.tables.at("");
  const double gold = *value_of(t, "term", "plan = gold", "coefficient");
  EXPECT_TRUE(std::isfinite(gold));
  EXPECT_GT(gold, 0);
  EXPECT_EQ(text_of(t, "term", "plan = gold", "status"), "separated: all churned");
  EXPECT_EQ(out.tables.at("quality")->get("status", type::utf8).text(0), "separable");
  EXPECT_EQ(out.notes.size(), 1U);
}

TEST(churn_fit, one_outcome_only_is_refused) {
  rows_of_text rows;
  add(rows, "basic", "no", 9);
  add(rows, "gold", "no", 9);
  EXPECT_EQ(complaint([&] { fit(plans(rows)); }),
            "report 'churn_fit': every row of column 'churned' has the same outcome, a model needs "
            "both");
}

TEST(churn_fit, labels_that_are_neither_yes_nor_no_are_refused) {
  auto rows = two_plans();
  rows[6][2] = "maybe";
  EXPECT_EQ(complaint([&] { fit(plans(rows)); }),
            "row 7, column 'churned': 'maybe' is neither yes nor no");
  EXPECT_EQ(complaint([&] { fit(plans(rows), R"({"positive":"yes"})"); }), "");
  rows[6][2] = "";
  EXPECT_EQ(complaint([&] { fit(plans(rows)); }), "row 7, column 'churned': is empty");
}

std::shared_ptr<const table> with_gender() {
  auto t = std::make_shared<table>(*simulated(600, 6));
  column& gender = t->add("Gender", type::utf8);
  for (std::size_t i = 0; i < t->columns()[0].size(); ++i) gender.push(i % 3 == 0 ? "f" : "m");
  return t;
}

TEST(churn_fit, a_protected_column_in_a_decision_model_is_refused_by_name) {
  EXPECT_EQ(complaint([] { fit(with_gender(), R"({"features":["usage","Gender"]})"); }),
            "report 'churn_fit': column 'Gender' is protected and cannot be a feature of a model "
            "for decisions");
}

TEST(churn_fit, a_protected_column_is_set_aside_and_audited) {
  const outcome out = fit(with_gender());
  const column& features = out.tables.at("")->get("feature", type::utf8);
  for (std::size_t i = 0; i < features.size(); ++i) EXPECT_NE(features.text(i), "Gender");
  const table& audit = *out.tables.at("fairness");
  ASSERT_EQ(audit.rows(), 2U);
  EXPECT_EQ(value_of(audit, "group", "f", "customers"), 200);
  double selected = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    selected += audit.numbers("selected_share")[i] * audit.numbers("customers")[i];
  }
  EXPECT_NEAR(selected, 0.2 * 600, 1e-9);
}

TEST(churn_fit, an_audit_model_may_see_it_and_does_not_score_decisions) {
  const outcome out = fit(with_gender(), R"({"audit_only":true})");
  EXPECT_TRUE(value_of(*out.tables.at(""), "term", "Gender = f", "coefficient").has_value());
  EXPECT_NE(complaint([&] { scored(out, with_gender()); }).find("protected"), std::string::npos);
  EXPECT_EQ(complaint([&] { scored(out, with_gender(), R"({"audit_only":true})"); }), "");
}

TEST(churn_fit, the_list_of_protected_columns_can_be_given) {
  const outcome out = fit(with_gender(), R"({"protected":["channel"]})");
  EXPECT_EQ(value_of(*out.tables.at("fairness"), "group", "web", "customers").has_value(), true);
  EXPECT_TRUE(value_of(*out.tables.at(""), "term", "Gender = f", "coefficient").has_value());
}

TEST(churn_fit, missing_numbers_have_a_coefficient_of_their_own) {
  auto t = std::make_shared<table>(*simulated(2000, 7));
  column& usage = *t->find("usage");
  column& churned = *t->find("churned");
  for (std::size_t i = 0; i < 200; ++i) {
    usage.mark_absent(i * 7);
    churned.mutable_numbers()[i * 7] = i % 10 == 0 ? 0 : 1;  // nine of ten churn
  }
  const outcome out = fit(t);
  EXPECT_GT(*value_of(*out.tables.at(""), "term", "usage = (missing)", "coefficient"), 1);
  EXPECT_EQ(value_of(*out.tables.at(""), "term", "usage = (missing)", "n"), 200);
}

TEST(churn_fit, equal_columns_are_kept_once) {
  auto t = std::make_shared<table>(*simulated(500, 8));
  column again = *t->find("noise");
  t->columns()
      .emplace_back("twin", type::f64)
      .adopt(std::vector<double>(again.numbers().begin(), again.numbers().end()));
  const outcome out = fit(t);
  EXPECT_EQ(text_of(*out.tables.at(""), "term", "twin", "kind"), "same_as");
  EXPECT_EQ(text_of(*out.tables.at(""), "term", "twin", "status"), "same rows as noise");
  EXPECT_EQ(complaint([&] { scored(out, t); }), "");
}

TEST(churn_fit, the_seed_and_nothing_else_decides_the_folds) {
  const auto rows = simulated(400, 9);
  const auto print = [&](const char* options) {
    return fit(rows, options).tables.at("quality")->numbers("log_loss")[0];
  };
  EXPECT_EQ(print(R"({"seed":3})"), print(R"({"seed":3})"));
  EXPECT_NE(print(R"({"seed":3})"), print(R"({"seed":4})"));
}

TEST(churn_fit, calibration_bins_hold_every_outcome_once) {
  const outcome out = fit(simulated(1234, 10));
  const table& t = *out.tables.at("calibration");
  double n = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    n += t.numbers("outcomes")[i];
    EXPECT_GE(t.numbers("observed")[i], t.numbers("lower")[i]);
    EXPECT_LE(t.numbers("observed")[i], t.numbers("upper")[i]);
  }
  EXPECT_EQ(n, 1234);
}

}  // namespace
}  // namespace clv
