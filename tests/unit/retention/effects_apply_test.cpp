// Evidence for customers that no experiment has seen.
#include <cmath>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "effects_trial.hpp"
#include "retention/effects/effect_file.hpp"

namespace clv {
namespace {

using test::number;
using test::run_effects;
using test::trial;
using test::trial_unit;

double effects_apply_helps_by_x(const trial_unit& u) {
  return 0.3 + 0.1 * u.y + (u.arm == 1 ? 0.05 + 0.2 * u.x : 0);
}

outcome evidence_of(std::shared_ptr<const table> model, std::shared_ptr<const table> customers) {
  report_inputs in;
  in.tables["model"] = std::move(model);
  in.tables["customers"] = std::move(customers);
  return test::run_report(effects_apply_report, std::move(in));
}

std::shared_ptr<const table> model_of(const outcome& o) {
  return o.tables.at("model");
}

std::string complaint(std::shared_ptr<const table> model, std::shared_ptr<const table> customers) {
  try {
    evidence_of(std::move(model), std::move(customers));
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

constexpr const char* three = "customer,x,y\nlow,-0.9,0\nmiddle,0,0\nhigh,0.9,0\n";

TEST(effects_apply, customers_get_the_sign_and_size_of_their_own_kind) {
  for (const char* base : {"ridge", "logistic", "stumps"}) {
    for (const char* learner : {"s", "t", "x", "dr"}) {
      const outcome o = run_effects(trial({.units = 8000, .mean = effects_apply_helps_by_x}, 2),
                                    R"({"covariates":["x","y"],"rounds":50,"base":")" +
                                        std::string(base) + R"(","learner":")" + learner + "\"}");
      const outcome e = evidence_of(model_of(o), test::table_of(three));
      ASSERT_EQ(e.tables.at("")->rows(), 3U);
      // -.13, .05 and .23; errors of .02 to .03, and stumps have steps.
      EXPECT_NEAR(number(e, "effect_mean", 0), -0.13, 0.11) << base << " " << learner;
      EXPECT_NEAR(number(e, "effect_mean", 1), 0.05, 0.11) << base << " " << learner;
      EXPECT_NEAR(number(e, "effect_mean", 2), 0.23, 0.11) << base << " " << learner;
      EXPECT_EQ(test::text(e, "level"), "own_kind");
      EXPECT_EQ(test::text(e, "policy"), "targeted");
      EXPECT_EQ(test::text(e, "customer", 2), "high");
      EXPECT_EQ(test::text(e, "action", 2), "a1");
    }
  }
}

TEST(effects_apply, the_stated_uncertainty_covers_the_truth) {
  double inside = 0, all = 0;
  const auto customers = trial({.units = 200, .mean = effects_apply_helps_by_x}, 1000);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const outcome o = run_effects(trial({.units = 1000, .mean = effects_apply_helps_by_x}, seed),
                                  R"({"covariates":["x","y"]})");
    const outcome e = evidence_of(model_of(o), customers);
    for (std::size_t i = 0; i < 200; ++i) {
      const double truth = 0.05 + 0.2 * customers->numbers("x")[i];
      const double gap = number(e, "effect_mean", i) - truth;
      inside += std::abs(gap) < 1.96 * number(e, "effect_sd", i) ? 1 : 0;
      ++all;
    }
  }
  // 95 % is meant; customers of one experiment share their luck, so the count is rough.
  EXPECT_GT(inside / all, 0.9);
}

TEST(effects_apply, without_differences_customers_are_drawn_to_the_mean) {
  double spread = 0, predicted = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto rows = trial(
        {.units = 1000, .mean = [](const trial_unit& u) { return 0.3 + (u.arm == 1 ? 0.1 : 0); }},
        seed);
    const outcome o = run_effects(rows, R"({"covariates":["x","y"],"learner":"t"})");
    const outcome e = evidence_of(model_of(o), test::table_of(three));
    spread += std::abs(number(e, "effect_mean", 2) - number(e, "effect_mean", 0));
    const std::size_t slope = test::row_where(o, "coefficients", "term", "x");
    predicted += std::abs(number(o, "per_unit", slope, "coefficients")) * 1.8;
  }
  EXPECT_LT(spread, 0.7 * predicted);
}

TEST(effects_apply, a_model_written_to_csv_and_read_back_gives_the_same_bits) {
  const auto rows = trial({.units = 500, .mean = effects_apply_helps_by_x}, 3);
  for (const char* base : {"ridge", "stumps"}) {
    const outcome o = run_effects(
        rows,
        R"({"covariates":["x","y"],"interactions":["x*y"],"base":")" + std::string(base) + "\"}");
    const auto back = test::table_of(to_csv(*model_of(o)));
    const auto customers = test::table_of(three);
    EXPECT_EQ(to_csv(*evidence_of(back, customers).tables.at("")),
              to_csv(*evidence_of(model_of(o), customers).tables.at("")));
  }
}

