#include "retention/deciding/price.hpp"

#include <algorithm>
#include <cmath>

namespace clv::retention {

price price_of(const offer& o, double z) {
  price p;
  if (!o.has_value || !o.has_p0) return p;
  const double p1 = std::clamp(o.p0 + o.effect_mean, 0.0, 1.0);
  p.clamped = o.p0 + o.effect_mean != p1;
  // Unclamped, the stated number is used: p1 - p0 would lose its last digits.
  p.tau = p.clamped ? p1 - o.p0 : o.effect_mean;
  const double kept = o.value * (1 - o.pull_forward) - o.benefit;
  p.gross_lift = p.tau * kept;
  p.cannibalisation = o.p0 * o.benefit;
  p.fatigue = o.unsubscribe * o.future_value;
  p.net = p.gross_lift - p.cannibalisation - o.contact_cost - p.fatigue;
  p.sd = std::abs(kept) * o.effect_sd;
  p.lcb = p.net - z * p.sd;
  p.cost = p1 * o.benefit + o.contact_cost;
  return p;
}

reason_code gate(const offer& o, const price& p) {
  if (o.expired) return reason_code::expired;
  if (!o.has_value || !o.has_p0 || o.disproved || o.effect_sd <= 0) return reason_code::no_evidence;
  // Both: with z = 0 they are the same; a lower bound never licenses an expected loss.
  if (!(p.lcb > 0) || !(p.net > 0)) return reason_code::not_profitable;
  return reason_code::chosen;
}

bool may_explore(const offer& o, const price& p) {
  if (o.expired || o.disproved || !o.has_value || !o.has_p0) return false;
  return o.effect_sd <= 0 || p.net > 0;
}

}  // namespace clv::retention
