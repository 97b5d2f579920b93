// What else a shop has with a simulated customer: a service contract, a launch, a tier, friends who
// came, a survey that is out. All made up, like the rest of the market (README.md). [any]
#pragma once

#include <string_view>

#include "market/person.hpp"

namespace clv::market {

struct dealings {
  bool contract = false;
  double renewal_days = 0;    // until it ends
  double p_renew = 0;         // true chance that it is renewed without an action; the shop knows it
  double contract_share = 0;  // price of a term, in orders of the customer
  double plan_use = 0;
  bool invited = false;  // the spring launch is meant for it
  bool bereaved = false;
  bool tier_review = false;  // the programme reviews its tier now
  double referrals_pending = 0;
};

// Of customer i, from a stream of its own.
dealings draw_dealings(const world& w, std::uint64_t customer, const person& who);

// The programme counts what was kept of the last year's orders, a point per major unit; the tier
// held is that of the points at the last review.
struct tier_standing {
  std::string_view name;
  double points = 0;
  double gap = -1;  // points to the next tier; below 0: there is none
  double gain = 0;  // what a year in the tier is carefully expected to earn less what it costs
};
tier_standing tier_of(const world& w, const person& who);

// Handling of the tickets of the last year.
double service_cost_year(const world& w, const person& who);
// What of it a cheaper channel saves: half of what is above the statutory service.
double service_saving(const world& w, const person& who);

// Of a year's orders, what was not returned.
double kept_year(const person& who, double until);

// The year's orders earned less than the year's tickets cost.
bool loses_money(const world& w, const person& who);

// Major units; of `order` as the one who asks knows it: its true mean, or that of the log.
inline constexpr double answer_worth = 10, promotion_worth = 5;
double referral_worth(const world& w, double order);

}  // namespace clv::market
