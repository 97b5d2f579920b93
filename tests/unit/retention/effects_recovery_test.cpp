// Experiments with known effects, many seeds: intervals cover, learners find who gains, and what is
// not there is not found more often than the level says.
#include <cmath>

#include "effects_trial.hpp"
#include "retention/effects/cross_fit.hpp"

namespace clv {
namespace {

using retention::base_kind;
using retention::base_options;
using retention::cross_fit;
using retention::learner_kind;
using test::number;
using test::row_where;
using test::run_effects;
using test::trial;
using test::trial_unit;

constexpr int seeds = 200;
// Three standard errors of a count of 200 with chance p.
double slack(double p) {
  return 3 * std::sqrt(seeds * p * (1 - p));
}

// Chance .3, plus .05 and .2 x in the arm: harms where x < -.25. The mean effect is .05.
double effects_recovery_helps_by_x(const trial_unit& u) {
  return 0.3 + 0.1 * u.y + (u.arm == 1 ? 0.05 + 0.2 * u.x : 0);
}
double does_nothing(const trial_unit& u) {
  return 0.3 + 0.1 * u.y + 0.1 * u.x;
}

TEST(effects_recovery, the_mean_effect_is_inside_its_interval_as_often_as_it_says) {
  int inside = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const outcome o = run_effects(trial({.units = 600, .mean = effects_recovery_helps_by_x}, seed),
                                  R"({"covariates":["x","y"]})");
    const double gap = number(o, "effect_mean") - 0.05;
    inside += std::abs(gap) < 1.96 * number(o, "effect_sd") ? 1 : 0;
  }
  EXPECT_GE(inside, seeds * 0.95 - slack(0.95));
}

TEST(effects_recovery, unequal_logged_chances_leave_the_mean_effect_right) {
  int inside = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    // Those with a higher x get the arm more often; who responds anyway depends on x as well.
    auto rows = trial({.units = 800, .mean = [](const trial_unit&) { return 0.5; }}, seed);
    random_source random(seed, 5);
    auto t = std::make_shared<table>();
    column& treatment = t->add("treatment", type::f64);
    column& outcome_column = t->add("outcome", type::f64);
    column& chance = t->add("propensity", type::f64);
    column& x = t->add("x", type::f64);
    for (std::size_t i = 0; i < rows->rows(); ++i) {
      const double own = rows->numbers("x")[i], e = 0.5 + 0.35 * own;
      const bool treated = random.uniform() < e;
      treatment.push(treated ? 1.0 : 0.0);
      chance.push(treated ? e : 1 - e);
      outcome_column.push(2 * own + (treated ? 1.0 : 0.0) + random.normal());
      x.push(own);
    }
    const outcome o = run_effects(t, R"({"covariates":["x"]})");
    inside += std::abs(number(o, "effect_mean") - 1) < 1.96 * number(o, "effect_sd") ? 1 : 0;
  }
  EXPECT_GE(inside, seeds * 0.95 - slack(0.95));
}

TEST(effects_recovery, without_any_effect_targeting_is_not_found_above_its_level) {
  for (const char* learner : {"s", "t", "x", "dr"}) {
    int targeted = 0, accepted = 0, different = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const outcome o =
          run_effects(trial({.units = 600, .mean = does_nothing}, seed),
                      R"({"covariates":["x","y"],"learner":")" + std::string(learner) + "\"}");
      targeted += test::verdict_of(o) == "targeted" ? 1 : 0;
      const std::size_t proof = row_where(o, "heterogeneity", "measure", "beta2_forward");
      different += number(o, "p_value", proof, "heterogeneity") < 0.05 ? 1 : 0;
      accepted += number(o, "effect_mean") - 1.645 * number(o, "effect_sd") > 0 ? 1 : 0;
    }
    EXPECT_LE(targeted, seeds * 0.05 + slack(0.05)) << learner;
    EXPECT_LE(different, seeds * 0.05 + slack(0.05)) << learner << ": differences of effects";
    EXPECT_LE(accepted, seeds * 0.05 + slack(0.05)) << learner << ": the gate on the mean effect";
  }
}

