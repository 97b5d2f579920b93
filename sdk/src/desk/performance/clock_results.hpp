// How the clocks of tickets ended: as it was recorded, else as the rules of now have it. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "desk/desk_view.hpp"

namespace clv::desk {

struct clock_result {
  clock_kind kind = clock_kind::first_response;
  std::int64_t started = 0;
  std::optional<std::int64_t> ended;  // absent: past its due time and still running
  std::optional<std::int64_t> due;    // absent while it is paused
  bool kept = false;
  double minutes = 0, target_minutes = 0;  // business time
  std::string agent;                       // of a recorded one, as it was then; "" otherwise
  double overrun_minutes() const { return minutes > target_minutes ? minutes - target_minutes : 0; }
};

// Every clock of the ticket that has ended or is past its due time, by kind, then start: those that
// desk_clocks shows. What was recorded stays as it was, also where the rules of now have no such
// clock.
std::vector<clock_result> results_of(const ticket& t, const desk_view& view);

// Business minutes of the ticket's calendar from its creation to event number `event`, less those
// in pausing states and those while it was resolved, closed or merged: the resolution clock as it
// runs with "reopen": "resume", also for a ticket that has none.
double worked_on_minutes(const ticket& t, const desk_view& view, std::size_t event);
// Business minutes from its creation to `until`.
double waited_minutes(const ticket& t, const desk_view& view, std::int64_t until);

}  // namespace clv::desk
