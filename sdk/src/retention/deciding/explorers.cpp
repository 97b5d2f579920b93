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
             .most = std::vector<double>(used_.size(), 0),
             .draws = std::vector<double>(used_.size(), 0)};
  for (const candidate& option : c.candidates) {
    if (option.explorable) take_uses(option, e.most, true);
  }
  std::vector<candidate> options = c.candidates;
  const verdict v = judge(rules, c.drawn, std::nullopt, options);
  if (v.chosen) take_uses(options[*v.chosen], e.draws, false);
  all_.push_back(std::move(e));
}

void explorers::lower_share(run_rules& rules,
                            const std::vector<double>& limits,
                            std::optional<double> budget) {
  std::ranges::stable_sort(all_, {}, &explorer::lot);
  std::vector<double> most(used_.size(), 0);
  for (const explorer& e : all_) {
    bool fits = true;
    for (std::size_t r = 0; r < most.size(); ++r) {
      most[r] += e.most[r];
      fits = fits && most[r] <= limits[r];
    }
    fits = fits && (!budget || most[0] <= *budget);
    if (!fits) {
      rules.explore_share = share_below(e.lot);
      break;
    }
    for (std::size_t r = 0; r < used_.size(); ++r) used_[r] += e.draws[r];
  }
  all_.clear();
}

}  // namespace clv::retention
