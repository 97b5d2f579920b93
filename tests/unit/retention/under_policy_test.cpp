// Deciding under a policy: evidence before priors, exploration with exact propensities, several
// budgets, nested holdouts, levers, vetoes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "clv/decide.hpp"
#include "clv/error.hpp"
#include "market_of_one.hpp"

namespace clv {
namespace {

using test::customer_row;
using test::everybody;
using test::proposal_row;
using test::proposals_of;
using test::scores_of;

constexpr std::int64_t under_policy_noon = 1'767'268'800'000'000;

struct under_policy_answer {
  std::shared_ptr<const table> decisions, refusals, budget, resources;
};

under_policy_answer under_policy_run(std::shared_ptr<const table> scores,
                                     std::shared_ptr<const table> proposals,
                                     const decide_options& o) {
  job j = decide(std::move(scores), std::move(proposals), o);
  j.run();
  const outcome& r = j.result();
  return {
      r.tables.at(""), r.tables.at("refusals"), r.tables.at("budget"), r.tables.at("resources")};
}

std::string under_policy_text(const table& t, std::string_view name, std::size_t row) {
  const column& c = t.get(name, type::utf8);
  return c.present(row) ? std::string(c.text(row)) : std::string();
}
double under_policy_number(const table& t, std::string_view name, std::size_t row) {
  return t.numbers(name)[row];
}

// Customers that buy about once in ten days, each with the same proposals.
struct market {
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
  market(int customers, const std::vector<proposal_row>& each) {
    for (int i = 0; i < customers; ++i) {
      rows.push_back({.id = "c" + std::to_string(i), .x = 3});
      for (proposal_row p : each) {
        p.row = i;
        proposals.push_back(p);
      }
    }
  }
  under_policy_answer decide(const decide_options& o) const {
    return under_policy_run(scores_of(rows), proposals_of(proposals), o);
  }
};

decide_options with_policy(const std::string& json) {
  decide_options o = everybody();
  o.now_us = under_policy_noon;
  o.policy = json;
  return o;
}

std::map<std::string, int> arms_of(const under_policy_answer& a) {
  std::map<std::string, int> arms;
  for (std::size_t i = 0; i < a.decisions->rows(); ++i)
    ++arms[under_policy_text(*a.decisions, "arm", i)];
  return arms;
}

std::map<std::string, int> actions_of(const under_policy_answer& a) {
  std::map<std::string, int> actions;
  for (std::size_t i = 0; i < a.decisions->rows(); ++i)
    ++actions[under_policy_text(*a.decisions, "action", i)];
  return actions;
}

const proposal_row good{.action = "good", .effect_mean = .2, .effect_sd = .02, .contact_cost = 20};
const proposal_row fair{.action = "fair", .effect_mean = .1, .effect_sd = .02, .contact_cost = 10};
const proposal_row unknown{.action = "new", .effect_mean = .5, .effect_sd = 0, .contact_cost = 10};

TEST(policy, own_evidence_overrules_what_a_plugin_believes) {
  auto evidence = std::make_shared<table>();
  evidence->add("action", type::utf8).push(std::string_view("good"));
  evidence->add("effect_mean", type::f64).push(.01);
  evidence->add("effect_sd", type::f64).push(.001);
  evidence->add("level", type::utf8).push(std::string_view("own_overall"));
  decide_options o = everybody();
  o.facts.emplace("evidence", evidence);
  const under_policy_answer a = market(3, {good, fair}).decide(o);
  EXPECT_EQ(actions_of(a)["fair"], 3);
  EXPECT_EQ(under_policy_text(*a.decisions, "evidence", 0), "plugin_prior");
  const under_policy_answer alone = market(3, {good}).decide(o);
  EXPECT_EQ(under_policy_text(*alone.decisions, "evidence", 0), "own_overall");
  EXPECT_EQ(under_policy_number(*alone.decisions, "effect_mean", 0), .01);
}

TEST(policy, what_was_measured_to_be_useless_is_refused_however_sure_the_plugin_is) {
  auto evidence = std::make_shared<table>();
  evidence->add("action", type::utf8).push(std::string_view("good"));
  evidence->add("effect_mean", type::f64).push(.01);
  evidence->add("effect_sd", type::f64).push(.001);
  evidence->add("level", type::utf8).push(std::string_view("own_overall"));
  evidence->add("policy", type::utf8).push(std::string_view("none"));
  decide_options o = everybody();
  o.facts.emplace("evidence", evidence);
  const under_policy_answer a = market(1, {good}).decide(o);
  EXPECT_EQ(under_policy_text(*a.decisions, "reason_code", 0), "NO_EVIDENCE");
}

TEST(policy, an_unknown_effect_is_only_ever_explored) {
  const under_policy_answer plain = market(500, {unknown}).decide(everybody());
  EXPECT_EQ(actions_of(plain)["new"], 0);
  const under_policy_answer a =
      market(500, {unknown})
          .decide(with_policy(R"({"explore": {"share": 0.4, "method": "uniform", "sd": 0.05}})"));
  for (std::size_t i = 0; i < a.decisions->rows(); ++i) {
    if (under_policy_text(*a.decisions, "action", i) == "new") {
      EXPECT_EQ(under_policy_text(*a.decisions, "arm", i), "explore");
    }
  }
  EXPECT_GT(actions_of(a)["new"], 60);
}

// The logged propensity is the frequency over many draws: the draw is made anew for each time.
TEST(policy, logs_the_probability_that_it_drew_with) {
  decide_options o = with_policy(R"({"explore": {"share": 0.5, "method": "thompson",
    "floor": 0.05, "sd": 0.05}, "holdouts": [{"action": "fair", "share": 0.25, "salt": "f"}]})");
  const market one(1, {good, fair, unknown});
  std::map<std::string, int> seen;
  std::map<std::string, double> stated;
  constexpr int times = 4000;
  for (int i = 0; i < times; ++i) {
    o.now_us = under_policy_noon + i;
    const under_policy_answer a = one.decide(o);
    const std::string action = under_policy_text(*a.decisions, "action", 0);
    ++seen[action];
    stated[action] = under_policy_number(*a.decisions, "propensity", 0);
  }
  double sum = 0;
  for (const auto& [action, count] : seen) {
    const double p = stated[action];
    // The customer is one who is or is not held out of "fair": its own share is then 0 or 1, so
    // "fair" itself and nothing are left out here. Four standard errors.
    if (action == "good" || action == "new") {
      EXPECT_NEAR(count / double{times}, p, 4 * std::sqrt(p * (1 - p) / times)) << action;
    }
    sum += p;
  }
  EXPECT_LE(sum, 1 + 1e-12);
}

