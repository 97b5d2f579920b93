// Who has a ticket while its events are read one by one. [any]
#pragma once

#include <string_view>

#include "desk/tickets/ticket.hpp"

namespace clv::desk {

struct holder {
  std::string_view agent;  // "" nobody

  // `named`: the agent of the event's row, "" none.
  void follow(const ticket_event& e, std::string_view named) {
    if (e.kind == event_kind::unassigned) agent = {};
    if (e.kind == event_kind::assigned) agent = named;
  }
  // Who did it: who is named there, else who has the ticket.
  std::string_view acting(std::string_view named) const { return named.empty() ? agent : named; }
};

}  // namespace clv::desk
