// What an hour of delay costs, part by part. reference: sdk/DESK.md, Priority. [any] Immutable.
#pragma once

#include <optional>
#include <string_view>

#include "desk/priority/words.hpp"

namespace clv::desk {

// Major units of currency per business hour, each 0 or more.
class delay_rules {
 public:
  explicit delay_rules(const priority_rules& rules) : rules_(rules), words_(rules.words) {}

  double severity(std::string_view level) const;  // one without a cost, "" too: 1
  const word_costs& words() const { return words_; }
  double outage(bool is) const { return is ? rules_.outage_cost : 0; }
  // sla_cost (1 - slack / horizon) held in [0, sla_cost]: nothing a horizon before the due time,
  // all of it from then on. 0 without a running clock.
  double sla(std::optional<double> slack_minutes) const;
  // kappa x max(CLV at risk, 0) x churn_per_hour; unknown: 0. A customer who costs more than they
  // bring is served as any other, never later.
  double value(std::optional<double> at_risk) const;
  double ageing(double wait_minutes) const { return rules_.ageing * wait_minutes / 60; }
  bool beyond(double wait_minutes) const;  // max_wait or longer
  double fallback_minutes() const;

 private:
  priority_rules rules_;
  word_costs words_;
};

}  // namespace clv::desk
