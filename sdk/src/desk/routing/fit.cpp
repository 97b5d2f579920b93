#include "desk/routing/fit.hpp"

#include <algorithm>
#include <cmath>

#include "desk/priority/waiting.hpp"
#include "desk/tickets/event_log.hpp"
#include "features/cells.hpp"
#include "retention/number_text.hpp"

namespace clv::desk {
namespace {

// Capacities are often shares (1 / 3): what is short by rounding alone still fits.
constexpr double rounding = 1e-9;
// An agent without limits is half busy with this many tickets.
constexpr double tickets_of_half = 10;

std::int64_t whole_times(double room, double each) {
  const double most = 1e9;  // more tickets than any desk has
  return static_cast<std::int64_t>(std::clamp(std::floor(room / each + rounding), 0.0, most));
}

// A ticket without a customer is of nobody else.
std::string who_asks(const demand& d) {
  return d.customer.empty() ? "ticket " + d.ticket : d.customer;
}

}  // namespace

demand demand_of(const ticket& t) {
  return {.ticket = t.id,
          .customer = t.customer,
          .channel = t.channel,
          .skill = t.skill.empty() ? t.category : t.skill,
          .language = t.language};
}

staff::staff(std::vector<agent> agents, const desk_policy& desk, std::int64_t now)
    : agents_(std::move(agents)), desk_(&desk), now_(now), hands_(agents_.size()) {}

std::optional<std::size_t> staff::find(std::string_view id) const {
  const auto at = std::lower_bound(
      agents_.begin(), agents_.end(), id, [](const agent& a, std::string_view wanted) {
        return a.id < wanted;
      });
  if (at == agents_.end() || at->id != id) return std::nullopt;
  return static_cast<std::size_t>(at - agents_.begin());
}

void staff::load(const ticket_book& book) {
  for (const ticket& t : book.tickets) {
    if (!is_active(t.status) || t.agent.empty()) continue;
    if (const auto who = find(t.agent)) take(*who, t.channel, waits_for_us(t.status));
  }
}

// An answer of nobody named is of the one who had the ticket then.
void staff::remember_answers(const ticket_book& book) {
  const event_columns rows(*book.rows);
  for (const ticket& t : book.tickets) {
    std::string_view holder;
    for (const ticket_event& e : t.events) {
      const auto named = event_columns::text(rows.agent, e.row);
      if (e.kind == event_kind::assigned) holder = named;
      if (e.kind == event_kind::unassigned) holder = {};
      if (e.kind != event_kind::message_out || e.automatic) continue;
      if (const auto who = find(named.empty() ? holder : named)) answered_[t.customer].insert(*who);
    }
  }
}

// Those who are not here any more are not asked again anyway.
void staff::remember_answers(const demand& d, std::string_view agents) {
  for (std::size_t from = 0; from < agents.size();) {
    const std::size_t end = std::min(agents.find(';', from), agents.size());
    const auto who = find(features::trimmed(agents.substr(from, end - from)));
    if (who) answered_[who_asks(d)].insert(*who);
    from = end + 1;
  }
}

void staff::rate(const satisfaction_figures& satisfaction) {
  for (std::size_t a = 0; a < agents_.size(); ++a) {
    const satisfaction_figure* figure = satisfaction.agent(agents_[a].id);
    hands_[a].satisfaction = figure == nullptr ? 0 : figure->shrunk - figure->toward;
  }
}

double staff::unit(std::string_view channel) const {
  const auto& units = desk_->routing.channel_units;
  const auto found = units.find(std::string(channel));
  return found == units.end() ? 1 : found->second;
}

void staff::take(std::size_t agent, std::string_view channel, bool waits) {
  hand& h = hands_[agent];
  h.tickets += 1;
  if (waits && !channel.empty()) h.units[std::string(channel)] += unit(channel);
}

void staff::give_back(std::size_t agent, std::string_view channel, bool waits) {
  hand& h = hands_[agent];
  h.tickets -= 1;
  if (waits && !channel.empty()) h.units[std::string(channel)] -= unit(channel);
}

double staff::units_used(std::size_t agent, std::string_view channel) const {
  const auto& units = hands_[agent].units;
  const auto found = units.find(channel);
  return found == units.end() ? 0 : found->second;
}

std::optional<double> staff::capacity(std::size_t agent, std::string_view channel) const {
  const auto& channels = agents_[agent].channels;
  const auto found = channels.find(channel);
  if (channel.empty() || found == channels.end()) return std::nullopt;
  return found->second;
}

std::optional<std::int64_t> staff::channel_room(std::size_t agent, std::string_view channel) const {
  const auto limit = capacity(agent, channel);
  if (!limit) return std::nullopt;
  const double each = unit(channel);
  const double room = *limit - units_used(agent, channel);
  if (each > 0) return whole_times(room, each);
  return *limit > 0 ? std::nullopt : std::optional<std::int64_t>(0);  // 0: not on this channel
}

std::optional<std::int64_t> staff::ticket_room(std::size_t agent) const {
  const auto& most = agents_[agent].max_tickets;
  if (!most) return std::nullopt;
  return whole_times(*most - hands_[agent].tickets, 1);
}

double staff::share(std::size_t agent, std::string_view channel, std::int64_t more) const {
  const double tickets = hands_[agent].tickets + static_cast<double>(more);
  const auto limit = capacity(agent, channel);
  if (limit && *limit > 0 && unit(channel) > 0) {
    const double units = units_used(agent, channel) + unit(channel) * static_cast<double>(more);
    return std::clamp(units / *limit, 0.0, 1.0);
  }
  const auto& most = agents_[agent].max_tickets;
  if (most && *most > 0) return std::clamp(tickets / *most, 0.0, 1.0);
  return std::max(tickets, 0.0) / (std::max(tickets, 0.0) + tickets_of_half);
}

double staff::proficiency(const demand& d, std::size_t agent) const {
  const auto& skills = agents_[agent].skills;
  if (d.skill.empty() || skills.empty()) return 1;
  const auto found = skills.find(d.skill);
  return found == skills.end() ? 0 : found->second;
}

bool staff::knows(const demand& d, std::size_t agent) const {
  const auto found = answered_.find(who_asks(d));
  return found != answered_.end() && found->second.count(agent) != 0;
}

refusal staff::may_ever_take(const demand& d, std::size_t agent) const {
  const desk::agent& a = agents_[agent];
  const auto status = a.status_at(now_);
  if (status == "deleted") return refusal::deleted;
  if (proficiency(d, agent) == 0) return refusal::skill;
  const bool speaks = d.language.empty() || a.languages.empty() ||
                      std::ranges::find(a.languages, d.language) != a.languages.end();
  if (!speaks) return refusal::language;
  const bool listens =
      d.channel.empty() || a.channels.empty() || a.channels.find(d.channel) != a.channels.end();
  if (!listens) return refusal::channel;
  if (a.id == d.taken_from) return refusal::silent;
  if (status == "absent") return refusal::absent;
  if (status == "away") return refusal::away;
  return a.present(now_, *desk_) ? refusal::none : refusal::hours;
}

refusal staff::may_take(const demand& d, std::size_t agent) const {
  const refusal lasting = may_ever_take(d, agent);
  if (lasting != refusal::none) return lasting;
  if (channel_room(agent, d.channel).value_or(1) == 0) return refusal::capacity;
  if (ticket_room(agent).value_or(1) == 0) return refusal::max_tickets;
  return refusal::none;
}

fit_parts staff::fit(const demand& d, std::size_t agent, std::int64_t more) const {
  const routing_rules& weight = desk_->routing;
  return {.skill = weight.skill * proficiency(d, agent),
          .load = weight.load * share(agent, d.channel, more),
          .relationship = knows(d, agent) ? weight.relationship : 0,
          .satisfaction = weight.satisfaction * hands_[agent].satisfaction};
}

std::string staff::sentence(const demand& d, std::size_t agent, refusal r) const {
  const desk::agent& a = agents_[agent];
  const auto number = [](double value) { return retention::number_text(value); };
  switch (r) {
    case refusal::none:
      return a.id + " may take it";
    case refusal::deleted:
      return a.id + " is deleted";
    case refusal::skill:
      return a.id + " has no skill '" + d.skill + "'";
    case refusal::language:
      return a.id + " does not speak " + d.language;
    case refusal::channel:
      return a.id + " does not work on " + d.channel;
    case refusal::silent:
      return a.id + " had it and did not answer";
    case refusal::absent:
    case refusal::away:
      return a.id + " is " + std::string(a.status_at(now_)) +
             (a.until ? " until " + format_time(*a.until) : std::string());
    case refusal::hours:
      return a.id + " is outside the hours of calendar '" + desk_->calendars[a.calendar].name() +
             "'";
    case refusal::capacity:
      return a.id + " has " + number(units_used(agent, d.channel)) + " of " +
             number(capacity(agent, d.channel).value_or(0)) + " units in hand on " + d.channel +
             ", and it takes " + number(unit(d.channel));
    case refusal::max_tickets:
      return a.id + " has " + number(hands_[agent].tickets) + " tickets, and max_tickets is " +
             number(a.max_tickets.value_or(0));
  }
  return {};
}

}  // namespace clv::desk
