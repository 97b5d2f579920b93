// The report on one experiment: what it counts, what it says, what it refuses.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "effects_trial.hpp"

namespace clv {
namespace {

using test::number;
using test::row_where;
using test::run_effects;
using test::table_of;
using test::trial;
using test::trial_unit;

double helps_by_x(const trial_unit& u) {
  return 0.3 + 0.1 * u.y + (u.arm == 1 ? 0.05 + 0.2 * u.x : 0);
}

std::string complaint(std::shared_ptr<const table> rows, std::string_view options = "") {
  try {
    report_inputs in;
    in.tables["experiment"] = std::move(rows);
    job work = effects_report.begin(std::move(in), options);
    work.run();
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return "";
}

void expect_words(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* word : words)
    EXPECT_NE(text.find(word), std::string::npos) << word << ": " << text;
}

// `units` rows of 0 and 1, alternating arms; outcome 1 for the first of every `every` in its arm.
std::string plain_rows(int units, int every_control, int every_treated) {
  std::string csv = "customer,treatment,outcome\n";
  for (int i = 0; i < units; ++i) {
    const int every = i % 2 == 0 ? every_control : every_treated;
    csv += "c" + std::to_string(i) + "," + std::to_string(i % 2) + "," +
           ((i / 2) % every == 0 ? "1" : "0") + "\n";
  }
  return csv;
}

std::shared_ptr<table> reordered(const table& from, const std::vector<std::size_t>& order) {
  auto to = std::make_shared<table>();
  for (const column& c : from.columns()) {
    column& made = to->add(c.name(), c.kind());
    for (const std::size_t row : order) {
      c.kind() == type::utf8 ? made.push(c.text(row)) : made.push(c.numbers()[row]);
    }
  }
  return to;
}

TEST(effects, without_covariates_the_effect_is_the_difference_of_the_arms) {
  const outcome o = run_effects(table_of(plain_rows(400, 10, 4)));
  ASSERT_EQ(o.tables.at("")->rows(), 1U);
  // .25 - .10; cross-fitting replaces the arm's mean by that of other folds: a percent of it.
  EXPECT_NEAR(number(o, "effect_mean"), 0.15, 0.003);
  EXPECT_NEAR(number(o, "effect_sd"), std::sqrt(0.25 * 0.75 / 200 + 0.1 * 0.9 / 200), 0.002);
  EXPECT_EQ(test::text(o, "level"), "own_overall");
  EXPECT_EQ(test::text(o, "action"), "1");
  EXPECT_EQ(test::text(o, "policy"), "blanket");
  EXPECT_EQ(number(o, "n"), 400);
  const std::size_t row = row_where(o, "side_effects", "measure", "outcome");
  EXPECT_NEAR(number(o, "lift", row, "side_effects"), 0.15, 1e-12);
}

TEST(effects, evidence_is_of_the_schema_that_decide_reads) {
  const outcome o =
      run_effects(trial({.units = 600,
                         .mean = helps_by_x,
                         .segment = [](const trial_unit& u) { return u.x > 0 ? "up" : "down"; }},
                        1),
                  R"({"covariates":["x","y"]})");
  EXPECT_NO_THROW(conform(*o.tables.at(""), find_schema("evidence")));
  EXPECT_EQ(o.tables.at("")->rows(), 3U);
}

TEST(effects, the_order_of_the_rows_changes_no_bit_when_customers_have_ids) {
  const auto rows = trial({.units = 500,
                           .shares = {0.4, 0.3, 0.3},
                           .mean = helps_by_x,
                           .segment = [](const trial_unit& u) { return u.y > 0 ? "a" : "b"; }},
                          7);
  std::vector<std::size_t> order(rows->rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::reverse(order.begin(), order.end());
  std::rotate(order.begin(), order.begin() + 123, order.end());
  const auto turned = reordered(*rows, order);
  for (const char* learner : {"s", "t", "x", "dr"}) {
    for (const char* base : {"ridge", "stumps"}) {
      const std::string options = R"({"covariates":["x","y"],"rounds":20,"learner":")" +
                                  std::string(learner) + R"(","base":")" + base + "\"}";
      const outcome one = run_effects(rows, options), other = run_effects(turned, options);
      for (const auto& [name, t] : one.tables) {
        EXPECT_EQ(to_csv(*t), to_csv(*other.tables.at(name))) << name << " " << learner << base;
      }
    }
  }
}

TEST(effects, the_seed_deals_other_folds_and_changes_little) {
  const auto rows = trial({.units = 2000, .mean = helps_by_x}, 7);
  const outcome one = run_effects(rows, R"({"covariates":["x","y"],"seed":1})");
  const outcome other = run_effects(rows, R"({"covariates":["x","y"],"seed":2})");
  EXPECT_NE(number(one, "effect_mean"), number(other, "effect_mean"));
  EXPECT_NEAR(
      number(one, "effect_mean"), number(other, "effect_mean"), 0.2 * number(one, "effect_sd"));
}

TEST(effects, a_cost_above_the_lift_turns_the_verdict_to_none) {
  const auto rows = table_of(plain_rows(1000, 10, 4));
  EXPECT_EQ(test::verdict_of(run_effects(rows, R"({"value":20,"costs":["1=1"]})")), "blanket");
  // 20 x .15 = 3 below a cost of 4.
  const outcome o = run_effects(rows, R"({"value":20,"costs":["1=4"]})");
  EXPECT_EQ(test::verdict_of(o), "none");
  EXPECT_EQ(test::text(o, "policy"), "none");
  const std::size_t all = row_where(o, "policy_value", "policy", "blanket");
  EXPECT_NEAR(number(o, "gain", all, "policy_value"), 20 * 0.15 - 4, 0.1);
  expect_words(test::text(o, "why", 0, "policy_value"), {"no evidence"});
}

TEST(effects, a_benefit_is_paid_to_all_who_respond_also_those_who_would_have) {
  // V 20, delta 8: p1 (V - delta) - p0 V = .25 x 12 - .1 x 20 = 1, not .15 x 12 = 1.8.
  const outcome o =
      run_effects(table_of(plain_rows(1000, 10, 4)), R"({"value":20,"benefits":["1=8"]})");
  const std::size_t all = row_where(o, "policy_value", "policy", "blanket");
  EXPECT_NEAR(number(o, "gain", all, "policy_value"), 1, 0.05);
}

TEST(effects, costs_by_row_are_counted_as_costs_by_arm_are) {
  std::string csv = plain_rows(600, 10, 4);
  std::string with_cost = "customer,treatment,outcome,cost\n";
  std::size_t from = csv.find('\n') + 1;
  for (int i = 0; i < 600; ++i) {
    const std::size_t end = csv.find('\n', from);
    with_cost += csv.substr(from, end - from) + (i % 2 == 1 ? ",0.5\n" : ",0\n");
    from = end + 1;
  }
  const outcome by_row = run_effects(table_of(with_cost), R"({"value":10})");
  const outcome by_arm = run_effects(table_of(csv), R"({"value":10,"costs":["1=0.5"]})");
  const std::size_t all = row_where(by_arm, "policy_value", "policy", "blanket");
  EXPECT_NEAR(number(by_row, "gain", all, "policy_value"),
              number(by_arm, "gain", all, "policy_value"),
              1e-9);
  expect_words(complaint(table_of(with_cost), R"({"costs":["1=1"]})"), {"costs", "twice"});
}

TEST(effects, what_was_only_brought_forward_is_subtracted) {
  // Every response in the arm is a purchase taken from the later window; one never buys.
  std::string csv = "treatment,outcome,later_outcome,unsubscribed\n";
  for (int i = 0; i < 800; ++i) {
    const bool treated = i % 2 == 1, now = treated && (i / 2) % 4 == 0;
    const bool later = !now && i != 799, gone = treated && i % 10 == 1;
    csv += std::string(treated ? "mail," : "none,") + (now ? "1," : "0,") + (later ? "1," : "0,") +
           (gone ? "1\n" : "0\n");
  }
  const outcome o = run_effects(table_of(csv), R"({"unsubscribe_value":3})");
  EXPECT_NEAR(number(o, "effect_mean"), 0, 0.01);
  EXPECT_NE(test::verdict_of(o), "targeted");
  const auto lift = [&](const char* measure) {
    return number(o, "lift", row_where(o, "side_effects", "measure", measure), "side_effects");
  };
  EXPECT_NEAR(lift("outcome"), 0.25, 1e-9);
  EXPECT_NEAR(lift("pull_forward"), 0.25, 0.003);
  EXPECT_NEAR(lift("later_outcome"), -lift("pull_forward"), 1e-15);
  EXPECT_NEAR(lift("unsubscribed"), 0.2, 1e-9);
  EXPECT_NEAR(lift("fatigue_cost"), 0.6, 1e-9);
  // Fatigue costs .2 x 3 a customer.
  const std::size_t all = row_where(o, "policy_value", "policy", "blanket");
  EXPECT_NEAR(number(o, "gain", all, "policy_value"), -0.6, 0.02);
  EXPECT_EQ(test::verdict_of(o), "none");
}

TEST(effects, segments_that_differ_keep_their_effect_and_small_ones_are_left_out) {
  const auto rows = trial(
      {.units = 8000,
       .mean = [](const trial_unit& u) { return 0.3 + (u.arm == 1 && u.x > 0 ? 0.3 : 0); },
       .segment =
           [](const trial_unit& u) { return u.x > 0.995 ? "tiny"
                                            : u.x > 0   ? "up"
                                                        : "down"; }},
      5);
  const outcome o = run_effects(rows);
  const std::size_t up = row_where(o, "segments", "segment", "up");
  EXPECT_GT(number(o, "weight", up, "segments"), 0.95);
  EXPECT_NEAR(number(o, "shrunk_mean", up, "segments"), 0.3, 0.06);
  const table& t = *o.tables.at("segments");
  EXPECT_FALSE(
      t.get("shrunk_mean", type::f64).present(row_where(o, "segments", "segment", "tiny")));
  EXPECT_EQ(o.tables.at("")->rows(), 3U) << "overall, up, down";
}

TEST(effects, segments_that_do_not_differ_are_drawn_together) {
  double gaps = 0, shrunk_gaps = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto rows =
        trial({.units = 1000,
               .mean = [](const trial_unit& u) { return 0.3 + (u.arm == 1 ? 0.1 : 0); },
               .segment = [](const trial_unit& u) { return u.x > 0 ? "up" : "down"; }},
              seed);
    const outcome o = run_effects(rows);
    gaps += std::abs(number(o, "effect", 0, "segments") - number(o, "effect", 1, "segments"));
    shrunk_gaps +=
        std::abs(number(o, "shrunk_mean", 0, "segments") - number(o, "shrunk_mean", 1, "segments"));
  }
  EXPECT_LT(shrunk_gaps, 0.6 * gaps);
}

TEST(effects, a_false_share_of_an_arm_is_noticed) {
  const auto rows = table_of(plain_rows(1000, 10, 4));
  const outcome fair = run_effects(rows, R"({"shares":["0=0.5","1=0.5"]})");
  EXPECT_GT(number(fair, "p_value", 0, "sample_ratio"), 0.9);
  const outcome off = run_effects(rows, R"({"shares":["0=0.6","1=0.4"]})");
  EXPECT_LT(number(off, "p_value", 0, "sample_ratio"), 1e-6);
  EXPECT_FALSE(off.notes.empty());
}

TEST(effects, coefficients_are_in_the_units_of_the_covariate) {
  const auto rows =
      trial({.units = 20000,
             .mean = [](const trial_unit& u) { return u.x + (u.arm == 1 ? 2 + 3 * u.x - u.y : 0); },
             .chances = false,
             .noise = 0.5},
            4);
  for (const char* learner : {"s", "t", "x", "dr"}) {
    const outcome o =
        run_effects(rows, R"({"covariates":["x","y"],"learner":")" + std::string(learner) + "\"}");
    const std::size_t x = row_where(o, "coefficients", "term", "x");
    EXPECT_NEAR(number(o, "per_unit", x, "coefficients"), 3, 0.06) << learner;
    EXPECT_NEAR(number(o, "per_unit", x + 1, "coefficients"), -1, 0.06) << learner;
    EXPECT_NEAR(number(o, "coefficient", x - 1, "coefficients"), 2, 0.06) << learner;
  }
  const outcome stumps = run_effects(rows, R"({"covariates":["x"],"base":"stumps","rounds":5})");
  EXPECT_EQ(stumps.tables.at("coefficients")->rows(), 0U);
}

