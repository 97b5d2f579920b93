// Members "surveys" and "follow_ups".
#include "desk/rules/reader.hpp"

namespace clv::desk::rules {
namespace {

follow_up_rule read_follow_up(const node& at) {
  follow_up_rule rule{.within_us = minutes(at.at("within"))};
  if (at.has("owner")) rule.owner = at.at("owner").text();
  return rule;
}

follow_up_rule read_plain(const node& at) {
  only(at, std::array<std::string_view, 2>{"within", "owner"});
  return read_follow_up(at);
}

}  // namespace

void read_surveys(const node& at, desk_policy& desk) {
  only(at, std::array<std::string_view, 3>{"kind", "delay", "cool_down_days"});
  survey_rules surveys;
  if (at.has("kind")) {
    constexpr std::array<std::string_view, 3> kinds{"CSAT", "NPS", "CES"};
    surveys.kind = kinds[one_of(at.at("kind"), kinds)];
  }
  if (at.has("delay")) surveys.delay_us = minutes(at.at("delay"), true);
  surveys.cool_down_days = number_if(at, "cool_down_days", surveys.cool_down_days, 36525);
  desk.surveys = surveys;
}

void read_follow_ups(const node& at, desk_policy& desk) {
  only(at,
       std::array<std::string_view, 4>{
           "detractor", "resolved_high_value", "breach", "escalate_after"});
  follow_up_rules& rules = desk.follow_ups;
  if (at.has("detractor")) rules.detractor = read_plain(at.at("detractor"));
  if (at.has("breach")) rules.breach = read_plain(at.at("breach"));
  if (at.has("resolved_high_value")) {
    const node resolved = at.at("resolved_high_value");
    only(resolved, std::array<std::string_view, 3>{"within", "owner", "clv_at_risk"});
    rules.resolved_high_value = read_follow_up(resolved);
    rules.resolved_high_value->clv_at_risk = number_if(resolved, "clv_at_risk", 0, most_cost);
  }
  rules.escalate_after_us = minutes_if(at, "escalate_after");
}

}  // namespace clv::desk::rules
