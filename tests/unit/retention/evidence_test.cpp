#include "retention/effects/evidence.hpp"

#include <gtest/gtest.h>

#include <string>

#include "clv/error.hpp"
#include "support/reports.hpp"

namespace clv::retention {
namespace {

constexpr stated_effect prior{.mean = .03, .sd = .02};

std::shared_ptr<const table> evidence(const std::string& rows) {
  return test::table_of("action,customer,segment,effect_mean,effect_sd,level,policy\n" + rows,
                        "evidence");
}

std::string evidence_complaint(const std::string& rows) {
  try {
    evidence_ladder ladder(evidence(rows));
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::data);
    return e.what();
  }
  return "accepted";
}

TEST(evidence_ladder, takes_the_customer_before_the_segment_before_the_action) {
  const evidence_ladder ladder(
      evidence("mail,,,.01,.005,own_overall,targeted\n"
               "mail,,gold,.02,.006,own_kind,\n"
               "mail,,silver,.015,.004,own_overall,\n"
               "mail,ann,,.04,.007,own_kind,\n"));
  const effect_estimate ann = ladder.of("mail", "ann", "gold", prior);
  EXPECT_EQ(ann.mean, .04);
  EXPECT_EQ(ann.sd, .007);
  EXPECT_EQ(ann.level, evidence_level::own_kind);
  EXPECT_FALSE(ann.refused);
  EXPECT_EQ(ladder.of("mail", "bob", "gold", prior).mean, .02);
  EXPECT_EQ(ladder.of("mail", "bob", "gold", prior).level, evidence_level::own_kind);
  EXPECT_EQ(ladder.of("mail", "bob", "silver", prior).level, evidence_level::own_overall);
  EXPECT_EQ(ladder.of("mail", "bob", "", prior).mean, .01);
  EXPECT_EQ(ladder.of("mail", "bob", "", prior).level, evidence_level::own_overall);
}

TEST(evidence_ladder, falls_to_the_prior_and_then_to_unknown) {
  const evidence_ladder ladder(evidence("mail,ann,,.04,.007,own_kind,\n"));
  const effect_estimate other = ladder.of("call", "ann", "", prior);
  EXPECT_EQ(other.mean, .03);
  EXPECT_EQ(other.sd, .02);
  EXPECT_EQ(other.level, evidence_level::plugin_prior);
  EXPECT_EQ(ladder.of("mail", "bob", "", prior).level, evidence_level::plugin_prior);
  const effect_estimate nobody = ladder.of("call", "ann", "", {.mean = .1, .sd = 0});
  EXPECT_EQ(nobody.level, evidence_level::unknown);
  EXPECT_EQ(nobody.sd, 0);
  const evidence_ladder nothing(nullptr);
  EXPECT_EQ(nothing.of("mail", "ann", "", prior).level, evidence_level::plugin_prior);
}

TEST(evidence_ladder, a_blanket_policy_uses_the_overall_effect_for_everyone) {
  const evidence_ladder ladder(
      evidence("mail,ann,,.04,.007,own_kind,blanket\nmail,,,.01,.005,own_overall,\n"));
  EXPECT_EQ(ladder.of("mail", "ann", "", prior).mean, .01);
  EXPECT_EQ(ladder.of("mail", "ann", "", prior).level, evidence_level::own_overall);
  EXPECT_FALSE(ladder.of("mail", "ann", "", prior).refused);
}

TEST(evidence_ladder, a_policy_of_none_refuses_everyone_for_that_action_only) {
  const evidence_ladder ladder(
      evidence("mail,,,.01,.005,own_overall,none\ncall,,,.01,.005,own_overall,targeted\n"));
  EXPECT_TRUE(ladder.of("mail", "ann", "", prior).refused);
  EXPECT_TRUE(ladder.of("mail", "", "", {}).refused);
  EXPECT_FALSE(ladder.of("call", "ann", "", prior).refused);
}

TEST(evidence_ladder, the_levels_have_their_names) {
  EXPECT_EQ(name_of(evidence_level::own_kind), "own_kind");
  EXPECT_EQ(name_of(evidence_level::own_overall), "own_overall");
  EXPECT_EQ(name_of(evidence_level::plugin_prior), "plugin_prior");
  EXPECT_EQ(name_of(evidence_level::unknown), "unknown");
}

TEST(evidence_ladder, names_row_column_and_value_of_what_is_not_usable) {
  const auto expect = [](const std::string& rows, const char* column, const char* value) {
    const std::string said = evidence_complaint("call,,,.01,.005,own_overall,\n" + rows);
    EXPECT_NE(said.find("row 2"), std::string::npos) << said;
    EXPECT_NE(said.find(column), std::string::npos) << said;
    EXPECT_NE(said.find(value), std::string::npos) << said;
  };
  expect("mail,,,1.5,.005,own_overall,\n", "effect_mean", "1.5");
  expect("mail,,,.1,0,own_overall,\n", "effect_sd", "0");
  expect("mail,,,.1,-.1,own_overall,\n", "effect_sd", "-0.1");
  expect("mail,,,.1,.1,hearsay,\n", "level", "hearsay");
  expect("mail,,,.1,.1,own_kind,\n", "level", "own_kind");
  expect("mail,,,.1,.1,not_a_chance,\n", "level", "not a change of the chance to respond");
  expect("mail,,,.1,.1,own_overall,sometimes\n", "policy", "sometimes");
  expect(",,,.1,.1,own_overall,\n", "action", "empty");
  expect("call,,,.1,.1,own_overall,\n", "action", "call");
}

TEST(evidence_ladder, refuses_what_is_there_twice_or_contradicts_itself) {
  EXPECT_NE(evidence_complaint("mail,ann,,.1,.1,own_kind,\nmail,ann,gold,.1,.1,own_kind,\n")
                .find("'ann'"),
            std::string::npos);
  EXPECT_NE(
      evidence_complaint("mail,,gold,.1,.1,own_kind,\nmail,,gold,.1,.1,own_kind,\n").find("'gold'"),
      std::string::npos);
  EXPECT_NE(evidence_complaint("mail,,a,.1,.1,own_kind,none\nmail,,b,.1,.1,own_kind,blanket\n")
                .find("another policy"),
            std::string::npos);
  EXPECT_NE(evidence_complaint("mail,,a,.1,.1,own_kind,blanket\n").find("no row of the action"),
            std::string::npos);
}

}  // namespace
}  // namespace clv::retention
