// How long a customer has waited for us. reference: sdk/DESK.md, Priority. [any]
#pragma once

#include <cstdint>

#include "desk/calendar/business_calendar.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// new, open and reopened: it is our turn.
constexpr bool waits_for_us(ticket_status s) {
  return s == ticket_status::fresh || s == ticket_status::open || s == ticket_status::reopened;
}

// Business microseconds that the ticket spent in these states since our last answer, which is what
// a customer can see (no automatic one), or a resolution or closure; since its first event where
// there is none. Another message of the customer makes no wait shorter.
std::int64_t waited(const ticket& t, const business_calendar& hours, std::int64_t now);

}  // namespace clv::desk
