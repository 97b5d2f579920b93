// What happened at a desk and is counted in its figures: one row each, with who it is credited to
// as it was then. Deleted agents are in no way different. [any]
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"
#include "desk/care/credit.hpp"
#include "desk/performance/clock_results.hpp"

namespace clv::desk {

// What `value` of a deed is.
enum class deed_kind : std::uint8_t {
  resolution,       // 1
  first_response,   // business minutes from creation to the first answer
  resolution_time,  // business minutes from creation, less pauses
  kept_first,       // 1 kept, 0 missed; of each clock that ended or is overdue
  kept_next,
  kept_resolution,
  first_contact,  // of a ticket's first resolution: 1 with at most one answer and never reopened
  reopened,       // of each resolution: 1 when the ticket was reopened after it
  reassigned,     // of each resolution: how often the ticket went from one agent to another
  handle,         // of each resolution: agent minutes; only where there are any
  worked,         // agent minutes of one event
  answered,       // 1 per answer that the customer can see, none of a rule
  rated           // satisfaction in [0, 1]
};

struct deed {
  deed_kind kind = deed_kind::resolution;
  std::int64_t time = 0;    // when it counts
  std::string_view ticket;  // of the book; "" of an answer without a ticket
  std::string_view customer;
  credit who;
  double value = 0;
};

struct time_window {
  std::int64_t from = 0, to = 0;  // [from, to)
  bool holds(std::int64_t t) const { return from <= t && t < to; }
};

// In the order of tickets, then of their events; answers of customers last. The views are of `view`
// and `answers`, which must outlive them. Minutes and reassignments after a resolution count to it
// until the ticket is reopened.
std::vector<deed> deeds_of(const desk_view& view,
                           std::span<const answer> answers,
                           const time_window& window);

}  // namespace clv::desk