TEST(effects, constant_and_repeated_covariates_are_set_aside_with_a_note) {
  auto rows = trial({.units = 300, .mean = helps_by_x}, 2);
  column& fixed = rows->add("fixed", type::f64);
  column& double_x = rows->add("double_x", type::f64);
  column& word = rows->add("word", type::utf8);
  for (std::size_t i = 0; i < 300; ++i) {
    fixed.push(7.0);
    double_x.push(2 * rows->numbers("x")[i] + 1);
    word.push("same");
  }
  const outcome o = run_effects(rows, R"({"covariates":["x","fixed","double_x","word","y"]})");
  std::string said;
  for (const issue& i : o.notes) said += i.message + "\n";
  expect_words(said, {"'fixed' has one value only", "'double_x' says the same as 'x'", "'word'"});
  EXPECT_EQ(o.tables.at("coefficients")->rows(), 3U);  // intercept, x, y
}

TEST(effects, columns_that_almost_repeat_each_other_stay_finite) {
  auto rows = trial({.units = 300, .mean = helps_by_x}, 2);
  column& close = rows->add("close", type::f64);
  for (std::size_t i = 0; i < 300; ++i) close.push(rows->numbers("x")[i] + (i % 2 == 0 ? 1e-6 : 0));
  for (const char* base : {"ridge", "logistic", "stumps"}) {
    const outcome o =
        run_effects(rows, R"({"covariates":["x","close"],"base":")" + std::string(base) + "\"}");
    EXPECT_TRUE(std::isfinite(number(o, "effect_mean")));
    EXPECT_GT(number(o, "effect_sd"), 0);
  }
}

