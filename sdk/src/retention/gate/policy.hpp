// The host's policy: read from JSON, checked member by member. The members are told in
// sdk/POLICY.md; here they have their defaults, which stand for "not said". [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clv::retention {

// "winback.*" fits every action that begins with "winback."; without '*' only itself.
bool fits(std::string_view pattern, std::string_view action);

struct contact_cap {
  std::string channel, category;  // "" = any
  std::int64_t limit = 0;
  double days = 0;
};

struct cooldown_rule {
  std::string action;
  double days = 0;
};

struct quiet_hours {
  std::vector<std::string> channels;
  std::int32_t from_minute = 0, to_minute = 0;  // of the day; from > to passes midnight
  std::string zone;
};

struct deal_seeker_rule {
  double share = 1;
  double orders = 0;
};

struct named_limit {
  std::string name;
  double limit = 0;
};

struct action_holdout {
  std::string action;
  double share = 0;
  std::string salt;
};

enum class exploring : std::uint8_t { nothing, uniform, thompson };

struct exploration {
  exploring method = exploring::nothing;
  double share = 0;
  double floor = 0.01;
  std::optional<double> budget;  // major units, at worst
  double sd = 0;                 // of an effect that nobody knows; 0: it takes no part
};

struct lever {
  std::string action;
  double add = 0;
  std::string why;
};

struct policy {
  std::vector<std::string> consent, exempt, protected_columns, suspended;
  std::optional<quiet_hours> quiet;
  std::vector<contact_cap> caps;
  std::vector<cooldown_rule> cooldowns;
  std::int64_t rejections = 0;  // 0: not limited
  double rejection_days = 0;
  std::vector<std::pair<std::string, std::string>> conflicts;
  double conflict_days = 14;
  bool one_open_benefit = false;
  std::optional<double> margin_floor;
  std::optional<deal_seeker_rule> deal_seeker;
  std::optional<double> worst_case_limit;  // major units
  std::vector<named_limit> budgets;        // contacts, agent_minutes, worst_case
  std::vector<named_limit> stock;
  std::vector<action_holdout> holdouts;
  exploration explore;
  std::vector<lever> levers;
  // True where a rule looks at the time of the decision.
  bool needs_time() const;
};

// "" is the policy without rules. Throws error{invalid} naming the member by its JSON path, its
// value and what it should be.
policy read_policy(std::string_view json);

}  // namespace clv::retention
