// The rules of a desk as numbers: "clv.desk/1", sdk/DESK.md. [any] Immutable once read.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/calendar/business_calendar.hpp"

namespace clv::desk {

enum class clock_kind : std::uint8_t { first_response, next_response, resolution };
inline constexpr std::array clock_names{std::string_view("first_response"),
                                        std::string_view("next_response"),
                                        std::string_view("resolution")};

// Business microseconds by clock_kind; absent: no clock.
using clock_targets = std::array<std::optional<std::int64_t>, 3>;

// A list that is empty fits every word.
struct ticket_match {
  std::vector<std::string> severity, channel, category, team, tier;
};

struct sla_policy {
  std::string name;
  ticket_match when;
  std::size_t calendar = 0;  // of desk_policy::calendars
  clock_targets targets;
  bool pauses_pending = true, pauses_waiting = true;
  bool restart_on_reopen = false;
  std::vector<std::int64_t> warn_before_us;    // business time, falling
  std::map<std::string, clock_targets> tiers;  // by segment: what it says replaces targets
};

// Costs of delay in major currency units per business hour, sdk/DESK.md, Priority.
struct priority_rules {
  std::map<std::string, double> delay_cost;  // by severity; one that is not there: 1
  double sla_cost = 10;                      // at the due time
  std::int64_t sla_horizon_us = 240LL * 60 * us_per_second;
  std::map<std::string, double> words;  // in lower case: cost of each that the subject has
  double outage_cost = 30;
  double value_weight = 1;    // kappa
  double churn_per_hour = 0;  // h: rise of the chance to lose the customer per hour of delay
  double ageing = 0;          // alpha: index per business hour of waiting
  std::optional<std::int64_t> max_wait_us;  // W_max, business time
  std::optional<double> handle_minutes;     // the last fallback of E[handle]; absent: 15
};

struct routing_rules {
  double skill = 1, load = 0.5, relationship = 0.3, satisfaction = 0.3;
  std::map<std::string, double> channel_units;  // of an agent's capacity; not there: 1
  bool reroute_reopened_absent = true;
  std::optional<std::int64_t> reroute_absent_us;  // business time that the agent stays away still
  std::optional<std::int64_t> reroute_silent_us;  // business time without a reply
};

struct survey_rules {
  std::string kind = "CSAT";
  std::int64_t delay_us = 0;  // business time after the resolution
  double cool_down_days = 30;
};

struct follow_up_rule {
  std::int64_t within_us = 0;
  std::string owner = "assignee";  // assignee, team, or an agent's id
  double clv_at_risk = 0;          // of resolved_high_value: at least
};
struct follow_up_rules {
  std::optional<follow_up_rule> detractor, resolved_high_value, breach;
  std::optional<std::int64_t> escalate_after_us;  // business time after the due time
};

struct desk_policy {
  std::vector<business_calendar> calendars;  // never empty: without any, one that is always open
  std::size_t calendar = 0;                  // the default one
  std::vector<std::string> severities;       // from the least to the most severe; may be empty
  std::vector<sla_policy> policies;
  priority_rules priority;
  routing_rules routing;
  std::optional<survey_rules> surveys;
  follow_up_rules follow_ups;
};

// `json` "" or "{}": all defaults. Throws error{invalid} naming the path, the value and what was
// expected.
desk_policy read_desk_policy(std::string_view json);
// The first policy that fits, nullptr when none does. "" of a word is no word: it fits only lists
// that are empty.
struct ticket_words {
  std::string_view severity, channel, category, team, tier;
};
const sla_policy* find_policy(const desk_policy& desk, const ticket_words& of);
// The targets of the policy for a tier.
clock_targets targets_for(const sla_policy& policy, std::string_view tier);
// Position among severities, nullopt when it is not one of them.
std::optional<std::size_t> severity_level(const desk_policy& desk, std::string_view severity);

}  // namespace clv::desk
