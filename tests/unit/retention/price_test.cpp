#include "retention/deciding/price.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace clv::retention {
namespace {

offer usual() {
  return {.effect_mean = .05,
          .effect_sd = .02,
          .value = 40,
          .benefit = 5,
          .contact_cost = .5,
          .p0 = .1};
}

// By hand: .05 * 35 = 1.75; .1 * 5 = .5; 1.75 - .5 - .5 = .75; 35 * .02 = .7; .15 * 5 + .5 = 1.25.
// Tolerance: a few roundings of numbers near 1.
constexpr double rounding = 1e-15;

TEST(price, is_the_incremental_profit_with_the_cannibalisation_named) {
  const price p = price_of(usual(), 1);
  EXPECT_NEAR(p.gross_lift, 1.75, rounding);
  EXPECT_NEAR(p.cannibalisation, .5, rounding);
  EXPECT_NEAR(p.net, .75, rounding);
  EXPECT_NEAR(p.lcb, .05, 10 * rounding);
  EXPECT_NEAR(p.cost, 1.25, rounding);
  EXPECT_FALSE(p.clamped);
}

TEST(price, equals_the_profit_with_less_the_profit_without_the_action) {
  for (const double p0 : {0.0, .03, .5, .9}) {
    for (const double tau : {-.02, 0.0, .01, .1}) {
      offer o = usual();
      o.p0 = p0;
      o.effect_mean = tau;
      const price p = price_of(o, 0);
      const double p1 = p0 + p.tau;
      const double with = p1 * (o.value - o.benefit) - o.contact_cost;
      EXPECT_NEAR(p.net, with - p0 * o.value, 1e-13) << p0 << " " << tau;
      EXPECT_NEAR(p.cost, p1 * o.benefit + o.contact_cost, 1e-13);
    }
  }
}

TEST(price, an_effect_cannot_lift_a_probability_above_one) {
  offer o = usual();
  o.p0 = .98;
  const price p = price_of(o, 1);
  EXPECT_TRUE(p.clamped);
  EXPECT_NEAR(p.tau, .02, rounding);
  EXPECT_NEAR(p.cost, 5.5, rounding);
}

TEST(price, an_effect_cannot_push_a_probability_below_zero) {
  offer o = usual();
  o.p0 = .02;
  o.effect_mean = -.5;
  const price p = price_of(o, 1);
  EXPECT_TRUE(p.clamped);
  EXPECT_DOUBLE_EQ(p.tau, -.02);
  EXPECT_DOUBLE_EQ(p.cost, .5);
}

TEST(price, of_an_unknown_value_or_history_is_nothing_but_zeros) {
  offer o = usual();
  o.has_value = false;
  EXPECT_EQ(price_of(o, 1).net, 0);
  EXPECT_EQ(price_of(o, 1).cost, 0);
  o = usual();
  o.has_p0 = false;
  EXPECT_EQ(price_of(o, 1).lcb, 0);
}

TEST(gate, lets_through_what_pays_at_its_lower_bound) {
  const offer o = usual();
  EXPECT_EQ(gate(o, price_of(o, 1)), reason_code::chosen);
  EXPECT_EQ(gate(o, price_of(o, 1.2)), reason_code::not_profitable);
}

TEST(gate, asks_for_more_than_zero_not_for_zero) {
  offer o = usual();
  o.benefit = 0;
  o.contact_cost = 2;  // exactly .05 * 40
  EXPECT_EQ(gate(o, price_of(o, 0)), reason_code::not_profitable);
}

TEST(gate, refuses_a_blanket_discount_whose_cannibalisation_exceeds_the_gain) {
  // Twenty percent off for a customer who buys anyway with probability .6: 8 of 40 given away.
  const offer blanket{.effect_mean = .1, .effect_sd = .01, .value = 40, .benefit = 8, .p0 = .6};
  const price p = price_of(blanket, 0);
  EXPECT_GT(p.gross_lift, 0);
  EXPECT_GT(p.cannibalisation, p.gross_lift);
  EXPECT_EQ(gate(blanket, p), reason_code::not_profitable);
  offer rare = blanket;
  rare.p0 = .05;  // the same offer to somebody who would rarely come back
  EXPECT_EQ(gate(rare, price_of(rare, 0)), reason_code::chosen);
}

TEST(gate, refuses_an_effect_without_evidence_however_large) {
  offer o = usual();
  o.effect_mean = .9;
  o.effect_sd = 0;
  EXPECT_EQ(gate(o, price_of(o, 1)), reason_code::no_evidence);
}

TEST(gate, says_the_first_refusal_that_applies) {
  offer o = usual();
  o.contact_cost = 100;
  EXPECT_EQ(gate(o, price_of(o, 1)), reason_code::not_profitable);
  o.has_value = false;
  EXPECT_EQ(gate(o, price_of(o, 1)), reason_code::no_evidence);
  o.expired = true;
  EXPECT_EQ(gate(o, price_of(o, 1)), reason_code::expired);
}

TEST(sentence, says_amounts_in_the_currency) {
  const money_words euro("EUR", 2), yen("JPY", 0);
  EXPECT_EQ(euro(1.5), "EUR 1.50");
  EXPECT_EQ(euro(-.004), "EUR 0.00");
  EXPECT_EQ(yen(1499.6), "JPY 1500");
  EXPECT_EQ(money_words("", 2)(2), "2.00");
}

TEST(sentence, of_a_refused_discount_names_what_it_gives_to_people_who_buy_anyway) {
  offer o = usual();
  o.p0 = .6;
  const std::string text =
      sentence(reason_code::not_profitable, o, price_of(o, 1), {}, money_words("EUR", 2));
  EXPECT_EQ(text,
            "It brings EUR 1.75 on average, gives EUR 3.00 to buyers who would have bought anyway "
            "and costs EUR 0.50 to carry out: a loss of EUR 1.75.");
}

TEST(sentence, exists_for_every_code_but_those_of_the_rules_which_say_their_own) {
  const offer o = usual();
  for (int i = 0; i <= static_cast<int>(reason_code::chosen); ++i) {
    const auto code = static_cast<reason_code>(i);
    const refusal_context context{.winner = "call", .winner_net = 2, .expires = "yesterday"};
    const std::string text = sentence(code, o, price_of(o, 1), context, money_words("EUR", 2));
    if (code >= reason_code::erased && code <= reason_code::worst_case_spend) {
      EXPECT_EQ(text, "") << name_of(code);
      continue;
    }
    EXPECT_GT(text.size(), 20U);
    EXPECT_EQ(text.back(), '.') << name_of(code);
  }
}

}  // namespace
}  // namespace clv::retention