TEST(effects, refuses_an_experiment_that_is_none_and_says_where) {
  const auto rows = table_of(plain_rows(100, 10, 4));
  expect_words(complaint(rows, R"({"control":"nobody"})"), {"'treatment'", "'nobody'", "0, 1"});
  expect_words(complaint(rows, R"({"costs":["mail=1"]})"), {"costs", "'mail'", "no row"});
  expect_words(complaint(table_of("treatment,outcome\na,1\nb,0\n")), {"control", "a, b"});
  expect_words(complaint(table_of("treatment,outcome\n0,1\n0,0\n")), {"only the arm '0'"});
  expect_words(complaint(table_of("treatment,outcome\n0,1\n1,0\n")), {"arm '0'", "at least 10"});
  expect_words(complaint(table_of("treatment,outcome\n")), {"no rows"});
  expect_words(complaint(table_of("arm,outcome\n0,1\n")), {"'treatment'", "arm, outcome"});
  expect_words(complaint(table_of("customer,treatment,outcome\na,0,1\na,1,0\n")),
               {"row 2", "'a'", "twice"});
  std::string same = "treatment,outcome\n";
  for (int i = 0; i < 40; ++i) same += std::to_string(i % 2) + ",3\n";
  expect_words(complaint(table_of(same)), {"'outcome'", "every row", "3"});
  std::string blank = plain_rows(100, 10, 4);
  blank.replace(blank.find("c3,1,0"), 6, "c3,1,");
  expect_words(complaint(table_of(blank)), {"row 4", "'outcome'", "empty"});
}

