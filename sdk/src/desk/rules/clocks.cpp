#include <algorithm>
#include <functional>
#include <optional>

#include "desk/rules/reader.hpp"

namespace clv::desk::rules {
namespace {

clock_targets read_targets(const node& at) {
  clock_targets out;
  for (std::size_t i = 0; i < clock_names.size(); ++i) out[i] = minutes_if(at, clock_names[i]);
  return out;
}

ticket_match read_match(const node& at, const desk_policy& desk) {
  only(at, std::array<std::string_view, 5>{"severity", "channel", "category", "team", "tier"});
  const auto words = [&](std::string_view name) {
    if (!at.has(name)) return std::vector<std::string>();
    std::vector<std::string> found = at.at(name).texts();
    if (found.empty()) at.at(name).refuse("at least one word; leave it out where any fits");
    return found;
  };
  ticket_match when{.severity = words("severity"),
                    .channel = words("channel"),
                    .category = words("category"),
                    .team = words("team"),
                    .tier = words("tier")};
  for (const std::string& s : when.severity) check_severity(at.at("severity"), desk, s);
  return when;
}

void read_pauses(const node& at, sla_policy& policy) {
  const std::vector<std::string> states = at.texts();
  for (const std::string& s : states) {
    if (s != "pending" && s != "waiting_customer") {
      at.refuse("\"pending\" and \"waiting_customer\", or none of them");
    }
  }
  policy.pauses_pending = std::ranges::count(states, "pending") > 0;
  policy.pauses_waiting = std::ranges::count(states, "waiting_customer") > 0;
}

std::vector<std::int64_t> read_warnings(const node& at) {
  std::vector<std::int64_t> out;
  for (const node& item : at.items()) {
    out.push_back(minutes(item));
    if (std::count(out.begin(), out.end(), out.back()) > 1) {
      item.refuse("a number of minutes that is not there before");
    }
  }
  std::ranges::sort(out, std::greater<>());
  return out;
}

void read_tiers(const node& at, sla_policy& policy) {
  for (const std::string_view tier : at.names()) {
    if (tier.empty()) at.refuse("tiers that have names");
    const node targets = at.at(tier);
    targets.allow(clock_names);
    policy.tiers.emplace(tier, read_targets(targets));
  }
}

sla_policy read_one(const node& at, const desk_policy& desk) {
  only(at,
       std::array<std::string_view, 10>{"name",
                                        "when",
                                        "calendar",
                                        "first_response",
                                        "next_response",
                                        "resolution",
                                        "pauses",
                                        "reopen",
                                        "warn_before",
                                        "tiers"});
  sla_policy policy{
      .name = at.at("name").text(), .calendar = desk.calendar, .targets = read_targets(at)};
  if (at.has("when")) policy.when = read_match(at.at("when"), desk);
  if (at.has("calendar")) policy.calendar = find_calendar(at.at("calendar"), desk);
  if (at.has("pauses")) read_pauses(at.at("pauses"), policy);
  if (at.has("reopen")) {
    constexpr std::array<std::string_view, 2> ways{"resume", "restart"};
    policy.restart_on_reopen = one_of(at.at("reopen"), ways) == 1;
  }
  if (at.has("warn_before")) policy.warn_before_us = read_warnings(at.at("warn_before"));
  if (at.has("tiers")) read_tiers(at.at("tiers"), policy);
  return policy;
}

}  // namespace

void read_policies(const node& at, desk_policy& desk) {
  for (const node& item : at.items()) {
    sla_policy read = read_one(item, desk);
    if (std::ranges::count(desk.policies, read.name, &sla_policy::name) > 0) {
      item.at("name").refuse("a name that no policy has before");
    }
    desk.policies.push_back(std::move(read));
  }
}

}  // namespace clv::desk::rules
