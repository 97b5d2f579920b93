// The clocks of a ticket: first response, next response, resolution, in business time.
// reference: sdk/DESK.md, Clocks. [any]
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_policy.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

enum class clock_state : std::uint8_t { running, paused, hit, missed };
inline constexpr std::array clock_state_names{std::string_view("running"),
                                              std::string_view("paused"),
                                              std::string_view("hit"),
                                              std::string_view("missed")};

// One run of a clock. next_response has one run per time the customer waited, resolution one more
// per reopening (which begins with what was used before, unless the policy restarts).
struct ticket_clock {
  clock_kind kind = clock_kind::first_response;
  clock_state state = clock_state::running;
  bool active = true;   // not ended; one that is past its due time is missed and active
  bool stands = false;  // active and standing still now: paused, or missed in a pausing state
  std::int64_t started = 0;
  std::uint32_t started_by = 0;     // row of the event that started it
  std::int64_t target_us = 0;       // business time
  std::int64_t elapsed_us = 0;      // business time that counted until now, or until it ended
  std::int64_t carried_us = 0;      // of elapsed_us: what runs before a reopening had used
  std::optional<std::int64_t> due;  // absent while it is paused
  std::optional<std::int64_t> ended;
  bool frozen = false;  // a result that was recorded before: policies no longer change it
};

struct clock_view {
  const sla_policy* policy = nullptr;  // null: no policy fits, no clocks
  std::string tier;
  std::vector<ticket_clock> clocks;  // by kind, then by start
  // The earliest due time of those that run (missed ones too); nullopt when none runs.
  std::optional<std::int64_t> due() const;
};

// Results already recorded (schema clock_events), by ticket, clock and start: recorded_clocks.hpp.
class recorded_clocks;

// Under the rules of now; results that were recorded stay. A ticket that was read as of `now`:
// events are not cut again. `tier` is the customer's segment, "" unknown. `recorded` may be null.
clock_view clocks_of(const ticket& t,
                     const desk_policy& desk,
                     std::string_view tier,
                     const recorded_clocks* recorded,
                     std::int64_t now);

}  // namespace clv::desk
