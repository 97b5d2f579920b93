// Who may take a ticket, and how well it fits them. reference: sdk/DESK.md, Assignment. [one]
//
//   fit = skill x proficiency - load x share of the capacity used
//         + relationship x [answered this customer before]
//         + satisfaction x (the agent's shrunk satisfaction - the team's mean)
//
// The satisfaction is drawn towards the team's by empirical Bayes (care/satisfaction.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/satisfaction.hpp"
#include "desk/routing/agents.hpp"

namespace clv::desk {

// Why an agent may not take a ticket, in the order in which the rules are asked: what lasts first,
// so that the last one which somebody failed is the one that could change soonest.
enum class refusal : std::uint8_t {
  none,
  deleted,
  skill,
  language,
  channel,
  silent,
  absent,
  away,
  hours,
  capacity,
  max_tickets
};
inline constexpr std::array refusal_codes{std::string_view("OK"),
                                          std::string_view("DELETED"),
                                          std::string_view("SKILL"),
                                          std::string_view("LANGUAGE"),
                                          std::string_view("CHANNEL"),
                                          std::string_view("SILENT"),
                                          std::string_view("ABSENT"),
                                          std::string_view("AWAY"),
                                          std::string_view("HOURS"),
                                          std::string_view("CAPACITY"),
                                          std::string_view("MAX_TICKETS")};
constexpr std::string_view code_of(refusal r) {
  return refusal_codes[static_cast<std::size_t>(r)];
}

// What a ticket asks of an agent; "" asks nothing.
struct demand {
  std::string ticket, customer, channel, skill, language;
  double urgency = 1;         // its index: what a good fit is weighted with
  bool beyond_bound = false;  // waited max_wait: before all others
  std::string taken_from;     // an agent who had it and did not answer: not again
};
demand demand_of(const ticket& t);  // skill: the ticket's, else its category

struct fit_parts {
  double skill = 0, load = 0, relationship = 0, satisfaction = 0;  // load as it is subtracted
  double fit() const { return skill - load + relationship + satisfaction; }
};

// The agents with what they have in hand. Tickets that wait for us (new, open, reopened) take units
// of their channel; all that are active count for max_tickets.
class staff {
 public:
  staff(std::vector<agent> agents, const desk_policy& desk, std::int64_t now);

  const std::vector<agent>& agents() const { return agents_; }
  const routing_rules& rules() const { return desk_->routing; }
  std::optional<std::size_t> find(std::string_view id) const;

  void load(const ticket_book& book);                               // who has what
  void remember_answers(const ticket_book& book);                   // who answered whom
  void remember_answers(const demand& d, std::string_view agents);  // "anna;bert"
  void rate(const satisfaction_figures& satisfaction);              // how it was
  void take(std::size_t agent, std::string_view channel, bool waits = true);
  void give_back(std::size_t agent, std::string_view channel, bool waits = true);

  refusal may_take(const demand& d, std::size_t agent) const;
  // The same but for room: what does not change while tickets are given out.
  refusal may_ever_take(const demand& d, std::size_t agent) const;
  // "anna does not speak de": of one that may not.
  std::string sentence(const demand& d, std::size_t agent, refusal r) const;

  // Of the agent as it is now, or with `more` tickets of that channel on top.
  fit_parts fit(const demand& d, std::size_t agent, std::int64_t more = 0) const;
  bool knows(const demand& d, std::size_t agent) const;
  double proficiency(const demand& d, std::size_t agent) const;

  // How many more tickets of that channel, and in all; nullopt: any number.
  std::optional<std::int64_t> channel_room(std::size_t agent, std::string_view channel) const;
  std::optional<std::int64_t> ticket_room(std::size_t agent) const;
  // The share of the capacity used in [0, 1]: of the channel, else of max_tickets; of an agent
  // without either n / (n + 10), n tickets in hand.
  double share(std::size_t agent, std::string_view channel, std::int64_t more = 0) const;

 private:
  struct hand {
    std::map<std::string, double, std::less<>> units;  // by channel
    double tickets = 0;
    double satisfaction = 0;  // less the team's mean
  };
  double unit(std::string_view channel) const;
  double units_used(std::size_t agent, std::string_view channel) const;
  // The capacity of the channel, nullopt when the agent has none for it.
  std::optional<double> capacity(std::size_t agent, std::string_view channel) const;

  std::vector<agent> agents_;
  const desk_policy* desk_;
  std::int64_t now_;
  std::vector<hand> hands_;
  by_text<std::set<std::size_t>> answered_;  // customer -> agents
};

}  // namespace clv::desk
