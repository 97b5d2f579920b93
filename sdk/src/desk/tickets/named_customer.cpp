#include "desk/tickets/named_customer.hpp"

namespace clv::desk {

// As ticket_book.cpp takes it. What reached the ticket from one that was merged into it is of
// that one's customer.
std::string_view named_customer(const ticket_book& book, const ticket& t) {
  const column &customers = book.rows->get("customer", type::utf8),
               &tickets = book.rows->get("ticket", type::utf8);
  std::string_view found;
  for (const ticket_event& e : t.events) {
    if (tickets.text(e.row) != t.id) continue;
    const bool says_whose = e.kind == event_kind::created || e.kind == event_kind::changed;
    if (found.empty() || says_whose) found = customers.text(e.row);
  }
  return found.empty() ? std::string_view(t.customer) : found;
}

}  // namespace clv::desk
