#include <algorithm>
#include <limits>

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

// What an explorer draws from: nothing, then the explorable candidates in their order. Each chance
// is computed when it is asked for: most customers do not explore, and their propensity needs one.
class lottery {
 public:
  lottery(const run_rules& rules, std::span<const candidate> candidates) : rules_(rules) {
    for (const candidate& c : candidates) {
      if (!c.explorable) continue;
      mean_.push_back(c.priced.net);
      sd_.push_back(std::max(c.priced.sd, std::numeric_limits<double>::min()));
    }
  }
  std::size_t options() const { return mean_.size(); }
  double chance(std::size_t index) const {
    if (rules_.explore == exploring::uniform) return 1 / static_cast<double>(options() + 1);
    return thompson_propensity(mean_, sd_, rules_.explore_floor, index);
  }
  std::vector<double> all() const {
    std::vector<double> odds(options() + 1);
    if (rules_.explore == exploring::uniform) {
      uniform_propensities(odds);
    } else {
      thompson_propensities(mean_, sd_, rules_.explore_floor, odds);
    }
    return odds;
  }

 private:
  const run_rules& rules_;
  std::vector<double> mean_, sd_;
};

// Exact probabilities of what could be done with one customer, given the prices.
class chances {
 public:
  chances(const run_rules& rules,
          std::optional<std::size_t> greedy,
          std::span<const candidate> candidates)
      : rules_(rules),
        greedy_(greedy),
        candidates_(candidates),
        explored_(rules.explore == exploring::nothing ? 0 : rules.explore_share),
        drawn_(rules, explored_ > 0 ? candidates : std::span<const candidate>()) {}

  // `done`: one candidate, or nothing.
  double of(std::optional<std::size_t> done) const {
    const double free = 1 - rules_.holdout_share;
    if (done) return free * (1 - candidates_[*done].holdout) * selected(*done);
    double nothing = greedy_ ? 0 : 1 - explored_;
    if (explored_ > 0) nothing += explored_ * (drawn_.options() > 0 ? drawn_.chance(0) : 1);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].holdout > 0) nothing += candidates_[i].holdout * selected(i);
    }
    return rules_.holdout_share + free * nothing;
  }

 private:
  // That candidate i is selected, before any holdout.
  double selected(std::size_t i) const {
    const double planned = greedy_ == i ? 1 - explored_ : 0;
    if (!(explored_ > 0) || !candidates_[i].explorable) return planned;
    std::size_t place = 0;
    for (std::size_t k = 0; k <= i; ++k) place += candidates_[k].explorable ? 1 : 0;
    return planned + explored_ * drawn_.chance(place);
  }

  const run_rules& rules_;
  std::optional<std::size_t> greedy_;
  std::span<const candidate> candidates_;
  double explored_;  // share of customers
  lottery drawn_;
};

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
  // sd 0: a response is worth just what is given for it, and there is nothing to learn.
  c.explorable = !refused && !c.exceeds && rules.explore != exploring::nothing && c.priced.sd > 0 &&
                 c.stated.worst_case <= rules.explore_budget && may_explore(c.stated, c.priced);
}

std::optional<std::size_t> best_at_prices(const run_rules& rules,
                                          std::span<const candidate> candidates) {
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].passed || candidates[i].exceeds) continue;
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

verdict judge(const run_rules& rules,
              const lots& drawn,
              std::optional<std::size_t> planned,
              std::span<candidate> candidates) {
  const bool held = is_held_out(rules, drawn);
  const bool explores = is_explorer(rules, drawn);
  const auto greedy = held || explores ? best_at_prices(rules, candidates) : planned;
  verdict v{.arm = "none"};
  if (explores) {
    const lottery drawing(rules, candidates);
    if (drawing.options() > 0) v.odds = drawing.all();
  }
  const bool draws = !v.odds.empty();
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
  v.propensity = chances(rules, greedy, candidates).of(v.chosen);
  return v;
}

}  // namespace clv::retention
