#include "desk/desk_policy.hpp"

#include <algorithm>

#include "clv/error.hpp"
#include "desk/rules/reader.hpp"
#include "math/json.hpp"

namespace clv::desk {
namespace {

struct member {
  std::string_view name;
  void (*read)(const rules::node&, desk_policy&);
};

// A new member of the rules is one row here and one in sdk/DESK.md. Read in this order.
constexpr std::array<member, 9> members{{
    {"format", rules::read_format},
    {"calendars", rules::read_calendars},
    {"calendar", rules::read_calendar},
    {"severities", rules::read_severities},
    {"policies", rules::read_policies},
    {"priority", rules::read_priority},
    {"routing", rules::read_routing},
    {"surveys", rules::read_surveys},
    {"follow_ups", rules::read_follow_ups},
}};

boost::json::value parse(std::string_view text) {
  try {
    return math::parse_json(text);
  } catch (const error& e) {
    throw error(e.details().code, "desk: " + e.details().message);
  }
}

// Of several calendars one must be named: hours that nobody meant are worse than a question.
void need_default_calendar(const rules::node& root, const desk_policy& desk) {
  if (root.has("calendar") || desk.calendars.size() < 2) return;
  root.refuse_member(
      "calendar", "missing", "name the calendar that counts where a policy or an agent names none");
}

bool fits(const std::vector<std::string>& words, std::string_view word) {
  return words.empty() || std::ranges::find(words, word) != words.end();
}

}  // namespace

desk_policy read_desk_policy(std::string_view text) {
  desk_policy out;
  out.calendars.emplace_back();
  if (text.empty()) return out;
  const boost::json::value parsed = parse(text);
  const rules::node root(parsed, "$", rules::desk_page);
  std::array<std::string_view, members.size()> names;
  std::ranges::transform(members, names.begin(), &member::name);
  root.allow(names);
  for (const member& m : members) {
    if (root.has(m.name)) m.read(root.at(m.name), out);
    if (m.name == "calendar") need_default_calendar(root, out);
  }
  return out;
}

const sla_policy* find_policy(const desk_policy& desk, const ticket_words& of) {
  const auto found = std::ranges::find_if(desk.policies, [&](const sla_policy& p) {
    return fits(p.when.severity, of.severity) && fits(p.when.channel, of.channel) &&
           fits(p.when.category, of.category) && fits(p.when.team, of.team) &&
           fits(p.when.tier, of.tier);
  });
  return found == desk.policies.end() ? nullptr : &*found;
}

clock_targets targets_for(const sla_policy& policy, std::string_view tier) {
  clock_targets out = policy.targets;
  const auto found = policy.tiers.find(std::string(tier));
  if (found == policy.tiers.end()) return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (found->second[i]) out[i] = found->second[i];
  }
  return out;
}

std::optional<std::size_t> severity_level(const desk_policy& desk, std::string_view severity) {
  const auto found = std::ranges::find(desk.severities, severity);
  if (found == desk.severities.end()) return std::nullopt;
  return static_cast<std::size_t>(found - desk.severities.begin());
}

}  // namespace clv::desk
