// Report `market_outcomes`: averages over many runs are what the truth expects.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "market_cases.hpp"

namespace clv::test {
namespace {

outcome carry_out(const table_of& truth,
                  const table_of& decisions,
                  std::string_view options = "",
                  const table_of& contacts = nullptr) {
  std::map<std::string, table_of> in{{"truth", truth}, {"decisions", decisions}};
  if (contacts != nullptr) in["contacts"] = contacts;
  return run_report(market_outcomes_report, in, options);
}

std::string round(int i) {
  return R"({"round":)" + std::to_string(i) + "}";
}

TEST(market_outcomes, earn_on_average_what_the_truth_expects) {
  const outcome made = run_market(R"({"customers":400,"seed":4})");
  const table_of truth = made.tables.at("truth");
  constexpr int rounds = 300;
  for (const char* action : {"winback.nudge",
                             "winback.discount",
                             "vip_concierge.call",
                             "blanket_20pct.discount",
                             "cross_sell.category"}) {
    const table_of decisions = blanket(*truth, action);
    double sum = 0, squares = 0, cost = 0, expected = 0, expected_cost = 0, cost_squares = 0;
    for (int i = 0; i < rounds; ++i) {
      const outcome o = carry_out(truth, decisions, round(i));
      const double lift = profit_of(o, "lift"), paid = profit_of(o, "cost");
      sum += lift, squares += lift * lift, cost += paid, cost_squares += paid * paid;
      expected = profit_of(o, "expected_lift");
      expected_cost = profit_of(o, "expected_cost");
    }
    const auto se = [](double s, double ss) {
      return std::sqrt((ss / rounds - s / rounds * s / rounds) / rounds);
    };
    // 4 standard errors of the mean over the rounds; a constant cost is rounded in its last digits.
    EXPECT_NEAR(sum / rounds, expected, 4 * se(sum, squares)) << action;
    const double slack = 4 * se(cost, std::max(cost_squares, cost * cost / rounds)) + 1e-6;
    EXPECT_NEAR(cost / rounds, expected_cost, slack) << action;
    EXPECT_NEAR(expected, sum_where(*truth, "net", "action", action), 1e-6 * std::abs(expected));
  }
}

TEST(market_outcomes, respond_on_average_with_the_chance_of_the_truth) {
  const outcome made = run_market(R"({"customers":300,"seed":9})");
  const table_of truth = made.tables.at("truth");
  const table_of decisions = blanket(*truth, "winback.discount");
  double p1 = 0, variance = 0, responses = 0;
  for (std::size_t row = 0; row < truth->rows(); ++row) {
    if (truth->find("action")->text(row) != "winback.discount") continue;
    const double p = truth->numbers("p0")[row] + truth->numbers("tau")[row];
    p1 += p;
    variance += p * (1 - p);
  }
  constexpr int rounds = 200;
  for (int i = 0; i < rounds; ++i) {
    responses += profit_of(carry_out(truth, decisions, round(i)), "responses");
  }
  EXPECT_NEAR(responses / rounds, p1, 4 * std::sqrt(variance / rounds));
}

TEST(market_outcomes, leave_who_is_left_alone_as_it_was) {
  const outcome made = run_market(R"({"customers":500})");
  const table_of truth = made.tables.at("truth");
  report_writer none({{"customer", type::utf8}, {"action", type::utf8}, {"arm", type::utf8}});
  const table& facts = named(made, "customers");
  for (std::size_t row = 0; row < facts.rows(); ++row) {
    const bool held = row % 2 == 0;  // held out with the action that was withheld, or no action
    none.row(facts.find("customer")->text(row),
             held ? std::optional<std::string>("winback.nudge") : std::nullopt,
             held ? "holdout" : "exploit");
  }
  const outcome o = carry_out(truth, none.sealed("none"));
  EXPECT_EQ(profit_of(o, "treated"), 0);
  EXPECT_EQ(profit_of(o, "lift"), 0);
  EXPECT_EQ(profit_of(o, "cost"), 0);
  EXPECT_EQ(profit_of(o, "realised_profit"), profit_of(o, "untreated_profit"));
  EXPECT_EQ(profit_of(o, "regret"), profit_of(o, "oracle_lift"));
  EXPECT_EQ(named(o, "contacts").rows(), 0u);
}

// Customer -> "kind=value" of the outcomes.
std::map<std::string, std::set<std::string>> told(const outcome& o) {
  std::map<std::string, std::set<std::string>> out;
  const table& t = named(o, "");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    out[std::string(t.find("customer")->text(row))].insert(
        std::string(t.find("kind")->text(row)) + "=" + std::to_string(t.numbers("value")[row]));
  }
  return out;
}

TEST(market_outcomes, happen_to_the_same_person_whatever_is_decided_for_others) {
  const outcome made = run_market(R"({"customers":600})");
  const table_of truth = made.tables.at("truth");
  const auto all = told(carry_out(truth, blanket(*truth, "winback.discount")));
  const table_of half = decisions_for(*truth, [&](std::size_t row) {
    return row % 10 < 5 && truth->find("action")->text(row) == "winback.discount";
  });
  const auto some = told(carry_out(truth, half));
  ASSERT_EQ(some.size(), 300u);
  for (const auto& [customer, outcomes] : some) EXPECT_EQ(outcomes, all.at(customer)) << customer;
}

TEST(market_outcomes, do_not_depend_on_the_order_of_rows) {
  const outcome made = run_market(R"({"customers":300})");
  const table_of truth = made.tables.at("truth");
  const table_of decisions = blanket(*truth, "cross_sell.category");
  report_writer turned({{"customer", type::utf8}, {"action", type::utf8}});
  for (std::size_t row = decisions->rows(); row-- > 0;) {
    turned.row(decisions->find("customer")->text(row), decisions->find("action")->text(row));
  }
  const outcome a = carry_out(truth, decisions), b = carry_out(truth, turned.sealed("turned"));
  EXPECT_EQ(named(a, "profit").fingerprint(), named(b, "profit").fingerprint());
  EXPECT_EQ(told(a), told(b));
}

TEST(market_outcomes, are_the_same_for_the_same_seed_and_others_in_another_round) {
  const outcome made = run_market(R"({"customers":500})");
  const table_of truth = made.tables.at("truth"), all = blanket(*truth, "winback.discount");
  EXPECT_EQ(told(carry_out(truth, all, round(1))), told(carry_out(truth, all, round(1))));
  EXPECT_NE(told(carry_out(truth, all, round(1))), told(carry_out(truth, all, round(2))));
  EXPECT_NE(told(carry_out(truth, all, R"({"seed":2})")), told(carry_out(truth, all)));
}

TEST(market_outcomes, keep_the_ids_of_decisions_and_name_those_without) {
  const outcome made = run_market(R"({"customers":20})");
  const table_of truth = made.tables.at("truth");
  report_writer some(
      {{"customer", type::utf8}, {"action", type::utf8}, {"decision_id", type::utf8}});
  some.row("c000001", "winback.nudge", std::optional<std::string>("d-17"));
  some.row("c000002", "winback.nudge", std::optional<std::string>());
  const outcome o = carry_out(truth, some.sealed("ids"), round(3));
  std::set<std::string> ids;
  const table& t = named(o, "");
  for (std::size_t row = 0; row < t.rows(); ++row) {
    ids.insert(std::string(t.find("decision_id")->text(row)));
  }
  EXPECT_EQ(ids, (std::set<std::string>{"d-17", "round-3-c000002"}));
}

// One contact for every customer, `days` before the truth's day.
table_of contacts_of(const table& truth, std::string_view kind, int days) {
  report_writer rows({{"customer", type::utf8},
                      {"time", type::time},
                      {"channel", type::utf8},
                      {"kind", type::utf8}});
  const std::int64_t at =
      truth.integers("as_of", type::time)[0] - std::int64_t{days} * 86'400'000'000;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    if (truth.find("action")->text(row) == "winback.nudge") {
      rows.row(truth.find("customer")->text(row), at, "email", kind);
    }
  }
  return rows.sealed("contacts");
}

