// Proposals whose response is not a purchase: the chance of it that they state takes the place of
// the model's in every number that a decision goes by.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "clv/decide.hpp"
#include "clv/error.hpp"
#include "market_of_one.hpp"

namespace clv {
namespace {

using test::everybody;
using test::proposal_row;
using test::proposals_of;
using test::scores_of;

// A renewal worth 60, of which 6 are given away; the contact costs 1. By hand, with p0 = .1:
// .05 x 54 = 2.7 gained, .1 x 6 = .6 given in vain, 2.7 - .6 - 1 = 1.1 net, 54 x .01 = .54 its
// deviation, .15 x 6 + 1 = 1.9 cash.
constexpr proposal_row offered{
    .action = "renewal", .benefit = 600, .contact_cost = 100, .response_value = 6000};
constexpr double tiny = 1e-14;  // a few roundings of numbers up to 60

std::shared_ptr<table> offer_with(std::optional<double> p0, const proposal_row& row = offered) {
  auto t = proposals_of({row});
  column stated("response_p0", type::f64);
  p0 ? stated.push(*p0) : stated.push_absent();
  *t->find("response_p0") = stated;
  t->seal("test with p0");
  return t;
}

outcome decided(const std::shared_ptr<table>& proposals,
                const decide_options& o = everybody(),
                const test::customer_row& who = {"ann"}) {
  job j = decide(scores_of({who}), proposals, o);
  j.run();
  return j.result();
}

double number(const outcome& o, std::string_view name) {
  return o.tables.at("")->numbers(name)[0];
}
std::string text(const outcome& o, std::string_view name) {
  return std::string(o.tables.at("")->get(name, type::utf8).text(0));
}

TEST(stated_p0, stands_in_every_part_of_the_price) {
  const outcome o = decided(offer_with(.1));
  EXPECT_EQ(text(o, "reason_code"), "CHOSEN");
  EXPECT_EQ(number(o, "p0"), .1);
  EXPECT_NEAR(number(o, "gross_lift"), 2.7, tiny);
  EXPECT_NEAR(number(o, "cannibalisation"), .6, tiny);
  EXPECT_NEAR(number(o, "net"), 1.1, tiny);
  EXPECT_NEAR(number(o, "lcb"), .56, tiny);
  EXPECT_NEAR(number(o, "cost"), 1.9, tiny);
}

TEST(stated_p0, decides_what_pays) {
  // The model says 1 - exp(-30/300) = .095: with it the offer pays. Who renews anyway with a
  // chance of .3 is given .3 x 6 = 1.8 in vain: 2.7 - 1.8 - 1 is a loss of .1.
  EXPECT_EQ(text(decided(offer_with(std::nullopt)), "reason_code"), "CHOSEN");
  const outcome o = decided(offer_with(.3));
  EXPECT_EQ(text(o, "reason_code"), "NOT_PROFITABLE");
  EXPECT_EQ(text(o, "reason"),
            "It brings EUR 2.70 on average, gives EUR 1.80 to customers who would have responded "
            "anyway and costs EUR 1.00 to carry out: a loss of EUR 0.10.");
}

TEST(stated_p0, is_what_the_cash_of_a_budget_is_counted_with) {
  decide_options o = everybody();
  o.budget_minor = 189;
  EXPECT_EQ(text(decided(offer_with(.1), o), "reason_code"), "OVER_BUDGET");
  o.budget_minor = 190;
  EXPECT_EQ(text(decided(offer_with(.1), o), "reason_code"), "CHOSEN");
}

TEST(stated_p0, of_nought_is_a_statement_and_not_the_absence_of_one) {
  const outcome o = decided(offer_with(0.));
  EXPECT_EQ(number(o, "p0"), 0);
  EXPECT_EQ(number(o, "cannibalisation"), 0);
  EXPECT_NEAR(number(decided(offer_with(std::nullopt)), "p0"), 1 - std::exp(-.1), 1e-15);
}

TEST(stated_p0, needs_no_history_of_purchases) {
  const auto scores = scores_of({{"ann"}});
  column absent("x", type::f64);
  absent.push_absent();
  *scores->find("x") = absent;
  const auto code = [&](std::optional<double> p0) {
    job j = decide(scores, offer_with(p0), everybody());
    j.run();
    return text(j.result(), "reason_code");
  };
  EXPECT_EQ(code(std::nullopt), "NO_EVIDENCE");
  EXPECT_EQ(code(.1), "CHOSEN");
}

TEST(stated_p0, bounds_the_effect) {
  const outcome o = decided(offer_with(.98, {.action = "renewal", .response_value = 6000}));
  EXPECT_NEAR(number(o, "effect_mean"), .02, 1e-15);
}

TEST(stated_p0, of_one_proposal_leaves_the_others_to_the_model) {
  auto both = proposals_of({offered, offered});
  column stated("response_p0", type::f64);
  stated.push(.0);
  stated.push_absent();
  *both->find("response_p0") = stated;
  const outcome o = decided(both);
  EXPECT_EQ(number(o, "p0"), 0);  // the better one
  EXPECT_NEAR(
      o.tables.at("refusals")->numbers("cannibalisation")[0], 6 * (1 - std::exp(-.1)), tiny);
}

TEST(stated_p0, is_told_by_the_receipt_from_which_the_decision_is_computed_again) {
  const outcome o = decided(offer_with(.1));
  EXPECT_NE(text(o, "receipt").find(R"("p0":0.1,"p0_stated":true)"), std::string::npos);
  job j = replay(o.tables.at(""));
  j.run();
  EXPECT_EQ(j.result().tables.at("")->integers("matches", type::i64)[0], 1);
  // Where the model gave it the receipt says no such thing: those written before stay as they are.
  EXPECT_EQ(text(decided(offer_with(std::nullopt)), "receipt").find("p0_stated"),
            std::string::npos);
}

TEST(stated_p0, outside_of_nought_to_one_is_refused_with_its_row_and_column) {
  for (const double wrong : {-.01, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    try {
      decided(offer_with(wrong));
      ADD_FAILURE() << wrong;
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::data);
      EXPECT_EQ(e.details().row, 0);
      EXPECT_EQ(e.details().column, "response_p0");
    }
  }
}

}  // namespace
}  // namespace clv
