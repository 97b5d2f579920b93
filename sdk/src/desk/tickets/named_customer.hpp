// Under which name a ticket is its customer's. [any]
#pragma once

#include <string_view>

#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// The customer as the ticket's events name it, before identities: of what the desk records of a
// ticket, so that it stays with the address when a link of addresses is taken back, and is
// exported and forgotten with it. A view of the book's rows.
std::string_view named_customer(const ticket_book& book, const ticket& t);

}  // namespace clv::desk
