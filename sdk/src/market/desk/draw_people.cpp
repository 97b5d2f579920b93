// Customers and agents of the simulated desk.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "market/desk/scenario.hpp"
#include "math/hash.hpp"
#include "math/random.hpp"

namespace clv::market_desk {
namespace {

constexpr std::array<std::string_view, 3> languages{"en", "de", "fr"};
constexpr std::array<double, 3> language_shares{.6, .25, .15};
constexpr double skill_share = .5, language_share = .4, phone_share = .7;
constexpr double high_tier_z = .8416212335729143;  // the upper fifth of the estimates

// What tickets ask of one agent at once.
using asked = std::tuple<std::string, std::string, std::string>;  // skill, language, channel

double units_of(std::string_view channel) {
  return channel == "phone" ? 1 : channel == "chat" ? 3 : 10;
}

void give_skills(const scenario& s, const std::set<asked>& all, desk::agent& a) {
  random_source random(s.world.seed, math::hash64("skills|" + a.id));
  std::set<std::string> skills, spoken, reached;
  for (const auto& [skill, language, channel] : all) {
    skills.insert(skill), spoken.insert(language), reached.insert(channel);
  }
  for (const std::string& each : skills) {
    const double u = random.uniform(), level = .5 + .5 * random.uniform();
    if (!each.empty() && u < skill_share) a.skills[each] = level;
  }
  for (const std::string& each : spoken) {
    const double u = random.uniform();
    if (!each.empty() && (each == languages[0] || u < language_share)) a.languages.push_back(each);
  }
  for (const std::string& each : reached) {
    const double u = random.uniform();
    if (each.empty() || (each == "phone" && u >= phone_share)) continue;
    a.channels[each] = units_of(each);
  }
}

int missing(const desk::agent& a, const asked& what) {
  const auto& [skill, language, channel] = what;
  return (skill.empty() || a.skills.count(skill) != 0 ? 0 : 1) +
         (language.empty() || speaks(a, language) ? 0 : 1) + (answers_on(a, channel) ? 0 : 1);
}

void teach(const asked& what, desk::agent& a) {
  const auto& [skill, language, channel] = what;
  if (!skill.empty()) a.skills.emplace(skill, .6);
  if (!language.empty() && !speaks(a, language)) a.languages.push_back(language);
  if (!channel.empty()) a.channels.emplace(channel, units_of(channel));
}

// A desk is staffed for its work: twice the agents that the share of the work asks for know each
// skill, language and channel.
template <class Has, class Give>
void staff_for(double share, std::vector<desk::agent>& agents, Has has, Give give) {
  const auto n = static_cast<double>(agents.size());
  const double wanted = std::min(n, std::ceil(2 * share * n));
  double there = 0;
  for (const desk::agent& a : agents) there += has(a) ? 1 : 0;
  for (desk::agent& a : agents) {
    if (!(there < wanted)) return;
    if (has(a)) continue;
    give(a);
    ++there;
  }
}

void staff_for_work(scenario& s) {
  std::map<asked, double> work;
  double whole = 0;
  for (const sim_ticket& t : s.tickets) {
    work[{std::string(skill_of(t)), t.language, t.channel}] += t.minutes();
    whole += t.minutes();
  }
  std::map<std::string, double> skills, spoken, reached;
  for (const auto& [what, minutes] : work) {
    skills[std::get<0>(what)] += minutes / whole;
    spoken[std::get<1>(what)] += minutes / whole;
    reached[std::get<2>(what)] += minutes / whole;
  }
  for (const auto& skill : skills) {
    const std::string& each = skill.first;
    staff_for(
        skill.second,
        s.agents,
        [&](const desk::agent& a) { return each.empty() || a.skills.count(each) != 0; },
        [&](desk::agent& a) { a.skills[each] = .7; });
  }
  for (const auto& language : spoken) {
    const std::string& each = language.first;
    staff_for(
        language.second,
        s.agents,
        [&](const desk::agent& a) { return speaks(a, each); },
        [&](desk::agent& a) { a.languages.push_back(each); });
  }
  for (const auto& channel : reached) {
    const std::string& each = channel.first;
    staff_for(
        channel.second,
        s.agents,
        [&](const desk::agent& a) { return answers_on(a, each); },
        [&](desk::agent& a) { a.channels[each] = units_of(each); });
  }
}

// Two agents for everything that is asked, so that one absence leaves nobody unanswered.
void cover(const asked& what, std::vector<desk::agent>& agents) {
  std::vector<std::pair<int, std::size_t>> order;
  for (std::size_t i = 0; i < agents.size(); ++i) order.emplace_back(missing(agents[i], what), i);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < std::min<std::size_t>(2, order.size()); ++i) {
    teach(what, agents[order[i].second]);
  }
}

}  // namespace