TEST(market_outcomes, tire_who_was_contacted_lately) {
  const outcome made = run_market(R"({"customers":500})");
  const table_of truth = made.tables.at("truth"), all = blanket(*truth, "winback.discount");
  const auto lift = [&](const table_of& contacts) {
    return profit_of(carry_out(truth, all, "", contacts), "expected_lift");
  };
  EXPECT_LT(lift(contacts_of(*truth, "sent", 2)), lift(nullptr));
  EXPECT_EQ(lift(contacts_of(*truth, "sent", 40)), lift(nullptr)) << "forgotten after 30 days";
  EXPECT_EQ(lift(contacts_of(*truth, "sent", -1)), lift(nullptr)) << "not yet";
  EXPECT_EQ(profit_of(carry_out(truth, all, R"({"fatigue":0})", contacts_of(*truth, "sent", 2)),
                      "expected_lift"),
            lift(nullptr));
}

TEST(market_outcomes, do_nothing_but_cost_where_the_channel_was_left) {
  const outcome made = run_market(R"({"customers":500})");
  const table_of truth = made.tables.at("truth"), all = blanket(*truth, "winback.discount");
  const outcome o = carry_out(truth, all, "", contacts_of(*truth, "unsubscribed", 50));
  EXPECT_NEAR(profit_of(o, "lift"), -500 * .05, 1e-9) << "its contact cost";
  EXPECT_EQ(profit_of(o, "without_consent"), 500);
}

