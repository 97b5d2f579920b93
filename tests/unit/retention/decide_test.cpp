#include "clv/decide.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "market_of_one.hpp"

namespace clv {
namespace {

using test::by_hand;
using test::customer_row;
using test::everybody;
using test::proposal_row;
using test::proposals_of;
using test::scores_of;

struct answer {
  std::shared_ptr<const table> decisions, refusals, budget;
  issues notes;
};

answer run(std::shared_ptr<const table> scores,
           std::shared_ptr<const table> proposals,
           const decide_options& o) {
  job j = decide(std::move(scores), std::move(proposals), o);
  j.run();
  const outcome& r = j.result();
  return {r.tables.at(""), r.tables.at("refusals"), r.tables.at("budget"), r.notes};
}

std::string text(const table& t, std::string_view name, std::size_t row) {
  return std::string(t.get(name, type::utf8).text(row));
}
double number(const table& t, std::string_view name, std::size_t row) {
  return t.numbers(name)[row];
}
std::int64_t count(const table& t, std::string_view name) {
  return t.integers(name, type::i64)[0];
}

TEST(decide, chooses_what_pays_and_shows_every_part_of_its_price) {
  const answer a =
      run(scores_of({{"ann"}}), proposals_of({{.benefit = 200, .contact_cost = 10}}), everybody());
  ASSERT_EQ(a.decisions->rows(), 1U);
  EXPECT_EQ(text(*a.decisions, "arm", 0), "exploit");
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "CHOSEN");
  EXPECT_EQ(text(*a.decisions, "action", 0), "mail");
  EXPECT_EQ(text(*a.decisions, "reason", 0), "Because of the test.");
  EXPECT_EQ(text(*a.decisions, "evidence", 0), "plugin_prior");
  const double p0 = 1 - std::exp(-30.0 / 300);  // thirty days are the default horizon
  // Tolerance: a few roundings of numbers up to 40.
  EXPECT_NEAR(number(*a.decisions, "p0", 0), p0, 1e-15);
  EXPECT_NEAR(number(*a.decisions, "gross_lift", 0), .05 * 38, 1e-14);
  EXPECT_NEAR(number(*a.decisions, "cannibalisation", 0), 2 * p0, 1e-14);
  EXPECT_NEAR(number(*a.decisions, "net", 0), .05 * 38 - 2 * p0 - .1, 1e-14);
  EXPECT_NEAR(number(*a.decisions, "lcb", 0), .04 * 38 - 2 * p0 - .1, 1e-14);
  EXPECT_NEAR(number(*a.decisions, "cost", 0), (p0 + .05) * 2 + .1, 1e-14);
  EXPECT_EQ(number(*a.decisions, "agent_minutes", 0), 2);
  EXPECT_EQ(number(*a.decisions, "propensity", 0), 1);
  EXPECT_EQ(a.decisions->find("net")->unit(), "EUR");
  EXPECT_EQ(a.refusals->rows(), 0U);
  EXPECT_EQ(count(*a.budget, "customers_treated"), 1);
  EXPECT_FALSE(a.budget->find("budget_limit")->present(0));
  EXPECT_EQ(number(*a.budget, "expected_profit", 0), number(*a.decisions, "net", 0));
}

TEST(decide, converts_the_horizon_to_the_unit_of_the_model) {
  auto weekly = std::make_shared<fitted_model>(*by_hand());
  weekly->unit = "week";
  decide_options o = everybody();
  o.model = weekly;
  const auto proposals = proposals_of({{.horizon_us = 14 * 86'400'000'000}});
  const answer a = run(scores_of({{.id = "ann", .x = 3, .t_x = 1, .T = 30}}), proposals, o);
  EXPECT_NEAR(number(*a.decisions, "p0", 0), 1 - std::exp(-2 * .1), 1e-15);
}

TEST(decide, takes_the_margin_off_the_spend_but_not_off_a_stated_value) {
  decide_options o = everybody();
  o.margin = .25;
  const answer a = run(scores_of({{"ann"}, {"bob"}}),
                       proposals_of({{.row = 0}, {.row = 1, .response_value = 900}}),
                       o);
  EXPECT_EQ(number(*a.decisions, "response_value", 0), 10);
  EXPECT_EQ(number(*a.decisions, "response_value", 1), 9);
}

TEST(decide, refuses_a_blanket_discount_that_is_given_to_people_who_buy_anyway) {
  // Weekly buyers: p0 = 1 - exp(-30 * 50 / 350) = .986; 8 of 40 are given away.
  const customer_row loyal{.id = "loyal", .x = 50, .t_x = 349, .T = 350};
  const answer a = run(scores_of({loyal}),
                       proposals_of({{.effect_mean = .01, .effect_sd = .001, .benefit = 800}}),
                       everybody());
  EXPECT_EQ(text(*a.decisions, "arm", 0), "none");
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "NOT_PROFITABLE");
  EXPECT_FALSE(a.decisions->find("action")->present(0));
  EXPECT_EQ(text(*a.refusals, "reason_code", 0), "NOT_PROFITABLE");
  EXPECT_GT(number(*a.refusals, "cannibalisation", 0), 7);
  EXPECT_LT(number(*a.refusals, "net", 0), 0);
  EXPECT_NE(text(*a.decisions, "reason", 0).find("bought anyway"), std::string::npos);
}

TEST(decide, earns_more_than_treating_a_whole_segment) {
  // The segment: the heaviest buyers. They would buy anyway; the rare ones would not.
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
  for (int i = 0; i < 40; ++i) {
    const bool heavy = i < 20;
    rows.push_back({.id = "c" + std::to_string(i), .x = heavy ? 40.0 : 1.0, .t_x = 290, .T = 300});
    proposals.push_back({.row = i, .effect_mean = .02, .effect_sd = .005, .benefit = 400});
  }
  const answer a = run(scores_of(rows), proposals_of(proposals), everybody());
  double policy = 0, segment = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const double p0 = 1 - std::exp(-30 * rows[i].x / 300);
    // Truth: nobody's probability can exceed one.
    const double tau = std::min(.02, 1 - p0);
    const double profit = tau * 36 - p0 * 4;
    if (i < 20) segment += profit;
    if (a.decisions->find("action")->present(i)) policy += profit;
  }
  EXPECT_LT(segment, 0);
  EXPECT_GT(policy, 0);
  EXPECT_NEAR(number(*a.budget, "expected_profit", 0), policy, 1e-9);
}

TEST(decide, says_why_a_proposal_has_no_evidence) {
  const answer a = run(scores_of({{"ann"}, {.id = "bob", .expected_spend = -1}}),
                       proposals_of({{.row = 0, .effect_sd = 0}, {.row = 1}}),
                       everybody());
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "NO_EVIDENCE");
  EXPECT_EQ(text(*a.decisions, "reason_code", 1), "NO_EVIDENCE");
  EXPECT_NE(text(*a.decisions, "reason", 0), text(*a.decisions, "reason", 1));
  EXPECT_FALSE(a.refusals->find("net")->present(1));
}

TEST(decide, a_stated_value_needs_no_spend_of_the_customer) {
  const answer a = run(scores_of({{.id = "bob", .expected_spend = -1}}),
                       proposals_of({{.response_value = 4000}}),
                       everybody());
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "CHOSEN");
}

