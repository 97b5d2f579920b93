// Who explores and what it may cost; what the propensities of all arms come to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
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

constexpr std::int64_t exploring_noon = 1'767'268'800'000'000;

const proposal_row exploring_good{
    .action = "good", .effect_mean = .2, .effect_sd = .02, .contact_cost = 20};
const proposal_row exploring_fair{
    .action = "fair", .effect_mean = .1, .effect_sd = .02, .contact_cost = 10};
const proposal_row exploring_unknown{
    .action = "new", .effect_mean = .5, .effect_sd = 0, .contact_cost = 10};

struct shop {
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
};

shop shop_of(int customers, const std::vector<proposal_row>& each) {
  shop s;
  for (int i = 0; i < customers; ++i) {
    s.rows.push_back({.id = "c" + std::to_string(i), .x = 3});
    for (proposal_row p : each) {
      p.row = i;
      s.proposals.push_back(p);
    }
  }
  return s;
}

decide_options exploring_with_policy(const std::string& json) {
  decide_options o = everybody();
  o.now_us = exploring_noon;
  o.policy = json;
  return o;
}

outcome decided(const shop& s, const decide_options& o) {
  job j = decide(scores_of(s.rows), proposals_of(s.proposals), o);
  j.run();
  return j.result();
}

std::string exploring_text(const table& t, std::string_view name, std::size_t row) {
  const column& c = t.get(name, type::utf8);
  return c.present(row) ? std::string(c.text(row)) : std::string();
}

int count(const table& t, std::string_view name, std::string_view value) {
  int found = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) found += exploring_text(t, name, i) == value ? 1 : 0;
  return found;
}

void expect_replay(const std::shared_ptr<const table>& decisions) {
  job j = replay(decisions);
  j.run();
  const table& found = *j.result().tables.at("");
  for (std::size_t i = 0; i < found.rows(); ++i) {
    ASSERT_EQ(found.integers("matches", type::i64)[i], 1) << exploring_text(found, "difference", i);
  }
}

// What can be done with one customer sums to one, whatever the arms are made of: the draw is made
// anew for each time, and each answer states its own probability.
TEST(exploring, the_propensities_of_all_that_can_be_done_sum_to_one) {
  for (const char* method : {"uniform", "thompson"}) {
    decide_options o =
        exploring_with_policy(R"({"explore": {"share": 0.5, "floor": 0.05, "sd": 0.05,
      "method": ")" + std::string(method) +
                              R"("}, "holdouts": [{"action": "fair", "share": 0.25,
      "salt": "f"}, {"action": "new", "share": 0.4, "salt": "n"}]})");
    o.holdout_share = .2;
    shop one = shop_of(1, {exploring_fair, exploring_good, exploring_unknown});
    // One whom no holdout has, so that everything can be seen to happen.
    for (int id = 0;; ++id) {
      one.rows[0].id = "c" + std::to_string(id);
      const outcome r = decided(one, o);
      const std::string receipt = exploring_text(*r.tables.at(""), "receipt", 0);
      if (receipt.find("\"held\":true") != std::string::npos) continue;
      if (exploring_text(*r.tables.at(""), "arm", 0) != "holdout") break;
    }
    std::map<std::string, double> stated;
    for (int i = 0; i < 400; ++i) {
      o.now_us = exploring_noon + i;
      const outcome r = decided(one, o);
      const table& d = *r.tables.at("");
      stated[exploring_text(d, "action", 0)] = d.numbers("propensity")[0];
    }
    ASSERT_EQ(stated.size(), 4U) << method;
    double sum = 0;
    for (const auto& [action, p] : stated) sum += p;
    EXPECT_NEAR(sum, 1, 1e-9) << method;  // of the quadrature of thompson_propensity
  }
}

TEST(exploring, risks_at_worst_no_more_than_its_budget) {
  shop s = shop_of(2000, {exploring_good, exploring_unknown});
  auto proposals = std::make_shared<table>(*proposals_of(s.proposals));
  for (column& c : proposals->columns()) {
    if (c.name() != "worst_case") continue;
    c = column("worst_case", type::money, "EUR");
    for (std::size_t i = 0; i < s.proposals.size(); ++i) c.push(std::int64_t{250});
  }
  const decide_options o = exploring_with_policy(
      R"({"explore": {"share": 0.5, "method": "uniform", "sd": 0.05, "budget": 50}})");
  job j = decide(scores_of(s.rows), proposals, o);
  j.run();
  const table& d = *j.result().tables.at("");
  EXPECT_LE(count(d, "arm", "explore") * 2.50, 50);
  EXPECT_GE(count(d, "arm", "explore") * 2.50, 45);
}

