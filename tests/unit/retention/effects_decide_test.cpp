// From a measured experiment to a decision: what report `effects` says, as `decide` takes it.
#include <gtest/gtest.h>

#include <string>

#include "clv/decide.hpp"
#include "clv/error.hpp"
#include "effects_trial.hpp"
#include "market_of_one.hpp"

namespace clv {
namespace {

using test::run_effects;
using test::trial;
using test::trial_unit;

// One customer to whom a plugin, sure of it, proposes the action that was tried.
outcome decided_from(const outcome& measured) {
  decide_options o = test::everybody();
  o.facts.emplace("evidence", measured.tables.at(""));
  job j = decide(test::scores_of({{"ann"}}),
                 test::proposals_of({{.action = "a1", .effect_mean = .3, .contact_cost = 10}}),
                 o);
  j.run();
  return j.result();
}

std::string reason_code(const outcome& o) {
  return std::string(o.tables.at("")->get("reason_code", type::utf8).text(0));
}

TEST(effects_decide, what_did_nothing_is_answered_with_no_evidence) {
  const auto nothing = [](const trial_unit&) { return .3; };
  const outcome measured = run_effects(trial({.units = 2000, .mean = nothing}, 4),
                                       R"({"covariates": ["x", "y"], "costs": "a1=0.1"})");
  ASSERT_EQ(test::verdict_of(measured), "none");
  const outcome o = decided_from(measured);
  EXPECT_EQ(reason_code(o), "NO_EVIDENCE");
  EXPECT_NE(o.tables.at("")->get("reason", type::utf8).text(0).find("tried and measured"),
            std::string::npos);
}

TEST(effects_decide, what_helps_everyone_is_priced_by_its_overall_effect) {
  const auto helps = [](const trial_unit& u) { return u.arm == 1 ? .5 : .3; };
  const outcome measured = run_effects(trial({.units = 2000, .mean = helps}, 4));
  ASSERT_EQ(test::verdict_of(measured), "blanket");
  const outcome o = decided_from(measured);
  EXPECT_EQ(reason_code(o), "CHOSEN");
  EXPECT_EQ(o.tables.at("")->numbers("effect_mean")[0], test::number(measured, "effect_mean"));
  EXPECT_EQ(o.tables.at("")->get("evidence", type::utf8).text(0), "own_overall");
}

// Half a euro more per customer is no half of a chance to respond.
TEST(effects_decide, effects_in_money_are_refused_as_evidence) {
  const auto spends = [](const trial_unit& u) { return 3 + (u.arm == 1 ? .5 : 0); };
  const outcome measured =
      run_effects(trial({.units = 2000, .mean = spends, .chances = false, .noise = .5}, 4));
  EXPECT_NEAR(test::number(measured, "effect_mean"), .5, .1);
  try {
    decided_from(measured);
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.details().column, "level");
    EXPECT_NE(e.details().message.find("not a change of the chance"), std::string::npos);
  }
}

}  // namespace
}  // namespace clv
