// The desk at work, event by event, under a policy. Every policy meets the same tickets, agents and
// absences; what differs is who answers what and when. [one]
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "desk/tickets/ticket.hpp"
#include "market/desk/scenario.hpp"

namespace clv::market_desk {

inline constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

struct sim_event {
  std::int64_t time = 0;
  std::size_t ticket = 0;
  desk::event_kind kind = desk::event_kind::created;
  std::size_t agent = nobody;
  double minutes = 0;
};

// What a policy may know of a ticket beside its attributes.
struct ticket_now {
  std::size_t round = 0;
  double minutes_left = 0;              // nominal, of this round: hidden from all but the oracle
  std::int64_t since = 0;               // the customer waits for us since then
  std::size_t last_agent = nobody;      // who answered this ticket before
  std::vector<std::size_t> refused_by;  // who had it and could not help
  std::optional<std::int64_t> first_reply;
  std::int64_t counted_us = 0;  // business time of the resolution clock until `since`
};

struct agent_now {
  bool present = false;
  std::size_t working_on = nobody;  // ticket
  std::vector<std::size_t> queue;   // tickets taken and not begun, oldest first
  std::vector<std::size_t> held;    // tickets: the one worked on and the queue
  bool idle() const { return present && held.empty(); }
};

struct assignment {
  std::size_t ticket = 0, agent = 0;
};

struct desk_now {
  const scenario& s;
  std::int64_t now = 0;
  const std::vector<std::size_t>& waiting;  // tickets that nobody has, oldest first
  const std::vector<ticket_now>& tickets;
  const std::vector<agent_now>& agents;

  // Room for one more: on the channel, and below max_tickets.
  bool has_room(std::size_t agent, const sim_ticket& t) const;
  // The agent is there, is able, has room, and has not handed the ticket over before.
  bool may(std::size_t agent, std::size_t ticket) const;
  // Due time of the earliest clock that runs; end_of_time without any.
  std::int64_t due(std::size_t ticket) const;
};

// Decides at every instant at which something happened. What is called true or hidden is for the
// oracle alone. [one]
class dispatcher {
 public:
  dispatcher() = default;
  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;
  virtual ~dispatcher() = default;
  // One assignment of a waiting ticket, or nullopt: nothing more to do now. Asked again after each.
  virtual std::optional<assignment> next(const desk_now& desk) = 0;
  // A new instant begins.
  virtual void begin(const desk_now&) {}
  virtual void happened(const sim_event&) {}
};

// How one ticket fared.
struct served {
  std::size_t agent = nobody;  // who resolved it
  std::int64_t first_reply = 0, resolved = 0;
  double delay_hours = 0;           // business, while the customer waited for an answer
  double longest_wait_minutes = 0;  // business, from the customer's message to the work on it
  double work_minutes = 0;
  int clocks = 0, missed = 0;
  int handed_over = 0;      // agents who had it before and gave it back
  double delay_cost = 0;    // true
  double hazard = 0;        // of leaving, that the delay has added
  double satisfaction = 0;  // expected score, 1 to 5
};

struct run_result {
  std::vector<served> tickets;
  std::vector<sim_event> events;  // in the order in which they happened
  std::int64_t constraints_broken = 0;
  std::int64_t passed_over =
      0;                    // given to an agent who could have taken one that was beyond the bound
  std::int64_t beyond = 0;  // waits that were longer than the bound
  std::int64_t waits = 0;
};

run_result play(const scenario& s, dispatcher& policy);

}  // namespace clv::market_desk
