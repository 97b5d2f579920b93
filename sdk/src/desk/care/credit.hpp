// Whom an answer of a customer is about: the agent of the resolution it answers, as it was then.
// Who has the ticket now, and what the table of agents says now, move no credit. reference:
// sdk/DESK.md, Surveys and follow-ups. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// An end of the work on a ticket: resolved, or closed without having been resolved.
struct resolution {
  std::int64_t time = 0;
  std::size_t event = 0;   // of ticket::events
  bool automatic = false;  // a rule did it
  bool last = false;       // the ticket's last one, and the ticket was not reopened since
};
// In the order in which they happened.
std::vector<resolution> resolutions_of(const ticket& t);

// What was known of a ticket at one moment of its history; "" is not known, or nobody.
struct credit {
  std::string agent, team, category, channel, severity;
  std::optional<std::int64_t> resolved;  // absent: the answer came before any resolution
};

// The last resolution up to `answered_at`, and who stands for it: who resolved it (unless a rule
// did), else who answered last while the ticket was with its last holder, else who had it, else who
// answered last at all. Before any resolution the same of the moment of the answer. A ticket that
// was merged into another before it was ever resolved stands for that one.
credit credited_agent(const ticket_book& book, const ticket& t, std::int64_t answered_at);

// Who had the ticket at that moment, "" nobody, and the words it had then.
credit holder_at(const ticket_book& book, const ticket& t, std::int64_t when);

}  // namespace clv::desk
