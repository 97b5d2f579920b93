#include <algorithm>

#include "retention/deciding/candidate.hpp"
#include "retention/experiments/explore.hpp"
#include "retention/experiments/holdout.hpp"

namespace clv::retention {
namespace {

double reduced(const run_rules& rules, const candidate& c) {
  double value = c.rank() - rules.resources[0].price * c.priced.cost;
  for (const named_use& u : c.uses) value -= rules.resources[u.resource].price * u.amount;
  return value;
}

// Which candidate number `index` of the odds stands for; 0 is nothing.
std::optional<std::size_t> explorable_at(std::span<const candidate> candidates, std::size_t index) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].explorable && --index == 0) return i;
  }
  return std::nullopt;
}

// Chance that candidate i is selected, before any holdout, given the prices.
double chance_selected(const run_rules& rules,
                       std::optional<std::size_t> greedy,
                       std::span<const double> odds,
                       std::span<const candidate> candidates,
                       std::size_t i) {
  double chance = greedy == i ? 1 - rules.explore_share : 0;
  if (!candidates[i].explorable || odds.empty()) return chance;
  std::size_t place = 0;
  for (std::size_t k = 0; k <= i; ++k) place += candidates[k].explorable ? 1 : 0;
  return chance + rules.explore_share * odds[place];
}

// Exact probability of what was done: one candidate, or nothing.
double propensity_of(const run_rules& rules,
                     std::optional<std::size_t> greedy,
                     std::span<const double> odds,
                     std::span<const candidate> candidates,
                     std::optional<std::size_t> done) {
  const auto selected = [&](std::size_t i) {
    return chance_selected(rules, greedy, odds, candidates, i);
  };
  if (done) {
    return (1 - rules.holdout_share) * (1 - candidates[*done].holdout) * selected(*done);
  }
  // What passes the gate may also be explored: without odds there is nothing to choose either.
  double nothing = greedy ? 0 : 1 - rules.explore_share;
  nothing += rules.explore_share * (odds.empty() ? 1 : odds[0]);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    nothing += candidates[i].holdout * selected(i);
  }
  return rules.holdout_share + (1 - rules.holdout_share) * nothing;
}

void settle(std::span<candidate> candidates,
            std::optional<std::size_t> winner,
            reason_code of_winner,
            bool drawn) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidate& c = candidates[i];
    if (winner == i) {
      c.code = of_winner;
    } else if (c.passed) {
      // More than what the customer gets: only the budget can have stopped it.
      const bool better = !drawn && c.rank() > (winner ? candidates[*winner].rank() : 0);
      c.code = better ? reason_code::over_budget : reason_code::lost_arbitration;
    }
  }
}

}  // namespace

void appraise(const run_rules& rules, candidate& c) {
  offer o = c.stated;
  const bool unknown = o.effect_sd <= 0;
  if (unknown) {  // what nobody knows is taken as nothing, with the spread that the policy allows
    o.effect_mean = 0;
    o.effect_sd = rules.explore_sd;
  }
  c.priced = price_of(o, rules.z);
  const bool refused = !c.why.empty();
  if (!refused) c.code = gate(c.stated, c.priced);
  c.passed = !refused && c.code == reason_code::chosen;
  c.explorable = !refused && rules.explore != exploring::nothing &&
                 (!unknown || rules.explore_sd > 0) && may_explore(c.stated, c.priced);
}

std::optional<std::size_t> best_at_prices(const run_rules& rules,
                                          std::span<const candidate> candidates) {
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].passed) continue;
    const double value = reduced(rules, candidates[i]);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}

bool is_held_out(const run_rules& rules, const lots& drawn) {
  return held_out(drawn.holdout, rules.holdout_share);
}

bool is_explorer(const run_rules& rules, const lots& drawn) {
  return rules.explore != exploring::nothing && held_out(drawn.explore, rules.explore_share);
}

std::vector<double> exploration_odds(const run_rules& rules,
                                     std::span<const candidate> candidates) {
  std::vector<double> mean, sd;
  for (const candidate& c : candidates) {
    if (!c.explorable) continue;
    mean.push_back(c.priced.net);
    sd.push_back(c.priced.sd);
  }
  if (mean.empty()) return {};
  std::vector<double> odds(mean.size() + 1);
  if (rules.explore == exploring::uniform) {
    uniform_propensities(odds);
  } else {
    thompson_propensities(mean, sd, rules.explore_floor, odds);
  }
  return odds;
}

verdict judge(const run_rules& rules,
              const lots& drawn,
              std::optional<std::size_t> planned,
              std::span<candidate> candidates) {
  const bool held = is_held_out(rules, drawn);
  const bool explores = is_explorer(rules, drawn);
  const auto greedy = held || explores ? best_at_prices(rules, candidates) : planned;
  verdict v{.arm = "none"};
  if (rules.explore != exploring::nothing && rules.explore_share > 0) {
    v.odds = exploration_odds(rules, candidates);
  }
  const bool draws = explores && !v.odds.empty();
  const auto selected = draws      ? explorable_at(candidates, draw(v.odds, drawn.option))
                        : explores ? std::nullopt
                                   : greedy;
  const bool stopped = selected && (held || candidates[*selected].held);
  v.withheld = stopped ? selected : std::nullopt;
  v.chosen = stopped ? std::nullopt : selected;
  if (held || stopped) {
    v.arm = "holdout";
  } else if (draws) {
    v.arm = "explore";
  } else if (selected) {
    v.arm = "exploit";
  }
  settle(candidates, selected, stopped ? reason_code::holdout : reason_code::chosen, draws);
  if (selected) {
    v.code = candidates[*selected].code;
  } else {
    for (const candidate& c : candidates) v.code = std::max(v.code, c.code);
  }
  v.propensity = propensity_of(rules, greedy, v.odds, candidates, v.chosen);
  if (!draws) v.odds.clear();
  return v;
}

}  // namespace clv::retention