TEST(effects_recovery, three_arms_without_an_effect_get_no_verdict_above_its_level) {
  int targeted = 0, blanket = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const outcome o =
        run_effects(trial({.units = 900, .shares = {0.4, 0.3, 0.3}, .mean = does_nothing}, seed),
                    R"({"covariates":["x","y"]})");
    targeted += test::verdict_of(o) == "targeted" ? 1 : 0;
    blanket += test::verdict_of(o) == "blanket" ? 1 : 0;
  }
  EXPECT_LE(targeted, seeds * 0.05 + slack(0.05));
  // The best of three is picked on other folds: no luck of its own is left in its mean.
  EXPECT_LE(blanket, seeds * 0.05 + slack(0.05));
}

TEST(effects_recovery, few_responses_in_a_small_arm_are_not_taken_for_a_reason_to_aim) {
  // Weights by each fold's own error would favour folds without responses: 16 % instead of 5 %.
  int targeted = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto rows = trial({.units = 2000,
                             .shares = {0.9, 0.1},
                             .mean = [](const trial_unit& u) { return 0.05 + 0.03 * u.x; }},
                            seed);
    targeted += test::verdict_of(run_effects(rows, R"({"covariates":["x","y"]})")) == "targeted";
  }
  EXPECT_LE(targeted, seeds * 0.05 + slack(0.05));
}

TEST(effects_recovery, an_effect_for_all_is_blanket_and_not_targeted) {
  int blanket = 0, targeted = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto rows = trial(
        {.units = 1500,
         .mean = [](const trial_unit& u) { return 0.3 + 0.1 * u.x + (u.arm == 1 ? 0.15 : 0); }},
        seed);
    const std::string verdict = test::verdict_of(run_effects(rows, R"({"covariates":["x","y"]})"));
    blanket += verdict == "blanket" ? 1 : 0;
    targeted += verdict == "targeted" ? 1 : 0;
  }
  EXPECT_GE(blanket, 34);
  EXPECT_LE(targeted, 6);
}

TEST(effects_recovery, effects_of_both_signs_are_worth_aiming) {
  for (const char* base : {"ridge", "logistic", "stumps"}) {
    for (const char* learner : {"s", "t", "x", "dr"}) {
      int targeted = 0;
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto rows =
            trial({.units = 2000,
                   .mean = [](const trial_unit& u) { return 0.4 + (u.arm == 1 ? 0.3 * u.x : 0); }},
                  seed);
        const outcome o = run_effects(rows,
                                      R"({"covariates":["x","y"],"rounds":40,"base":")" +
                                          std::string(base) + R"(","learner":")" + learner + "\"}");
        targeted += test::verdict_of(o) == "targeted" ? 1 : 0;
        EXPECT_EQ(test::text(o, "policy", 0), test::verdict_of(o));
      }
      EXPECT_GE(targeted, 9) << base << " " << learner;
    }
  }
}

TEST(effects_recovery, the_right_arm_is_found_for_each_kind_of_customer) {
  // a1 helps x > 0 and harms the others, a2 the other way round.
  const auto rows = trial({.units = 6000,
                           .shares = {0.34, 0.33, 0.33},
                           .mean =
                               [](const trial_unit& u) {
                                 const double side = u.x > 0 ? 0.2 : -0.2;
                                 return 0.4 + (u.arm == 1 ? side : u.arm == 2 ? -side : 0);
                               },
                           .segment = [](const trial_unit& u) { return u.x > 0 ? "up" : "down"; }},
                          3);
  for (const char* learner : {"t", "dr"}) {
    const outcome o =
        run_effects(rows, R"({"covariates":["x","y"],"learner":")" + std::string(learner) + "\"}");
    EXPECT_EQ(test::verdict_of(o), "targeted");
    const auto effect = [&](const char* action, const char* segment) {
      return number(o, "effect_mean", row_where(o, "", "action", action, "segment", segment));
    };
    // Seven errors of .028 apart.
    EXPECT_NEAR(effect("a1", "up"), 0.2, 0.1);
    EXPECT_NEAR(effect("a1", "down"), -0.2, 0.1);
    EXPECT_NEAR(effect("a2", "up"), -0.2, 0.1);
    EXPECT_NEAR(effect("a2", "down"), 0.2, 0.1);
    const std::size_t aimed = row_where(o, "policy_value", "policy", "targeted");
    // All gain .2 when every x gets its arm; a line in x misses few near 0.
    EXPECT_GT(number(o, "gain", aimed, "policy_value"), 0.13);
  }
}