TEST(policy, exploration_costs_at_most_its_budget_even_at_its_dearest) {
  const proposal_row dear{.action = "dear", .effect_mean = .3, .effect_sd = .1, .benefit = 500};
  const std::string json =
      R"({"explore": {"share": 0.5, "method": "uniform", "sd": 0.05, "budget": 40.00}})";
  const under_policy_answer a = market(2000, {good, dear}).decide(with_policy(json));
  double worst = 0, dearest = 0;
  int explored = 0;
  for (std::size_t i = 0; i < a.decisions->rows(); ++i) {
    if (a.decisions->find("cost")->present(i)) {
      dearest = std::max(dearest, under_policy_number(*a.decisions, "cost", i));
    }
    if (under_policy_text(*a.decisions, "arm", i) == "explore") ++explored;
  }
  worst = dearest * explored;
  EXPECT_GT(explored, 3);
  EXPECT_LE(worst, 40.0);
  EXPECT_LT(under_policy_number(*a.budget, "explore_share", 0), .5);
}

TEST(policy, never_uses_more_of_any_resource_than_there_is) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 60; ++round) {
    market m(120, {good, fair, unknown});
    for (proposal_row& p : m.proposals) {
      p.effect_mean = static_cast<double>(random() % 300) / 1000;
      p.benefit = static_cast<std::int64_t>(random() % 300);
    }
    const auto contacts = static_cast<int>(random() % 60);
    const auto minutes = static_cast<int>(random() % 100);
    decide_options o =
        with_policy(R"({"budgets": {"contacts": )" + std::to_string(contacts) +
                    R"(, "agent_minutes": )" + std::to_string(minutes) +
                    R"(}, "explore": {"share": 0.2, "method": "uniform", "sd": 0.05}})");
    o.holdout_share = .1;
    o.budget_minor = static_cast<std::int64_t>(random() % 20'000);
    const under_policy_answer a = m.decide(o);
    double cash = 0, used_minutes = 0;
    int sent = 0;
    for (std::size_t i = 0; i < a.decisions->rows(); ++i) {
      if (under_policy_text(*a.decisions, "action", i).empty()) continue;
      ++sent;
      cash += under_policy_number(*a.decisions, "cost", i);
      used_minutes += under_policy_number(*a.decisions, "agent_minutes", i);
    }
    EXPECT_LE(cash, static_cast<double>(*o.budget_minor) / 100 * (1 + 1e-9));
    EXPECT_LE(sent, contacts);
    EXPECT_LE(used_minutes, minutes);
    EXPECT_NEAR(under_policy_number(*a.budget, "spent", 0), cash, 1e-9);
    EXPECT_NEAR(under_policy_number(*a.resources, "used", 1), sent, 1e-9);
  }
}

