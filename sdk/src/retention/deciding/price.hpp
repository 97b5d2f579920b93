// The price of one proposal: incremental profit, with the cannibalisation named, and the gate.
// Doubles in major currency units. [any]
#pragma once

#include <string_view>

#include "retention/deciding/reasons.hpp"

namespace clv::retention {

// One proposal for one customer. Everything finite; benefit, contact_cost, effect_sd >= 0.
struct offer {
  double effect_mean = 0;   // tau as the plugin states it
  double effect_sd = 0;     // 0: the plugin states no effect
  double value = 0;         // V, profit of one response; see has_value
  double benefit = 0;       // delta, given to everyone who responds
  double contact_cost = 0;  // c, paid for everyone treated
  double p0 = 0;            // chance of a response without the action, in [0, 1]; see has_p0
  bool has_value = true;    // false: nobody knows what a response is worth
  bool has_p0 = true;       // false: the customer has no history to compute it from
  bool expired = false;
};

// net    = tau (V - delta) - p0 delta - c      with tau clamped so that p0 + tau is in [0, 1]
// lcb    = net - z sd,  sd = |V - delta| effect_sd: p0 is taken as known, only tau is uncertain
// cost   = (p0 + tau) delta + c: the expected cash out, which the budget pays
// Source: the binary response of reference formula (9): p1 (V - delta) - p0 V - c, regrouped.
struct price {
  double tau = 0;
  bool clamped = false;  // the plugin's effect left [0, 1]
  double gross_lift = 0;
  double cannibalisation = 0;  // p0 delta: benefits given to those who would have bought anyway
  double net = 0;
  double lcb = 0;
  double cost = 0;
};

// Without value or p0 the price is all zero: there is nothing to multiply.
price price_of(const offer& o, double z);

// The first refusal that applies, in the order EXPIRED, NO_EVIDENCE, NOT_PROFITABLE (lcb <= 0), or
// chosen: the proposal may compete for the budget.
reason_code gate(const offer& o, const price& p);

// Where the effect comes from: "plugin_prior" or "unknown".
std::string_view evidence_of(const offer& o);

}  // namespace clv::retention
