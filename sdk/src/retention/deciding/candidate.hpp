// One customer's case: what was proposed, what each proposal is worth, and the rules of the run.
// Decisions are made from this alone, whether it comes from tables or is read back from a receipt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retention/deciding/price.hpp"
#include "retention/gate/policy.hpp"

namespace clv::retention {

// What a proposal takes of a resource other than cash.
struct named_use {
  std::size_t resource = 0;  // of the run
  double amount = 0;
};

struct candidate {
  std::uint32_t proposal = 0;
  std::string_view plugin, action, channel, category;
  offer stated;
  price priced;
  reason_code code = reason_code::no_proposal;  // what the rules and the gate said; then what came
  std::string why;                              // the sentence of a refusal by the rules; "" else
  double lever = 0;                             // added to the ranking by hand
  double holdout = 0;                           // share of customers held out of this action
  bool held = false;                            // this customer is one of them
  bool passed = false;                          // may compete
  bool exceeds = false;                         // takes more of a resource than the whole run has
  bool explorable = false;
  std::vector<named_use> uses;

  double rank() const { return priced.net + lever; }
};

struct priced_resource {
  std::string name;
  double price = 0;  // shadow price: profit per unit
};

// What holds for everyone of a run.
struct run_rules {
  double z = 1;
  double holdout_share = 0;
  exploring explore = exploring::nothing;
  double explore_share = 0;  // after it was lowered to the budget
  double explore_floor = 0;
  double explore_sd = 0;
  double explore_budget = std::numeric_limits<double>::infinity();  // at worst, of all explorers
  std::vector<priced_resource> resources;                           // 0 is cash
};

// The customer's place in the draws.
struct lots {
  std::uint64_t holdout = 0, explore = 0, option = 0;
};

// What happened to one customer. Indexes are into the candidates.
struct verdict {
  std::string_view arm;  // "exploit", "explore", "holdout", "none"
  reason_code code = reason_code::no_proposal;
  std::optional<std::size_t> chosen;    // nullopt: no action
  std::optional<std::size_t> withheld;  // what a held-out customer would have got
  std::vector<double> odds;             // of an explorer: nothing, then the explorable candidates
  double propensity = 1;
};

// Sets priced, passed, explorable and, unless a rule refused it, the code.
void appraise(const run_rules& rules, candidate& c);

// The candidate that earns most at the prices of the resources, if any earns more than nothing;
// of equals the earlier.
std::optional<std::size_t> best_at_prices(const run_rules& rules,
                                          std::span<const candidate> candidates);

bool is_held_out(const run_rules& rules, const lots& drawn);
bool is_explorer(const run_rules& rules, const lots& drawn);

// `planned`: what the allocation gives to one who competes for the budget; not used of those held
// out or exploring. Sets the final code of every candidate.
verdict judge(const run_rules& rules,
              const lots& drawn,
              std::optional<std::size_t> planned,
              std::span<candidate> candidates);

}  // namespace clv::retention
