#include "desk/care/follow_up_owner.hpp"

namespace clv::desk {
namespace {

// Away is a break and off hours: the promise is kept when the agent is back.
bool is_gone(const agent& a, std::int64_t now) {
  const bool still = !a.until || *a.until > now;
  return a.status == "deleted" || (a.status == "absent" && still);
}

std::string as_team(const std::string& team) {
  return team.empty() ? std::string() : std::string(team_prefix) + team;
}

}  // namespace

owner_rules::owner_rules(const table* agents, const desk_view& view)
    : have_agents_(agents != nullptr) {
  if (agents == nullptr) return;
  for (const agent& a : read_agents(*agents, view.policy)) {
    agents_.emplace(a.id, known{a.team, is_gone(a, view.now)});
  }
}

bool owner_rules::gone(std::string_view agent) const {
  if (!have_agents_) return false;
  const auto found = agents_.find(agent);
  return found == agents_.end() || found->second.gone;
}

// The agent's own, else that of the ticket as it was then.
std::string owner_rules::team_of(std::string_view agent, const credit& then) const {
  const auto found = agents_.find(agent);
  return found != agents_.end() && !found->second.team.empty() ? found->second.team : then.team;
}

owned_by owner_rules::owner(std::string_view rule, const credit& then) const {
  const std::string who = rule == "assignee" ? then.agent : rule == "team" ? "" : std::string(rule);
  if (!who.empty() && !gone(who)) return {who, ""};
  const std::string team = as_team(team_of(who.empty() ? then.agent : who, then));
  if (rule == "team" && !team.empty()) return {team, ""};
  const std::string why =
      who.empty() ? "Nobody had the ticket" : "Agent '" + who + "' is deleted or absent";
  if (!team.empty()) return {team, why + ", so its team looks after it."};
  return {"", why + " and no team is known: give it an owner."};
}

std::string owner_rules::above(std::string_view owner, const credit& then) const {
  if (owner.starts_with(team_prefix)) return std::string(owner);
  const std::string team = as_team(team_of(owner, then));
  return team.empty() ? std::string(owner) : team;
}

}  // namespace clv::desk
