// The comparison that desk_breach_effect makes, and its tables. [any]
#pragma once

#include <memory>
#include <string>

#include "clv/error.hpp"
#include "desk/performance/breach_units.hpp"
#include "desk/performance/doubly_robust.hpp"
#include "retention/effects/covariate_design.hpp"

namespace clv::desk {

struct breach_plan {
  breach_rules rules;
  effect_rules how;
  double z = 0;  // normal quantile of the intervals
};

// The arms as they are.
struct breach_arms {
  double breached = 0, kept = 0, left_breached = 0, left_kept = 0;
};
struct breach_study {
  breach_units units;
  breach_arms counted;
  retention::covariate_design design;
  adjusted_effect found;
  std::string verdict;     // why nothing is said, "" when there is an effect
  bool estimated = false;  // `found` is filled
};

// Throws as covariates_of does. Covariates that say nothing are set aside with a note.
breach_study make_study(const breach_sources& from, const breach_plan& p, issues& notes);

// The tables of the report; `seal` goes into their fingerprints.
std::shared_ptr<const table> effect_table(const breach_study& s,
                                          const breach_plan& p,
                                          const std::string& seal);
std::shared_ptr<const table> per_hour_table(const breach_study& s,
                                            const breach_plan& p,
                                            const std::string& seal);
std::shared_ptr<const table> balance_table(const breach_study& s, const std::string& seal);
// How many of either arm had which chance to breach.
std::shared_ptr<const table> overlap_table(const breach_study& s, const std::string& seal);
std::shared_ptr<const table> left_out_table(const breach_study& s, const std::string& seal);

}  // namespace clv::desk
