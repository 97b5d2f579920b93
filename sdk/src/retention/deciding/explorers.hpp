// Who explores, how much of the resources that can take at most, and what it takes. [one]
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/deciding/cases.hpp"

namespace clv::retention {

class explorers {
 public:
  explicit explorers(std::size_t resources) : used_(resources, 0) {}

  // Looks at one customer of the run's stated share.
  void consider(const run_rules& rules, const customer_case& c);
  // Lowers rules.explore_share until the dearest options of all explorers together stay within
  // `limits` and can cost at most rules.explore_budget: whoever has the highest lot is left out
  // first.
  void lower_share(run_rules& rules, const std::vector<double>& limits);
  // What the explorers that are left take of each resource, in the order of their lots.
  const std::vector<double>& used() const { return used_; }

 private:
  struct explorer {
    std::uint64_t lot;
    double at_worst;           // the most that an option which may be drawn can cost
    std::vector<double> most;  // of each resource, over the options that may be drawn
    std::vector<double> draws;
    auto operator<=>(const explorer&) const = default;
  };
  std::vector<explorer> all_;
  std::vector<double> used_;
};

}  // namespace clv::retention
