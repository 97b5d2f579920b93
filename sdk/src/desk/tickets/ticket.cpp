#include "desk/tickets/ticket.hpp"

#include <algorithm>

namespace clv::desk {
namespace {

// Where a kind that names a status leads.
ticket_status named_by(event_kind kind) {
  switch (kind) {
    case event_kind::pending:
      return ticket_status::pending;
    case event_kind::waiting_customer:
      return ticket_status::waiting_customer;
    case event_kind::resolved:
      return ticket_status::resolved;
    case event_kind::closed:
      return ticket_status::closed;
    case event_kind::reopened:
      return ticket_status::reopened;
    case event_kind::merged:
      return ticket_status::merged;
    default:
      return ticket_status::open;
  }
}

bool is_reachable(ticket_status from, ticket_status to) {
  if (from == to) return true;
  if (is_active(from)) return to != ticket_status::reopened;
  if (from == ticket_status::merged) return false;
  if (to == ticket_status::reopened) return true;
  return from == ticket_status::resolved &&
         (to == ticket_status::closed || to == ticket_status::merged);
}

ticket_status after_message_in(ticket_status from) {
  switch (from) {
    case ticket_status::pending:
    case ticket_status::waiting_customer:
      return ticket_status::open;
    case ticket_status::resolved:
    case ticket_status::closed:
      return ticket_status::reopened;
    default:
      return from;
  }
}

}  // namespace

std::optional<event_kind> find_event_kind(std::string_view name) {
  const auto found = std::find(event_names.begin(), event_names.end(), name);
  if (found == event_names.end()) return std::nullopt;
  return static_cast<event_kind>(found - event_names.begin());
}

std::optional<ticket_status> move(ticket_status from,
                                  event_kind kind,
                                  bool automatic,
                                  ticket_status before_merge) {
  switch (kind) {
    case event_kind::created:
      if (from == ticket_status::fresh) return from;
      return std::nullopt;
    case event_kind::message_in:
      return automatic ? from : after_message_in(from);
    case event_kind::message_out:
      return !automatic && from == ticket_status::fresh ? ticket_status::open : from;
    case event_kind::opened:
    case event_kind::pending:
    case event_kind::waiting_customer:
    case event_kind::resolved:
    case event_kind::closed:
    case event_kind::reopened:
    case event_kind::merged:
      if (is_reachable(from, named_by(kind))) return named_by(kind);
      return std::nullopt;
    case event_kind::split:
      if (from == ticket_status::merged) return before_merge;
      return std::nullopt;
    default:
      return from;
  }
}

const ticket* ticket_book::find(std::string_view id) const {
  const auto found = index.find(id);
  return found == index.end() ? nullptr : &tickets[found->second];
}

}  // namespace clv::desk
