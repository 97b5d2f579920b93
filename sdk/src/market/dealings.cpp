#include "market/dealings.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace clv::market {
namespace {

constexpr double year = 365.25;
constexpr double statutory_service = 20;

struct tier {
  std::string_view name;
  double from, cost;  // points, and what its perks cost a member in a year
};
constexpr std::array<tier, 3> tiers{{{"basic", 0, 1}, {"silver", 150, 8}, {"gold", 400, 20}}};
constexpr double review_days = 90;  // since the last review: the tier is that of the points then
constexpr double incremental = .1;  // of a member's margin: the rest would have come anyway

}  // namespace

dealings draw_dealings(const world& w, std::uint64_t customer, const person& who) {
  random_source random = stream_of(w, customer, subject::dealings);
  dealings d;
  d.contract = random.uniform() < .2;
  d.renewal_days = std::ceil(365 * random.uniform());
  const double sure = random.uniform();
  d.p_renew = who.hidden.left_day <= w.history_days ? .3 * sure : .25 + .73 * sure;
  d.contract_share = 4 + 16 * random.uniform();
  d.plan_use = 1.3 * random.uniform();
  d.invited = random.uniform() < .5;
  d.bereaved = random.uniform() < .005;
  d.tier_review = random.uniform() < 1 / 12.0;
  const double friends = random.uniform();
  d.referrals_pending = friends < .9 ? 0 : std::floor(1 + 30 * (friends - .9));
  return d;
}

double kept_year(const person& who, double until) {
  double kept = 0;
  for (const order& o : who.orders) {
    if (!o.returned && o.day > until - year && o.day <= until) kept += o.amount;
  }
  return kept;
}

tier_standing tier_of(const world& w, const person& who) {
  const double before = kept_year(who, w.history_days - review_days);
  std::size_t held = 0;
  while (held + 1 < tiers.size() && before >= tiers[held + 1].from) ++held;
  const double now = kept_year(who, w.history_days);
  tier_standing s{.name = tiers[held].name, .points = std::floor(now)};
  if (held + 1 < tiers.size()) s.gap = std::max(0.0, tiers[held + 1].from - s.points);
  s.gain = incremental * w.margin * now - tiers[held].cost;
  return s;
}

double service_cost_year(const world& w, const person& who) {
  double cost = 0;
  for (const ticket& t : who.tickets) {
    if (t.opened > w.history_days - year) cost += ticket_cost * t.severity;
  }
  return cost;
}

double service_saving(const world& w, const person& who) {
  return std::max(0.0, service_cost_year(w, who) - statutory_service) / 2;
}

bool loses_money(const world& w, const person& who) {
  return w.margin * kept_year(who, w.history_days) < service_cost_year(w, who);
}

double referral_worth(const world& w, double order) {
  return 3 * w.margin * order;  // a friend is taken for one like this customer, of three orders
}

}  // namespace clv::market
