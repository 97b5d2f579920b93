#include <algorithm>

#include "market/desk/desk_run.hpp"

namespace clv::market_desk {

bool desk_now::has_room(std::size_t agent, const sim_ticket& t) const {
  const desk::agent& who = s.agents[agent];
  const agent_now& has = agents[agent];
  if (who.max_tickets && static_cast<double>(has.held.size()) + 1 > *who.max_tickets) return false;
  const auto capacity = who.channels.find(t.channel);
  if (capacity == who.channels.end()) return true;  // any, or unable: able() says which
  const auto& units = s.world.rules.routing.channel_units;
  const auto unit = units.find(t.channel);
  const double each = unit == units.end() ? 1 : unit->second;
  double used = each;
  for (const std::size_t held : has.held) {
    if (s.tickets[held].channel == t.channel) used += each;
  }
  return used <= capacity->second;
}

bool desk_now::may(std::size_t agent, std::size_t ticket) const {
  const std::vector<std::size_t>& refused = tickets[ticket].refused_by;
  return agents[agent].present && able(s.agents[agent], s.tickets[ticket]) &&
         has_room(agent, s.tickets[ticket]) &&
         std::find(refused.begin(), refused.end(), agent) == refused.end();
}

std::int64_t desk_now::due(std::size_t ticket) const {
  const sim_ticket& t = s.tickets[ticket];
  const ticket_now& at = tickets[ticket];
  const open_hours& hours = s.hours[t.calendar];
  std::int64_t earliest = end_of_time;
  const auto take = [&](desk::clock_kind kind, std::int64_t from, std::int64_t used) {
    const auto& target = t.targets[static_cast<std::size_t>(kind)];
    if (!target) return;
    const std::int64_t left = *target - used;
    // Past its due time already when it began to run again: the more the earlier.
    earliest = std::min(earliest, left > 0 ? hours.add(from, left) : from + left);
  };
  if (!at.first_reply) take(desk::clock_kind::first_response, t.created, 0);
  if (at.first_reply) take(desk::clock_kind::next_response, at.since, 0);
  take(desk::clock_kind::resolution, at.since, at.counted_us);
  return earliest;
}

}  // namespace clv::market_desk
