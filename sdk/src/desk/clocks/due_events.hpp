// What the clocks of a ticket have to say by now and have not said before. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "desk/clocks/clock_run.hpp"

namespace clv::desk {

// A row of clock_events to be.
struct due_event {
  std::int64_t time = 0;
  clock_word word = clock_word::warning;
  clock_kind clock = clock_kind::first_response;
  std::int64_t started = 0;
  std::optional<std::int64_t> due;
  std::int64_t elapsed_us = 0, target_us = 0;
  std::int64_t before_us = 0;  // of a warning
  std::uint32_t row = 0;       // of the event that ended the run, of hit and missed
};

// Appends those of a ticket's clocks, clock by clock. Results that were recorded say nothing more.
void append_due(const traced_clocks& traced,
                const said_of_ticket& said,
                std::vector<due_event>& out);

// Names the event whatever the rules are: ticket/clock/start of the run/kind, and of a warning its
// minutes.
std::string event_id_of(std::string_view ticket, const due_event& e);

}  // namespace clv::desk
