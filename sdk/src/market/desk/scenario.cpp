#include "market/desk/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"

namespace clv::market_desk {
namespace {

constexpr double us_per_minute = 60e6;
// Long enough for a desk that is drowned for weeks to answer everybody in the end.
constexpr double days_to_drain = 365;

void take_days_of(const table& events, desk_world& w) {
  const column& time = events.get("time", type::time);
  if (events.rows() == 0) return;
  const auto [first, last] = std::minmax_element(time.integers().begin(), time.integers().end());
  w.begin_us = *first;
  // Work comes in on the days on which tickets are opened; what follows is how they were served.
  std::int64_t last_created = *first;
  const column& kind = events.get("kind", type::utf8);
  for (std::size_t row = 0; row < events.rows(); ++row) {
    if (kind.text(row) == "created") last_created = std::max(last_created, time.integers()[row]);
  }
  if (last_created == *first) last_created = *last;
  const double days = static_cast<double>(last_created - *first) / static_cast<double>(us_per_day);
  w.days = std::max(1.0, std::ceil(days));
}

double agent_minutes(const scenario& s) {
  const std::int64_t end =
      s.world.begin_us + std::llround(s.world.days * static_cast<double>(us_per_day));
  double minutes = 0;
  for (const auto& shift : s.shifts) {
    for (const work_span& w : shift) {
      const std::int64_t to = std::min(w.to, end);
      if (to > w.from) minutes += static_cast<double>(to - w.from) / us_per_minute;
    }
  }
  return minutes;
}

// Nominal minutes that an agent does in one: of drawn agents the mean proficiency is 3/4.
double mean_speed(const std::vector<desk::agent>& given) {
  double sum = 0;
  for (const desk::agent& a : given) {
    double mine = 0;
    for (const auto& [skill, level] : a.skills) mine += level;
    sum += a.skills.empty() ? 1 : .5 + .5 * mine / static_cast<double>(a.skills.size());
  }
  return given.empty() ? .5 + .5 * .75 : sum / static_cast<double>(given.size());
}

void check_somebody_can(const scenario& s) {
  for (const sim_ticket& t : s.tickets) {
    const auto can = [&](const desk::agent& a) { return able(a, t); };
    if (std::any_of(s.agents.begin(), s.agents.end(), can)) continue;
    throw error(status::data,
                "ticket '" + t.id + "' (skill '" + std::string(skill_of(t)) + "', language '" +
                    t.language + "', channel '" + t.channel + "') can be answered by no agent",
                "give table 'agents' somebody with all three, or leave the table out");
  }
}

}  // namespace

double sim_ticket::minutes() const {
  double sum = 0;
  for (const work_round& r : rounds) sum += r.minutes;
  return sum;
}

double scenario::delay_cost(const sim_ticket& t) const {
  return t.cost_hour + t.churn_hour * customers[t.customer].clv;
}

std::string_view skill_of(const sim_ticket& t) {
  return t.skill.empty() ? t.category : t.skill;
}

std::optional<double> proficiency(const desk::agent& a, std::string_view skill) {
  if (skill.empty() || a.skills.empty()) return 1;
  const auto found = a.skills.find(skill);
  if (found == a.skills.end()) return std::nullopt;
  return found->second;
}

bool speaks(const desk::agent& a, std::string_view language) {
  return language.empty() || a.languages.empty() ||
         std::find(a.languages.begin(), a.languages.end(), language) != a.languages.end();
}

bool answers_on(const desk::agent& a, std::string_view channel) {
  return channel.empty() || a.channels.empty() || a.channels.find(channel) != a.channels.end();
}

bool able(const desk::agent& a, const sim_ticket& t) {
  return proficiency(a, skill_of(t)) && speaks(a, t.language) && answers_on(a, t.channel);
}

double minutes_for(const desk::agent& a, const sim_ticket& t, double nominal) {
  return nominal / (.5 + .5 * proficiency(a, skill_of(t)).value_or(1));
}

scenario draw_scenario(const desk_world& w, const table* events, const table* agents) {
  scenario s;
  s.world = w;
  if (events != nullptr) take_days_of(*events, s.world);
  s.until = s.world.begin_us +
            std::llround((s.world.days + days_to_drain) * static_cast<double>(us_per_day));
  for (const desk::business_calendar& c : w.rules.calendars) {
    s.hours.emplace_back(c, s.world.begin_us, s.until);
  }
  s.agents = agents != nullptr ? desk::read_agents(*agents, w.rules) : draw_agents(s.world);
  for (const desk::agent& a : s.agents) s.shifts.push_back(draw_shift(s.world, a, s.until));
  const double work =
      w.load * agent_minutes(s) * mean_speed(agents != nullptr ? s.agents : decltype(s.agents)());
  if (events == nullptr) {
    for (std::size_t i = 0; i < w.customers; ++i) {
      s.customers.push_back(draw_customer(s.world, "c" + std::to_string(10001 + i)));
    }
    s.tickets = draw_tickets(s, work);
  } else {
    s.tickets = replay_tickets(s, *events, work);
  }
  if (agents == nullptr) draw_skills(s);
  check_somebody_can(s);
  return s;
}

}  // namespace clv::market_desk