TEST(market_outcomes, tell_contacts_that_a_next_round_can_be_given) {
  const outcome made = run_market(R"({"customers":400})");
  const table_of truth = made.tables.at("truth"), all = blanket(*truth, "blanket_20pct.discount");
  const outcome first = carry_out(truth, all, round(1));
  const outcome next = carry_out(truth, all, round(2), first.tables.at("contacts"));
  EXPECT_LT(profit_of(next, "expected_lift"), profit_of(first, "expected_lift"));
}

TEST(market_outcomes, count_what_was_given_to_those_who_would_have_bought_anyway) {
  const outcome made = run_market(R"({"customers":3000})");
  const table_of truth = made.tables.at("truth");
  const outcome o = carry_out(truth, blanket(*truth, "blanket_20pct.discount"));
  EXPECT_GT(profit_of(o, "cannibalisation_share"), .5) << "most of a blanket discount is wasted";
  EXPECT_LE(profit_of(o, "cannibalisation_share"), 1);
  EXPECT_NEAR(profit_of(o, "benefit_to_buyers"),
              profit_of(o, "cannibalisation_share") * profit_of(o, "benefit_paid"),
              1e-6);
  const double parts = profit_of(o, "value") - profit_of(o, "cost") - profit_of(o, "future_lost");
  EXPECT_NEAR(profit_of(o, "realised_profit"), parts, 1e-6);  // sums in another order
}

TEST(market_outcomes, refuse_what_the_truth_does_not_know) {
  const outcome made = run_market(R"({"customers":5})");
  const table_of truth = made.tables.at("truth");
  const auto said = [&](std::string_view customer, std::string_view action, int times) {
    report_writer rows({{"customer", type::utf8}, {"action", type::utf8}});
    for (int i = 0; i < times; ++i) rows.row(customer, action);
    return complaint([&] { carry_out(truth, rows.sealed("wrong")); });
  };
  EXPECT_NE(said("c000009", "winback.nudge", 1).find("'c000009'"), std::string::npos);
  EXPECT_NE(said("c000001", "call", 1).find("winback.discount"), std::string::npos);
  EXPECT_NE(said("c000001", "winback.nudge", 2).find("there twice"), std::string::npos);
  table odd = *truth;
  odd.find("p0")->mutable_numbers()[1] = 1.5;
  const auto wrong = std::make_shared<const table>(odd);
  EXPECT_NE(complaint([&] { carry_out(wrong, blanket(*truth, "winback.nudge")); }).find("'p0'"),
            std::string::npos);
}

}  // namespace
}  // namespace clv::test
