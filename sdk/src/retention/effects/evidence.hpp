// The evidence ladder: where the effect of an action on a customer is taken from. [any]
#pragma once

#include <memory>
#include <string_view>

#include "clv/table.hpp"

namespace clv::retention {

enum class evidence_level { own_kind, own_overall, plugin_prior, unknown };
std::string_view name_of(evidence_level level);  // "own_kind", ...
// The level of effects that were measured, but not on a chance to respond: in money, or in counts.
// Nothing can be decided with them.
inline constexpr std::string_view not_a_chance = "not_a_chance";

struct effect_estimate {
  double mean = 0, sd = 0;  // of the change of the response probability; sd 0 only when unknown
  evidence_level level = evidence_level::unknown;
  bool refused = false;  // the measured policy is "none": nothing beats leaving customers alone
};

// What the proposal says of itself.
struct stated_effect {
  double mean = 0, sd = 0;
};

class evidence_ladder {
 public:
  // `evidence` conforms to its schema, or is nullptr: then only priors and unknown. Throws
  // error{data} naming row, column and value for one that is not usable or there twice.
  explicit evidence_ladder(std::shared_ptr<const table> evidence);
  ~evidence_ladder();
  evidence_ladder(const evidence_ladder&) = delete;
  evidence_ladder& operator=(const evidence_ladder&) = delete;
  effect_estimate of(std::string_view action,
                     std::string_view customer,
                     std::string_view segment,
                     const stated_effect& prior) const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace clv::retention