TEST(policy, holds_a_share_out_of_one_action_and_says_which) {
  const under_policy_answer a =
      market(1000, {good})
          .decide(with_policy(R"({"holdouts": [{"action": "go*", "share": 0.3, "salt": "s1"}]})"));
  const auto arms = arms_of(a);
  EXPECT_NEAR(arms.at("holdout") / 1000.0, .3, 4 * std::sqrt(.3 * .7 / 1000));
  for (std::size_t i = 0; i < 1000; ++i) {
    const bool held = under_policy_text(*a.decisions, "arm", i) == "holdout";
    EXPECT_EQ(under_policy_text(*a.decisions, "withheld", i), held ? "good" : "");
    EXPECT_NEAR(under_policy_number(*a.decisions, "propensity", i), held ? .3 : .7, 1e-15);
  }
}

TEST(policy, a_lever_moves_the_choice_and_its_cost_is_told) {
  const market m(10, {good, fair});
  const under_policy_answer plain = m.decide(everybody());
  const under_policy_answer pushed = m.decide(
      with_policy(R"({"levers": [{"action": "fair", "add": 50, "why": "spring campaign"}]})"));
  EXPECT_EQ(actions_of(plain)["good"], 10);
  EXPECT_EQ(actions_of(pushed)["fair"], 10);
  const double lost = under_policy_number(*plain.budget, "expected_profit", 0) -
                      under_policy_number(*pushed.budget, "expected_profit", 0);
  EXPECT_GT(lost, 1);
  EXPECT_NEAR(under_policy_number(*pushed.budget, "lever_cost", 0), lost, 1e-9);
  EXPECT_FALSE(plain.budget->find("lever_cost")->present(0));
}

// A lever cannot make a bad action good: the gate asks for profit before it ranks.
TEST(policy, a_lever_does_not_open_the_gate) {
  const proposal_row bad{.action = "bad", .effect_mean = 0, .effect_sd = .01, .contact_cost = 500};
  const under_policy_answer a = market(3, {bad}).decide(
      with_policy(R"({"levers": [{"action": "bad", "add": 100, "why": "the boss"}]})"));
  EXPECT_EQ(under_policy_text(*a.decisions, "reason_code", 0), "NOT_PROFITABLE");
}

