// The price of one proposal: incremental profit, with the cannibalisation named, and the gate.
// Doubles in major currency units. [any]
#pragma once

#include "retention/deciding/reasons.hpp"
#include "retention/effects/evidence.hpp"

namespace clv::retention {

// One proposal for one customer. Everything finite; all but effect_mean and value >= 0.
struct offer {
  double effect_mean = 0;   // tau: as measured, else as the plugin states it
  double effect_sd = 0;     // 0: nobody knows the effect
  double value = 0;         // V, profit of one response; see has_value
  double benefit = 0;       // delta, given to everyone who responds
  double contact_cost = 0;  // c, paid for everyone treated
  double p0 = 0;            // chance of a response without the action, in [0, 1]; see has_p0
  double pull_forward = 0;  // share of the effect that is a later purchase made earlier, in [0, 1]
  double unsubscribe = 0;   // rise of the chance that the customer is lost to the channel
  double future_value = 0;  // what is lost with the customer
  double worst_case = 0;    // the most it can cost
  evidence_level evidence = evidence_level::unknown;
  bool disproved = false;  // measured: neither aiming it nor giving it to all pays
  bool has_value = true;   // false: nobody knows what a response is worth
  bool has_p0 = true;      // false: the customer has no history to compute it from
  bool p0_stated = false;  // by the proposal: its response is not a purchase
  bool expired = false;
};

//   net  = tau (V (1 - f) - delta) - p0 delta - c - u W
//   lcb  = net - z sd,   sd = |V (1 - f) - delta| effect_sd
//   cost = (p0 + tau) delta + c
// with f = pull_forward, u = unsubscribe, W = future_value; tau is clamped so that p0 + tau is in
// [0, 1]. p0 is taken as known, only tau is not; cost is the expected cash, which the budget pays.
// Source: the binary response of reference formula (9), p1 (V - delta) - p0 V - c, regrouped; a
// purchase made earlier earns nothing, but its discount is given.
struct price {
  double tau = 0;
  bool clamped = false;  // the effect left [0, 1]
  double gross_lift = 0;
  double cannibalisation = 0;  // p0 delta: benefits given to those who would have bought anyway
  double fatigue = 0;          // u W
  double net = 0;
  double sd = 0;  // of net
  double lcb = 0;
  double cost = 0;
};

// Without value or p0 the price is all zero: there is nothing to multiply.
price price_of(const offer& o, double z);

// The first refusal that applies, in the order EXPIRED, NO_EVIDENCE, NOT_PROFITABLE (lcb <= 0), or
// chosen: the proposal may compete for the budget.
reason_code gate(const offer& o, const price& p);

// Whether it may be tried to learn from it: what passes the gate at z = 0, and what nobody knows
// the effect of.
bool may_explore(const offer& o, const price& p);

}  // namespace clv::retention