TEST(effects_apply, a_customer_alone_has_the_same_bits_as_among_others) {
  const outcome o = run_effects(trial({.units = 500, .mean = effects_apply_helps_by_x}, 3),
                                R"({"covariates":["x","y"]})");
  const outcome many = evidence_of(model_of(o), test::table_of(three));
  const outcome one = evidence_of(model_of(o), test::table_of("y,customer,x\n0,high,0.9\n"));
  EXPECT_EQ(number(many, "effect_mean", 2), number(one, "effect_mean"));
  EXPECT_EQ(number(many, "effect_sd", 2), number(one, "effect_sd"));
}

TEST(effects_apply, an_unknown_level_and_a_missing_number_are_answered) {
  std::string csv = "customer,treatment,outcome,plan,age_days\n";
  for (int i = 0; i < 200; ++i) {
    csv += "c" + std::to_string(i) + "," + std::to_string(i % 2) + "," +
           std::to_string((i * 7) % 3 == 0 ? 1 : 0) + "," + (i % 3 == 0 ? "basic" : "gold") + "," +
           (i % 5 == 0 ? "" : std::to_string(i)) + "\n";
  }
  const outcome o = run_effects(test::table_of(csv), R"({"covariates":["plan","age_days"]})");
  const outcome e =
      evidence_of(model_of(o), test::table_of("customer,plan,age_days\nnew,silver,\n"));
  EXPECT_TRUE(std::isfinite(number(e, "effect_mean")));
  EXPECT_GT(number(e, "effect_sd"), 0);
}

TEST(effects_apply, says_what_is_wrong_with_its_tables) {
  const outcome o = run_effects(trial({.units = 300, .mean = effects_apply_helps_by_x}, 3),
                                R"({"covariates":["x","y"]})");
  EXPECT_NE(complaint(model_of(o), test::table_of("customer,x\na,1\n")).find("'y'"),
            std::string::npos);
  EXPECT_NE(complaint(model_of(o), test::table_of("customer,x,y\na,1,1\na,2,2\n")).find("twice"),
            std::string::npos);
  const auto customers = test::table_of(three);
  EXPECT_NE(complaint(test::table_of("format,model\nclv.effect/1,{}\n"), customers).find("model"),
            std::string::npos);
  EXPECT_NE(complaint(test::table_of("format,model\nclv.effect/1,nonsense\n"), customers)
                .find("cannot be read"),
            std::string::npos);
  EXPECT_NE(complaint(test::table_of("a,b\n1,2\n"), customers).find("'model'"), std::string::npos);
}

TEST(effects_apply, a_model_whose_parts_do_not_fit_is_refused_not_read_beyond) {
  const outcome o = run_effects(trial({.units = 300, .mean = effects_apply_helps_by_x}, 3),
                                R"({"covariates":["x","y"]})");
  const std::string whole(model_of(o)->get("model", type::utf8).text(0));
  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return text;
  };
  for (const std::string& text : {broken("clv.effect/1", "clv.effect/9"),
                                  broken("\"one\": 1", "\"one\": 7"),
                                  broken("\"covariate\": 1", "\"covariate\": 9"),
                                  broken("\"beta\": [", "\"beta\": [1, "),
                                  broken("\"centres\": [", "\"centres\": [1, "),
                                  broken("\"stumps\": []", "\"stumps\": [[5, 0, 1, 2]]"),
                                  broken("\"weight\"", "\"wait\""),
                                  broken("\"logit\": false", "\"logit\": 3")}) {
    EXPECT_THROW(retention::read_effect_file(text), error);
  }
  EXPECT_NO_THROW(retention::read_effect_file(whole));
}

}  // namespace
}  // namespace clv