TEST(decide, refuses_what_has_expired_only_when_it_knows_the_time) {
  decide_options o = everybody();
  const auto scores = scores_of({{"ann"}});
  const auto proposals = proposals_of({{.expires_us = 1'000'000}});
  EXPECT_EQ(text(*run(scores, proposals, o).decisions, "reason_code", 0), "CHOSEN");
  o.now_us = 1'000'000;
  EXPECT_EQ(text(*run(scores, proposals, o).decisions, "reason_code", 0), "CHOSEN");
  o.now_us = 1'000'001;
  const answer late = run(scores, proposals, o);
  EXPECT_EQ(text(*late.decisions, "reason_code", 0), "EXPIRED");
  EXPECT_EQ(text(*late.decisions, "reason", 0),
            "The proposal was valid until 1970-01-01T00:00:01Z.");
}

TEST(decide, takes_one_action_per_customer_and_names_the_winner_to_the_loser) {
  const answer a = run(scores_of({{"ann"}}),
                       proposals_of({{.action = "mail"}, {.action = "call", .effect_mean = .08}}),
                       everybody());
  EXPECT_EQ(text(*a.decisions, "action", 0), "call");
  ASSERT_EQ(a.refusals->rows(), 1U);
  EXPECT_EQ(text(*a.refusals, "action", 0), "mail");
  EXPECT_EQ(text(*a.refusals, "reason_code", 0), "LOST_ARBITRATION");
  EXPECT_EQ(text(*a.refusals, "reason", 0),
            "'call' is the better action for this customer: EUR 3.20 expected against EUR 2.00.");
}

