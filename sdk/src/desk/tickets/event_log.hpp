// A table of ticket events, checked, and its rows in the order in which they count. [any]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// The columns of schema ticket_events that are there, and their cells as the fold needs them.
class event_columns {
 public:
  explicit event_columns(const table& rows);

  const column &ticket, &customer, &time, &kind;
  const column *channel, *agent, *team, *category, *severity, *language, *skill, *subject, *length,
      *minutes, *outage, *into, *automatic, *event_id;

  static std::string_view text(const column* c, std::size_t row) {
    return c != nullptr && c->present(row) ? c->text(row) : std::string_view();
  }
  static bool flag(const column* c, std::size_t row) {
    return c != nullptr && c->present(row) && c->integers()[row] != 0;
  }
  static double number(const column* c, std::size_t row) {
    return c != nullptr && c->present(row) ? c->numbers()[row] : 0;
  }
  // Below, equal or above 0 as the cells of all columns, in the schema's order, are.
  int compare_content(std::size_t a, std::size_t b) const;

 private:
  std::array<const column*, 18> all_;
};

// Tickets have numbers in the order of their ids' bytes. A group holds the tickets that merges may
// have joined; events of different groups never meet.
struct event_log {
  std::vector<event_kind> kinds;         // by row
  std::vector<std::uint32_t> ticket_of;  // by row, where it has happened
  std::vector<std::string_view> ids;     // by ticket, views of the table
  std::vector<std::uint32_t> rows;       // those that count: group after group, in order
  std::vector<std::uint32_t> events_of;  // by ticket: how many rows count
  std::vector<refused_event> refused;    // an event_id that two different rows have
};

// Rows up to and including `as_of`; complaints as of read_tickets.
event_log read_event_log(const event_columns& in, std::int64_t as_of);

}  // namespace clv::desk
