// A desk with known truth: customers, tickets and agents as they are whatever a policy does with
// them. README.md beside room market's files says what is made up. [any] Immutable once drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "desk/desk_policy.hpp"
#include "desk/routing/agents.hpp"
#include "market/desk/open_hours.hpp"

namespace clv::market_desk {

// What is drawn, and from what. Times in minutes or hours as they say, shares in [0, 1].
struct desk_world {
  std::uint64_t seed = 1;
  std::int64_t begin_us = 0;
  double days = 20;  // in which tickets arrive
  std::size_t agents = 6;
  std::size_t customers = 400;
  double load = .9;  // work that arrives over the agents' time
  bool load_given = false;
  double clv_median = 300, clv_sigma = 1.2;
  double score_noise = .4;  // sd of ln(estimated / true CLV)
  double sensitivity_sd = .5;
  double cost_noise = .5;  // sd of ln(true cost of an hour / what the rules say)
  double churn_per_hour = .004, churn_per_breach = .02, base_churn = .05;
  double handle_sigma = .6;
  double question_share = .25, reopen_share = .06, absence_share = .03, answer_share = .3;
  double grace = 60;            // minutes beyond max_wait: work in hand is not interrupted
  double handover_minutes = 5;  // lost with an agent who cannot help
  std::string currency = "EUR";
  desk::desk_policy rules;
};

struct sim_customer {
  std::string id, tier, language;
  double clv = 0, estimated_clv = 0;
  double sensitivity = 1;  // of leaving to delay, mean 1, hidden
  double base_hazard = 0;  // of leaving, whatever the desk does
  double leaves = 0;       // uniform: the same whatever the desk does
};

// Work until the customer is answered; then the customer answers back after a gap, or not.
struct work_round {
  double minutes = 0;  // of an agent with proficiency 1
  double gap_hours = 0;
  bool resolves = true;  // the last answer of a resolution, else a question to the customer
};

struct sim_ticket {
  std::string id;
  std::size_t customer = 0;
  std::int64_t created = 0;
  std::string channel, category, severity, language, skill, subject;
  double length = 0;
  bool outage = false;
  std::vector<work_round> rounds;          // never empty
  double cost_hour = 0;                    // true: severity, words, outage; per business hour
  double churn_hour = 0;                   // true: hazard of leaving per business hour
  double churn_breach = 0;                 // true: hazard of leaving once, when a target is missed
  double churn_severity = 0;               // hazard that comes with the issue itself
  double mood = 0, answers = 0, asks = 0;  // of the survey: normal, uniform, hours
  std::size_t calendar = 0;                // of the policy, else the default one
  const desk::sla_policy* policy = nullptr;
  desk::clock_targets targets;

  double minutes() const;  // of all rounds
};

// When an agent can work. A span that ends because the agent falls away gives its tickets back.
struct work_span {
  std::int64_t from = 0, to = 0;
  bool falls_away = false;
};

// Not to be copied: tickets point to the policies of the rules.
struct scenario {
  scenario() = default;
  scenario(scenario&&) = default;
  scenario& operator=(scenario&&) = default;

  desk_world world;
  std::vector<sim_customer> customers;
  std::vector<sim_ticket> tickets;  // by created, then id
  std::vector<desk::agent> agents;
  std::vector<std::vector<work_span>> shifts;  // by agent
  std::vector<open_hours> hours;               // by calendar of the rules
  std::int64_t until = 0;                      // end of every shift

  // What an hour of delay of the ticket truly costs, in major units.
  double delay_cost(const sim_ticket& t) const;
  const open_hours& default_hours() const { return hours[world.rules.calendar]; }
};

// `events` (schema ticket_events) and `agents` (schema agents) may be null: then they are drawn.
// Throws error{data} naming a ticket that no agent may answer.
scenario draw_scenario(const desk_world& w, const table* events, const table* agents);

// Skill asked of an agent: the ticket's own, else its category. "" any.
std::string_view skill_of(const sim_ticket& t);
// Proficiency in (0, 1]; nullopt: the agent does not have the skill.
std::optional<double> proficiency(const desk::agent& a, std::string_view skill);
bool speaks(const desk::agent& a, std::string_view language);
bool answers_on(const desk::agent& a, std::string_view channel);
// Skill, language and channel, whatever the load.
bool able(const desk::agent& a, const sim_ticket& t);
// Real minutes of an agent for nominal ones: proficiency 1 needs them all, half of it 4/3.
double minutes_for(const desk::agent& a, const sim_ticket& t, double nominal);

// The parts of draw_scenario. Each customer and ticket draws from a stream of its own.
sim_customer draw_customer(const desk_world& w, std::string id);
// The made-up kinds of tickets; `nominal_minutes` is the work of all of them.
std::vector<sim_ticket> draw_tickets(const scenario& s, double nominal_minutes);
// The tickets of a log, scaled so that they are that much work unless the log knows its minutes.
std::vector<sim_ticket> replay_tickets(scenario& s, const table& events, double nominal_minutes);
// What is behind a ticket whose attributes are there: truth, rounds, survey, targets.
void draw_behind(const scenario& s, double nominal_minutes, bool reopens, sim_ticket& t);
std::vector<desk::agent> draw_agents(const desk_world& w);
void draw_skills(scenario& s);
std::vector<work_span> draw_shift(const desk_world& w, const desk::agent& a, std::int64_t until);

}  // namespace clv::market_desk