sim_customer draw_customer(const desk_world& w, std::string id) {
  sim_customer c;
  c.id = std::move(id);
  random_source random(w.seed, math::hash64("customer|" + c.id));
  c.clv = w.clv_median * std::exp(w.clv_sigma * random.normal());
  // Noise of mean 1, so that the estimates are right on average.
  c.estimated_clv =
      c.clv * std::exp(w.score_noise * random.normal() - w.score_noise * w.score_noise / 2);
  const double high = w.clv_median * std::exp(w.clv_sigma * high_tier_z);
  c.tier = c.estimated_clv >= high ? "high" : "standard";
  const double shape = 1 / (w.sensitivity_sd * w.sensitivity_sd);
  c.sensitivity = w.sensitivity_sd > 0 ? random.gamma(shape, shape) : 1;
  c.base_hazard = w.base_churn * (c.tier == "high" ? .6 : 1.1);
  c.leaves = random.uniform();
  const double u = random.uniform();
  c.language = u < language_shares[0]                        ? languages[0]
               : u < language_shares[0] + language_shares[1] ? languages[1]
                                                             : languages[2];
  return c;
}

std::vector<desk::agent> draw_agents(const desk_world& w) {
  std::vector<desk::agent> out;
  for (std::size_t i = 0; i < w.agents; ++i) {
    desk::agent a;
    a.id = "a" + std::to_string(101 + i);
    a.team = i % 2 == 0 ? "north" : "south";
    a.calendar = w.rules.calendar;
    a.max_tickets = 4;
    random_source random(w.seed, math::hash64("agent|" + a.id));
    a.cost_hour = std::round(24 + 16 * random.uniform());
    out.push_back(std::move(a));
  }
  return out;
}

void draw_skills(scenario& s) {
  std::set<asked> all;
  for (const sim_ticket& t : s.tickets) {
    all.emplace(std::string(skill_of(t)), t.language, t.channel);
  }
  for (desk::agent& a : s.agents) give_skills(s, all, a);
  staff_for_work(s);
  for (const asked& each : all) cover(each, s.agents);
}

std::vector<work_span> draw_shift(const desk_world& w, const desk::agent& a, std::int64_t until) {
  const auto& where = w.rules.calendars[a.calendar];
  random_source random(w.seed, math::hash64("absence|" + a.id));
  std::vector<work_span> out;
  std::int64_t day = earliest_time;
  bool away = false;
  if (a.status == "deleted" || (a.status != "available" && !a.until)) return out;
  const std::int64_t from = a.status == "available" ? w.begin_us : *a.until;
  for (const desk::span_of_time& span : where.openings(std::max(from, w.begin_us), until)) {
    const std::int64_t today = where.where().day_of(span.from);
    if (today != day) {
      day = today;
      const double u = random.uniform();
      away = u < .7 * w.absence_share;
      // The others who fall ill do it in the middle of what they do.
      if (!away && u < w.absence_share) {
        out.push_back({span.from, span.from + (span.to - span.from) / 2, true});
        away = true;
        continue;
      }
      if (away && !out.empty()) out.back().falls_away = true;
    }
    if (!away) out.push_back({span.from, span.to, false});
  }
  return out;
}

}  // namespace clv::market_desk
