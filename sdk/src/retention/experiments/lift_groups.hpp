// Who is compared with whom. The arm is drawn by hash before anything happens, so both arms are
// alike as long as nobody is counted because of what came after. Hence:
//   system, segment  every customer: held out of everything against all others, also those for whom
//                    there was nothing to do. The segment is that of the customer's first decision.
//   plugin, action   those who were selected for it against those for whom it was withheld, at the
//                    first decision of each customer that had anything to do. Later decisions
//                    differ between the arms (one held out has no cooldown and stays a candidate),
//                    so comparing them compares other customers; `each` does so all the same.
// Exploration needs no weights here: what is withheld from an explorer who is held out was drawn as
// well, so both arms hold the same mixture of drawn and best actions. [any]
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retention/experiments/lift_rows.hpp"

namespace clv::retention {

// A customer in one group, over all its decisions that count there.
struct measured_person {
  std::size_t customer = 0;
  bool held = false;
  double held_chance = 0;  // of being held out, as far as the first decision is concerned
  double decisions = 0, responded = 0, unsubscribed = 0, value = 0, cost = 0;
};

struct lift_group {
  std::string kind, name;
  std::vector<std::size_t> decisions;   // into the log, by time
  std::vector<measured_person> people;  // by customer
  double expected_held = 0;             // customers, by the shares
  double expected_variance = 0;         // of their number
  double overlapping = 0, switched = 0;
};

// Shares that are given stand for what the receipts say; without either it is `usual_share`.
struct group_rules {
  std::vector<std::string> kinds;   // of "system", "plugin", "action", "segment"
  std::optional<double> share;      // of the global holdout
  std::optional<std::string> salt;  // then who is held out is computed, else read from the log
  std::function<double(std::string_view action)> nested_share;  // of the action's own holdout
  bool each = false;
  // A decision within the window of an earlier one that counts for the same customer: left out, so
  // that nothing is counted twice, unless every outcome belongs to one decision only.
  bool count_overlapping = false;
};

inline constexpr double usual_share = 0.1;

struct lift_groups {
  std::vector<lift_group> groups;  // by kind as in the rules, then by name
  double partly_held = 0;          // customers globally held out of some of their decisions only
};

lift_groups groups_of(const measured_log& log, const group_rules& rules);

}  // namespace clv::retention
