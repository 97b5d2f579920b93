#include "desk/priority/delay_cost.hpp"

#include <cmath>

#include "desk/priority/handle_time.hpp"

namespace clv::desk {

double delay_rules::severity(std::string_view level) const {
  const auto found = rules_.delay_cost.find(std::string(level));
  return found == rules_.delay_cost.end() ? 1 : found->second;
}

double delay_rules::sla(std::optional<double> slack_minutes) const {
  if (!slack_minutes) return 0;
  if (*slack_minutes <= 0) return rules_.sla_cost;
  const double horizon = minutes_of(rules_.sla_horizon_us);
  return *slack_minutes < horizon ? rules_.sla_cost * (1 - *slack_minutes / horizon) : 0;
}

double delay_rules::value(std::optional<double> at_risk) const {
  return rules_.value_weight * std::fmax(at_risk.value_or(0), 0) * rules_.churn_per_hour;
}

bool delay_rules::beyond(double wait_minutes) const {
  return rules_.max_wait_us && wait_minutes >= minutes_of(*rules_.max_wait_us);
}

double delay_rules::fallback_minutes() const {
  return rules_.handle_minutes.value_or(default_handle_minutes);
}

}  // namespace clv::desk