TEST(exploring, is_not_stopped_by_one_option_that_is_too_dear_for_it) {
  const proposal_row dear{.action = "dear", .effect_mean = .9, .effect_sd = .1, .benefit = 1500};
  const outcome r =
      decided(shop_of(2000, {exploring_good, exploring_unknown, dear}),
              exploring_with_policy(
                  R"({"explore": {"share": 0.5, "method": "uniform", "sd": 0.05, "budget": 10}})"));
  const table& d = *r.tables.at("");
  EXPECT_GT(count(d, "arm", "explore"), 40);  // of 50 at most, at 0.20 each
  for (std::size_t i = 0; i < d.rows(); ++i) {
    if (exploring_text(d, "action", i) != "dear") continue;
    EXPECT_EQ(exploring_text(d, "arm", i), "exploit");
  }
  expect_replay(r.tables.at(""));
}

TEST(exploring, leaves_out_what_alone_exceeds_a_limit_of_the_run) {
  proposal_row seats = exploring_unknown;
  seats.action = "seats";
  decide_options o = exploring_with_policy(
      R"({"budgets": {"agent_minutes": 1.5}, "explore": {"share": 0.5, "method": "uniform",
          "sd": 0.05}})");
  const outcome r = decided(shop_of(200, {seats, exploring_good}), o);  // two minutes each
  const table& d = *r.tables.at("");
  EXPECT_EQ(count(d, "action", ""), 200);
  EXPECT_GT(count(d, "reason_code", "OVER_BUDGET"), 0);
  EXPECT_NE(exploring_text(*r.tables.at("refusals"), "reason", 1).find("alone it takes more"),
            std::string::npos);
  expect_replay(r.tables.at(""));
}

// The profit of an option whose response is worth what is given for it does not depend on the
// effect: its sd is 0, and there is nothing to draw by.
TEST(exploring, takes_no_option_whose_profit_cannot_change) {
  proposal_row pointless = exploring_unknown;
  pointless.response_value = pointless.benefit = 300;
  pointless.contact_cost = 0;
  for (const char* method : {"uniform", "thompson"}) {
    const outcome r =
        decided(shop_of(50, {pointless}),
                exploring_with_policy(R"({"explore": {"share": 0.9, "sd": 0.05, "method": ")" +
                                      std::string(method) + "\"}}"));
    const table& d = *r.tables.at("");
    EXPECT_EQ(count(d, "action", ""), 50);
    for (const double p : d.numbers("propensity")) EXPECT_EQ(p, 1);
    expect_replay(r.tables.at(""));
  }
}

TEST(exploring, tells_those_held_out_that_the_lot_decided) {
  decide_options o = exploring_with_policy(R"({"explore": {"share": 1, "method": "uniform"}})");
  o.holdout_share = 1;
  const outcome r = decided(shop_of(20, {exploring_good, exploring_fair}), o);
  const table& refusals = *r.tables.at("refusals");
  EXPECT_GT(count(refusals, "reason_code", "LOST_ARBITRATION"), 0);
  for (std::size_t i = 0; i < refusals.rows(); ++i) {
    if (exploring_text(refusals, "reason_code", i) != "LOST_ARBITRATION") continue;
    EXPECT_NE(exploring_text(refusals, "reason", i).find("the lot said"), std::string::npos);
  }
}

// Shares, prices and what everybody gets are of the customers, not of the order they come in; two
// rows of one customer have equal lots.
TEST(exploring, permuting_customers_changes_nothing) {
  std::mt19937_64 random(9);
  shop s = shop_of(300, {exploring_good, exploring_fair, exploring_unknown});
  s.rows[7].id = s.rows[8].id;
  for (proposal_row& p : s.proposals) {
    p.benefit = static_cast<std::int64_t>(random() % 300);
    if (p.effect_sd > 0) p.effect_mean = static_cast<double>(random() % 300) / 1000;
  }
  decide_options o = exploring_with_policy(R"({"budgets": {"contacts": 70, "agent_minutes": 130},
    "explore": {"share": 0.3, "sd": 0.05, "budget": 60},
    "levers": [{"action": "fair", "add": 0.5, "why": "spring"}]})");
  o.holdout_share = .1;
  o.budget_minor = 9000;
  const outcome straight = decided(s, o);
  std::vector<int> order(300);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  shop moved;
  for (int to = 0; to < 300; ++to) {
    const auto from = static_cast<std::size_t>(order[static_cast<std::size_t>(to)]);
    moved.rows.push_back(s.rows[from]);
    for (std::size_t k = 0; k < 3; ++k) {
      moved.proposals.push_back(s.proposals[3 * from + k]);
      moved.proposals.back().row = to;
    }
  }
  const outcome mixed = decided(moved, o);
  for (const char* name : {"spent", "expected_profit", "shadow_price", "explore_share"}) {
    EXPECT_EQ(straight.tables.at("budget")->numbers(name)[0],
              mixed.tables.at("budget")->numbers(name)[0])
        << name;
  }
  const table &a = *straight.tables.at(""), &b = *mixed.tables.at("");
  for (std::size_t to = 0; to < 300; ++to) {
    const auto from = static_cast<std::size_t>(order[to]);
    if (from == 7 || from == 8) continue;  // which of the two is served is by row
    EXPECT_EQ(exploring_text(a, "action", from), exploring_text(b, "action", to));
    EXPECT_EQ(a.numbers("propensity")[from], b.numbers("propensity")[to]);
  }
}

