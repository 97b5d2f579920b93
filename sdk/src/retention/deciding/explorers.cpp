#include "retention/deciding/explorers.hpp"

#include <algorithm>
#include <cmath>

#include "retention/experiments/holdout.hpp"

namespace clv::retention {
namespace {

void take_uses(const candidate& c, std::vector<double>& into, bool most) {
  const auto take = [&](std::size_t resource, double amount) {
    into[resource] = most ? std::fmax(into[resource], amount) : into[resource] + amount;
  };
  take(0, c.priced.cost);
  for (const named_use& u : c.uses) take(u.resource, u.amount);
}

// The largest share whose bar is not above the lot: the customer who drew it is the first left out.
double share_below(std::uint64_t lot) {
  double share = std::ldexp(static_cast<double>(lot), -64);
  while (share >= 1 || (share > 0 && holdout_bar(share) > lot)) share = std::nextafter(share, 0.0);
  return share;
}

}  // namespace

void explorers::consider(const run_rules& rules, const customer_case& c) {
  if (!is_explorer(rules, c.drawn) || is_held_out(rules, c.drawn)) return;
  explorer e{.lot = c.drawn.explore,
             .at_worst = 0,
             .most = std::vector<double>(used_.size(), 0),
             .draws = std::vector<double>(used_.size(), 0)};
  for (const candidate& option : c.candidates) {
    if (!option.explorable) continue;
    take_uses(option, e.most, true);
    e.at_worst = std::fmax(e.at_worst, option.stated.worst_case);
  }
  std::vector<candidate> options = c.candidates;
  const verdict v = judge(rules, c.drawn, std::nullopt, options);
  if (v.chosen) take_uses(options[*v.chosen], e.draws, false);
  all_.push_back(std::move(e));
}

void explorers::lower_share(run_rules& rules, const std::vector<double>& limits) {
  std::ranges::sort(all_);  // by lot; equal ones in an order that the order of rows does not change
  std::vector<double> most(used_.size(), 0);
  double at_worst = 0;
  for (const explorer& e : all_) {
    at_worst += e.at_worst;
    bool fits = at_worst <= rules.explore_budget;
    for (std::size_t r = 0; r < most.size(); ++r) {
      most[r] += e.most[r];
      fits = fits && most[r] <= limits[r];
    }
    if (fits) continue;
    rules.explore_share = share_below(e.lot);
    break;
  }
  // A share has fewer digits than a lot: it may leave out one or two more than the one that was
  // too many.
  for (const explorer& e : all_) {
    if (!held_out(e.lot, rules.explore_share)) continue;
    for (std::size_t r = 0; r < used_.size(); ++r) used_[r] += e.draws[r];
  }
  all_.clear();
}

}  // namespace clv::retention