TEST(effects_recovery, predicted_quintiles_and_slope_recover_a_known_difference) {
  const outcome o = run_effects(trial({.units = 20000, .mean = effects_recovery_helps_by_x}, 9),
                                R"({"covariates":["x","y"]})");
  const std::size_t slope = row_where(o, "heterogeneity", "measure", "beta2");
  EXPECT_NEAR(number(o, "estimate", slope, "heterogeneity"), 1, 0.3);  // its error is .06
  for (int q = 1; q <= 5; ++q) {
    const std::string name = "quintile_" + std::to_string(q);
    const std::size_t row = row_where(o, "heterogeneity", "measure", name);
    const double truth = 0.05 + 0.2 * (-0.8 + 0.4 * (q - 1));
    // Four errors of .015, and .005 for x being known through an estimate.
    EXPECT_NEAR(number(o, "estimate", row, "heterogeneity"), truth, 0.065) << name;
    EXPECT_NEAR(number(o, "predicted", row, "heterogeneity"), truth, 0.065) << name;
  }
}

// Mean squared error of tau over all units, fitted on folds that the unit is not in.
double error_of(learner_kind learner, const base_options& base, std::uint64_t seed) {
  random_source random(seed, 3);
  retention::experiment of;
  const Eigen::Index n = 3000;
  Eigen::MatrixXd z(n, 4);
  of.arms = {"control", "a1"};
  of.count = {0, 0};
  std::vector<double> truth;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < 4; ++j) z(i, j) = random.normal();
    const std::size_t arm = random.uniform() < 0.04 ? 1 : 0;
    of.row.push_back(static_cast<std::size_t>(i));
    of.arm.push_back(arm);
    ++of.count[arm];
    of.fold.push_back(static_cast<int>(i % 5));
    truth.push_back(1 + 0.2 * z(i, 0));
    const double common = z(i, 0) + 2 * z(i, 1) - z(i, 2) * (z(i, 3) > 0 ? 1 : -1);
    of.outcome.push_back(common + (arm == 1 ? truth.back() : 0) + random.normal());
  }
  for (const std::size_t arm : of.arm) of.propensity.push_back(arm == 1 ? 0.04 : 0.96);
  cross_fit fit({learner, base}, of, z, of.outcome, false, 5);
  while (fit.advance_outcomes() < 1) {
  }
  while (fit.advance_effects() < 1) {
  }
  double sum = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double gap = fit.found().tau(i, 1) - truth[static_cast<std::size_t>(i)];
    sum += gap * gap;
  }
  return sum / static_cast<double>(n);
}

TEST(effects_recovery, x_does_better_than_t_when_few_are_treated) {
  // Kuenzel et al.: the control's surface is learnt from many, the simple effect from few.
  for (const base_options& base : {base_options{.kind = base_kind::ridge, .l2 = 50},
                                   base_options{.kind = base_kind::stumps}}) {
    double x = 0, t = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      x += error_of(learner_kind::x, base, seed);
      t += error_of(learner_kind::t, base, seed);
    }
    EXPECT_LT(x, 0.75 * t);
  }
}

}  // namespace
}  // namespace clv