TEST(decide, spends_the_budget_where_it_earns_most) {
  decide_options o = everybody();
  o.budget_minor = 100;
  const auto scores = scores_of({{"ann"}, {"bob"}, {"cyd"}});
  const auto proposals = proposals_of({{.row = 0, .effect_mean = .05, .contact_cost = 100},
                                       {.row = 1, .effect_mean = .09, .contact_cost = 100},
                                       {.row = 2, .effect_mean = .07, .contact_cost = 100}});
  const answer a = run(scores, proposals, o);
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "OVER_BUDGET");
  EXPECT_EQ(text(*a.decisions, "reason_code", 1), "CHOSEN");
  EXPECT_EQ(text(*a.decisions, "reason_code", 2), "OVER_BUDGET");
  EXPECT_EQ(number(*a.budget, "budget_limit", 0), 1);
  EXPECT_EQ(number(*a.budget, "spent", 0), 1);
  EXPECT_NEAR(number(*a.budget, "shadow_price", 0), .07 * 40 - 1, 1e-12);
  EXPECT_EQ(count(*a.budget, "proposals_refused"), 2);
  o.budget_minor = 0;
  EXPECT_EQ(count(*run(scores, proposals, o).budget, "customers_treated"), 0);
}

TEST(decide, leaves_a_cheaper_action_in_place_when_the_dearer_one_does_not_fit) {
  decide_options o = everybody();
  o.budget_minor = 50;
  const answer a = run(scores_of({{"ann"}}),
                       proposals_of({{.action = "mail", .contact_cost = 10},
                                     {.action = "call", .effect_mean = .2, .contact_cost = 300}}),
                       o);
  EXPECT_EQ(text(*a.decisions, "action", 0), "mail");
  EXPECT_EQ(text(*a.refusals, "reason_code", 0), "OVER_BUDGET");
}

TEST(decide, says_so_when_nobody_proposed_anything) {
  const answer a = run(scores_of({{"ann"}}), proposals_of({}), everybody());
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "NO_PROPOSAL");
  EXPECT_EQ(text(*a.decisions, "arm", 0), "none");
  EXPECT_EQ(number(*a.decisions, "propensity", 0), 1);
}

TEST(decide, about_nobody_gives_empty_tables_and_a_budget_row) {
  const answer a = run(scores_of({}), proposals_of({}), everybody());
  EXPECT_EQ(a.decisions->rows(), 0U);
  EXPECT_EQ(a.budget->rows(), 1U);
}

TEST(decide, holds_customers_out_and_records_what_they_would_have_got) {
  decide_options o = everybody();
  o.holdout_share = 1;
  const answer a = run(scores_of({{"ann"}, {"bob"}}), proposals_of({{.row = 0}}), o);
  EXPECT_EQ(text(*a.decisions, "arm", 0), "holdout");
  EXPECT_EQ(text(*a.decisions, "reason_code", 0), "HOLDOUT");
  EXPECT_FALSE(a.decisions->find("action")->present(0));
  EXPECT_EQ(text(*a.decisions, "arm", 1), "holdout");
  EXPECT_EQ(text(*a.decisions, "reason_code", 1), "NO_PROPOSAL");
  EXPECT_EQ(text(*a.refusals, "reason_code", 0), "HOLDOUT");
  EXPECT_EQ(number(*a.budget, "spent", 0), 0);
  EXPECT_EQ(count(*a.budget, "customers_held_out"), 2);
  const auto receipt = boost::json::parse(text(*a.decisions, "receipt", 0)).as_object();
  EXPECT_EQ(receipt.at("withheld").at("action").as_string(), "mail");
  EXPECT_TRUE(receipt.at("chosen").is_null());
}