TEST(policy, a_veto_stops_the_others_and_is_in_the_receipt) {
  market m(2, {good});
  auto proposals = proposals_of({{.row = 0, .action = "good", .effect_mean = .2},
                                 {.row = 1, .action = "good", .effect_mean = .2},
                                 {.row = 1, .action = "hold", .effect_mean = 0}});
  table marked = *proposals;
  column veto("veto", type::i64);
  for (const std::int64_t flag : {0, 0, 1}) veto.push(flag);
  column plugin("plugin", type::utf8);  // a plugin does not stop itself
  for (const std::string_view who : {"a", "a", "another"}) plugin.push(who);
  for (column& c : marked.columns()) {
    if (c.name() == "veto") c = veto;
    if (c.name() == "plugin") c = plugin;
  }
  const under_policy_answer a = under_policy_run(
      scores_of(m.rows), std::make_shared<table>(std::move(marked)), with_policy("{}"));
  EXPECT_EQ(under_policy_text(*a.decisions, "arm", 0), "exploit");
  EXPECT_EQ(under_policy_text(*a.decisions, "reason_code", 1), "VETOED");
  EXPECT_NE(under_policy_text(*a.decisions, "receipt", 1).find("\"vetoes\""), std::string::npos);
  EXPECT_EQ(a.refusals->rows(), 1U);  // the veto itself is no refused proposal
}

TEST(policy, pull_forward_and_fatigue_lower_the_profit_and_are_told) {
  auto proposals = proposals_of({{.row = 0, .effect_mean = .2}, {.row = 1, .effect_mean = .2}});
  table marked = *proposals;
  for (column& c : marked.columns()) {
    if (c.name() != "pull_forward" && c.name() != "unsubscribe_effect") continue;
    column values(c.name(), type::f64);
    values.push(0.0);
    values.push(c.name() == "pull_forward" ? .25 : .01);
    c = values;
  }
  const under_policy_answer a = under_policy_run(
      scores_of({{"ann"}, {"bob"}}), std::make_shared<table>(std::move(marked)), with_policy("{}"));
  // 40 is the expected spend, and what is lost with a customer whose value is not known.
  EXPECT_NEAR(under_policy_number(*a.decisions, "net", 0), .2 * 40, 1e-12);
  EXPECT_NEAR(under_policy_number(*a.decisions, "fatigue", 1), .4, 1e-12);
  EXPECT_NEAR(under_policy_number(*a.decisions, "net", 1), .2 * 30 - .4, 1e-12);
}

TEST(policy, asks_for_the_time_where_a_rule_needs_it) {
  decide_options o = everybody();
  o.policy = R"({"caps": [{"channel": "email", "limit": 1, "days": 7}]})";
  try {
    market(1, {good}).decide(o);
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
  }
}

TEST(with_customers, appends_what_the_host_knows_by_customer) {
  table customers;
  column& id = customers.add("customer", type::utf8);
  column& tickets = customers.add("open_tickets", type::f64);
  column& region = customers.add("attr.region", type::utf8);
  id.push(std::string_view("bob"));
  tickets.push(2.0);
  region.push(std::string_view("north"));
  const auto joined = with_customers(scores_of({{"ann"}, {"bob"}}), customers);
  EXPECT_FALSE(joined->find("open_tickets")->present(0));
  EXPECT_EQ(joined->numbers("open_tickets")[1], 2);
  EXPECT_EQ(joined->find("attr.region")->text(1), "north");
}

TEST(with_customers, refuses_a_customer_that_is_there_twice) {
  table customers;
  column& id = customers.add("customer", type::utf8);
  id.push(std::string_view("bob"));
  id.push(std::string_view("bob"));
  EXPECT_THROW(with_customers(scores_of({{"ann"}}), customers), error);
}

}  // namespace
}  // namespace clv
