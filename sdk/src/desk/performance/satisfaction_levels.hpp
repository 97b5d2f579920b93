// Satisfaction of agents and teams as it is, drawn towards their own kind, and freed of the mix of
// tickets they had. reference: figures.hpp. [any] Immutable.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "desk/care/answers.hpp"
#include "desk/care/satisfaction.hpp"

namespace clv::desk {

struct satisfaction_estimate {
  double mean = 0, lower = 0, upper = 1;
};

class satisfaction_levels {
 public:
  // Answers of the window; those without a score are left out. `prior`: see case_mix.hpp.
  satisfaction_levels(std::span<const answer> answers, double prior, double z);
  // Of levels overall, agent, team, category, channel; nullopt for others and unknown names.
  std::optional<satisfaction_estimate> shrunk(std::string_view level, std::string_view name) const;
  // Of levels agent and team.
  std::optional<satisfaction_estimate> adjusted(std::string_view level,
                                                std::string_view name) const;

 private:
  using estimates = std::map<std::string, satisfaction_estimate, std::less<>>;
  satisfaction_figures figures_;
  double z_ = 0;
  std::map<std::string, estimates, std::less<>> adjusted_;  // by level
};

}  // namespace clv::desk
