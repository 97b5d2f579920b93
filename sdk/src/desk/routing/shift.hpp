// What the reports of this sub-room read, and how they write what is to be recorded. [one]
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/priority/index.hpp"
#include "desk/routing/fit.hpp"

namespace clv::desk {

// The desk at one moment. Stays where it is: `who` looks into `view`.
struct shift {
  desk_view view;
  std::optional<staff> who;  // with what they have in hand
  shift() = default;
  shift(const shift&) = delete;
  shift& operator=(const shift&) = delete;

  std::int64_t now() const { return view.now; }
};
// Inputs "ticket_events" and "agents"; "identities", "scores", "segments", "clock_events" and
// "feedback" where they are given.
std::unique_ptr<shift> read_shift(const desk_call& asked);
// What earlier answers and ratings say, for fit().
void remember(shift& s, const report_inputs& in);

// A ticket as it asks for an agent, with its index.
demand demand_of(const shift& s, const ticket_index& x);

// Events of tickets that are given out or taken back, with the same ids for the same tickets at the
// same moment, whoever gets them: two answers that differ are never both recorded.
class assignment_events {
 public:
  explicit assignment_events(const shift& s) : shift_(&s) {}  // which outlives this
  void assigned(const ticket& t, const agent& to, bool automatic);
  void unassigned(const ticket& t);
  std::shared_ptr<const table> sealed(const std::string& extra) { return rows_.sealed(extra); }

 private:
  const shift* shift_;
  schema_rows rows_{"ticket_events"};
};

}  // namespace clv::desk