TEST(levers, below_doing_nothing_is_told_as_such) {
  const outcome r = decided(
      shop_of(1, {exploring_fair}),
      exploring_with_policy(R"({"levers": [{"action": "fair", "add": -9, "why": "too many"}]})"));
  EXPECT_EQ(exploring_text(*r.tables.at(""), "reason_code", 0), "LOST_ARBITRATION");
  EXPECT_NE(exploring_text(*r.tables.at(""), "reason", 0).find("less EUR 9.00 by a lever"),
            std::string::npos);
  EXPECT_NE(exploring_text(*r.tables.at(""), "reason", 0).find("below doing nothing"),
            std::string::npos);
}

// Two plugins: the first proposes, the second objects and reads the customers' gender.
outcome with_objector(const std::string& policy) {
  table marked = *proposals_of({{.row = 0, .effect_mean = .2}, {.row = 0, .action = "hold"}});
  for (column& c : marked.columns()) {
    if (c.name() == "veto") {
      c = column("veto", type::i64);
      for (const std::int64_t flag : {0, 1}) c.push(flag);
    } else if (c.name() == "plugin" || c.name() == "reads") {
      const bool reads = c.name() == "reads";
      c = column(c.name(), type::utf8);
      c.push(reads ? std::string_view("clv") : std::string_view("a"));
      c.push(reads ? std::string_view("clv,attr.gender") : std::string_view("b"));
    }
  }
  job j = decide(scores_of({{"ann"}}),
                 std::make_shared<table>(std::move(marked)),
                 exploring_with_policy(policy));
  j.run();
  return j.result();
}

TEST(vetoes, count_not_of_a_plugin_that_is_suspended_or_reads_what_is_protected) {
  const auto code = [](const std::string& policy) {
    return exploring_text(*with_objector(policy).tables.at(""), "reason_code", 0);
  };
  EXPECT_EQ(code("{}"), "VETOED");
  EXPECT_EQ(code(R"({"suspended": ["b"]})"), "CHOSEN");
  EXPECT_EQ(code(R"({"protected": ["attr.gender"]})"), "CHOSEN");
  EXPECT_EQ(code(R"({"protected": ["gender"]})"), "CHOSEN");  // the same column
  EXPECT_EQ(code(R"({"protected": ["attr.age"]})"), "VETOED");
}

void expect_refused(const decide_options& o, const std::string& part) {
  try {
    decided(shop_of(1, {exploring_good}), o);
    FAIL() << part;
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    EXPECT_NE(e.details().message.find(part), std::string::npos) << e.details().message;
  }
}

TEST(deciding, refuses_what_would_decide_something_else_than_was_meant) {
  decide_options o =
      exploring_with_policy(R"({"holdouts": [{"action": "good", "share": 0.1, "salt": "clv"}]})");
  expect_refused(o, "the salt of the global one");
  o = everybody();
  o.previous_hash = "the last one";
  expect_refused(o, "previous_hash is 'the last one'");
}

TEST(deciding, needs_ids_to_find_what_is_known_of_a_customer) {
  table nameless = *scores_of({{"ann"}});
  nameless.columns().pop_front();
  decide_options o = everybody();
  auto customers = std::make_shared<table>();
  customers->add("customer", type::utf8).push(std::string_view("0"));
  o.facts.emplace("customers", customers);
  try {
    decide(std::make_shared<table>(std::move(nameless)), proposals_of({}), o).run();
    FAIL();
  } catch (const error& e) {
    EXPECT_NE(e.details().message.find("no customer ids"), std::string::npos);
  }
}

}  // namespace
}  // namespace clv