TEST(decide, holds_out_about_the_share_and_spends_nothing_on_them) {
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back({.id = "c" + std::to_string(i)});
    proposals.push_back({.row = i, .contact_cost = 10});
  }
  decide_options o = everybody();
  o.holdout_share = .2;
  const answer a = run(scores_of(rows), proposals_of(proposals), o);
  const auto held = static_cast<double>(count(*a.budget, "customers_held_out"));
  EXPECT_NEAR(held, 1000, 5 * 28.3);  // five standard deviations: sqrt(5000 * .2 * .8)
  const auto treated = static_cast<double>(count(*a.budget, "customers_treated"));
  EXPECT_EQ(treated + held, 5000);
  EXPECT_NEAR(number(*a.budget, "spent", 0), .1 * treated, 1e-9);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_held = text(*a.decisions, "arm", i) == "holdout";
    ASSERT_EQ(number(*a.decisions, "propensity", i), is_held ? .2 : .8);
  }
}

TEST(decide, leaves_a_receipt_that_names_everything_it_used) {
  decide_options o = everybody();
  o.holdout_salt = "a secret salt";
  o.budget_minor = 10'000;
  const answer a = run(scores_of({{.id = "Zo\xc3\xab \"Z\""}}),
                       proposals_of({{.action = "ma\"il"}, {.action = "dear", .benefit = 3999}}),
                       o);
  const std::string written = text(*a.decisions, "receipt", 0);
  EXPECT_EQ(written.find("secret"), std::string::npos);
  EXPECT_EQ(written.find("Zo"), std::string::npos);  // the row already says who
  const auto r = boost::json::parse(written).as_object();
  EXPECT_EQ(r.at("format").as_string(), "clv.receipt/1");
  EXPECT_EQ(r.at("arm").as_string(), "exploit");
  EXPECT_EQ(r.at("chosen").at("action").as_string(), "ma\"il");
  EXPECT_EQ(r.at("model").at("name").as_string(), "by_hand");
  EXPECT_EQ(r.at("model").at("data").as_string(), by_hand()->data_fingerprint);
  EXPECT_EQ(r.at("options").at("budget_minor").to_number<int>(), 10'000);
  EXPECT_EQ(r.at("features").as_string().size(), 16U);
  ASSERT_EQ(r.at("candidates").as_array().size(), 2U);
  const auto& lost = r.at("candidates").at(1);
  EXPECT_EQ(lost.at("code").as_string(), "NOT_PROFITABLE");
  for (const char* part : {"tau", "sd", "V", "delta", "c", "p0", "net", "lcb", "cost"}) {
    EXPECT_TRUE(lost.as_object().contains(part)) << part;
  }
}

TEST(decide, a_receipt_is_enough_to_compute_the_price_again) {
  const answer a = run(scores_of({{.id = "ann", .x = 50, .t_x = 299, .T = 300}}),
                       proposals_of({{.effect_mean = .3, .benefit = 150, .contact_cost = 33}}),
                       everybody());
  const auto r = boost::json::parse(text(*a.decisions, "receipt", 0)).as_object();
  const auto& c = r.at("candidates").at(0);
  const auto get = [&](const char* name) { return c.at(name).to_number<double>(); };
  EXPECT_EQ(get("tau_stated"), .3);  // p0 is .99: the effect was clamped, and the receipt says so
  EXPECT_LT(get("tau"), .02);
  // 1e-14: Boost.JSON reads a double to within one unit in the last place.
  EXPECT_NEAR(get("net"),
              get("tau") * (get("V") - get("delta")) - get("p0") * get("delta") - get("c"),
              1e-14);
  EXPECT_NEAR(get("cost"), (get("p0") + get("tau")) * get("delta") + get("c"), 1e-14);
}

TEST(decide, the_feature_hash_changes_with_any_feature) {
  std::set<std::string> hashes;
  for (const customer_row& r : {customer_row{"ann"},
                                customer_row{.id = "ann", .x = 2},
                                customer_row{.id = "ann", .expected_spend = -1},
                                customer_row{.id = "bob"}}) {
    const answer a = run(scores_of({r}), proposals_of({}), everybody());
    const auto receipt = boost::json::parse(text(*a.decisions, "receipt", 0));
    hashes.insert(std::string(receipt.at("features").as_string()));
  }
  EXPECT_EQ(hashes.size(), 4U);
}

TEST(decide, permuting_customers_changes_no_decision_and_no_receipt) {
  std::mt19937_64 random(5);
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
  for (int i = 0; i < 300; ++i) {
    rows.push_back({.id = "c" + std::to_string(i), .x = 1.0 + static_cast<double>(random() % 9)});
    for (int k = 0; k < 3; ++k) {  // few different values: many ties
      proposals.push_back({.row = i,
                           .action = "a" + std::to_string(k),
                           .effect_mean = static_cast<double>(1 + random() % 4) / 40,
                           .benefit = static_cast<std::int64_t>(100 * (random() % 3)),
                           .contact_cost = static_cast<std::int64_t>(50 * (random() % 3))});
    }
  }
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  std::vector<customer_row> shuffled_rows;
  std::vector<proposal_row> shuffled;
  for (std::size_t k = 0; k < order.size(); ++k) {
    shuffled_rows.push_back(rows[order[k]]);
    for (std::size_t j = 0; j < 3; ++j) {
      shuffled.push_back(proposals[3 * order[k] + j]);
      shuffled.back().row = static_cast<std::int64_t>(k);
    }
  }
  decide_options o = everybody();
  o.holdout_share = .1;
  o.budget_minor = 6000;
  const answer a = run(scores_of(rows), proposals_of(proposals), o);
  const answer b = run(scores_of(shuffled_rows), proposals_of(shuffled), o);
  EXPECT_GT(number(*a.budget, "shadow_price", 0), 0);  // the budget binds, so ties matter
  EXPECT_EQ(number(*a.budget, "spent", 0), number(*b.budget, "spent", 0));
  for (std::size_t k = 0; k < order.size(); ++k) {
    ASSERT_EQ(text(*b.decisions, "customer", k), text(*a.decisions, "customer", order[k]));
    ASSERT_EQ(text(*b.decisions, "receipt", k), text(*a.decisions, "receipt", order[k]));
    ASSERT_EQ(text(*b.decisions, "reason", k), text(*a.decisions, "reason", order[k]));
  }
}

TEST(decide, gives_the_same_fingerprint_twice_and_another_one_for_other_options) {
  const auto scores = scores_of({{"ann"}});
  const auto proposals = proposals_of({{}});
  decide_options o = everybody();
  const std::string once = run(scores, proposals, o).decisions->fingerprint();
  EXPECT_EQ(run(scores, proposals, o).decisions->fingerprint(), once);
  o.z = .5;
  EXPECT_NE(run(scores, proposals, o).decisions->fingerprint(), once);
}

TEST(decide, warns_that_a_holdout_without_customer_ids_is_drawn_by_row) {
  auto scores = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T"}) scores->add(name, type::f64).push(1.0);
  decide_options o = everybody();
  o.holdout_share = .1;
  const answer a = run(scores, proposals_of({}), o);
  ASSERT_EQ(a.notes.size(), 1U);
  EXPECT_EQ(a.notes[0].level, log_level::warn);
}

// The message of the error that `wrong` throws.
template <typename Call>
issue refusal(const Call& wrong) {
  try {
    wrong();
  } catch (const error& e) {
    return e.details();
  }
  return {.code = status::ok, .message = "nothing was thrown"};
}

TEST(decide, refuses_two_currencies_and_names_both) {
  const issue at_proposals =
      refusal([] { run(scores_of({{"ann"}}), proposals_of({{}}, "USD"), everybody()); });
  EXPECT_EQ(at_proposals.code, status::data);
  EXPECT_NE(at_proposals.message.find("EUR"), std::string::npos);
  EXPECT_NE(at_proposals.message.find("USD"), std::string::npos);
  decide_options o = everybody();
  o.currency = "CHF";
  const issue at_budget = refusal([&] { run(scores_of({{"ann"}}), proposals_of({{}}), o); });
  EXPECT_EQ(at_budget.code, status::data);
  EXPECT_NE(at_budget.message.find("CHF"), std::string::npos);
}

TEST(decide, counts_money_in_the_currency_s_own_minor_units) {
  decide_options o = everybody();
  auto m = std::make_shared<fitted_model>(*by_hand());
  m->currency = "JPY";
  o.model = m;
  const answer a = run(scores_of({{.id = "ann", .expected_spend = 4000}}, "JPY"),
                       proposals_of({{.benefit = 200}}, "JPY"),
                       o);
  EXPECT_EQ(number(*a.decisions, "benefit", 0), 200);
  EXPECT_EQ(a.decisions->find("benefit")->unit(), "JPY");
}

TEST(decide, names_row_column_and_value_of_a_proposal_it_cannot_use) {
  const auto scores = scores_of({{"ann"}});
  const auto with = [&](const proposal_row& bad) {
    return refusal([&] { run(scores, proposals_of({{}, bad}), everybody()); });
  };
  const issue out_of_range = with({.row = 7});
  EXPECT_EQ(out_of_range.code, status::data);
  EXPECT_EQ(out_of_range.row, 1);
  EXPECT_EQ(out_of_range.column, "row");
  EXPECT_NE(out_of_range.message.find('7'), std::string::npos);
  EXPECT_EQ(with({.row = -1}).column, "row");
  EXPECT_EQ(with({.effect_mean = 1.5}).column, "effect_mean");
  EXPECT_EQ(with({.effect_mean = std::nan("")}).column, "effect_mean");
  EXPECT_EQ(with({.effect_sd = -1}).column, "effect_sd");
  EXPECT_EQ(with({.benefit = -5}).column, "benefit");
  EXPECT_EQ(with({.contact_cost = -5}).column, "contact_cost");
  EXPECT_EQ(with({.horizon_us = -5}).column, "horizon_us");
}

TEST(decide, refuses_an_impossible_history) {
  const issue wrong = refusal([] {
    run(scores_of({{.id = "ann", .t_x = 400, .T = 300}}), proposals_of({{}}), everybody());
  });
  EXPECT_EQ(wrong.code, status::numeric);
  EXPECT_NE(wrong.message.find("400"), std::string::npos);
}

TEST(decide, refuses_options_outside_their_range_and_a_missing_model) {
  const auto with = [](auto change) {
    decide_options o = everybody();
    change(o);
    return refusal([&] { run(scores_of({}), proposals_of({}), o); }).code;
  };
  EXPECT_EQ(with([](decide_options& o) { o.holdout_share = 1.1; }), status::invalid);
  EXPECT_EQ(with([](decide_options& o) { o.holdout_share = std::nan(""); }), status::invalid);
  EXPECT_EQ(with([](decide_options& o) { o.z = -1; }), status::invalid);
  EXPECT_EQ(with([](decide_options& o) { o.margin = 2; }), status::invalid);
  EXPECT_EQ(with([](decide_options& o) { o.budget_minor = -1; }), status::invalid);
  EXPECT_EQ(with([](decide_options& o) { o.model = nullptr; }), status::invalid);
}

TEST(decide, can_be_stepped_and_cancelled) {
  std::vector<customer_row> rows(20'000);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = std::to_string(i);
  job j = decide(scores_of(rows), proposals_of({}), everybody());
  EXPECT_FALSE(j.step(std::chrono::milliseconds{1}));
  EXPECT_EQ(j.phase_count(), 3U);
  j.cancel();
  EXPECT_EQ(refusal([&] { j.run(); }).code, status::cancelled);
}

}  // namespace
}  // namespace clv