TEST(effects, refuses_a_chance_of_0_or_1_naming_the_row) {
  for (const char* chance : {"0", "1", "1.2", "-0.1"}) {
    std::string csv = "treatment,outcome,propensity\n";
    for (int i = 0; i < 40; ++i) {
      csv += std::to_string(i % 2) + "," + std::to_string(i % 3 == 0) + "," +
             (i == 6 ? chance : "0.5") + "\n";
    }
    expect_words(complaint(table_of(csv)), {"row 7", "'propensity'", chance});
  }
}

TEST(effects, refuses_covariates_that_may_not_decide_or_have_another_use) {
  auto rows = trial({.units = 100, .mean = helps_by_x}, 2);
  rows->add("Gender", type::f64).adopt(std::vector<double>(100, 1.0));
  expect_words(complaint(rows, R"({"covariates":["Gender"]})"), {"'Gender'", "protected"});
  expect_words(complaint(rows, R"({"covariates":["x"],"protected":["X"]})"), {"'x'", "protected"});
  expect_words(complaint(rows, R"({"covariates":["outcome"]})"), {"'outcome'", "another use"});
  expect_words(complaint(rows, R"({"covariates":["nothing"]})"), {"'nothing'"});
  expect_words(complaint(rows, R"({"covariates":["x"],"interactions":["x*z"]})"), {"x*z"});
}

TEST(effects, refuses_options_out_of_range_before_any_work) {
  const auto rows = table_of(plain_rows(100, 10, 4));
  expect_words(complaint(rows, R"({"learner":"r"})"), {"learner", "s, t, x or dr"});
  expect_words(complaint(rows, R"({"base":"forest"})"), {"base", "stumps"});
  expect_words(complaint(rows, R"({"folds":1})"), {"folds"});
  expect_words(complaint(rows, R"({"folds":2.5})"), {"folds", "whole"});
  expect_words(complaint(rows, R"({"l2":0})"), {"l2"});
  expect_words(complaint(rows, R"({"costs":["1:2"]})"), {"costs", "arm=0.10"});
  expect_words(complaint(rows, R"({"costs":["0=2"]})"), {"costs", "control"});
  expect_words(complaint(rows, R"({"shares":["0=0.5","1=0.6"]})"), {"shares", "together 1"});
  const auto spend = trial({.units = 100, .mean = helps_by_x, .chances = false}, 2);
  expect_words(complaint(spend, R"({"base":"logistic"})"), {"base", "0 or 1"});
}

TEST(effects, a_named_column_must_be_there) {
  const auto rows = table_of(plain_rows(100, 10, 4));
  EXPECT_EQ(complaint(rows), "");
  expect_words(complaint(rows, R"({"segment":"kind"})"), {"'kind'"});
  expect_words(complaint(rows, R"({"propensity":"p"})"), {"'p'"});
}

}  // namespace
}  // namespace clv
