// The policies every other is measured by. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "market/policy_run.hpp"

namespace clv::market {

struct named_policy {
  std::string name;
  std::vector<std::size_t> action;  // by customer; truth_book::nobody: left alone
};

// Who is chosen by the policies that choose without regard to the effect: by budget where there is
// one (expected cost, the next that does not fit ends it), else this share of the customers.
struct targeting {
  std::optional<double> budget;
  double share = .2;
  std::size_t action = truth_book::nobody;  // with what; nobody: the best blanket action
  std::uint64_t seed = 0;                   // of the random choice
};

// By customer. Without scores the truth itself stands for them, which flatters these policies: risk
// is the true chance of no order, value the true future value.
struct rankings {
  std::vector<double> risk, value;
};
// `rows` has customer, p_alive, clv, or is nullptr. A customer without a row goes last. Throws
// error{data} for one that is there twice or not a number.
rankings read_rankings(std::string_view report, const table* rows, const truth_book& book);

// The action that earns most when everybody who consents gets it.
std::size_t best_blanket(const market_state& m);

// nobody; everybody:ACTION for every action (who consents); top_risk, top_value, random with one
// action; oracle: per customer the best action there truly is; oracle_budget: the same with the
// budget, where there is one (upper hulls, retention/allocation/plan.hpp).
std::vector<named_policy> standard_policies(const market_state& m,
                                            const rankings& by,
                                            const targeting& t);

}  // namespace clv::market
