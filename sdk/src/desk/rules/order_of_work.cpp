// Members "priority" and "routing".
#include <algorithm>

#include "desk/rules/reader.hpp"

namespace clv::desk::rules {
namespace {

std::map<std::string, double> read_delay_cost(const node& at, const desk_policy& desk) {
  for (const std::string_view severity : at.names()) check_severity(at, desk, severity);
  return numbers_by_name(at, most_cost);
}

// Compared with subjects in lower case, ASCII: other letters as they are.
std::map<std::string, double> read_words(const node& at) {
  std::map<std::string, double> out;
  for (const auto& [word, cost] : numbers_by_name(at, most_cost)) {
    std::string lower = word;
    std::ranges::transform(
        lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    if (!out.emplace(lower, cost).second) {
      at.refuse_member(word, "there twice", "large and small letters are the same word");
    }
  }
  return out;
}

}  // namespace

void read_priority(const node& at, desk_policy& desk) {
  only(at,
       std::array<std::string_view, 10>{"delay_cost",
                                        "sla_cost",
                                        "sla_horizon",
                                        "words",
                                        "outage_cost",
                                        "value_weight",
                                        "churn_per_hour",
                                        "ageing",
                                        "max_wait",
                                        "handle_minutes"});
  priority_rules& p = desk.priority;
  if (at.has("delay_cost")) p.delay_cost = read_delay_cost(at.at("delay_cost"), desk);
  p.sla_cost = number_if(at, "sla_cost", p.sla_cost, most_cost);
  p.sla_horizon_us = minutes_if(at, "sla_horizon").value_or(p.sla_horizon_us);
  if (at.has("words")) p.words = read_words(at.at("words"));
  p.outage_cost = number_if(at, "outage_cost", p.outage_cost, most_cost);
  p.value_weight = number_if(at, "value_weight", p.value_weight, most_weight);
  p.churn_per_hour = number_if(at, "churn_per_hour", p.churn_per_hour, 1);
  p.ageing = number_if(at, "ageing", p.ageing, most_cost);
  p.max_wait_us = minutes_if(at, "max_wait");
  if (at.has("handle_minutes")) {
    minutes(at.at("handle_minutes"));
    p.handle_minutes = at.at("handle_minutes").number(0, most_minutes);
  }
}

void read_routing(const node& at, desk_policy& desk) {
  only(at, std::array<std::string_view, 3>{"weights", "channel_units", "reroute"});
  routing_rules& r = desk.routing;
  if (at.has("weights")) {
    const node weights = at.at("weights");
    only(weights, std::array<std::string_view, 4>{"skill", "load", "relationship", "satisfaction"});
    r.skill = number_if(weights, "skill", r.skill, most_weight);
    r.load = number_if(weights, "load", r.load, most_weight);
    r.relationship = number_if(weights, "relationship", r.relationship, most_weight);
    r.satisfaction = number_if(weights, "satisfaction", r.satisfaction, most_weight);
  }
  if (at.has("channel_units")) {
    r.channel_units = numbers_by_name(at.at("channel_units"), most_weight);
  }
  if (!at.has("reroute")) return;
  const node reroute = at.at("reroute");
  only(reroute, std::array<std::string_view, 3>{"reopened_absent", "absent", "silent"});
  if (reroute.has("reopened_absent")) {
    r.reroute_reopened_absent = reroute.at("reopened_absent").flag();
  }
  r.reroute_absent_us = minutes_if(reroute, "absent");
  r.reroute_silent_us = minutes_if(reroute, "silent");
}

}  // namespace clv::desk::rules
