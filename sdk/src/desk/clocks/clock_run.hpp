// Runs of clocks with the stretches they are made of: what the clocks, their explanation and what
// is due are read from. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "desk/clocks/clock.hpp"
#include "desk/clocks/recorded_clocks.hpp"

namespace clv::desk {

// Time in which the clock ran, or stood still because of the ticket's status.
struct clock_stretch {
  std::int64_t from = 0, to = 0;
  ticket_status status = ticket_status::fresh;  // at its start
  bool counts = true;
  std::int64_t used_us = 0;  // business time of it, when it counts and there is a target
};

struct clock_run {
  clock_kind kind = clock_kind::first_response;
  std::int64_t started = 0;
  std::uint32_t started_by = 0;        // row of events
  std::int64_t carried_us = 0;         // used by the runs before a reopening
  std::int64_t elapsed_us = 0;         // with carried_us
  std::optional<std::int64_t> due;     // of the last stretch; absent when it does not count
  std::optional<std::int64_t> breach;  // the due time that passed without an end
  bool breached_before = false;        // that was in a run before the reopening
  std::optional<std::int64_t> ended;
  std::uint32_t ended_by = 0;  // row of events
  bool held = false;  // not ended, but the ticket is resolved, closed or merged: it is no clock
  std::vector<clock_stretch> stretches;  // from started to ended or now, without gaps
};

// A policy as it applies to one customer; without targets nothing is measured.
struct clock_rules {
  const business_calendar* calendar = nullptr;
  clock_targets targets;
  bool pauses_pending = true, pauses_waiting = true, restart_on_reopen = false;
};

// In the order in which they began.
std::vector<clock_run> runs_of(const ticket& t,
                               const clock_rules& rules,
                               const said_of_ticket& said,
                               std::int64_t now);

// When the warning `before_us` (business time, > 0) before the due time is given; nullopt when that
// has not come, or the target is no longer than that. A run that was late before it gives none.
std::optional<std::int64_t> warning_of(const clock_run& run,
                                       const clock_rules& rules,
                                       std::int64_t before_us);

// clocks_of() and the runs behind it: runs[i] is that of clocks.clocks[i].
struct traced_clocks {
  clock_view view;
  clock_rules rules;
  std::vector<clock_run> runs;
};
traced_clocks trace_clocks(const ticket& t,
                           const desk_policy& desk,
                           std::string_view tier,
                           const recorded_clocks* recorded,
                           std::int64_t now);

}  // namespace clv::desk
